//! What members, partners and operators do: a file per operation, each in the same steps (claim the key, load what the caller may see, decide, save
//! with the events, commit). Who may call was settled before; whose record it is, is settled here by query.

pub(crate) mod administration;
pub(crate) mod cancel_redemption;
pub(crate) mod create_partner;
pub(crate) mod end_agreement;
pub(crate) mod issue_card_codes;
pub(crate) mod link_client;
pub(crate) mod list_checks;
pub(crate) mod list_partners;
pub(crate) mod note_client_state;
pub(crate) mod partner_request;
pub(crate) mod put_agreement;
pub(crate) mod record_redemption;
pub(crate) mod set_card_suspension;
pub(crate) mod sweep;
pub(crate) mod unlink_client;
pub(crate) mod verify_card;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use chrono::TimeDelta;
use kernel::PartnerId;
use platform::clock::Clock;
use platform::crypto::BlindIndex;
use sqlx::{PgConnection, PgPool};

use crate::domain::book::Book;
use crate::domain::card_code::CardCode;
use crate::error::Error;
use crate::store;

/// What every use case works with.
#[derive(Clone, Debug)]
pub(crate) struct Desk {
    pub(crate) pool: PgPool,
    pub(crate) clock: Clock,
    pub(crate) book: Shelf,
    pub(crate) codes: Codes,
    /// Authenticates page tokens.
    pub(crate) pages: BlindIndex,
    /// A hint to the relay after a commit.
    pub(crate) wake: bus::Wake,
    pub(crate) lives: Lives,
}

/// How long things hold.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lives {
    pub(crate) code: TimeDelta,
    pub(crate) answer: TimeDelta,
    /// Sets of codes a member and hour.
    pub(crate) sets_per_hour: usize,
}

/// Hashes codes. Counts what it does: a test holds known and unknown codes to the same work.
#[derive(Clone, Debug)]
pub(crate) struct Codes {
    index: BlindIndex,
    done: Arc<AtomicU64>,
}

impl Codes {
    pub(crate) fn new(index: BlindIndex) -> Self {
        Self {
            index,
            done: Arc::default(),
        }
    }

    /// What stands in the table for the code.
    pub(crate) fn hash(&self, code: &CardCode) -> Vec<u8> {
        self.done.fetch_add(1, Ordering::Relaxed);
        self.index.of("partnerships.card_code", code.as_str())
    }

    /// How many were computed since the start.
    pub(crate) fn done(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.done)
    }
}

/// This process's copy of the book.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shelf(Arc<RwLock<Arc<Book>>>);

impl Shelf {
    /// The book of this revision or a later one: the copy if it is that new, else read again.
    pub(crate) async fn at(&self, conn: &mut PgConnection, revision: i64) -> Result<Arc<Book>, Error> {
        let copy = Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner));
        if copy.revision >= revision {
            return Ok(copy);
        }
        let fresh = Arc::new(store::book::read(conn).await?);
        let mut shelf = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if shelf.revision < fresh.revision {
            *shelf = Arc::clone(&fresh);
        }
        Ok(fresh)
    }

    /// Whose client it is, by this process's copy.
    pub(crate) fn partner_of(&self, client: &str) -> Option<PartnerId> {
        let copy = self.0.read().unwrap_or_else(PoisonError::into_inner);
        copy.clients.get(client).copied()
    }

    /// The book as it is committed now.
    pub(crate) async fn now(&self, conn: &mut PgConnection) -> Result<Arc<Book>, Error> {
        let revision = store::book::revision(conn).await?;
        self.at(conn, revision).await
    }
}
