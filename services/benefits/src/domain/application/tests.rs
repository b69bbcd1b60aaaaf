//! Every move of an application, from every state: what is possible, and that nothing else is.

use proptest::prelude::*;

use super::*;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000 + seconds, 0).expect("an instant")
}

fn number() -> RequestNumber {
    RequestNumber::new(13, "Aid_X", 2026).expect("a number")
}

fn sent() -> Sent {
    Sent {
        number: number(),
        at: at(1),
    }
}

fn answering(reason: &str) -> Answers {
    Answers {
        reason: Some(reason.to_owned()),
        ..Answers::default()
    }
}

fn draft() -> Application {
    Application::draft(
        ApplicationId::from_uuid(uuid::Uuid::nil()),
        MemberId::from_uuid(uuid::Uuid::nil()),
        "some_aid",
        at(0),
    )
}

fn every_stage() -> Vec<Stage> {
    let sent = sent();
    let decided_at = at(2);
    vec![
        Draft.into(),
        Submitted {
            sent: sent.clone(),
            first: Examination::MedicalOpinion,
        }
        .into(),
        Submitted {
            sent: sent.clone(),
            first: Examination::Proposal,
        }
        .into(),
        AwaitsOpinion { sent: sent.clone() }.into(),
        AwaitsProposal { sent: sent.clone() }.into(),
        AwaitsValidation { sent: sent.clone() }.into(),
        AwaitsMember {
            sent: sent.clone(),
            back_to: Examination::MedicalOpinion,
            correction: None,
        }
        .into(),
        AwaitsMember {
            sent: sent.clone(),
            back_to: Examination::Proposal,
            correction: Some(answering("other")),
        }
        .into(),
        Approved {
            sent: sent.clone(),
            decided_at,
        }
        .into(),
        Rejected {
            sent: sent.clone(),
            decided_at,
        }
        .into(),
        CancelledByMember {
            sent,
            withdrawn_at: at(2),
        }
        .into(),
    ]
}

/// Everything that anybody may try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Move {
    Answer,
    Submit(Examination),
    TakeUp,
    GiveOpinion,
    RequestInformation,
    Correct,
    Resend(Examination),
    GiveUpOn,
    Propose,
    Approve,
    Reject,
    SendBack(Examination),
    Withdraw,
}

const MOVES: [Move; 16] = [
    Move::Answer,
    Move::Submit(Examination::MedicalOpinion),
    Move::Submit(Examination::Proposal),
    Move::TakeUp,
    Move::GiveOpinion,
    Move::RequestInformation,
    Move::Correct,
    Move::Resend(Examination::MedicalOpinion),
    Move::Resend(Examination::Proposal),
    Move::GiveUpOn,
    Move::Propose,
    Move::Approve,
    Move::Reject,
    Move::SendBack(Examination::MedicalOpinion),
    Move::SendBack(Examination::Proposal),
    Move::Withdraw,
];

/// As the use cases do it: name the state, then move.
fn tried(application: Application, attempt: Move, now: DateTime<Utc>) -> Result<Application, Impossible> {
    Ok(match attempt {
        Move::Answer => application.into_draft()?.answered(Answers::default(), now).any(),
        Move::Submit(first) => application.into_draft()?.submitted(number(), first, now).any(),
        Move::TakeUp => application.in_review(now)?,
        Move::GiveOpinion => application.into_awaiting_opinion()?.opinion_given(now).any(),
        Move::RequestInformation => match application.clone().into_awaiting_opinion() {
            Ok(file) => file.information_requested(now).any(),
            Err(_) => application
                .into_awaiting_proposal()?
                .information_requested(now)
                .any(),
        },
        Move::Correct => application
            .into_awaiting_member()?
            .corrected(Answers::default(), now)
            .any(),
        Move::Resend(to) => application.into_awaiting_member()?.resent(to, now),
        Move::GiveUpOn => application.into_awaiting_member()?.given_up_on(now),
        Move::Propose => application.into_awaiting_proposal()?.proposed(now).any(),
        Move::Approve => application.into_awaiting_validation()?.approved(now).any(),
        Move::Reject => application.into_awaiting_validation()?.rejected(now).any(),
        Move::SendBack(to) => application.into_awaiting_validation()?.sent_back(to, now),
        Move::Withdraw => application.withdrawn(now)?,
    })
}

