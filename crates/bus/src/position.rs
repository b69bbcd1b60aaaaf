//! The relay's decisions, free of I/O so that they can be driven by property tests: is this acknowledgement the one that had to come, and what
//! does a stream that does not match our notes mean?

/// Where the stream was when its last acknowledgement was written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    /// The stream's creation time: a stream made anew starts another epoch.
    pub(crate) epoch: String,
    pub(crate) sequence: i64,
}

/// Looks for the last message on which notes and stream agree, backwards from the last note. The stream may have lost its tail and taken new
/// messages since, so that its length alone proves nothing: ids are compared.
#[derive(Clone, Debug)]
pub(crate) struct Comparison {
    at: i64,
    first: i64,
}

impl Comparison {
    /// `noted`: what we wrote down; `stream`: epoch and last sequence as they are; `first`: the oldest message that the stream still keeps.
    pub(crate) fn start(noted: Option<&Position>, stream: &Position, first: i64) -> Self {
        let at = match noted {
            Some(noted) if noted.epoch == stream.epoch => noted.sequence.min(stream.sequence),
            // A stream made anew shares nothing with the notes.
            _ => 0,
        };
        Self { at, first }
    }

    /// The sequence whose ids are to be compared next; `None` once the common point is known.
    pub(crate) fn ask(&self) -> Option<i64> {
        // What retention has dropped was agreed upon long ago.
        (self.at > 0 && self.at >= self.first).then_some(self.at)
    }

    /// The answer to [`Self::ask`]: `true` ends the search.
    pub(crate) fn answer(self, same: bool) -> Result<i64, Self> {
        if same {
            Ok(self.at)
        } else {
            Err(Self {
                at: self.at - 1,
                ..self
            })
        }
    }

    /// The common point when nothing is left to ask.
    pub(crate) fn end(&self) -> i64 {
        self.at
    }
}

/// What an acknowledgement means for the row that was published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ack {
    /// Stored as the next message, or known already: the row is sent.
    Sent { sequence: i64, advances: bool },
    /// Not the sequence that had to come: the stream is not what we think. Stop and compare.
    Unexpected,
}

/// Judges one acknowledgement against the last one. `duplicate`: the stream had the message within its window.
pub(crate) fn judge(last: i64, sequence: i64, duplicate: bool) -> Ack {
    if duplicate && sequence <= last {
        Ack::Sent {
            sequence,
            advances: false,
        }
    } else if !duplicate && sequence == last + 1 {
        Ack::Sent {
            sequence,
            advances: true,
        }
    } else {
        Ack::Unexpected
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;

    /// A relay and a broker in memory: the broker acknowledges before it is safe and may lose its tail or be made anew; the relay may die
    /// between an acknowledgement and its note.
    #[derive(Default)]
    struct World {
        epoch: u32,
        stream: Vec<u32>,
        window: BTreeMap<u32, i64>,
        noted: Option<Position>,
        /// Event -> position under which it is noted as sent.
        rows: BTreeMap<u32, Option<i64>>,
        next_event: u32,
        /// This life of the relay has compared notes and stream.
        compared: bool,
    }

    #[derive(Clone, Debug)]
    enum Step {
        Enqueue,
        PublishAndNote,
        PublishAndDie,
        LoseTail(usize),
        ForgetWindow,
        MakeAnew,
    }

    impl World {
        fn position(&self) -> Position {
            Position {
                epoch: self.epoch.to_string(),
                sequence: i64::try_from(self.stream.len()).unwrap(),
            }
        }

        fn reconcile(&mut self) {
            let stream = self.position();
            let mut comparison = Comparison::start(self.noted.as_ref(), &stream, 1);
            let common = loop {
                let Some(sequence) = comparison.ask() else {
                    break comparison.end();
                };
                let event = self.stream[usize::try_from(sequence).unwrap() - 1];
                match comparison.answer(self.rows.get(&event) == Some(&Some(sequence))) {
                    Ok(common) => break common,
                    Err(next) => comparison = next,
                }
            };
            for at in self
                .rows
                .values_mut()
                .filter(|at| at.is_some_and(|at| at > common))
            {
                *at = None;
            }
            for sequence in common + 1..=stream.sequence {
                let event = self.stream[usize::try_from(sequence).unwrap() - 1];
                self.rows.insert(event, Some(sequence));
            }
            self.noted = Some(stream);
            self.compared = true;
        }

        /// `note`: the relay lives to write acknowledgements down. A relay compares when it starts and when an acknowledgement is wrong.
        fn publish(&mut self, note: bool) {
            if !self.compared {
                self.reconcile();
            }
            let unsent: Vec<u32> = self
                .rows
                .iter()
                .filter(|(_, at)| at.is_none())
                .map(|(event, _)| *event)
                .collect();
            for event in unsent {
                let (sequence, duplicate) = match self.window.get(&event) {
                    Some(sequence) => (*sequence, true),
                    None => {
                        self.stream.push(event);
                        let sequence = i64::try_from(self.stream.len()).unwrap();
                        self.window.insert(event, sequence);
                        (sequence, false)
                    }
                };
                let last = self.noted.as_ref().unwrap().sequence;
                if !note {
                    self.compared = false;
                    return;
                }
                match judge(last, sequence, duplicate) {
                    Ack::Sent { sequence, advances } => {
                        self.rows.insert(event, Some(sequence));
                        if advances {
                            self.noted = Some(Position {
                                epoch: self.epoch.to_string(),
                                sequence,
                            });
                        }
                    }
                    Ack::Unexpected => return self.reconcile(),
                }
            }
        }

        fn apply(&mut self, step: &Step) {
            match step {
                Step::Enqueue => {
                    self.rows.insert(self.next_event, None);
                    self.next_event += 1;
                }
                Step::PublishAndNote => self.publish(true),
                Step::PublishAndDie => self.publish(false),
                Step::LoseTail(count) => {
                    let keep = self.stream.len().saturating_sub(*count);
                    self.stream.truncate(keep);
                    // What the broker lost it no longer knows, so its window is rebuilt from what it kept.
                    self.window
                        .retain(|_, sequence| *sequence <= i64::try_from(keep).unwrap());
                }
                Step::ForgetWindow => self.window.clear(),
                Step::MakeAnew => {
                    // The connection falls with the server, and a relay that connects again compares.
                    self.compared = false;
                    self.epoch += 1;
                    self.stream.clear();
                    self.window.clear();
                }
            }
        }
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        proptest::collection::vec(
            prop_oneof![
                4 => Just(Step::Enqueue),
                3 => Just(Step::PublishAndNote),
                2 => Just(Step::PublishAndDie),
                1 => (1usize..6).prop_map(Step::LoseTail),
                1 => Just(Step::ForgetWindow),
                1 => Just(Step::MakeAnew),
            ],
            0..60,
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]
        /// Whatever the broker loses and wherever the relay dies, once it has published in peace every event is in the stream.
        #[test]
        fn no_event_is_missing_once_the_relay_has_published_in_peace(steps in steps()) {
            let mut world = World::default();
            for step in &steps {
                world.apply(step);
            }
            // A loss shows at the next acknowledgement or the next start; the round after it sends what was lost.
            world.compared = false;
            for _ in 0..3 {
                world.apply(&Step::PublishAndNote);
            }
            let stored: BTreeSet<u32> = world.stream.iter().copied().collect();
            for event in world.rows.keys() {
                prop_assert!(stored.contains(event), "event {event} is missing from the stream");
            }
            prop_assert!(world.rows.values().all(Option::is_some));
        }
    }
}
