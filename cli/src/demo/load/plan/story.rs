//! Tells a file step by step: days ago are named, hours and who has it in hand follow.

use chrono::{DateTime, Utc};

use super::calendar::Calendar;
use super::standing::Position;
use super::{Agent, Asked, Benefit, Cause, Concerned, Item, Step, Trip, What};
use crate::demo::roster::random::Random;

/// What a request is about.
#[derive(Clone, Copy, Debug)]
pub(super) enum About {
    Health {
        reason: &'static str,
    },
    /// Price in centimes.
    Flight {
        trip: Trip,
        price: i64,
    },
}

/// A file as far as it is told.
pub(super) struct Story {
    calendar: Calendar,
    random: Random,
    concerned: Concerned,
    about: About,
    position: Position,
    steps: Vec<Step>,
    /// What was asked and is not answered.
    asked: Option<Item>,
}

/// How far a draft gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Until {
    Bank,
    Person,
    About,
    Papers,
}

impl Story {
    pub(super) fn new(calendar: Calendar, seed: u64, concerned: Concerned, about: About) -> Self {
        let benefit = match about {
            About::Health { .. } => Benefit::HealthAid,
            About::Flight { .. } => Benefit::AirTransport,
        };
        Self {
            calendar,
            random: Random::new(seed),
            concerned,
            about,
            position: Position::new(benefit),
            steps: Vec::new(),
            asked: None,
        }
    }

    pub(super) fn told(self) -> (Benefit, Vec<Step>) {
        (self.benefit(), self.steps)
    }

    fn benefit(&self) -> Benefit {
        match self.about {
            About::Health { .. } => Benefit::HealthAid,
            About::Flight { .. } => Benefit::AirTransport,
        }
    }

    fn last(&self) -> Option<DateTime<Utc>> {
        self.steps.last().map(|step| step.at)
    }

    /// What cannot be done there is found by the tests, which follow every story, and refused by the loader.
    fn step(&mut self, at: DateTime<Utc>, what: What) {
        if let Some(position) = self.position.clone().after(what) {
            self.position = position;
        }
        self.steps.push(Step { at, what });
    }

    /// Some minutes after the last step.
    fn then(&mut self, what: What) {
        let pause =
            chrono::TimeDelta::seconds(45 + i64::try_from(self.random.below(200)).unwrap_or_default());
        let at = self.last().map_or_else(
            || self.calendar.member(1, None, &mut self.random),
            |last| last + pause,
        );
        self.step(at, what);
    }

    fn member(&mut self, days_ago: u64, what: What) {
        let last = self.last();
        let at = self.calendar.member(days_ago, last, &mut self.random);
        self.step(at, what);
    }

    /// In the hands of that agent, on a working day.
    fn in_hands(&mut self, days_ago: u64, agent: Agent) {
        if self.position.holder == Some(agent) {
            return;
        }
        self.agent(days_ago, What::Take(agent));
    }

    fn agent(&mut self, days_ago: u64, what: What) {
        let Some(last) = self.last() else { return };
        let at = self.calendar.agent(days_ago, last, &mut self.random);
        self.step(at, what);
    }

    /// By the same agent: minutes after taking it, else on that day.
    fn work(&mut self, days_ago: u64, agent: Agent, what: What) {
        if self.position.holder == Some(agent) {
            self.agent(days_ago, what);
        } else {
            self.in_hands(days_ago, agent);
            self.then(what);
        }
    }

    pub(super) fn draft(mut self, days_ago: u64, until: Until) -> Self {
        self.member(days_ago, What::Start);
        self.then(What::Bank);
        if until >= Until::Person {
            self.then(What::Person(self.concerned));
        }
        if until >= Until::About {
            match self.about {
                About::Health { reason } => self.then(What::Reason(reason)),
                About::Flight { trip, price } => {
                    self.then(What::Trip(trip));
                    self.then(What::Price(price));
                }
            }
        }
        if until >= Until::Papers {
            if self.benefit() == Benefit::HealthAid {
                self.then(What::Consent);
            }
            for paper in self.benefit().papers().0 {
                self.then(What::Paper(paper));
            }
        }
        self
    }

