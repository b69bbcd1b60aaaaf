//! The cast's files, written out: each thing that a visitor is to see is somebody's. What `up` says of them stands with the cast's roles.

use chrono::NaiveDate;

use super::calendar::Calendar;
use super::story::{About, Story, Until, old_account, poor_paper, wrong_field};
use super::{Agent, Concerned, Household, Trip};

const HOME: u64 = 7;
const FIRST: Agent = Agent::CaseOfficer;
const SECOND: Agent = Agent::CaseOfficer2;

/// The stories of one household.
struct Teller<'a> {
    calendar: Calendar,
    household: &'a Household,
    told: u64,
}

impl Teller<'_> {
    fn about(&mut self, concerned: Concerned, about: About) -> Story {
        self.told += 1;
        let matricule: u64 = self.household.form.matricule.parse().unwrap_or_default();
        Story::new(self.calendar, matricule * 100 + self.told, concerned, about)
    }

    fn health(&mut self, concerned: Concerned, reason: &'static str) -> Story {
        self.about(concerned, About::Health { reason })
    }

    /// A flight there and, a week later, back.
    fn flight(&mut self, concerned: Concerned, days_ago: u64, dirhams: i64) -> Story {
        let trip = Trip {
            outward_on: self.calendar.day(days_ago),
            return_on: self.calendar.day(days_ago.saturating_sub(HOME)),
            from: self.household.airport.unwrap_or_default(),
            to: "MA-NOU",
            is_return: true,
        };
        let price = dirhams * 100 + 50;
        self.about(concerned, About::Flight { trip, price })
    }

    /// A flight that was granted; asked for two days after the way back.
    fn flown(&mut self, concerned: Concerned, days_ago: u64, dirhams: i64, officer: Agent) -> Story {
        let sent = days_ago.saturating_sub(HOME + 2);
        self.flight(concerned, days_ago, dirhams)
            .sent(sent)
            .proposed(sent.saturating_sub(4), officer, None)
            .granted(sent.saturating_sub(7))
    }

    /// A health aid that was granted: half of the retained dirhams, within the ceiling.
    fn aided(
        &mut self,
        concerned: Concerned,
        reason: &'static str,
        days_ago: u64,
        retained: i64,
        officer: Agent,
    ) -> Story {
        self.health(concerned, reason)
            .sent(days_ago)
            .opinion(days_ago.saturating_sub(3), Some(retained * 100))
            .proposed(days_ago.saturating_sub(6), officer, None)
            .granted(days_ago.saturating_sub(9))
    }
}

/// None for who is not of the cast.
pub(super) fn of(household: &Household, anchor: NaiveDate) -> Option<Vec<Story>> {
    let mut teller = Teller {
        calendar: Calendar::new(anchor),
        household,
        told: 0,
    };
    let tell = &mut teller;
    Some(match household.form.key.as_str() {
        "laayoune" => laayoune(tell),
        "single" => single(tell),
        "seconded" => seconded(tell),
        "parent_a" => parent_a(tell),
        "parent_b" => vec![tell.health(Concerned::Member, "cost_surplus").sent(5)],
        "no_account" => vec![
            tell.health(Concerned::Member, "cost_surplus")
                .draft(4, Until::Bank),
        ],
        "twins" => twins(tell),
        "at_disposal" => at_disposal(tell),
        "retired" => retired(tell),
        "two_spouses" => two_spouses(tell),
        // The aid is not open to survivors: the service's page tells them so and opens no draft.
        "survivor" => Vec::new(),
        _ => return None,
    })
}