/// The table that people agreed on: from which word and turn each move leads where. What is not in it is impossible.
fn agreed(from: (&str, Option<Step>), attempt: Move) -> Option<(&'static str, Option<Step>)> {
    const OPINION: Option<Step> = Some(Step::MedicalOpinion);
    const PROPOSAL: Option<Step> = Some(Step::Examination);
    const VALIDATION: Option<Step> = Some(Step::Validation);
    let open = matches!(from.0, "submitted" | "in_review" | "information_requested");
    match (from, attempt) {
        (("draft", None), Move::Answer) => Some(("draft", None)),
        (("draft", None), Move::Submit(first)) => Some(("submitted", Some(first.into()))),
        (("submitted", step), Move::TakeUp) => Some(("in_review", step)),
        (("in_review", step), Move::TakeUp) => Some(("in_review", step)),
        (("information_requested", step), Move::TakeUp) => Some(("information_requested", step)),
        (("in_review", OPINION), Move::GiveOpinion) => Some(("in_review", PROPOSAL)),
        (("in_review", step @ (OPINION | PROPOSAL)), Move::RequestInformation) => {
            Some(("information_requested", step))
        }
        (("information_requested", step), Move::Correct) => Some(("information_requested", step)),
        (("information_requested", _), Move::Resend(to)) => Some(("in_review", Some(to.into()))),
        (("information_requested", step), Move::GiveUpOn) => Some(("in_review", step)),
        (("in_review", PROPOSAL), Move::Propose) => Some(("in_review", VALIDATION)),
        (("in_review", VALIDATION), Move::Approve) => Some(("approved", None)),
        (("in_review", VALIDATION), Move::Reject) => Some(("rejected", None)),
        (("in_review", VALIDATION), Move::SendBack(to)) => Some(("in_review", Some(to.into()))),
        (_, Move::Withdraw) if open => Some(("cancelled_by_member", None)),
        _ => None,
    }
}

fn place(application: &Application) -> (&'static str, Option<Step>) {
    (application.stage.as_str(), application.stage.step())
}

#[test]
fn every_move_from_every_stage_is_as_agreed() {
    for stage in every_stage() {
        for attempt in MOVES {
            let before = Application {
                stage: stage.clone(),
                ..draft()
            };
            let from = place(&before);
            let after = tried(before, attempt, at(3)).ok().as_ref().map(place);
            assert_eq!(after, agreed(from, attempt), "{attempt:?} from {from:?}");
        }
    }
}

#[test]
fn only_an_open_file_can_be_withdrawn() {
    for stage in every_stage() {
        let application = Application { stage, ..draft() };
        let can = application.can_withdraw();
        assert_eq!(can, application.stage.is_open());
        assert_eq!(application.withdrawn(at(3)).is_ok(), can);
    }
}

#[test]
fn each_change_grows_the_version_and_moves_the_date() {
    let sent = tried(draft(), Move::Submit(Examination::Proposal), at(5)).expect("a draft is sent");
    assert_eq!((sent.version, sent.updated_at), (2, at(5)));
    let withdrawn = sent.withdrawn(at(9)).expect("a sent file is withdrawn");
    assert_eq!(
        (withdrawn.version, withdrawn.stage.withdrawn_at()),
        (3, Some(at(9)))
    );
    let number = withdrawn.stage.sent().map(|sent| sent.number.to_string());
    assert_eq!(number.as_deref(), Some("13/Aid_X/2026"));
}

