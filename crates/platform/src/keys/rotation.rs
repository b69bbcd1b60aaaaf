//! A signing key gives way to a new one without breaking a token that runs: the new key is believed first (`announce`), then signs (`switch`), and
//! the old one is no longer believed when nothing that it signed is good any more (`retire`). Each step may be repeated; one that comes too early is
//! refused and says from when on it may be done. Restarting the owner after `switch` is the operator's part, as is carrying the files to a cluster.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};

use super::{
    KeyDirectory, KeyError, SIGNERS, TrustFile, make_signing, public_half, signing_file, trust_line,
};
use crate::settings::Secret;

/// How old a signing key may grow before `tadamon doctor` asks for a new one: a year, as the keys that seal.
pub const PERIOD: TimeDelta = TimeDelta::days(365);
/// How long everybody is given to read the trust file again before a new key signs: processes look every few seconds, a kubelet brings a changed
/// secret within two minutes.
pub const SETTLES: TimeDelta = TimeDelta::minutes(2);
/// How long an old key is believed after the switch: a partner's token lives five minutes, and the owner may be restarted a little later.
const TOKENS: TimeDelta = TimeDelta::hours(1);
/// The same where a key signs receipts of papers, which are good for 90 days.
const RECEIPTS: TimeDelta = TimeDelta::days(91);

/// Why a step was not taken.
#[derive(Debug, thiserror::Error)]
pub enum RotationError {
    #[error("nobody called {0:?} has a signing key")]
    UnknownPrincipal(String),
    #[error("no new key of {0} was announced; run `tadamon keys announce {0}` first")]
    NotAnnounced(String),
    #[error(
        "the new key of {principal} was announced a moment ago; switch after {}, when everybody has read the trust file",
        from.to_rfc3339_opts(SecondsFormat::Secs, true)
    )]
    TooEarly { principal: String, from: DateTime<Utc> },
    #[error("the keys")]
    Keys(#[from] KeyError),
    #[error("the key directory")]
    Io(#[from] std::io::Error),
}

/// What became of the lines of a principal.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Retired {
    /// Ids of keys that are no longer believed.
    pub gone: Vec<String>,
    /// Ids of keys that are still needed, and until when.
    pub kept: Vec<(String, DateTime<Utc>)>,
}

struct Place {
    directory: KeyDirectory,
    principal: &'static str,
    kinds: &'static [&'static str],
    next: PathBuf,
}

impl Place {
    fn of(directory: &Path, principal: &str) -> Result<Self, RotationError> {
        let &(principal, kinds) = SIGNERS
            .iter()
            .find(|(name, _)| *name == principal)
            .ok_or_else(|| RotationError::UnknownPrincipal(principal.to_owned()))?;
        Ok(Self {
            directory: KeyDirectory::open(directory),
            principal,
            kinds,
            next: directory.join(format!("{principal}.signing.next.pem")),
        })
    }

    fn trust(&self) -> Result<TrustFile, KeyError> {
        TrustFile::read(&self.directory.trust_path())
    }

    /// The public half of the key that waits for the switch.
    fn next_public(&self) -> Result<Option<String>, KeyError> {
        match fs::read_to_string(&self.next) {
            Ok(pem) => public_half(&self.next, &Secret::new(pem)).map(Some),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(_) => Err(KeyError::Unreadable(self.next.clone())),
        }
    }
}

/// How long a principal's key is believed after it was replaced: as long as something that it signed may be shown to somebody.
#[must_use]
pub fn believed_for(principal: &str) -> TimeDelta {
    let signs_receipts = SIGNERS
        .iter()
        .any(|(name, kinds)| *name == principal && kinds.contains(&"receipt"));
    if signs_receipts { RECEIPTS } else { TOKENS }
}

/// Makes the new key and has everybody believe it beside the old one. Gives its id.
///
/// # Errors
/// Unknown principal, or keys that cannot be read or written.
pub fn announce(directory: &Path, principal: &str, now: DateTime<Utc>) -> Result<String, RotationError> {
    let place = Place::of(directory, principal)?;
    let mut trust = place.trust()?;
    let line = match place.next_public()? {
        Some(public) => match trust.line(place.principal, &public) {
            Some(line) => return Ok(line.kid.clone()),
            // A run that ended between the key and the trust file.
            None => trust_line(place.principal, place.kinds, public, Some(now)),
        },
        None => make_signing(&place.next, place.principal, place.kinds, now)?,
    };
    let kid = line.kid.clone();
    trust.keys.push(line);
    trust.write(&place.directory.trust_path())?;
    Ok(kid)
}