/// Four trips of one person, all granted, so that a fifth is refused on the form; three of another; and each state that a member meets.
fn laayoune(tell: &mut Teller<'_>) -> Vec<Story> {
    let day = |permille| tell.calendar.in_one_year(permille);
    let own = [0, 300, 600, 1000].map(day);
    let spouse = [150, 450, 800].map(day);
    let mut stories: Vec<Story> = own
        .into_iter()
        .zip([2_140, 1_980, 2_475, 1_860])
        .map(|(day, price)| tell.flown(Concerned::Member, day, price, FIRST))
        .collect();
    let spouses = spouse.into_iter().zip([2_310, 2_050, 1_795]);
    stories.extend(spouses.map(|(day, price)| tell.flown(Concerned::Spouse(0), day, price, SECOND)));
    stories.push(
        tell.flight(Concerned::Child(0), 31, 1_640)
            .sent(21)
            .proposed(16, SECOND, None)
            .sent_back(
                12,
                "Le montant du reçu comprend un bagage payé à part : à vérifier avec la pièce.",
            ),
    );
    stories.push(tell.flight(Concerned::Child(1), 26, 1_640).sent(15).asked(
        10,
        FIRST,
        poor_paper("payment_proof", "إثبات الأداء لا يحمل اسم المسافر."),
    ));
    stories.push(
        tell.health(Concerned::Spouse(0), "cost_surplus")
            .sent(96)
            .opinion(93, None)
            .proposed(90, FIRST, Some("opinion_unfavourable"))
            .refused(88, "opinion_unfavourable"),
    );
    // The newest that was sent: nobody has touched it.
    stories.push(tell.health(Concerned::Child(0), "uncovered_treatment").sent(3));
    stories.push(
        tell.health(Concerned::Member, "cost_surplus")
            .draft(2, Until::Papers),
    );
    stories
}

/// Granted, with an amount.
fn single(tell: &mut Teller<'_>) -> Vec<Story> {
    vec![
        tell.aided(Concerned::Member, "uncovered_treatment", 385, 6_230, SECOND),
        tell.health(Concerned::Member, "cost_surplus")
            .sent(204)
            .withdrawn(202),
        tell.aided(Concerned::Member, "cost_surplus", 17, 8_400, FIRST),
        tell.health(Concerned::Member, "uncovered_treatment")
            .draft(6, Until::About),
    ]
}

/// Asked to correct the account, after a favourable opinion.
fn seconded(tell: &mut Teller<'_>) -> Vec<Story> {
    vec![
        tell.aided(Concerned::Child(0), "cost_surplus", 301, 14_700, FIRST),
        tell.health(Concerned::Member, "oncology")
            .sent(148)
            .asked(145, Agent::HealthReviewer, poor_paper("medical_file", ""))
            .answered(139)
            .opinion(136, Some(1_125_000))
            .proposed(133, SECOND, None)
            .granted(131),
        tell.health(Concerned::Child(0), "uncovered_treatment")
            .sent(19)
            .opinion(16, Some(962_000))
            .asked(12, FIRST, old_account("Ce compte n’est plus celui de l’attestation déposée : confirmez-le ou faites-le corriger.")),
    ]
}

/// Married to the first case officer, who is kept from these; so the second one has them.
fn parent_a(tell: &mut Teller<'_>) -> Vec<Story> {
    vec![
        tell.aided(Concerned::Member, "cost_surplus", 233, 4_980, SECOND),
        tell.health(Concerned::Spouse(0), "uncovered_treatment")
            .sent(11)
            .opinion(8, Some(740_000)),
        tell.health(Concerned::Child(0), "cost_surplus")
            .draft(3, Until::Person),
    ]
}

