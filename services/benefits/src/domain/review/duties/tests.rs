//! Who may do which part of a file, as a table: duties that control one another, and what one did on it before.

use super::super::acts::tests::{act, agent, favourable, proposed};
use super::super::information::{Cause, Item, Target};
use super::*;
use crate::domain::member::tests::sample;

const ME: u128 = 1;
const COLLEAGUE: u128 = 2;

fn me(roles: &[Role]) -> Agent {
    Agent {
        account: agent(ME),
        roles: roles.to_vec(),
        member: None,
    }
}

fn asked() -> Content {
    Content::InformationRequested {
        items: vec![Item {
            target: Target::Field("bank_account".to_owned()),
            cause: Cause::Outdated,
            note: None,
        }],
        answer_by: None,
    }
}

fn opened() -> Content {
    Content::PaperOpened {
        document: kernel::DocumentId::from_uuid(uuid::Uuid::nil()),
    }
}

fn checked(
    roles: &[Role],
    health: bool,
    step: Option<Step>,
    history: &[(u128, Content)],
    wanted: Act,
) -> Result<(), DutyRefused> {
    let dossier = Dossier(
        history
            .iter()
            .map(|(who, content)| act(*who, content.clone()))
            .collect(),
    );
    let case = Case {
        health,
        step,
        withdrawn: false,
        dossier: &dossier,
        closeness: Closeness::None,
    };
    check(&me(roles), case, wanted)
}

const OFFICER: &[Role] = &[Role::CaseOfficer];
const REVIEWER: &[Role] = &[Role::HealthReviewer];
const VALIDATOR: &[Role] = &[Role::Validator];
const BOTH: &[Role] = &[Role::CaseOfficer, Role::HealthReviewer];
const OPINION: Option<Step> = Some(Step::MedicalOpinion);
const EXAMINATION: Option<Step> = Some(Step::Examination);
const VALIDATION: Option<Step> = Some(Step::Validation);

#[test]
fn each_role_has_its_part_of_a_health_file_and_no_other() {
    use Act::{AddNote, Decide, GiveOpinion, Handle, OpenPaper, Propose, RequestInformation, See};
    const NONE: &[Act] = &[];
    let all = [
        See,
        Handle,
        OpenPaper,
        GiveOpinion,
        RequestInformation,
        Propose,
        Decide,
        AddNote,
    ];
    // Whether the file is at the step at which an opinion, a proposal or a decision is due is the application's to say.
    let table: [(&[Role], Option<Step>, &[Act]); 13] = [
        (
            REVIEWER,
            OPINION,
            &[See, Handle, OpenPaper, GiveOpinion, RequestInformation],
        ),
        (REVIEWER, EXAMINATION, &[See, OpenPaper, GiveOpinion]),
        (
            REVIEWER,
            VALIDATION,
            &[See, OpenPaper, GiveOpinion, RequestInformation],
        ),
        (OFFICER, OPINION, &[See, Propose, AddNote]),
        (
            OFFICER,
            EXAMINATION,
            &[See, Handle, RequestInformation, Propose, AddNote],
        ),
        (
            OFFICER,
            None,
            &[See, Handle, RequestInformation, Propose, AddNote],
        ),
        (VALIDATOR, OPINION, &[See, Decide, AddNote]),
        (VALIDATOR, VALIDATION, &[See, Handle, Decide, AddNote]),
        (&[Role::Administrator], VALIDATION, NONE),
        (&[Role::Auditor], VALIDATION, NONE),
        (&[Role::FrontDesk], OPINION, NONE),
        (&[Role::Finance], EXAMINATION, NONE),
        (&[], OPINION, NONE),
    ];
    for (roles, step, allowed) in table {
        for wanted in all {
            let answer = checked(roles, true, step, &[], wanted);
            assert_eq!(
                answer.is_ok(),
                allowed.contains(&wanted),
                "{roles:?} {step:?} {wanted:?}: {answer:?}"
            );
        }
    }
}

