//! The token that every form carries, so that no other site can post for the reader.
//!
//! It is sealed with a fresh nonce each time (so a compressed page gives nothing away), bound to the browser's session cookie, or to a random
//! cookie while nobody is signed in, and remembers whose form it was: that is how a form sent after the session ended keeps its answers for
//! its own member only.

use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};

use super::seal::Sealer;

const PURPOSE: &str = "portal.form";
/// Long enough for a wizard left open overnight.
const VALID_SECONDS: i64 = 24 * 60 * 60;
/// Hidden field that carries the token.
pub(crate) const FIELD: &str = "form_token";

#[derive(Serialize, Deserialize)]
struct Token {
    /// Account id of the signed-in person; empty on a public form.
    owner: String,
    /// Digest of the cookie that the form belongs to.
    bound_to: String,
    until: i64,
}

/// Seals a token for a form in the page being written.
pub(crate) fn mint(sealer: &Sealer, owner: &str, cookie: &str, now: i64) -> String {
    let token = Token {
        owner: owner.to_owned(),
        bound_to: fingerprint(cookie),
        until: now + VALID_SECONDS,
    };
    sealer.seal(PURPOSE, &token).unwrap_or_default()
}

/// What a form's token says about the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Ours, of this day, and bound to one of the browser's cookies: the form may be executed.
    Current,
    /// Ours, but a day old or bound to a cookie that the browser no longer sends (signed in again, here or in another tab). Never executed, but
    /// what was typed is its owner's (empty: a public form).
    Stale(String),
    /// Not sealed by us.
    Forged,
}

/// Looks at the token that came with a form.
pub(crate) fn inspect<'a>(
    sealer: &Sealer,
    token: &str,
    cookies: impl IntoIterator<Item = &'a str>,
    now: i64,
) -> Standing {
    let Some(token) = sealer.open::<Token>(PURPOSE, token) else {
        return Standing::Forged;
    };
    let bound = cookies
        .into_iter()
        .any(|cookie| fingerprint(cookie) == token.bound_to);
    if bound && now <= token.until {
        Standing::Current
    } else {
        Standing::Stale(token.owner)
    }
}

/// Whose form it was (empty: a public form), whatever became of the browser's cookies since. Says nothing about whether it may be executed.
pub(crate) fn owner(sealer: &Sealer, token: &str) -> Option<String> {
    sealer.open::<Token>(PURPOSE, token).map(|token| token.owner)
}

fn fingerprint(cookie: &str) -> String {
    hex::encode(&digest(&SHA256, cookie.as_bytes()).as_ref()[..16])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealer() -> Sealer {
        let keys = testkit::keys();
        let directory = keys.directory();
        Sealer::new(directory.ring("portal.seal").unwrap())
    }

    #[test]
    fn a_token_stands_only_with_the_cookie_it_was_made_for() {
        let sealer = sealer();
        let token = mint(&sealer, "owner", "cookie-1", 1_000);
        assert_eq!(inspect(&sealer, &token, ["cookie-1"], 1_001), Standing::Current);
        let stale = Standing::Stale("owner".to_owned());
        assert_eq!(inspect(&sealer, &token, ["cookie-2"], 1_001), stale);
        assert_eq!(inspect(&sealer, &token, [], 1_001), stale);
        assert_eq!(owner(&sealer, &token).as_deref(), Some("owner"));
    }

    #[test]
    fn a_token_ages_in_a_day_and_does_not_survive_a_change() {
        let sealer = sealer();
        let token = mint(&sealer, "", "cookie", 0);
        let at = |now| inspect(&sealer, &token, ["cookie"], now);
        assert_eq!(at(VALID_SECONDS), Standing::Current);
        assert_eq!(at(VALID_SECONDS + 1), Standing::Stale(String::new()));
        let mut bytes = token.clone().into_bytes();
        bytes[12] = if bytes[12] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).unwrap();
        assert_eq!(inspect(&sealer, &changed, ["cookie"], 1), Standing::Forged);
        assert_eq!(owner(&sealer, &changed), None);
    }

    #[test]
    fn two_tokens_of_one_form_differ() {
        let sealer = sealer();
        assert_ne!(mint(&sealer, "", "c", 0), mint(&sealer, "", "c", 0));
    }
}
