//! A service that is asked to end while people use it, as at every upgrade: it answers what it has begun, refuses what comes later so that it can be
//! sent again, and ends well. How long that takes is not judged here (`./justw sizing` says it).

use benefits_proto::v1::Application;
use futures::future::join_all;
use integration_tests::member::{Member, SignedIn, key, specimen};
use integration_tests::world::World;
use tonic::{Code, Status};

const PEOPLE: u32 = 8;
/// Of each of them.
const UPLOADS: usize = 4;

/// What somebody sees who was not answered: nobody was there any more, or the line broke. Both are sent again by whoever called.
fn is_nobody_there(status: &Status) -> bool {
    matches!(status.code(), Code::Unavailable | Code::Unknown | Code::Cancelled)
}

async fn people(world: &World) -> Vec<Member> {
    let first = integration_tests::member::own_number();
    let members: Vec<Member> = (0..PEOPLE)
        .map(|more| Member::numbered((first + more) % 1_000_000))
        .collect();
    world
        .import(members.iter().flat_map(Member::lines).collect())
        .await;
    members
}

/// A session, a draft that is whole, and the key of its "Terminer".
type Draft<'a> = (SignedIn<'a>, String, String);

async fn send((signed_in, draft, key): &Draft<'_>) -> Result<Application, Status> {
    signed_in.submits(draft, key).await
}

#[tokio::test]
async fn an_end_in_the_middle_of_terminer_loses_no_request_that_was_answered_and_makes_none_twice() {
    let world = World::start().await;
    let members = people(&world).await;
    let drafts: Vec<Draft<'_>> = join_all(members.iter().map(async |member| {
        let signed_in = member.opens_an_account(&world).await;
        let draft = signed_in.fills_in_everything("oncology").await;
        (signed_in, draft.application_id, key())
    }))
    .await;
    // The signal comes when the first is answered: some are before it, some in it, some after.
    let ends = world.service("benefits");
    let first = send(&drafts[0]).await.expect("nothing is in the way");
    let (sent, ()) = futures::join!(join_all(drafts[1..].iter().map(send)), async {
        ends.ask_to_end()
    });
    assert_eq!(ends.ends().await.code(), Some(0), "it ends well:\n{}", ends.log());
    for refused in sent.iter().filter_map(|sent| sent.as_ref().err()) {
        assert!(is_nobody_there(refused), "{refused}");
    }
    world.start_again("benefits").await;
    let answered = std::iter::once(Some(first.request_number))
        .chain(sent.into_iter().map(|sent| Some(sent.ok()?.request_number)));
    for (draft, before) in drafts.iter().zip(answered) {
        let now = send(draft).await.expect("sent again with its key").request_number;
        assert!(
            before.is_none_or(|before| before == now),
            "the request that was answered stands"
        );
    }
    let sent = "SELECT count(*) FROM applications WHERE submitted_at IS NOT NULL";
    assert_eq!(world.count("benefits", sent).await, i64::from(PEOPLE));
}

#[tokio::test]
async fn an_end_in_the_middle_of_uploads_keeps_every_paper_that_has_a_receipt() {
    let world = World::start().await;
    let members = people(&world).await;
    let signed_in = join_all(members.iter().map(|member| member.opens_an_account(&world))).await;
    let paper = specimen();
    let uploads: Vec<(usize, String)> = (0..signed_in.len() * UPLOADS)
        .map(|at| (at % signed_in.len(), key()))
        .collect();
    let send = async |(whose, key): &(usize, String)| signed_in[*whose].uploads_once(&paper, key).await;
    let ends = world.service("documents");
    send(&uploads[0]).await.expect("nothing is in the way");
    let (taken, ()) = futures::join!(join_all(uploads[1..].iter().map(&send)), async {
        ends.ask_to_end()
    });
    assert_eq!(ends.ends().await.code(), Some(0), "it ends well:\n{}", ends.log());
    let receipts = 1 + i64::try_from(taken.iter().filter(|taken| taken.is_ok()).count()).expect("few");
    let papers = "SELECT count(*) FROM documents";
    let kept = world.count("documents", papers).await;
    assert!(kept >= receipts, "{kept} papers and {receipts} receipts");
    for refused in taken.iter().filter_map(|taken| taken.as_ref().err()) {
        assert!(is_nobody_there(refused), "{refused}");
    }
    world.start_again("documents").await;
    for upload in &uploads {
        send(upload).await.expect("sent again with its key");
    }
    assert_eq!(
        world.count("documents", papers).await,
        i64::try_from(uploads.len()).expect("few"),
        "none twice"
    );
}
