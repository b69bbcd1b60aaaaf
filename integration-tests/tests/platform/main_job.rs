//! The journey of the two guides, from the roster to the number, for somebody in service and for a retiree.

use benefits_proto::v1::ApplicationState;
use kernel::civil;
use platform::clock::Clock;
use platform::status::reason;
use testkit::eventually;

use integration_tests::member::{Member, key, link_in};
use integration_tests::world::World;

/// What no mail may say, in either language: the benefit, health, a number.
const NEVER: [&str; 10] = [
    "santé",
    "Santé",
    "maladie",
    "médic",
    "Aid_",
    "oncolog",
    "الصحية",
    "مرض",
    "طبي",
    "سرطان",
];

#[tokio::test]
async fn a_member_opens_an_account_and_sends_a_request_and_gets_a_number_and_a_mail() {
    let world = World::start().await;
    let member = Member::active();
    let summary = world.import(member.lines()).await;
    assert_eq!((summary.members_registered, summary.relatives), (1, 2));

    let signed_in = member.opens_an_account(&world).await;
    let draft = signed_in.fills_in_everything("oncology").await;
    let sent = signed_in
        .submits(&draft.application_id, &key())
        .await
        .expect("the request is sent");

    let year = civil::civil_year(Clock::system().now());
    assert_eq!(sent.request_number, format!("1/Aid_X/{year}"));
    assert_eq!(sent.state(), ApplicationState::Submitted);
    let again = signed_in
        .submits(&draft.application_id, &key())
        .await
        .expect("a second press is answered");
    assert_eq!(again.request_number, sent.request_number);
    let history = signed_in.history().await;
    assert_eq!(history.len(), 1);
    assert_eq!(history[0].request_number, sent.request_number);

    // The link, the welcome, the request: each told once.
    let mails = member.mails_come(3).await;
    for mail in &mails {
        let text = format!("{} {} {}", mail.subject, mail.text, mail.html);
        for word in NEVER {
            assert!(!text.contains(word), "a mail says «{word}»: {}", mail.subject);
        }
        assert!(!text.contains(&sent.request_number), "a mail says the number");
    }
    let inbox = eventually(async || {
        Some(signed_in.inbox().await)
            .filter(|messages| messages.iter().any(|m| m.kind == "application_submitted"))
    })
    .await;
    let told: Vec<_> = inbox
        .iter()
        .filter(|message| message.kind == "application_submitted")
        .collect();
    assert_eq!(told.len(), 1, "one request, one message");
    assert_eq!(told[0].application_id, draft.application_id);

    let withdrawn = signed_in
        .withdraws(&draft.application_id)
        .await
        .expect("nothing is decided yet");
    assert_eq!(withdrawn.state(), ApplicationState::CancelledByMember);
    let mails = member.mails_come(4).await;
    assert_eq!(mails.len(), 4, "every mail once");
}

#[tokio::test]
async fn a_retiree_does_the_same_in_arabic_with_a_private_address() {
    let world = World::start().await;
    let member = Member::retired();
    world.import(member.lines()).await;
    let signed_in = member.opens_an_account(&world).await;
    let draft = signed_in.fills_in_everything("cost_surplus").await;
    signed_in
        .submits(&draft.application_id, &key())
        .await
        .expect("the request is sent");
    let mails = member.mails_come(3).await;
    for mail in &mails {
        let arabic = mail
            .subject
            .chars()
            .any(|c| ('\u{0600}'..='\u{06FF}').contains(&c));
        assert!(arabic, "a mail in another language: {}", mail.subject);
    }
    assert!(
        link_in(&mails[0].text).contains("/ar/"),
        "the link leads to the Arabic page"
    );
}

#[tokio::test]
async fn who_does_not_match_the_staff_file_gets_the_same_answer_and_no_mail() {
    let world = World::start().await;
    let (known, stranger) = (Member::active(), Member::active());
    world.import(known.lines()).await;
    stranger
        .ask_for_a_link(&world, None)
        .await
        .expect("an unknown person's form is taken");
    known
        .ask_for_a_link(&world, Some("ZZ9"))
        .await
        .expect("a wrong detail is taken alike");
    // The right form comes last: once its mail is there, the two before it were looked at.
    known
        .ask_for_a_link(&world, None)
        .await
        .expect("the right form is taken");
    assert_eq!(known.mails_come(1).await.len(), 1);
    let open = "SELECT count(*) FROM jobs WHERE state <> 'done'";
    eventually(async || (world.count("identity", open).await == 0).then_some(())).await;
    assert_eq!(known.mails().await.len(), 1);
    assert_eq!(stranger.mails().await.len(), 0);
}

#[tokio::test]
async fn before_the_terms_every_service_is_closed_to_the_member() {
    let world = World::start().await;
    let member = Member::active();
    world.import(member.lines()).await;
    let signed_in = member.opens_the_door(&world).await;
    let refused = signed_in.starts().await.expect_err("benefits is closed");
    assert_eq!(reason(&refused).as_deref(), Some("TERMS_NOT_ACCEPTED"));
    let refused = signed_in
        .uploads(b"%PDF-1.7")
        .await
        .expect_err("documents is closed");
    assert_eq!(reason(&refused).as_deref(), Some("TERMS_NOT_ACCEPTED"));
    signed_in.accepts_the_terms().await;
    signed_in.starts().await.expect("benefits is open");
}

#[tokio::test]
async fn a_paper_of_one_member_serves_no_other() {
    use benefits_proto::v1::PaperAnswer;
    use benefits_proto::v1::save_answer_request::Answer;
    let world = World::start().await;
    let (owner, thief) = (Member::active(), Member::active());
    world.import([owner.lines(), thief.lines()].concat()).await;
    let owner = owner.opens_an_account(&world).await;
    let thief = thief.opens_an_account(&world).await;
    let receipt = owner
        .uploads(&integration_tests::member::specimen())
        .await
        .expect("the paper is taken in");
    let draft = thief.fills_in_a_draft("oncology").await;
    let paper = PaperAnswer {
        paper_code: "medical_file".to_owned(),
        receipt,
    };
    let refused = thief.answers(&draft.application_id, Answer::Paper(paper)).await;
    assert!(refused.is_err(), "another member's receipt was believed");
}