#[test]
fn what_the_member_answers_anew_is_of_the_file_once_it_is_sent_and_never_otherwise() {
    let file = Application {
        answers: answering("sent"),
        ..draft()
    };
    let sent = tried(file, Move::Submit(Examination::Proposal), at(1)).expect("it is sent");
    let taken = tried(sent, Move::TakeUp, at(2)).expect("it is taken up");
    let asked = tried(taken, Move::RequestInformation, at(3)).expect("it is asked");
    let waiting = asked.into_awaiting_member().expect("it waits");
    let corrected = waiting.corrected(answering("anew"), at(4));
    let any = corrected.clone().any();
    assert_eq!(
        (&any.answers, any.answers_in_hand()),
        (&answering("sent"), &answering("anew"))
    );
    let given_up = corrected.clone().given_up_on(at(5));
    assert_eq!(given_up.answers, answering("sent"));
    assert_eq!(given_up.answers_in_hand(), &answering("sent"));
    let resent = corrected.resent(Examination::Proposal, at(5));
    assert_eq!(resent.answers, answering("anew"));
}

#[test]
fn a_stage_is_read_back_from_what_is_stored() {
    for stage in every_stage() {
        assert_eq!(stage.stored().read(), Some(stage));
    }
}

#[test]
fn what_does_not_belong_together_is_no_stage() {
    let stored = |state: &str, step: Option<&str>, sent, decided_at, withdrawn_at| {
        StoredStage {
            state: state.to_owned(),
            step: step.map(str::to_owned),
            correction: None,
            sent,
            decided_at,
            withdrawn_at,
        }
        .read()
    };
    let a_sent = || Some(sent());
    assert_eq!(stored("draft", None, a_sent(), None, None), None);
    assert_eq!(
        stored("submitted", Some("validation"), a_sent(), None, None),
        None
    );
    assert_eq!(stored("in_review", None, a_sent(), None, None), None);
    assert_eq!(stored("in_review", Some("lost"), a_sent(), None, None), None);
    assert_eq!(stored("in_review", Some("validation"), None, None, None), None);
    assert_eq!(
        stored("information_requested", Some("validation"), a_sent(), None, None),
        None
    );
    assert_eq!(stored("approved", None, a_sent(), None, None), None);
    assert_eq!(
        stored("approved", Some("validation"), a_sent(), Some(at(2)), None),
        None
    );
    assert_eq!(stored("cancelled_by_member", None, a_sent(), None, None), None);
    assert_eq!(stored("lost", None, None, None, None), None);
}

#[test]
fn what_the_version_before_wrote_is_read() {
    let mut submitted = Stage::from(Submitted {
        sent: sent(),
        first: Examination::MedicalOpinion,
    });
    let mut stored = submitted.stored();
    stored.step = None;
    assert_eq!(stored.read(), Some(submitted));
    submitted = CancelledByMember {
        sent: sent(),
        withdrawn_at: at(2),
    }
    .into();
    let mut stored = submitted.stored();
    stored.step = Some("examination".to_owned());
    assert_eq!(stored.read(), Some(submitted));
}

proptest! {
    #[test]
    fn any_sequence_of_moves_stays_on_the_agreed_ways(
        moves in prop::collection::vec(prop::sample::select(MOVES.to_vec()), 0..40),
    ) {
        let mut application = draft();
        let mut changes = 1;
        let mut number_seen: Option<Sent> = None;
        let mut ended = false;
        for (step, next) in (1_i64..).zip(moves) {
            let from = place(&application);
            let moved = tried(application.clone(), next, at(step));
            prop_assert_eq!(moved.as_ref().ok().map(place), agreed(from, next));
            if let Ok(moved) = moved {
                prop_assert!(!ended, "what has ended moves no more");
                changes += 1;
                application = moved;
            }
            // Once given, number and date of sending stay.
            prop_assert!(number_seen.is_none() || application.stage.sent() == number_seen.as_ref());
            number_seen = application.stage.sent().cloned();
            ended = number_seen.is_some() && !application.stage.is_open();
        }
        prop_assert_eq!(application.version, changes);
        prop_assert_eq!(application.stage.stored().read(), Some(application.stage));
    }
}
