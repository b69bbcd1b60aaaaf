//! OAuth clients of partners and internal applications: what one may be given, and how long a secret goes on beside its successor.

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use super::field::WrongField;

/// Longest overlap of two secrets.
pub(crate) const LONGEST_OVERLAP: Duration = Duration::days(7);
/// Overlap when none is asked for.
pub(crate) const USUAL_OVERLAP: Duration = Duration::days(1);
const MOST_SCOPES: usize = 20;
const LONGEST_SCOPE: usize = 60;
/// Scopes that administer the platform itself, by what they begin with: only the settings give them, to the operator's command line.
const RESERVED: [&str; 5] = [
    "identity.",
    "demo.",
    "membership.roster.",
    "partnerships.admin",
    "operations.",
];
/// Services that an internal application may be let into; identity is not among them.
const APP_AUDIENCES: [&str; 5] = [
    "membership",
    "benefits",
    "documents",
    "notifications",
    "partnerships",
];

/// The one service that partners reach.
const PARTNERS_AUDIENCE: &str = "partnerships";

/// Whose system it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ClientKind {
    Partner,
    App,
}

impl ClientKind {
    pub(crate) fn parse(word: &str) -> Option<Self> {
        match word {
            "partner" => Some(Self::Partner),
            "app" => Some(Self::App),
            _ => None,
        }
    }

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Partner => "partner",
            Self::App => "app",
        }
    }
}

/// A client to be made, once the formats hold.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NewClient {
    pub(crate) kind: ClientKind,
    pub(crate) name: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) audience: &'static str,
}

impl NewClient {
    pub(crate) fn check(
        kind: &str,
        name: &str,
        scopes: &[String],
        audience: &str,
    ) -> Result<Self, Vec<WrongField>> {
        let kind = ClientKind::parse(kind).ok_or(WrongField::new("kind", "KIND_UNKNOWN", "partner or app."));
        let audience = check_audience(kind.ok(), audience);
        match (kind, check_name(name), check_scopes(scopes), audience) {
            (Ok(kind), Ok(name), Ok(scopes), Ok(audience)) => Ok(Self {
                kind,
                name,
                scopes,
                audience,
            }),
            (kind, name, scopes, audience) => {
                let wrong = [kind.err(), name.err(), scopes.err(), audience.err()];
                Err(wrong.into_iter().flatten().collect())
            }
        }
    }
}

fn check_name(name: &str) -> Result<String, WrongField> {
    if name.is_empty() {
        return Err(WrongField::new("name", "NAME_REQUIRED", "Name the client."));
    }
    let plain = name
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if plain && (3..=40).contains(&name.len()) {
        Ok(name.to_owned())
    } else {
        Err(WrongField::new(
            "name",
            "NAME_FORMAT",
            "3 to 40 of a-z, 0-9 and hyphens.",
        ))
    }
}

/// The scopes that a client may be given, sorted, each once.
pub(crate) fn check_scopes(typed: &[String]) -> Result<Vec<String>, WrongField> {
    let wrong = |reason, message| Err(WrongField::new("scopes", reason, message));
    if typed.is_empty() {
        return wrong("SCOPES_REQUIRED", "A client has at least one scope.");
    }
    let plain = |scope: &String| {
        (1..=LONGEST_SCOPE).contains(&scope.len())
            && scope
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-_".contains(&b))
    };
    if typed.len() > MOST_SCOPES || !typed.iter().all(plain) {
        return wrong(
            "SCOPE_FORMAT",
            "At most 20 scopes of a-z, 0-9, dots, hyphens and underscores.",
        );
    }
    if typed
        .iter()
        .any(|scope| RESERVED.iter().any(|reserved| scope.starts_with(reserved)))
    {
        return wrong(
            "SCOPE_RESERVED",
            "Scopes that administer the platform are not given here.",
        );
    }
    let mut scopes = typed.to_vec();
    scopes.sort_unstable();
    scopes.dedup();
    Ok(scopes)
}

fn check_audience(kind: Option<ClientKind>, audience: &str) -> Result<&'static str, WrongField> {
    if kind == Some(ClientKind::Partner) {
        return Ok(PARTNERS_AUDIENCE);
    }
    APP_AUDIENCES
        .into_iter()
        .find(|known| *known == audience)
        .ok_or(WrongField::new(
            "audience",
            "AUDIENCE_UNKNOWN",
            "A service of the platform.",
        ))
}

/// A secret as it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StandingSecret {
    pub(crate) id: Uuid,
    /// `None` for the newest one.
    pub(crate) ends: Option<DateTime<Utc>>,
    /// It has opened something.
    pub(crate) used: bool,
}

