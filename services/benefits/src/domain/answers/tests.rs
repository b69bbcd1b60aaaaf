//! Answers one by one, and any sequence of them.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::domain::catalogue::tests::catalogue;
use crate::domain::catalogue::{Benefit, Catalogue};
use crate::domain::member::tests::sample;

const NOTICE: &str = "health-aid-2026-12";

fn form(catalogue: &Catalogue) -> &Form {
    catalogue
        .get("exceptional_health_aid")
        .and_then(Benefit::form)
        .expect("the aid has a form")
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_000_000, 0).expect("an instant")
}

fn proven() -> ProvenPaper {
    ProvenPaper {
        owner: sample().member,
        document_class: "health_paper".to_owned(),
        media_type: "application/pdf".to_owned(),
        paper: GivenPaper {
            document: DocumentId::from_uuid(Uuid::from_u128(5)),
            file_name: "specimen.pdf".to_owned(),
            size_bytes: 2_400_000,
            sha256: "00".repeat(32),
            scan_state: ScanState::NotScanned,
        },
    }
}

fn give(answers: Answers, answer: Answer) -> Result<Answers, AnswerRefused> {
    let (catalogue, facts) = (catalogue(), sample());
    let context = Context {
        form: form(&catalogue),
        member: facts.member,
        facts: Some(&facts),
        now: now(),
    };
    answers.with(answer, context)
}

fn paper(change: impl FnOnce(&mut ProvenPaper)) -> Answer {
    let mut proven = proven();
    change(&mut proven);
    Answer::Paper {
        code: "medical_file".to_owned(),
        proven,
    }
}

fn person(relation: Relation, person: Option<PersonId>) -> Answer {
    Answer::Person(PersonConcerned { relation, person })
}

/// Everything answered for the child.
pub(crate) fn complete() -> Answers {
    let facts = sample();
    [
        Answer::BankAccountConfirmed(facts.bank_account.expect("an account is on file")),
        person(Relation::Child, Some(facts.relatives[1].person)),
        Answer::Reason("oncology".to_owned()),
        Answer::Consent(NOTICE.to_owned()),
        paper(|_| {}),
    ]
    .into_iter()
    .try_fold(Answers::default(), give)
    .expect("every answer is taken")
}

#[test]
fn what_is_missing_is_named_in_the_order_of_the_steps() {
    let catalogue = catalogue();
    let all = [
        Step::BankAccount,
        Step::PersonConcerned,
        Step::Reason,
        Step::Consent,
        Step::Papers,
    ];
    assert_eq!(Answers::default().missing(form(&catalogue), None), all);
    assert_eq!(complete().missing(form(&catalogue), Some(&sample())), []);
}

#[test]
fn an_account_that_is_not_the_member_s_keeps_the_draft_waiting() {
    let answers = give(complete(), Answer::BankAccountNotMine).expect("the answer is taken");
    let catalogue = catalogue();
    assert_eq!(answers.missing(form(&catalogue), None), [Step::BankAccount]);
    assert!(answers.papers == complete().papers);
}

#[test]
fn only_the_account_on_file_is_confirmed() {
    let other = Answer::BankAccountConfirmed(BankAccountId::from_uuid(Uuid::from_u128(1)));
    assert_eq!(
        give(Answers::default(), other.clone()),
        Err(AnswerRefused::BankAccountChanged)
    );
    let (catalogue, mut facts) = (catalogue(), sample());
    facts.bank_account = None;
    let context = Context {
        form: form(&catalogue),
        member: facts.member,
        facts: Some(&facts),
        now: now(),
    };
    assert_eq!(
        Answers::default().with(other, context),
        Err(AnswerRefused::BankAccountNotOnFile)
    );
    assert_eq!(
        complete().missing(form(&catalogue), Some(&facts)),
        [Step::BankAccount]
    );
}

#[test]
fn a_changed_relation_drops_the_person() {
    let answers = give(complete(), person(Relation::Spouse, None)).expect("a relation alone is taken");
    assert_eq!(answers.person.and_then(|concerned| concerned.person), None);
    let catalogue = catalogue();
    assert_eq!(
        answers.missing(form(&catalogue), Some(&sample())),
        [Step::PersonConcerned]
    );
}