    pub(super) fn sent(self, days_ago: u64) -> Self {
        let mut story = self.draft(days_ago, Until::Papers);
        story.then(What::Submit);
        story
    }

    /// Somebody has it and did nothing yet.
    pub(super) fn taken(mut self, days_ago: u64, agent: Agent) -> Self {
        self.in_hands(days_ago, agent);
        self
    }

    pub(super) fn opinion(mut self, days_ago: u64, retained: Option<i64>) -> Self {
        self.work(
            days_ago,
            Agent::HealthReviewer,
            What::Open(Agent::HealthReviewer, "medical_file"),
        );
        self.then(What::Opinion(retained));
        self
    }

    pub(super) fn asked(mut self, days_ago: u64, agent: Agent, asked: Asked) -> Self {
        self.work(days_ago, agent, What::Ask(agent, asked));
        self.asked = Some(asked.item);
        self
    }

    /// The member corrects what was asked for and sends it again.
    pub(super) fn answered(mut self, days_ago: u64) -> Self {
        let Some(item) = self.asked.take() else {
            return self;
        };
        let correction = match (item, self.about) {
            (Item::Paper(paper), _) => What::Paper(paper),
            (Item::Field("price"), About::Flight { price, .. }) => What::Price(price - price / 10),
            (Item::Field(_), About::Flight { trip, .. }) if item != Item::Field("bank_account") => {
                What::Trip(trip)
            }
            (Item::Field(_), _) => What::Bank,
        };
        self.member(days_ago, correction);
        self.then(What::Resend);
        self
    }

    pub(super) fn waited_enough(mut self, days_ago: u64, agent: Agent) -> Self {
        self.agent(days_ago, What::StopWaiting(agent));
        self
    }

    /// `refusal`: to refuse, for this reason.
    pub(super) fn proposed(mut self, days_ago: u64, agent: Agent, refusal: Option<&'static str>) -> Self {
        let proposal = refusal.map_or(What::ProposeGrant(agent), |reason| {
            What::ProposeRefusal(agent, reason)
        });
        if self.benefit() == Benefit::AirTransport {
            self.work(days_ago, agent, What::Open(agent, "payment_proof"));
            self.then(proposal);
        } else {
            self.work(days_ago, agent, proposal);
        }
        self
    }

    pub(super) fn sent_back(mut self, days_ago: u64, note: &'static str) -> Self {
        self.work(days_ago, Agent::Validator, What::SendBack(note));
        self
    }

    pub(super) fn granted(mut self, days_ago: u64) -> Self {
        self.work(days_ago, Agent::Validator, What::Grant);
        self
    }

    pub(super) fn refused(mut self, days_ago: u64, reason: &'static str) -> Self {
        self.work(days_ago, Agent::Validator, What::Refuse(reason));
        self
    }

    pub(super) fn withdrawn(mut self, days_ago: u64) -> Self {
        self.member(days_ago, What::Withdraw);
        self
    }

    pub(super) fn noted(mut self, days_ago: u64, agent: Agent, text: &'static str) -> Self {
        self.agent(days_ago, What::Note(agent, text));
        self
    }
}

/// What is asked for most often.
pub(super) fn old_account(note: &'static str) -> Asked {
    Asked {
        item: Item::Field("bank_account"),
        cause: Cause::Outdated,
        note,
    }
}

pub(super) fn poor_paper(paper: &'static str, note: &'static str) -> Asked {
    Asked {
        item: Item::Paper(paper),
        cause: Cause::Incomplete,
        note,
    }
}

pub(super) fn wrong_field(field: &'static str, note: &'static str) -> Asked {
    Asked {
        item: Item::Field(field),
        cause: Cause::Incorrect,
        note,
    }
}