/// Which secret goes on beside a new one, and until when: the newest, unless nobody used it and the one before it still works. Then that one is what
/// the client's systems have, and the newest was in an answer that got lost or never reached them; the older one keeps its end.
pub(crate) fn goes_on(
    standing: &[StandingSecret],
    until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Option<(Uuid, DateTime<Utc>)> {
    let newest = standing.iter().find(|secret| secret.ends.is_none());
    let before = standing
        .iter()
        .filter_map(|secret| Some((secret.id, secret.ends.filter(|end| *end > now)?)))
        .max_by_key(|(_, end)| *end);
    match (newest, before) {
        (Some(newest), Some((id, end))) if !newest.used => Some((id, end.min(until))),
        (Some(newest), _) => Some((newest.id, until)),
        (None, before) => before.map(|(id, end)| (id, end.min(until))),
    }
}

/// The overlap that was asked for, in bounds.
pub(crate) fn overlap(seconds: Option<u32>) -> Result<Duration, WrongField> {
    let overlap = seconds.map_or(USUAL_OVERLAP, |seconds| Duration::seconds(i64::from(seconds)));
    if overlap <= LONGEST_OVERLAP {
        Ok(overlap)
    } else {
        Err(WrongField::new(
            "overlap_seconds",
            "OVERLAP_TOO_LONG",
            "At most seven days.",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scopes(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    fn reasons(kind: &str, name: &str, words: &[&str], audience: &str) -> Vec<&'static str> {
        NewClient::check(kind, name, &scopes(words), audience)
            .err()
            .unwrap_or_default()
            .iter()
            .map(|wrong| wrong.reason)
            .collect()
    }

    #[test]
    fn a_partner_is_always_for_partnerships() {
        let made = NewClient::check("partner", "rail-gate", &scopes(&["cards.verify"]), "benefits").unwrap();
        assert_eq!((made.kind, made.audience), (ClientKind::Partner, "partnerships"));
    }

    #[test]
    fn nobody_is_given_a_scope_that_administers_the_platform() {
        for scope in [
            "identity.clients",
            "identity.agents",
            "identity.bootstrap",
            "demo.load",
            "membership.roster.import",
            "partnerships.admin",
            "operations.dead_letters",
            "operations.audit",
        ] {
            assert_eq!(
                reasons("app", "statistics", &["benefits.read", scope], "benefits"),
                ["SCOPE_RESERVED"],
                "{scope}"
            );
        }
    }

    #[test]
    fn everything_wrong_is_said_at_once() {
        assert_eq!(
            reasons("bank", "X", &[], "identity"),
            [
                "KIND_UNKNOWN",
                "NAME_FORMAT",
                "SCOPES_REQUIRED",
                "AUDIENCE_UNKNOWN"
            ]
        );
        for scope in ["", "a b", "é", "A", "a\"b", &"a".repeat(61)] {
            assert_eq!(
                reasons("partner", "rail-gate", &[scope], ""),
                ["SCOPE_FORMAT"],
                "{scope}"
            );
        }
    }

    #[test]
    fn two_secrets_overlap_a_day_unless_said_and_a_week_at_most() {
        assert_eq!(overlap(None), Ok(Duration::days(1)));
        assert_eq!(overlap(Some(0)), Ok(Duration::zero()));
        assert_eq!(overlap(Some(604_801)).unwrap_err().reason, "OVERLAP_TOO_LONG");
    }

    #[test]
    fn beside_a_new_secret_the_one_in_use_goes_on() {
        let now = DateTime::from_timestamp(1_795_000_000, 0).unwrap();
        let at = |hours| now + Duration::hours(hours);
        let secret = |number: u128, ends: Option<i64>, used| StandingSecret {
            id: Uuid::from_u128(number),
            ends: ends.map(at),
            used,
        };
        let kept = |standing: &[StandingSecret], hours| {
            goes_on(standing, at(hours), now).map(|(id, end)| (id.as_u128(), (end - now).num_hours()))
        };
        // The newest, used or the only one.
        assert_eq!(kept(&[secret(1, None, true)], 24), Some((1, 24)));
        assert_eq!(kept(&[secret(1, None, false)], 24), Some((1, 24)));
        assert_eq!(
            kept(&[secret(1, Some(5), true), secret(2, None, true)], 24),
            Some((2, 24))
        );
        // One that nobody used is replaced, and the one before it neither lives longer nor, unless that is asked, shorter.
        assert_eq!(
            kept(&[secret(1, Some(5), true), secret(2, None, false)], 24),
            Some((1, 5))
        );
        assert_eq!(
            kept(&[secret(1, Some(5), true), secret(2, None, false)], 0),
            Some((1, 0))
        );
        assert_eq!(
            kept(&[secret(1, Some(0), true), secret(2, None, false)], 24),
            Some((2, 24))
        );
        assert_eq!(kept(&[], 24), None);
    }
}