#[test]
fn the_person_comes_from_the_declared_family() {
    let facts = sample();
    let child = facts.relatives[1].person;
    assert_eq!(
        give(Answers::default(), person(Relation::Spouse, Some(child))),
        Err(AnswerRefused::PersonNotDeclared)
    );
    let stranger = PersonId::from_uuid(Uuid::from_u128(3));
    assert_eq!(
        give(Answers::default(), person(Relation::Child, Some(stranger))),
        Err(AnswerRefused::PersonNotDeclared)
    );
    // Whatever id is sent with it, the member is the member.
    let answers =
        give(Answers::default(), person(Relation::Member, Some(stranger))).expect("the member is taken");
    assert_eq!(
        answers.person.and_then(|concerned| concerned.person),
        Some(facts.person)
    );
}

#[test]
fn a_person_who_is_no_longer_declared_is_asked_for_again() {
    let (catalogue, mut facts) = (catalogue(), sample());
    facts.relatives.pop();
    assert_eq!(
        complete().missing(form(&catalogue), Some(&facts)),
        [Step::PersonConcerned]
    );
}

#[test]
fn before_the_facts_arrive_only_what_needs_none_is_taken() {
    let (catalogue, facts) = (catalogue(), sample());
    let context = Context {
        form: form(&catalogue),
        member: facts.member,
        facts: None,
        now: now(),
    };
    let refused = Err(AnswerRefused::FactsUnknown);
    assert_eq!(
        Answers::default().with(person(Relation::Member, None), context),
        refused
    );
    assert_eq!(
        Answers::default().with(
            Answer::BankAccountConfirmed(BankAccountId::from_uuid(Uuid::nil())),
            context
        ),
        refused
    );
    assert!(
        Answers::default()
            .with(Answer::Reason("oncology".to_owned()), context)
            .is_ok()
    );
}

#[test]
fn a_reason_or_a_notice_that_is_not_offered_is_refused() {
    assert_eq!(
        give(Answers::default(), Answer::Reason("toothache".to_owned())),
        Err(AnswerRefused::ReasonUnknown)
    );
    assert_eq!(
        give(
            Answers::default(),
            Answer::Consent("health-aid-2020-01".to_owned())
        ),
        Err(AnswerRefused::ConsentOutdated)
    );
}

#[test]
fn a_paper_needs_the_current_consent_first() {
    assert_eq!(
        give(Answers::default(), paper(|_| {})),
        Err(AnswerRefused::ConsentFirst)
    );
    let mut outdated = complete();
    outdated.consent = Some(ConsentGiven {
        version: "health-aid-2020-01".to_owned(),
        at: now(),
    });
    let catalogue = catalogue();
    assert_eq!(outdated.missing(form(&catalogue), None), [Step::Consent]);
    assert_eq!(give(outdated, paper(|_| {})), Err(AnswerRefused::ConsentFirst));
}

#[test]
fn a_paper_must_be_the_member_s_own_of_the_class_kind_and_size_asked_and_clean() {
    let refused =
        |change: fn(&mut ProvenPaper)| give(complete(), paper(change)).expect_err("the paper is refused");
    assert_eq!(
        refused(|p| p.owner = MemberId::from_uuid(Uuid::from_u128(1))),
        AnswerRefused::PaperNotYours
    );
    assert_eq!(
        refused(|p| p.document_class = "travel_paper".to_owned()),
        AnswerRefused::PaperClass
    );
    assert_eq!(
        refused(|p| p.media_type = "image/png".to_owned()),
        AnswerRefused::PaperType
    );
    assert_eq!(
        refused(|p| p.paper.size_bytes = 10_485_761),
        AnswerRefused::PaperTooLarge
    );
    assert_eq!(
        refused(|p| p.paper.scan_state = ScanState::Infected),
        AnswerRefused::PaperInfected
    );
    assert!(give(complete(), paper(|p| p.paper.size_bytes = 10_485_760)).is_ok());
    let unknown = Answer::Paper {
        code: "invoice".to_owned(),
        proven: proven(),
    };
    assert_eq!(give(complete(), unknown), Err(AnswerRefused::PaperUnknown));
}

