//! What a member's own facts already rule out, before anything is asked of them: nobody is led through a form, and hands in a paper, to be
//! told at its end what was known at its beginning. It judges no answer.

use chrono::NaiveDate;
use rules::{DecideError, EarlyOutcome, RuleSet, Standing};

use crate::domain::catalogue::Form;
use crate::domain::member::MemberFacts;
use crate::domain::rule_facts::{self, KNOWN_OF_THE_MEMBER};

/// The conditions that this member breaks on that day whatever they would answer, in the rule set's order. Where an answer will name the day of
/// the workplace, only what every workplace breaks that the member ever had.
///
/// # Errors
/// When a condition has no value for the facts.
pub(crate) fn broken_whatever_is_answered(
    rules: &RuleSet,
    form: &Form,
    member: &MemberFacts,
    on: NaiveDate,
) -> Result<Vec<EarlyOutcome>, DecideError> {
    let broken_in = |workplace| {
        let facts = rule_facts::of_the_member(member, workplace, on);
        let mut outcomes = rules.judge_early(&facts, &KNOWN_OF_THE_MEMBER)?;
        outcomes.retain(|outcome| outcome.standing == Standing::NotHeld);
        Ok::<_, DecideError>(outcomes)
    };
    let mut broken = broken_in(member.workplace_on(on))?;
    if form.workplace_on.is_some() {
        for workplace in &member.workplaces {
            let there = broken_in(Some(workplace))?;
            broken.retain(|outcome| there.iter().any(|other| other.code == outcome.code));
        }
    }
    Ok(broken)
}

#[cfg(test)]
mod tests {
    use kernel::Position;

    use super::*;
    use crate::domain::catalogue::tests::catalogue;
    use crate::domain::member::tests::{day, held, sample, working_in};

    fn broken(benefit: &str, member: &MemberFacts, on: &str) -> Vec<String> {
        let catalogue = catalogue();
        let benefit = catalogue.get(benefit).expect("the benefit");
        let rules = benefit.rules().expect("the benefit has rules");
        let form = benefit.form().expect("the benefit has a form");
        let broken = broken_whatever_is_answered(rules, form, member, day(on)).expect("the rules answer");
        broken.into_iter().map(|outcome| outcome.code).collect()
    }

    #[test]
    fn a_survivor_is_told_of_the_position_and_nothing_else() {
        let mut survivor = sample();
        survivor.positions = vec![held(Position::Survivor, "2005-09-01", None)];
        assert_eq!(
            broken("exceptional_health_aid", &survivor, "2026-11-22"),
            ["position_eligible"]
        );
        assert_eq!(
            broken("exceptional_health_aid", &sample(), "2026-11-22"),
            Vec::<String>::new()
        );
    }

    #[test]
    fn the_day_of_the_question_counts() {
        let mut leaving = sample();
        leaving.positions = vec![held(Position::Active, "2005-09-01", Some("2026-11-22"))];
        assert_eq!(
            broken("exceptional_health_aid", &leaving, "2026-11-22"),
            Vec::<String>::new()
        );
        assert_eq!(
            broken("exceptional_health_aid", &leaving, "2026-11-23"),
            ["position_eligible"]
        );
    }

    #[test]
    fn the_air_support_tells_of_service_and_province_and_waits_for_the_trip() {
        let mut member = sample();
        member.workplaces = vec![working_in("MA-CAS", false, None)];
        assert_eq!(
            broken("air_transport_support", &member, "2026-11-22"),
            ["external_services", "province_listed"]
        );
        member.workplaces = vec![working_in("MA-LAA", true, None)];
        assert_eq!(
            broken("air_transport_support", &member, "2026-11-22"),
            Vec::<String>::new()
        );
        // Who flew before a transfer may ask after it.
        member
            .workplaces
            .push(working_in("MA-CAS", false, Some("2026-11-01")));
        assert_eq!(
            broken("air_transport_support", &member, "2026-11-22"),
            Vec::<String>::new()
        );
    }
}
