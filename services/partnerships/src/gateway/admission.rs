//! Who asks: a partner's token with the scope of the route, within the client's quota. Why a token is refused is in the log only.

use hyper::header::{self, HeaderMap};
use kernel::CallerKind;

use super::problem::{Problem, kind};
use super::quota::What;
use super::{Gateway, quota};
use crate::domain::book::Scope;

/// A token of ours has a few hundred characters.
const LONGEST_TOKEN: usize = 4 * 1024;

const fn counted_as(scope: Scope) -> What {
    match scope {
        Scope::Verify => What::Verifications,
        Scope::Redeem => What::Redemptions,
    }
}

impl Gateway {
    /// The id of the client that asks, counted.
    ///
    /// # Errors
    /// 401, 403 or 429.
    pub(super) async fn admit(&self, headers: &HeaderMap, scope: Scope) -> Result<String, Problem> {
        let client = self.believe(headers, scope)?;
        let counted = self.counted_for(&client).await;
        self.take(scope, &counted).await?;
        Ok(client)
    }

    /// # Errors
    /// 429.
    pub(super) async fn take(&self, scope: Scope, counted: &str) -> Result<(), Problem> {
        match self.quota.take(counted_as(scope), counted).await {
            quota::Verdict::Within => Ok(()),
            quota::Verdict::Beyond(wait) => Err(Problem::new(&kind::QUOTA_EXCEEDED).retry_after(wait)),
        }
    }

    /// The id of the client that asks.
    ///
    /// # Errors
    /// 401 or 403.
    pub(super) fn believe(&self, headers: &HeaderMap, scope: Scope) -> Result<String, Problem> {
        let token = bearer(headers).ok_or_else(|| {
            tracing::info!(cause = "no token", "token refused");
            Problem::new(&kind::TOKEN_REFUSED)
        })?;
        let claims = self
            .tokens
            .verify(token, crate::app::NAME, self.clock.now())
            .map_err(|error| {
                tracing::info!(cause = %error, "token refused");
                Problem::new(&kind::TOKEN_REFUSED)
            })?;
        if claims.kind != CallerKind::Partner || !claims.scopes.iter().any(|held| held == scope.as_str()) {
            return Err(Problem::new(&kind::NOT_PERMITTED));
        }
        Ok(claims.sub.clone())
    }

    /// Whose quota a client's request takes from: its partner's, so that a second client is no second quota. A client of nobody has its own.
    pub(super) async fn counted_for(&self, client: &str) -> String {
        if let Some(partner) = self.counted_now(client) {
            return partner;
        }
        // Linked since the copy was made, or no copy yet. Without the database the client is counted by its name, and told to try again.
        let read = async {
            let mut conn = self.desk.pool.acquire().await?;
            self.desk.book.now(&mut conn).await
        };
        if let Err(error) = read.await {
            tracing::debug!(%error, "whose client it is could not be asked");
        }
        self.counted_now(client).unwrap_or_else(|| client.to_owned())
    }

    /// The same by the book as it is known here; none for a client that stands in it for nobody.
    pub(super) fn counted_now(&self, client: &str) -> Option<String> {
        self.desk
            .book
            .partner_of(client)
            .map(|partner| partner.to_string())
    }
}

/// The one bearer token.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return None;
    };
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("bearer") && token.len() <= LONGEST_TOKEN).then_some(token)
}
