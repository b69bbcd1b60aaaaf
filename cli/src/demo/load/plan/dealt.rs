//! The files of the generated applicants: drawn from the seed, so that queues hold files of every age, older ones have ended, and what the rules
//! forbid (a fifth trip, an exhausted ceiling, the same request twice at once, two drafts of one service) is not asked for.

use chrono::{Datelike, NaiveDate};

use super::calendar::{Calendar, OLDEST};
use super::story::{About, Story, Until, old_account, poor_paper, wrong_field};
use super::{Agent, Benefit, Concerned, Household, Trip};
use crate::demo::roster::random::Random;

/// Files of this age or less may be open. The one that has waited longer is the cast's.
const OPEN: u64 = 38;
/// Thousandths of the files that are so young: an office looks busiest at its newest.
const YOUNG: u64 = 320;
/// Thousandths of the applicants who have a draft too.
const DRAFTS: u64 = 700;
const OLDEST_DRAFT: u64 = 60;
/// Days after which nobody waits for the member any longer: the thirty that the member has, and those by which a weekend moves an act.
const TIME_TO_ANSWER: u64 = 35;
/// Draws before a file that fits nowhere is left out.
const ATTEMPTS: usize = 12;
/// Days between two files of one applicant.
const APART: u64 = 2;
/// The share of the costs and the ceiling, in centimes: nobody but the cast comes near it.
const MOST_AIDED: i64 = 1_900_000;
const MOST_TRIPS: usize = 4;

const REASONS: [&str; 3] = ["oncology", "cost_surplus", "uncovered_treatment"];
const HUBS: [&str; 3] = ["MA-NOU", "MA-NOU", "MA-SAL"];
const REFUSALS_OF_OPINION: [&str; 4] = [
    "opinion_unfavourable",
    "opinion_unfavourable",
    "covered_elsewhere",
    "papers_insufficient",
];
const REFUSALS_OF_TRIPS: [&str; 3] = ["papers_insufficient", "papers_insufficient", "already_decided"];
const NOTES: [&str; 4] = [
    "Dossier complet, rien à signaler.",
    "Appel de l’adhérent : le délai lui a été rappelé.",
    "تمت مطابقة الحساب البنكي مع الشهادة المدلى بها.",
    "À traiter avec l’autre demande du même foyer.",
];
const SENT_BACK: [&str; 2] = [
    "Vérifier le compte avant la décision.",
    "المرجو مراجعة المعطيات قبل المصادقة.",
];

/// What one applicant has asked for so far.
#[derive(Default)]
struct Asked {
    /// Days ago of each sending.
    days: Vec<u64>,
    /// Of each health request.
    aided: Vec<(Concerned, &'static str, u64, i64)>,
    /// Person and day of the outward flight.
    trips: Vec<(Concerned, NaiveDate)>,
}

/// Draws for one applicant.
struct Dealer<'a> {
    random: Random,
    calendar: Calendar,
    household: &'a Household,
    asked: Asked,
}

pub(super) fn of(household: &Household, seed: u64, anchor: NaiveDate) -> Vec<Story> {
    let matricule: u64 = household.form.matricule.parse().unwrap_or_default();
    let mut dealer = Dealer {
        random: Random::new(seed.wrapping_mul(1_000_003) ^ matricule),
        calendar: Calendar::new(anchor),
        household,
        asked: Asked::default(),
    };
    let wanted = if household.airport.is_some() {
        8 + dealer.random.below(4)
    } else {
        5 + dealer.random.below(4)
    };
    let mut stories: Vec<Story> = (0..wanted).filter_map(|_| dealer.file()).collect();
    stories.extend(dealer.draft());
    stories
}