/// A large family: trips granted, refused and under way, and a health aid that a condition keeps from being granted.
fn twins(tell: &mut Teller<'_>) -> Vec<Story> {
    let sent = tell.calendar.in_one_year(250);
    vec![
        tell.aided(Concerned::Spouse(0), "oncology", sent, 46_000, FIRST),
        // Sent before the one above used the year up: the file's page shows the condition that does not hold.
        tell.health(Concerned::Spouse(0), "cost_surplus")
            .sent(sent - 2)
            .opinion(sent - 11, Some(520_000))
            .proposed(sent - 14, SECOND, Some("conditions_not_met"))
            .refused(sent - 17, "conditions_not_met"),
        tell.flight(Concerned::Spouse(0), 166, 1_450)
            .sent(150)
            .proposed(145, FIRST, Some("papers_insufficient"))
            .refused(143, "papers_insufficient"),
        tell.flown(Concerned::Child(0), 118, 1_275, FIRST),
        tell.flown(Concerned::Child(1), 118 - 30, 990, SECOND),
        tell.flight(Concerned::Child(2), 60, 990)
            .sent(44)
            .asked(
                41,
                FIRST,
                wrong_field("price", "السعر المصرح به لا يطابق الفاتورة."),
            )
            .answered(38)
            .proposed(35, FIRST, None)
            .granted(33),
        tell.flight(Concerned::Member, 33, 1_410)
            .sent(23)
            .proposed(18, SECOND, None),
        tell.flight(Concerned::Spouse(0), 21, 1_505).sent(8),
        tell.health(Concerned::Child(1), "cost_surplus")
            .draft(2, Until::Person),
    ]
}

/// Refused, for two reasons.
fn at_disposal(tell: &mut Teller<'_>) -> Vec<Story> {
    vec![
        tell.health(Concerned::Child(0), "cost_surplus")
            .sent(262)
            .opinion(259, None)
            .proposed(256, SECOND, Some("covered_elsewhere"))
            .refused(254, "covered_elsewhere"),
        tell.health(Concerned::Member, "uncovered_treatment")
            .sent(20)
            .opinion(16, None)
            .proposed(12, FIRST, Some("opinion_unfavourable"))
            .refused(8, "opinion_unfavourable"),
    ]
}

/// One person at the ceiling, refused for it once more; another just under it.
fn retired(tell: &mut Teller<'_>) -> Vec<Story> {
    let day = |permille| tell.calendar.in_one_year(permille);
    let (early, middle, late) = (day(50), day(400), day(700));
    vec![
        tell.aided(Concerned::Member, "oncology", early, 25_000, FIRST),
        tell.aided(Concerned::Member, "cost_surplus", middle, 22_000, SECOND),
        // Sent before the one above used the rest up.
        tell.health(Concerned::Member, "uncovered_treatment")
            .sent(middle - 1)
            .opinion(middle - 10, Some(930_000))
            .proposed(middle - 13, FIRST, Some("ceiling_reached"))
            .refused(middle - 16, "ceiling_reached"),
        tell.aided(Concerned::Spouse(0), "oncology", early - 4, 30_000, SECOND),
        tell.aided(Concerned::Spouse(0), "cost_surplus", late, 9_900, FIRST),
    ]
}

/// The file that has waited for forty days, with notes; one of which the member sent nothing more, one of which the costs were paid already.
fn two_spouses(tell: &mut Teller<'_>) -> Vec<Story> {
    vec![
        tell.health(Concerned::Spouse(1), "cost_surplus")
            .sent(330)
            .opinion(327, Some(1_210_000))
            .asked(
                324,
                FIRST,
                old_account("المرجو تأكيد الحساب البنكي أو الإدلاء بشهادة جديدة."),
            )
            .waited_enough(290, FIRST)
            .proposed(289, FIRST, Some("no_answer"))
            .refused(287, "no_answer"),
        tell.aided(Concerned::Child(1), "oncology", 190, 16_300, SECOND),
        tell.health(Concerned::Child(1), "cost_surplus")
            .sent(121)
            .opinion(118, None)
            .proposed(115, SECOND, Some("already_decided"))
            .refused(113, "already_decided"),
        tell.health(Concerned::Spouse(0), "uncovered_treatment")
            .sent(40)
            .opinion(33, Some(1_845_000))
            .noted(
                26,
                FIRST,
                "Relevé de la caisse complémentaire attendu par courrier, l’adhérent a appelé.",
            )
            .noted(
                9,
                SECOND,
                "Toujours rien reçu ; à proposer avec ce qui est au dossier.",
            ),
    ]
}