#[test]
fn a_file_without_health_data_is_nothing_for_a_health_reviewer_and_its_papers_are_the_officers() {
    for wanted in [Act::See, Act::Handle, Act::OpenPaper, Act::AddNote] {
        assert!(
            checked(OFFICER, false, EXAMINATION, &[], wanted).is_ok(),
            "{wanted:?}"
        );
        assert_eq!(
            checked(REVIEWER, false, EXAMINATION, &[], wanted),
            Err(DutyRefused::RoleMissing),
            "{wanted:?}"
        );
    }
    assert!(checked(VALIDATOR, false, VALIDATION, &[(ME, opened())], Act::Decide).is_ok());
}

#[test]
fn no_person_does_two_parts_that_control_one_another() {
    use DutyRefused::{AssessedBefore, GaveOpinionBefore, ProposedBefore};
    let all = [Role::CaseOfficer, Role::HealthReviewer, Role::Validator];
    let table = [
        // What I did before, what I want now, and why not.
        (favourable(), EXAMINATION, Act::Propose, GaveOpinionBefore),
        (favourable(), EXAMINATION, Act::Handle, GaveOpinionBefore),
        (
            favourable(),
            EXAMINATION,
            Act::RequestInformation,
            GaveOpinionBefore,
        ),
        (opened(), EXAMINATION, Act::Propose, GaveOpinionBefore),
        (favourable(), VALIDATION, Act::Decide, AssessedBefore),
        (favourable(), VALIDATION, Act::Handle, AssessedBefore),
        (asked(), VALIDATION, Act::Decide, AssessedBefore),
        (opened(), VALIDATION, Act::Decide, AssessedBefore),
        (proposed(), VALIDATION, Act::Decide, ProposedBefore),
        (proposed(), VALIDATION, Act::Handle, ProposedBefore),
        (proposed(), OPINION, Act::GiveOpinion, ProposedBefore),
        (proposed(), OPINION, Act::Handle, ProposedBefore),
    ];
    for (did, step, wanted, why) in table {
        let answer = checked(&all, true, step, &[(ME, did.clone())], wanted);
        assert_eq!(answer, Err(why), "{wanted:?} after {did:?}");
        // It is the person that counts: the same history of a colleague stands in nobody's way.
        assert_eq!(checked(&all, true, step, &[(COLLEAGUE, did)], wanted), Ok(()));
    }
    // Also when it was long ago and sent back since.
    let history = [
        (ME, proposed()),
        (COLLEAGUE, Content::SentBack { to_opinion: false }),
        (COLLEAGUE, proposed()),
    ];
    assert_eq!(
        checked(&all, true, VALIDATION, &history, Act::Decide),
        Err(ProposedBefore)
    );
}

#[test]
fn a_second_account_is_no_second_person() {
    let did = |person: Option<u128>| {
        let mut proposed = act(COLLEAGUE, proposed());
        proposed.agent_member = person.map(member);
        Dossier(vec![proposed])
    };
    let decide = |me_as: Option<u128>, dossier: &Dossier| {
        let agent = Agent {
            member: me_as.map(member),
            ..me(VALIDATOR)
        };
        let case = Case {
            health: false,
            step: VALIDATION,
            withdrawn: false,
            dossier,
            closeness: Closeness::None,
        };
        check(&agent, case, Act::Decide)
    };
    assert_eq!(decide(Some(7), &did(Some(7))), Err(DutyRefused::ProposedBefore));
    assert_eq!(decide(Some(7), &did(Some(8))), Ok(()));
    // Of whom it is not known which member they are, the account tells; two of them are not one person.
    assert_eq!(decide(None, &did(None)), Ok(()));
    assert_eq!(decide(Some(7), &did(None)), Ok(()));
}

#[test]
fn papers_of_a_health_file_are_a_health_reviewers() {
    for (roles, step, history, allowed) in [
        (REVIEWER, OPINION, vec![], true),
        (REVIEWER, None, vec![(ME, favourable())], true),
        (OFFICER, EXAMINATION, vec![], false),
        (VALIDATOR, VALIDATION, vec![], false),
        (BOTH, OPINION, vec![], true),
        (BOTH, EXAMINATION, vec![], false),
        (BOTH, OPINION, vec![(ME, proposed())], false),
    ] {
        let answer = checked(roles, true, step, &history, Act::OpenPaper);
        let expected = if allowed {
            Ok(())
        } else {
            Err(DutyRefused::PaperNotYours)
        };
        assert_eq!(answer, expected, "{roles:?} {step:?}");
    }
}