/// The announced key becomes the one that signs, from the owner's next start on. Gives its id. `at_once`: the old key is in wrong hands.
///
/// # Errors
/// Nothing was announced, it was announced less than [`SETTLES`] ago, or keys cannot be read or written.
pub fn switch(
    directory: &Path,
    principal: &str,
    now: DateTime<Utc>,
    at_once: bool,
) -> Result<String, RotationError> {
    let place = Place::of(directory, principal)?;
    let mut trust = place.trust()?;
    let unannounced = || RotationError::NotAnnounced(place.principal.to_owned());
    let public = match place.next_public()? {
        Some(public) => {
            let line = trust.line(place.principal, &public).ok_or_else(unannounced)?;
            let from = line.made_at.unwrap_or(now) + SETTLES;
            if now < from && !at_once {
                let principal = place.principal.to_owned();
                return Err(RotationError::TooEarly { principal, from });
            }
            fs::rename(&place.next, directory.join(signing_file(place.principal)))?;
            public
        }
        // A run that ended between the key and the trust file, if an old line does not say yet that it is one.
        None => place.directory.public_half(place.principal)?,
    };
    let kid = trust
        .line(place.principal, &public)
        .map(|line| line.kid.clone())
        .ok_or_else(unannounced)?;
    let mut replaced = 0;
    for line in trust
        .keys
        .iter_mut()
        .filter(|line| line.issuer == place.principal)
    {
        if line.public != public && line.replaced_at.is_none() {
            line.replaced_at = Some(now);
            replaced += 1;
        }
    }
    if replaced == 0 {
        return Err(unannounced());
    }
    trust.write(&place.directory.trust_path())?;
    Ok(kid)
}

/// Takes the lines of replaced keys out once nothing that they signed is good any more. `at_once`: they are in wrong hands, and what they signed is
/// refused from now on.
///
/// # Errors
/// Unknown principal, or keys that cannot be read or written.
pub fn retire(
    directory: &Path,
    principal: &str,
    now: DateTime<Utc>,
    at_once: bool,
) -> Result<Retired, RotationError> {
    let place = Place::of(directory, principal)?;
    let mut trust = place.trust()?;
    let mut retired = Retired::default();
    trust.keys.retain(|line| {
        let Some(replaced) = line.replaced_at.filter(|_| line.issuer == place.principal) else {
            return true;
        };
        let until = replaced + believed_for(place.principal);
        let stays = now < until && !at_once;
        if stays {
            retired.kept.push((line.kid.clone(), until));
        } else {
            retired.gone.push(line.kid.clone());
        }
        stays
    });
    if !retired.gone.is_empty() {
        trust.write(&place.directory.trust_path())?;
    }
    Ok(retired)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::random;
    use crate::keys::make_missing;

    struct Keys(PathBuf);

    impl Keys {
        fn new() -> Self {
            let path = std::env::temp_dir().join(format!("tadamon-rotation-{}", hex::encode(random::<8>())));
            make_missing(&path).unwrap();
            Self(path)
        }

        fn lines(&self, issuer: &str) -> usize {
            let trust = TrustFile::read(&self.0.join("trust.json")).unwrap();
            trust.keys.iter().filter(|line| line.issuer == issuer).count()
        }
    }

    impl Drop for Keys {
        fn drop(&mut self) {
            let _stays_behind = fs::remove_dir_all(&self.0);
        }
    }

    fn at(minutes: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_350_000, 0).unwrap() + TimeDelta::minutes(minutes)
    }

    #[test]
    fn a_step_that_comes_too_early_is_refused_and_a_repeated_one_changes_nothing() {
        let keys = Keys::new();
        let early = switch(&keys.0, "benefits", at(0), false).unwrap_err();
        assert!(matches!(early, RotationError::NotAnnounced(_)), "{early}");
        let kid = announce(&keys.0, "benefits", at(0)).unwrap();
        assert_eq!(announce(&keys.0, "benefits", at(1)).unwrap(), kid);
        assert_eq!(keys.lines("benefits"), 2);
        let early = switch(&keys.0, "benefits", at(1), false).unwrap_err();
        assert!(early.to_string().contains("switch after 2026-"), "{early}");
        assert_eq!(switch(&keys.0, "benefits", at(2), false).unwrap(), kid);
        assert!(matches!(
            switch(&keys.0, "benefits", at(3), false).unwrap_err(),
            RotationError::NotAnnounced(_)
        ));
        let retired = retire(&keys.0, "benefits", at(61), false).unwrap();
        assert_eq!((retired.gone.len(), retired.kept[0].1), (0, at(62)));
        assert_eq!(retire(&keys.0, "benefits", at(62), false).unwrap().gone.len(), 1);
        assert_eq!(keys.lines("benefits"), 1);
        assert_eq!(
            retire(&keys.0, "benefits", at(63), true).unwrap(),
            Retired::default()
        );
    }

    #[test]
    fn the_key_of_receipts_is_believed_for_as_long_as_a_receipt_is_good() {
        let keys = Keys::new();
        announce(&keys.0, "documents", at(0)).unwrap();
        switch(&keys.0, "documents", at(5), false).unwrap();
        let days = |days: i64| at(days * 24 * 60);
        let retired = retire(&keys.0, "documents", days(90), false).unwrap();
        assert_eq!(
            retired.gone.len(),
            0,
            "a receipt of the last moment is still good"
        );
        assert_eq!(
            retire(&keys.0, "documents", days(92), false).unwrap().gone.len(),
            1
        );
    }

    #[test]
    fn a_stolen_key_is_replaced_and_no_longer_believed_at_once() {
        let keys = Keys::new();
        announce(&keys.0, "portal", at(0)).unwrap();
        switch(&keys.0, "portal", at(0), true).unwrap();
        assert_eq!(retire(&keys.0, "portal", at(0), true).unwrap().gone.len(), 1);
        assert_eq!(keys.lines("portal"), 1);
        assert!(matches!(
            announce(&keys.0, "nobody", at(0)).unwrap_err(),
            RotationError::UnknownPrincipal(_)
        ));
    }
}
