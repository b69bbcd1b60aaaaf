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

/// What the events of one life of the relay say about their stream: positions up to `base` hold what they held before this epoch. Those beyond
/// may hold other events than a subscriber was given there, because the stream may have lost its tail before this life began, noted or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Announcement {
    pub(crate) epoch: i64,
    pub(crate) base: i64,
}

impl Announcement {
    /// `last`: the epoch last announced; `created`: that of the stream; `common`: the last position on which notes and stream agree. Not the
    /// stream's end: what stands between may have been published into a stream that had lost its tail a moment before.
    pub(crate) fn next(last: i64, created: i64, common: i64) -> Self {
        Self {
            epoch: created.max(last + 1),
            base: common,
        }
    }
}

/// What a subscriber knows of its place in the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The highest epoch that it has seen.
    pub(crate) epoch: i64,
    /// The last position from which it was given an event.
    pub(crate) position: i64,
}

impl Place {
    /// Whether an event with this announcement may be taken from here; otherwise events may stand before our position that we were never given,
    /// and the stream must be read from its beginning. `settled`: the event stood in the stream already when our durable was made, which is
    /// read in order and needs no announcement.
    pub(crate) fn admits(self, announcement: Announcement, settled: bool) -> bool {
        announcement.epoch <= self.epoch
            || settled
            // Of an epoch in between we do not know the base.
            || (announcement.epoch == self.epoch + 1 && self.position <= announcement.base)
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
        /// Events with what they announce and when they came.
        stream: Vec<(u32, Announcement, u32)>,
        /// The broker's clock.
        tick: u32,
        /// The epoch last written down, and what this life will announce.
        announced: i64,
        life: Option<Announcement>,
        listener: Listener,
        window: BTreeMap<u32, i64>,
        noted: Option<Position>,
        /// Event -> position under which it is noted as sent.
        rows: BTreeMap<u32, Option<i64>>,
        next_event: u32,
        /// This life of the relay has compared notes and stream.
        compared: bool,
    }

    /// A subscriber whose place in the stream is kept by the broker, and may be newer than what the broker put back of the stream.
    #[derive(Default)]
    struct Listener {
        delivered: usize,
        epoch: Option<i64>,
        /// When the durable was made.
        made: u32,
        applied: BTreeSet<u32>,
    }

    #[derive(Clone, Debug)]
    enum Step {
        Enqueue,
        /// An event with an id older than others that are published already: another transaction began earlier and committed later.
        EnqueueOlder,
        Listen(usize),
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
                let (event, ..) = self.stream[usize::try_from(sequence).unwrap() - 1];
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
                let (event, ..) = self.stream[usize::try_from(sequence).unwrap() - 1];
                self.rows.insert(event, Some(sequence));
            }
            let next = Announcement::next(self.announced, i64::from(self.epoch), common);
            self.life = Some(next);
            if self.noted.as_ref() != Some(&stream) || common != stream.sequence {
                self.announced = next.epoch;
            }
            self.noted = Some(stream);
            self.compared = true;
        }

        fn start_again(&mut self) {
            self.listener.delivered = 0;
            self.listener.made = self.tick;
        }

        fn listen(&mut self, count: usize) {
            for _ in 0..count {
                if self.listener.delivered > self.stream.len() {
                    self.start_again();
                }
                let at = self.listener.delivered;
                let Some((event, announcement, came)) = self.stream.get(at).copied() else {
                    return;
                };
                let place = Place {
                    epoch: self.listener.epoch.unwrap_or(announcement.epoch),
                    position: i64::try_from(at).unwrap(),
                };
                let admitted = place.admits(announcement, came <= self.listener.made);
                self.listener.epoch = Some(place.epoch.max(announcement.epoch));
                if !admitted {
                    self.start_again();
                    continue;
                }
                self.listener.applied.insert(event);
                self.listener.delivered += 1;
            }
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
                        let life = self.life.unwrap();
                        self.announced = life.epoch;
                        self.tick += 1;
                        self.stream.push((event, life, self.tick));
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
                    self.next_event += 1;
                    self.rows.insert(1_000_000 + self.next_event, None);
                }
                Step::EnqueueOlder => {
                    self.next_event += 1;
                    self.rows.insert(1_000_000 - self.next_event, None);
                }
                Step::Listen(count) => self.listen(*count),
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
                    // Its durables went with the stream.
                    self.start_again();
                }
            }
        }
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        proptest::collection::vec(
            prop_oneof![
                4 => Just(Step::Enqueue),
                1 => Just(Step::EnqueueOlder),
                3 => (1usize..20).prop_map(Step::Listen),
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
            let stored: BTreeSet<u32> = world.stream.iter().map(|(event, ..)| *event).collect();
            for event in world.rows.keys() {
                prop_assert!(stored.contains(event), "event {event} is missing from the stream");
            }
            prop_assert!(world.rows.values().all(Option::is_some));
        }

        /// And whoever listens has had every event, though its place in the stream was newer than the stream that was put back.
        #[test]
        fn no_listener_misses_an_event_though_its_position_is_ahead_of_the_stream(steps in steps()) {
            let mut world = World::default();
            for step in &steps {
                world.apply(step);
            }
            world.compared = false;
            for _ in 0..3 {
                world.apply(&Step::PublishAndNote);
            }
            world.apply(&Step::Listen(10_000));
            for event in world.rows.keys() {
                prop_assert!(world.listener.applied.contains(event), "event {event} was never delivered");
            }
        }
    }
}