#[test]
fn papers_of_a_file_that_ended_are_read_by_who_had_a_part_in_it_and_by_nobody_once_it_was_withdrawn() {
    for (roles, health, did) in [
        (REVIEWER, true, favourable()),
        (OFFICER, false, proposed()),
        (VALIDATOR, false, Content::SentBack { to_opinion: false }),
    ] {
        for (who, withdrawn, expected) in [
            (ME, false, Ok(())),
            (COLLEAGUE, false, Err(DutyRefused::FileClosed)),
            (ME, true, Err(DutyRefused::FileClosed)),
        ] {
            let dossier = Dossier(vec![act(who, did.clone())]);
            let case = Case {
                health,
                step: None,
                withdrawn,
                dossier: &dossier,
                closeness: Closeness::None,
            };
            let answer = check(&me(roles), case, Act::OpenPaper);
            assert_eq!(answer, expected, "{roles:?} {who} {withdrawn}");
            assert_eq!(
                sees_health(&me(roles), case),
                health && expected.is_ok(),
                "the reason is seen as the papers are"
            );
        }
    }
}

#[test]
fn a_health_reviewer_writes_no_note_on_a_health_file() {
    assert_eq!(
        checked(REVIEWER, true, OPINION, &[], Act::AddNote),
        Err(DutyRefused::NoteNotAllowed)
    );
    assert_eq!(
        checked(BOTH, true, OPINION, &[], Act::AddNote),
        Err(DutyRefused::NoteNotAllowed)
    );
}

#[test]
fn nobody_does_anything_with_an_own_or_a_relatives_file() {
    let all = [
        Role::CaseOfficer,
        Role::HealthReviewer,
        Role::Validator,
        Role::Auditor,
    ];
    for (closeness, why) in [
        (Closeness::Own, DutyRefused::OwnFile),
        (Closeness::Relative, DutyRefused::RelativesFile),
    ] {
        for wanted in [
            Act::See,
            Act::Handle,
            Act::OpenPaper,
            Act::GiveOpinion,
            Act::Propose,
            Act::Decide,
            Act::AddNote,
        ] {
            let case = Case {
                health: true,
                step: OPINION,
                withdrawn: false,
                dossier: &Dossier::default(),
                closeness,
            };
            assert_eq!(check(&me(&all), case, wanted), Err(why), "{wanted:?}");
            assert!(!sees_health(&me(&all), case));
        }
    }
}

fn person(n: u128) -> PersonId {
    PersonId::from_uuid(uuid::Uuid::from_u128(n))
}

fn member(n: u128) -> MemberId {
    MemberId::from_uuid(uuid::Uuid::from_u128(n))
}

/// A member who is that person, with that spouse and child.
fn family_of(n: u128, own: u128, spouse: u128, child: u128) -> MemberFacts {
    let mut facts = sample();
    facts.member = member(n);
    facts.person = person(own);
    facts.relatives[0].person = person(spouse);
    facts.relatives[1].person = person(child);
    facts
}

#[test]
fn families_are_found_in_both_directions_and_through_a_child_of_both() {
    let agents = family_of(1, 10, 20, 30);
    let near = |applicant: &MemberFacts| closeness(agents.member, Some(&agents), applicant);
    assert_eq!(near(&agents), Closeness::Own);
    assert_eq!(
        near(&family_of(2, 20, 10, 31)),
        Closeness::Relative,
        "my spouse, who declares me"
    );
    assert_eq!(
        near(&family_of(2, 20, 21, 31)),
        Closeness::Relative,
        "my spouse, who declares somebody else"
    );
    assert_eq!(
        near(&family_of(2, 40, 10, 31)),
        Closeness::Relative,
        "somebody who declares me"
    );
    assert_eq!(
        near(&family_of(2, 40, 41, 30)),
        Closeness::Relative,
        "the other parent of my child"
    );
    assert_eq!(
        near(&family_of(2, 30, 41, 42)),
        Closeness::Relative,
        "my grown child"
    );
    assert_eq!(near(&family_of(2, 40, 41, 42)), Closeness::None, "a stranger");
    assert_eq!(
        closeness(agents.member, None, &agents),
        Closeness::Own,
        "known without the facts"
    );
}