impl Dealer<'_> {
    fn file(&mut self) -> Option<Story> {
        (0..ATTEMPTS).find_map(|_| {
            let days_ago = if self.random.permille(YOUNG) {
                1 + self.random.below(OPEN)
            } else {
                OPEN + 1 + self.random.below(OLDEST - OPEN)
            };
            let near = |day: &u64| day.abs_diff(days_ago) < APART;
            if self.asked.days.iter().any(near) {
                return None;
            }
            let about = self.about(days_ago)?;
            self.asked.days.push(days_ago);
            Some(self.fate(days_ago, about))
        })
    }

    fn draft(&mut self) -> Option<Story> {
        // A draft is of today: whatever was begun before it has been sent.
        let newest = self.asked.days.iter().min().copied().unwrap_or(OLDEST_DRAFT);
        if newest <= 1 || !self.random.permille(DRAFTS) {
            return None;
        }
        let days_ago = 1 + self.random.below(newest.min(OLDEST_DRAFT) - 1);
        let until = *self
            .random
            .one_of(&[Until::Bank, Until::Person, Until::About, Until::Papers]);
        let (concerned, about, _) = self.about(days_ago)?;
        Some(self.story(concerned, about).draft(days_ago, until))
    }

    fn story(&mut self, concerned: Concerned, about: About) -> Story {
        let seed = self.random.below(u64::MAX);
        Story::new(self.calendar, seed, concerned, about)
    }

    fn person(&mut self) -> Concerned {
        let mut family = vec![Concerned::Member, Concerned::Member];
        family.extend((0..self.household.spouses).map(Concerned::Spouse));
        family.extend((0..self.household.children).map(Concerned::Child));
        *self.random.one_of(&family)
    }

    /// For whom, what, and the retained cost in centimes; none when the rules would not have it.
    fn about(&mut self, days_ago: u64) -> Option<(Concerned, About, i64)> {
        let concerned = self.person();
        let flies = self.household.airport.filter(|_| self.random.permille(820));
        if let Some(airport) = flies {
            return self.trip(concerned, airport, days_ago);
        }
        let reason = *self.random.one_of(&REASONS);
        let cost = 120_000 + i64::try_from(self.random.below(1_400)).unwrap_or_default() * 1_050;
        let year = self.calendar.day(days_ago).year();
        let in_year = |sent: u64| self.calendar.day(sent).year() == year;
        let so_far: i64 = self
            .asked
            .aided
            .iter()
            .filter(|(who, _, sent, _)| *who == concerned && in_year(*sent))
            .map(|(_, _, _, cost)| cost / 2)
            .sum();
        let same = |(who, why, sent, _): &(Concerned, &str, u64, i64)| {
            *who == concerned && *why == reason && sent.abs_diff(days_ago) < 120
        };
        if so_far + cost / 2 > MOST_AIDED || self.asked.aided.iter().any(same) {
            return None;
        }
        self.asked.aided.push((concerned, reason, days_ago, cost));
        Some((concerned, About::Health { reason }, cost))
    }

    fn trip(
        &mut self,
        concerned: Concerned,
        airport: &'static str,
        days_ago: u64,
    ) -> Option<(Concerned, About, i64)> {
        let back = days_ago + 1 + self.random.below(25);
        let outward = self.calendar.day(back + 2 + self.random.below(16));
        let in_year =
            |(who, day): &&(Concerned, NaiveDate)| *who == concerned && day.year() == outward.year();
        let known = self.asked.trips.contains(&(concerned, outward));
        if known || self.asked.trips.iter().filter(in_year).count() >= MOST_TRIPS {
            return None;
        }
        self.asked.trips.push((concerned, outward));
        let hub = *self.random.one_of(&HUBS);
        let leaves = self.random.permille(700);
        let trip = Trip {
            outward_on: outward,
            return_on: self.calendar.day(back),
            from: if leaves { airport } else { hub },
            to: if leaves { hub } else { airport },
            is_return: true,
        };
        let price = 78_000 + i64::try_from(self.random.below(2_300)).unwrap_or_default() * 100 + 25;
        Some((concerned, About::Flight { trip, price }, 0))
    }

    fn fate(&mut self, sent: u64, (concerned, about, cost): (Concerned, About, i64)) -> Story {
        let story = self.story(concerned, about).sent(sent);
        let mut hand = Hand {
            benefit: match about {
                About::Health { .. } => Benefit::HealthAid,
                About::Flight { .. } => Benefit::AirTransport,
            },
            officer: *self.random.one_of(&[Agent::CaseOfficer, Agent::CaseOfficer2]),
            french: self.household.form.locale == "fr",
            cost,
            at: sent,
        };
        if sent > OPEN {
            ended(story, &mut hand, &mut self.random)
        } else {
            young(story, &mut hand, &mut self.random)
        }
    }
}

/// How a file is played from its sending on.
struct Hand {
    benefit: Benefit,
    officer: Agent,
    french: bool,
    cost: i64,
    /// Days ago of the next act.
    at: u64,
}

impl Hand {
    fn later(&mut self, random: &mut Random, most: u64) -> u64 {
        self.at = self.at.saturating_sub(1 + random.below(most)).max(1);
        self.at
    }

    fn is_health(&self) -> bool {
        self.benefit == Benefit::HealthAid
    }