#[test]
fn a_removed_paper_is_asked_for_again() {
    let answers = give(complete(), Answer::RemovePaper("medical_file".to_owned())).expect("the paper goes");
    let catalogue = catalogue();
    assert_eq!(answers.missing(form(&catalogue), Some(&sample())), [Step::Papers]);
    assert_eq!(
        give(answers, Answer::RemovePaper("invoice".to_owned())),
        Err(AnswerRefused::PaperUnknown)
    );
}

#[test]
fn debug_output_shows_no_answer() {
    assert_eq!(format!("{:?}", complete()), "Answers");
}

#[test]
fn a_file_that_was_sent_rests_on_the_notice_of_then_and_on_nothing_else_that_is_gone() {
    let (catalogue, facts) = (catalogue(), sample());
    let form = form(&catalogue);
    let mut answers = complete();
    answers.consent = Some(ConsentGiven {
        version: "old".to_owned(),
        at: now(),
    });
    assert_eq!(answers.missing(form, Some(&facts)), [Step::Consent]);
    assert_eq!(answers.missing_of_file(form, &facts), []);
    answers.bank_account = Some(BankAccountAnswer::NotMine);
    answers.papers.clear();
    answers.consent = None;
    assert_eq!(
        answers.missing_of_file(form, &facts),
        [Step::BankAccount, Step::Consent, Step::Papers]
    );
}

fn any_answer() -> impl Strategy<Value = Answer> {
    let facts = sample();
    let persons: Vec<Option<PersonId>> = std::iter::once(None)
        .chain(facts.relatives.iter().map(|relative| Some(relative.person)))
        .collect();
    prop_oneof![
        Just(Answer::BankAccountNotMine),
        Just(Answer::BankAccountConfirmed(
            facts.bank_account.expect("an account is on file")
        )),
        (
            prop::sample::select(Relation::ALL.to_vec()),
            prop::sample::select(persons)
        )
            .prop_map(|(relation, chosen)| person(relation, chosen)),
        prop::sample::select(vec!["oncology", "cost_surplus", "other"])
            .prop_map(|code| Answer::Reason(code.to_owned())),
        prop::sample::select(vec![NOTICE, "old"]).prop_map(|version| Answer::Consent(version.to_owned())),
        prop::sample::select(vec![1_u64, 99_999_999]).prop_map(|size| paper(|p| p.paper.size_bytes = size)),
        Just(Answer::RemovePaper("medical_file".to_owned())),
        Just(Answer::Fields {
            page: "trip".to_owned(),
            given: Vec::new(),
        }),
    ]
}

proptest! {
    #[test]
    fn no_sequence_of_answers_makes_a_draft_whole_without_consent_and_a_declared_person(sequence in prop::collection::vec(any_answer(), 0..24)) {
        let (catalogue, facts) = (catalogue(), sample());
        let context = Context { form: form(&catalogue), member: facts.member, facts: Some(&facts), now: now() };
        let mut answers = Answers::default();
        for answer in sequence {
            // A refused answer leaves everything as it was.
            if let Ok(changed) = answers.clone().with(answer, context) {
                answers = changed;
            }
        }
        prop_assert!(answers.papers.is_empty() || answers.consent.is_some());
        if answers.missing(context.form, Some(&facts)).is_empty() {
            let concerned = answers.person.expect("a person was named");
            prop_assert!(facts.beneficiary(concerned.relation, concerned.person.expect("and chosen")).is_some());
            prop_assert!(answers.bank_account.is_some() && answers.reason.is_some() && !answers.papers.is_empty());
        }
        let text = serde_json::to_string(&answers).expect("answers are JSON");
        prop_assert_eq!(serde_json::from_str::<Answers>(&text).expect("and read back"), answers);
    }
}
