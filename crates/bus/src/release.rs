//! Puts parked events in again: those that an operator asked for, and what was held behind them for the same record, in order. Done by the
//! subscriber itself between two pulls, so that an event takes effect in one way only, once, whoever asked however often.

use std::str::FromStr as _;

use async_nats::{HeaderMap, HeaderName, HeaderValue};

use crate::dead_letters::{self, Content, Releasable};
use crate::event::IncomingEvent;
use crate::inbox;
use crate::runner::Runner;
use crate::subscriber::{HandlerError, Subscriber};

impl<S: Subscriber> Runner<S> {
    /// Applies what may be applied now. An error is transient: what is left is tried again.
    pub(crate) async fn release(&self) -> anyhow::Result<()> {
        loop {
            let letters = dead_letters::releasable(&self.pool, S::NAME).await?;
            let mut moved = false;
            for letter in letters {
                moved |= self.release_one(letter).await?;
            }
            // What another replica holds is its affair.
            if !moved {
                return Ok(());
            }
        }
    }

    /// `false` when another replica was first.
    async fn release_one(&self, letter: Releasable) -> anyhow::Result<bool> {
        let id = letter.id;
        match self.apply_parked(letter).await {
            Ok(moved) => Ok(moved),
            Err(HandlerError::Transient(error)) => Err(error),
            Err(HandlerError::Permanent(error)) => {
                let cause = format!("{error:#}");
                tracing::error!(subscriber = S::NAME, event.id = %id, cause, "a replayed event failed again");
                dead_letters::fail_again(&self.pool, S::NAME, id, &cause, self.clock.now()).await?;
                Ok(true)
            }
        }
    }

    async fn apply_parked(&self, letter: Releasable) -> Result<bool, HandlerError> {
        let event = self.event_of(letter.content)?;
        let events = [event];
        self.in_span(&events, async {
            let facts = self.subscriber.fetch(&events).await?;
            let mut tx = self.pool.begin().await?;
            if !dead_letters::take(&mut tx, S::NAME, letter.id).await? {
                return Ok(false);
            }
            // Applied before in another way: then taking it out is all.
            if inbox::mark(&mut tx, S::NAME, &events).await? {
                self.effect(&mut tx, &events, facts).await?;
            }
            tx.commit().await?;
            tracing::info!(subscriber = S::NAME, event.id = %letter.id, "a parked event was applied");
            Ok(true)
        })
        .await
    }

    /// A message that could not be read is read again: this version may understand it.
    fn event_of(&self, content: Content) -> Result<IncomingEvent, HandlerError> {
        match content {
            Content::Event(event) => Ok(event),
            Content::Unread {
                subject,
                headers,
                payload,
            } => {
                let mut map = HeaderMap::new();
                for (name, value) in &headers {
                    if let (Ok(name), Ok(value)) = (HeaderName::from_str(name), HeaderValue::from_str(value))
                    {
                        map.append(name, value);
                    }
                }
                let source = (self.bus.prefix.as_str(), S::PUBLISHER);
                IncomingEvent::read(source, &subject, Some(&map), &payload).map_err(HandlerError::permanent)
            }
        }
    }
}
