//! Named moments at which a test ends the process, as a machine that loses its power would: nothing is flushed, no destructor runs.
//! `TADAMON_FAULT_POINT=before_reply:2@SubmitApplication` aborts at the second passage of that point whose label contains the text.
//!
//! Debug builds only. In a release build passing a point is no code at all and the variable is not read, so no setting can switch it on. Not for
//! failures that code has an answer to: those are made where they happen, by killing a server or a neighbour.

use std::fmt;

/// The variable that arms one point of one process.
pub const VARIABLE: &str = "TADAMON_FAULT_POINT";

/// Where a process may die, in the order in which a request and its event live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FaultPoint {
    /// A request has come and nothing was asked of anybody. Label: the RPC, or method and path.
    BeforeWork,
    /// Rows are written and not committed. Label: the event's type, the audited action, or the subscriber.
    InTransaction,
    /// All is committed and the caller has no answer. Label: the RPC, or method and path.
    BeforeReply,
    /// The caller has the answer. Label: the RPC, or method and path.
    AfterReply,
    /// The broker has the event and the outbox does not know. Label: the event's type.
    BeforeMark,
    /// The effect is there and whoever asked for it does not know. Label: the subscriber, or the queue.
    BeforeAck,
}

impl FaultPoint {
    pub const ALL: [Self; 6] = [
        Self::BeforeWork,
        Self::InTransaction,
        Self::BeforeReply,
        Self::AfterReply,
        Self::BeforeMark,
        Self::BeforeAck,
    ];

    /// As the variable says it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::BeforeWork => "before_work",
            Self::InTransaction => "in_transaction",
            Self::BeforeReply => "before_reply",
            Self::AfterReply => "after_reply",
            Self::BeforeMark => "before_mark",
            Self::BeforeAck => "before_ack",
        }
    }
}

impl fmt::Display for FaultPoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(debug_assertions)]
pub use armed::{arm_from_environment, around, pass};

/// Passes a point.
#[cfg(not(debug_assertions))]
#[inline(always)]
pub fn pass(_point: FaultPoint, _label: &str) {}

#[cfg(debug_assertions)]
mod armed {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Duration;

    use axum::extract::Request;
    use axum::middleware::Next;
    use axum::response::Response;

    use super::{FaultPoint, VARIABLE};

    /// By then an answer that left the handler is with the caller: the process cannot see it arrive.
    const ARRIVES: Duration = Duration::from_millis(50);

    static ARMED: OnceLock<Armed> = OnceLock::new();

    /// The one point of this process.
    #[derive(Debug, PartialEq, Eq)]
    struct Aim {
        point: FaultPoint,
        /// The passage that is the last.
        nth: u32,
        /// What the label contains; empty for every label.
        label: String,
    }

    struct Armed {
        aim: Aim,
        passed: AtomicU32,
    }

    impl Aim {
        /// `before_reply:2@SubmitApplication`, or without the last part.
        fn parse(text: &str) -> Option<Self> {
            let (place, label) = text.split_once('@').unwrap_or((text, ""));
            let (name, nth) = place.split_once(':')?;
            Some(Self {
                point: FaultPoint::ALL.into_iter().find(|point| point.name() == name)?,
                nth: nth.parse().ok().filter(|nth| *nth > 0)?,
                label: label.to_owned(),
            })
        }

        fn covers(&self, point: FaultPoint, label: &str) -> bool {
            self.point == point && label.contains(&self.label)
        }
    }

    impl Armed {
        /// Whether this passage is the last.
        fn is_over(&self) -> bool {
            self.passed.fetch_add(1, Ordering::SeqCst) + 1 == self.aim.nth
        }
    }

    /// Reads the variable, once, before anything runs.
    ///
    /// # Errors
    /// One line for a value that names no point: a test that waits for a death must not wait for one that cannot come.
    pub fn arm_from_environment() -> Result<(), String> {
        let Ok(text) = std::env::var(VARIABLE) else {
            return Ok(());
        };
        let aim =
            Aim::parse(&text).ok_or_else(|| format!("{VARIABLE}={text} is no point:passage[@label]"))?;
        let passed = AtomicU32::new(0);
        let _first_stands = ARMED.set(Armed { aim, passed });
        Ok(())
    }

    /// Passes a point: the process ends here if it was armed for this passage.
    pub fn pass(point: FaultPoint, label: &str) {
        if let Some(armed) = ARMED.get()
            && armed.aim.covers(point, label)
            && armed.is_over()
        {
            eprintln!("{VARIABLE}: {point} at {label}");
            std::process::abort();
        }
    }

    /// The three points of a request, around whatever answers it.
    pub async fn around(request: Request, next: Next) -> Response {
        let label = format!("{} {}", request.method(), request.uri().path());
        pass(FaultPoint::BeforeWork, &label);
        let response = next.run(request).await;
        pass(FaultPoint::BeforeReply, &label);
        if ARMED
            .get()
            .is_some_and(|armed| armed.aim.covers(FaultPoint::AfterReply, &label))
        {
            tokio::spawn(async move {
                tokio::time::sleep(ARRIVES).await;
                pass(FaultPoint::AfterReply, &label);
            });
        }
        response
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_value_names_a_point_a_passage_and_perhaps_a_label() {
            let aim = Aim::parse("before_reply:2@SubmitApplication").expect("a good value");
            assert!(aim.covers(
                FaultPoint::BeforeReply,
                "POST /b.v1.Applications/SubmitApplication"
            ));
            assert!(!aim.covers(FaultPoint::BeforeReply, "POST /b.v1.Applications/GetApplication"));
            assert!(!aim.covers(
                FaultPoint::AfterReply,
                "POST /b.v1.Applications/SubmitApplication"
            ));
            for point in FaultPoint::ALL {
                let aim = Aim::parse(&format!("{point}:1")).expect("every point has a name");
                assert!(aim.covers(point, "whatever"), "{point}");
            }
        }

        #[test]
        fn what_names_no_passage_of_a_point_is_refused() {
            for text in [
                "",
                "before_reply",
                "before_reply:0",
                "before_reply:x",
                "before_lunch:1",
                ":1",
                "before_reply:-1",
            ] {
                assert_eq!(Aim::parse(text), None, "{text}");
            }
        }

        #[test]
        fn the_passage_that_was_named_is_the_last() {
            let aim = Aim::parse("before_ack:3").expect("a good value");
            let armed = Armed {
                aim,
                passed: AtomicU32::new(0),
            };
            let over: Vec<bool> = (0..4).map(|_| armed.is_over()).collect();
            assert_eq!(over, [false, false, true, false]);
        }
    }
}
