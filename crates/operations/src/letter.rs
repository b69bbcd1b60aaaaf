//! Ids and wire form of what was given up.

use std::fmt;
use std::str::FromStr;

use bus::DeadLetter;
use kernel::JobId;
use operations_proto::v1;
use uuid::Uuid;
use work_queue::operate::{JobSummary, State};

use crate::error::Error;

/// Names one parked event or dead job within its service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Id {
    Event { subscriber: String, event: Uuid },
    Job { queue: String, job: JobId },
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Event { subscriber, event } => write!(f, "event/{subscriber}/{event}"),
            Self::Job { queue, job } => write!(f, "job/{queue}/{}", job.as_uuid()),
        }
    }
}

impl FromStr for Id {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let mut parts = text.splitn(3, '/');
        let (Some(kind), Some(listener), Some(id)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(Error::Unknown);
        };
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if !listener.bytes().all(plain) {
            return Err(Error::Unknown);
        }
        let id: Uuid = id.parse().map_err(|_| Error::Unknown)?;
        match kind {
            "event" => Ok(Self::Event {
                subscriber: listener.to_owned(),
                event: id,
            }),
            "job" => Ok(Self::Job {
                queue: listener.to_owned(),
                job: JobId::from_uuid(id),
            }),
            _ => Err(Error::Unknown),
        }
    }
}

/// The trace in `00-<trace>-<span>-01`.
fn trace_id(traceparent: Option<&str>) -> String {
    traceparent
        .and_then(|text| text.split('-').nth(1))
        .unwrap_or_default()
        .to_owned()
}

pub(crate) fn of_event(letter: DeadLetter) -> v1::DeadLetter {
    let state = match (letter.held, letter.replay_requested_at) {
        (true, _) => v1::DeadLetterState::Held,
        (false, Some(_)) => v1::DeadLetterState::Replaying,
        (false, None) => v1::DeadLetterState::Failed,
    };
    v1::DeadLetter {
        dead_letter_id: Id::Event {
            subscriber: letter.subscriber.clone(),
            event: letter.event_id,
        }
        .to_string(),
        kind: v1::DeadLetterKind::Event.into(),
        state: state.into(),
        listener: letter.subscriber,
        record_id: letter.aggregate.to_string(),
        event_type: letter.event_type,
        sequence: letter.sequence,
        attempts: 0,
        cause: letter.cause,
        trace_id: trace_id(letter.traceparent.as_deref()),
        happened_at: Some(letter.event_time.into()),
        parked_at: Some(letter.parked_at.into()),
    }
}

pub(crate) fn of_job(job: JobSummary) -> v1::DeadLetter {
    let state = match job.state {
        State::Queued | State::Running => v1::DeadLetterState::Replaying,
        State::Done | State::Dead => v1::DeadLetterState::Failed,
    };
    v1::DeadLetter {
        dead_letter_id: Id::Job {
            queue: job.queue.clone(),
            job: job.id,
        }
        .to_string(),
        kind: v1::DeadLetterKind::Job.into(),
        state: state.into(),
        listener: job.queue,
        event_type: String::new(),
        record_id: String::new(),
        sequence: 0,
        attempts: job.attempts,
        cause: job.last_error.unwrap_or_default(),
        trace_id: trace_id(job.traceparent.as_deref()),
        happened_at: Some(job.created_at.into()),
        parked_at: Some(job.updated_at.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_as_it_was_written_and_others_name_nothing() {
        for text in [
            "event/benefits-member-facts/01936f6e-0000-7000-8000-000000000001",
            "job/email/01936f6e-0000-7000-8000-000000000001",
        ] {
            assert_eq!(text.parse::<Id>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "event",
            "event/x",
            "event/x/y",
            "event/\0/01936f6e-0000-7000-8000-000000000001",
            "other/x/01936f6e-0000-7000-8000-000000000001",
        ] {
            assert!(matches!(text.parse::<Id>(), Err(Error::Unknown)), "{text:?}");
        }
    }

    #[test]
    fn the_trace_is_taken_from_the_trace_context() {
        let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        assert_eq!(trace_id(Some(parent)), "4bf92f3577b34da6a3ce929d0e0e4736");
        assert_eq!(trace_id(Some("nothing")), "");
        assert_eq!(trace_id(None), "");
    }
}