    fn text(&self, fr: &'static str, ar: &'static str) -> &'static str {
        if self.french { fr } else { ar }
    }

    /// The medical opinion, of a health file.
    fn read(&mut self, story: Story, random: &mut Random, favourable: bool) -> Story {
        if self.is_health() {
            story.opinion(self.later(random, 4), favourable.then_some(self.cost))
        } else {
            story
        }
    }

    fn ask(&mut self, story: Story, random: &mut Random) -> Story {
        let at = self.later(random, 4);
        let receipt = self.text(
            "Le nom du voyageur n’apparaît pas sur le reçu.",
            "اسم المسافر غير ظاهر على الوصل.",
        );
        let card = self.text(
            "La carte d’embarquement du retour manque.",
            "ورقة ركاب رحلة الإياب غير مرفقة.",
        );
        let account = self.text(
            "L’attestation du compte date de plus d’un an.",
            "يعود تاريخ شهادة الحساب البنكي إلى أكثر من سنة.",
        );
        let price = self.text(
            "Le prix indiqué n’est pas celui de la facture.",
            "الثمن المصرح به يخالف الفاتورة.",
        );
        let asked = match (self.benefit, random.below(3)) {
            (Benefit::AirTransport, 0) => wrong_field("price", price),
            (Benefit::AirTransport, 1) => poor_paper("payment_proof", receipt),
            (Benefit::AirTransport, _) => poor_paper("boarding_pass", card),
            (Benefit::HealthAid, _) => old_account(account),
        };
        story.asked(at, self.officer, asked)
    }

    fn propose(&mut self, story: Story, random: &mut Random, refusal: Option<&'static str>) -> Story {
        story.proposed(self.later(random, 4), self.officer, refusal)
    }

    fn grant(&mut self, story: Story, random: &mut Random) -> Story {
        let story = self.propose(story, random, None);
        story.granted(self.later(random, 4))
    }

    fn refuse(&mut self, story: Story, random: &mut Random) -> Story {
        let reason = if self.is_health() {
            *random.one_of(&REFUSALS_OF_OPINION)
        } else {
            *random.one_of(&REFUSALS_OF_TRIPS)
        };
        let story = self.read(story, random, false);
        let story = self.propose(story, random, Some(reason));
        story.refused(self.later(random, 4), reason)
    }
}

/// All of it lies in the past.
fn ended(story: Story, hand: &mut Hand, random: &mut Random) -> Story {
    match random.below(100) {
        0..15 => hand.refuse(story, random),
        15..23 => {
            let story = if random.permille(400) {
                hand.read(story, random, true)
            } else {
                story
            };
            story.withdrawn(hand.later(random, 6))
        }
        23..34 => {
            let story = hand.read(story, random, true);
            let story = hand.ask(story, random);
            let story = story.answered(hand.later(random, 9));
            hand.grant(story, random)
        }
        34..38 if hand.at > OPEN + 50 => {
            let story = hand.read(story, random, true);
            let story = hand.ask(story, random);
            hand.at -= TIME_TO_ANSWER;
            let story = story.waited_enough(hand.at, hand.officer);
            let story = hand.propose(story, random, Some("no_answer"));
            story.refused(hand.later(random, 4), "no_answer")
        }
        38..44 => {
            let story = hand.read(story, random, true);
            let story = hand.propose(story, random, None);
            let story = story.sent_back(hand.later(random, 3), random.text(&SENT_BACK));
            hand.grant(story, random)
        }
        _ => {
            let story = hand.read(story, random, true);
            hand.grant(story, random)
        }
    }
}

/// Most of it lies ahead: the older, the further.
fn young(story: Story, hand: &mut Hand, random: &mut Random) -> Story {
    let roll = random.below(100);
    match hand.at {
        ..=4 => match roll {
            0..12 if hand.at > 1 => story.withdrawn(1),
            12..35 if hand.at > 2 => first_taken(story, hand, random),
            _ => story,
        },
        5..=14 => match roll {
            0..22 => story,
            22..40 => first_taken(story, hand, random),
            40..66 => examined(story, hand, random),
            66..78 => waiting(story, hand, random),
            78..90 => proposed(story, hand, random),
            _ => {
                let story = hand.read(story, random, true);
                hand.grant(story, random)
            }
        },
        _ => match roll {
            0..6 => story,
            6..13 => first_taken(story, hand, random),
            13..36 => examined(story, hand, random),
            36..52 => waiting(story, hand, random),
            52..68 => proposed(story, hand, random),
            68..76 => hand.refuse(story, random),
            _ => {
                let story = hand.read(story, random, true);
                hand.grant(story, random)
            }
        },
    }
}

fn first_taken(story: Story, hand: &mut Hand, random: &mut Random) -> Story {
    let agent = if hand.is_health() {
        Agent::HealthReviewer
    } else {
        hand.officer
    };
    story.taken(hand.later(random, 3), agent)
}

/// On a case officer's desk or waiting for one.
fn examined(story: Story, hand: &mut Hand, random: &mut Random) -> Story {
    let favourable = random.permille(880);
    let story = hand.read(story, random, favourable);
    if random.permille(450) || !hand.is_health() {
        let story = story.taken(hand.later(random, 3), hand.officer);
        if random.permille(500) {
            let at = hand.later(random, 3);
            return story.noted(at, hand.officer, random.text(&NOTES));
        }
        return story;
    }
    story
}

fn waiting(story: Story, hand: &mut Hand, random: &mut Random) -> Story {
    let story = hand.read(story, random, true);
    hand.ask(story, random)
}

fn proposed(story: Story, hand: &mut Hand, random: &mut Random) -> Story {
    let story = hand.read(story, random, true);
    let story = hand.propose(story, random, None);
    if random.permille(300) {
        return story.taken(hand.later(random, 2), Agent::Validator);
    }
    story
}
