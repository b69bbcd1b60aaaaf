//! Who asks: a partner's token with the scope of the route, within the client's quota. Why a token is refused is in the log only.

use axum::http::{HeaderMap, header};
use kernel::CallerKind;

use super::problem::{Problem, kind};
use super::quota::What;
use super::{Gateway, quota};

/// A token of ours has a few hundred characters.
const LONGEST_TOKEN: usize = 4 * 1024;

/// What a route asks of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    Verify,
    Redeem,
}

impl Scope {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Verify => "cards.verify",
            Self::Redeem => "cards.redeem",
        }
    }

    const fn counted_as(self) -> What {
        match self {
            Self::Verify => What::Verifications,
            Self::Redeem => What::Redemptions,
        }
    }
}

impl Gateway {
    /// The id of the client that asks.
    ///
    /// # Errors
    /// 401, 403 or 429.
    pub(super) async fn admit(&self, headers: &HeaderMap, scope: Scope) -> Result<String, Problem> {
        let token = bearer(headers).ok_or_else(|| {
            tracing::info!(cause = "no token", "token refused");
            Problem::new(&kind::TOKEN_REFUSED)
        })?;
        let claims =
            auth::token::verify(&self.trust, token, crate::app::NAME, self.clock.now()).map_err(|error| {
                tracing::info!(cause = %error, "token refused");
                Problem::new(&kind::TOKEN_REFUSED)
            })?;
        if claims.kind != CallerKind::Partner || !claims.scopes.iter().any(|held| held == scope.as_str()) {
            return Err(Problem::new(&kind::NOT_PERMITTED));
        }
        match self.quota.take(scope.counted_as(), &claims.sub).await {
            quota::Verdict::Within => Ok(claims.sub),
            quota::Verdict::Beyond(wait) => Err(Problem::new(&kind::QUOTA_EXCEEDED).retry_after(wait)),
        }
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
