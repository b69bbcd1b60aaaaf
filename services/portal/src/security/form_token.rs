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

/// Whose form it was (empty: a public form), when the token is ours, current, and bound to one of the browser's cookies.
pub(crate) fn check<'a>(
    sealer: &Sealer,
    token: &str,
    cookies: impl IntoIterator<Item = &'a str>,
    now: i64,
) -> Option<String> {
    let token: Token = sealer.open(PURPOSE, token)?;
    let bound = cookies
        .into_iter()
        .any(|cookie| fingerprint(cookie) == token.bound_to);
    (bound && now <= token.until).then_some(token.owner)
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
    fn a_token_opens_only_with_the_cookie_it_was_made_for() {
        let sealer = sealer();
        let token = mint(&sealer, "owner", "cookie-1", 1_000);
        assert_eq!(
            check(&sealer, &token, ["cookie-1"], 1_001).as_deref(),
            Some("owner")
        );
        assert_eq!(check(&sealer, &token, ["cookie-2"], 1_001), None);
        assert_eq!(check(&sealer, &token, [], 1_001), None);
    }

    #[test]
    fn a_token_dies_after_a_day_and_does_not_survive_a_change() {
        let sealer = sealer();
        let token = mint(&sealer, "", "cookie", 0);
        assert!(check(&sealer, &token, ["cookie"], VALID_SECONDS).is_some());
        assert!(check(&sealer, &token, ["cookie"], VALID_SECONDS + 1).is_none());
        let mut bytes = token.into_bytes();
        bytes[12] = if bytes[12] == b'A' { b'B' } else { b'A' };
        assert!(check(&sealer, &String::from_utf8(bytes).unwrap(), ["cookie"], 1).is_none());
    }

    #[test]
    fn two_tokens_of_one_form_differ() {
        let sealer = sealer();
        assert_ne!(mint(&sealer, "", "c", 0), mint(&sealer, "", "c", 0));
    }
}
