//! The key directory: whether every file is there, who may read it, whether others believe it, and how old it is. Keys are read for that, and never
//! shown.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use chrono::{DateTime, SecondsFormat, Utc};
use platform::keys::rotation::{self, PERIOD};
use platform::keys::{FIXED, KeyDirectory, RINGS, SIGNERS, TrustFile, TrustedKey};

use super::finding::{Finding, Kind};

/// Read by strangers, or written by anybody but the owner: a secret of a cluster is read by its group (0440).
const TOO_MUCH: u32 = 0o027;

/// The whole directory that `tadamon bootstrap` made.
///
/// # Errors
/// One sentence, when the directory cannot be read.
pub fn all_keys(directory: &Path, now: DateTime<Utc>) -> Result<Vec<Finding>, String> {
    look(directory, |_| true, now)
}

/// The files of one service's row in deploy/keys.md, as its pods have them.
///
/// # Errors
/// One sentence, when the directory cannot be read.
pub fn keys_of(directory: &Path, service: &str, now: DateTime<Utc>) -> Result<Vec<Finding>, String> {
    look(directory, |name| name.split('.').next() == Some(service), now)
}

fn look(
    directory: &Path,
    is_ours: impl Fn(&str) -> bool,
    now: DateTime<Utc>,
) -> Result<Vec<Finding>, String> {
    let keys = KeyDirectory::open(directory);
    let trust = TrustFile::read(&keys.trust_path()).map_err(|error| format!("installation: {error}"))?;
    let mut findings = Vec::new();
    // A mounted secret's folder is the kubelet's; ours is nobody's but the owner's.
    if !directory.join("..data").exists() {
        findings.extend(mode_of(directory, ".", "installation"));
    }
    findings.extend(
        mode_of(&keys.trust_path(), "trust.json", "installation").filter(|_| {
            // Everybody may read public keys; who writes them decides who is believed.
            std::fs::metadata(keys.trust_path()).is_ok_and(|meta| meta.permissions().mode() & 0o022 != 0)
        }),
    );
    let files = |names: &[&'static str], end: &str| -> Vec<(String, &'static str)> {
        names
            .iter()
            .map(|name| (format!("{name}.{end}"), *name))
            .collect()
    };
    let signers: Vec<&str> = SIGNERS.iter().map(|(name, _)| *name).collect();
    let all = [
        files(&signers, "signing.pem"),
        files(RINGS, "ring.json"),
        files(FIXED, "key"),
    ]
    .concat();
    for (file, name) in all.iter().filter(|(_, name)| is_ours(name)) {
        let owner = name.split('.').next().unwrap_or(name);
        let path = directory.join(file);
        if !path.exists() {
            let seen = format!("{file} is not there");
            findings.push(Finding::new(
                Kind::KeyMissing,
                owner,
                seen,
                "one file for each key of deploy/keys.md",
            ));
            continue;
        }
        findings.extend(mode_of(&path, file, owner));
        // Present is not enough: a file that was cut off keeps its service from starting.
        let readable = if file.ends_with(".pem") {
            keys.public_half(name).map(drop)
        } else if file.ends_with(".json") {
            keys.ring(name).map(drop)
        } else {
            keys.key(name).map(drop)
        };
        if readable.is_err() {
            findings.push(Finding::new(
                Kind::KeyMissing,
                owner,
                format!("{file} holds no key"),
                "one file for each key of deploy/keys.md",
            ));
        }
    }
    for principal in signers.into_iter().filter(|name| is_ours(name)) {
        findings.extend(trust_of(&keys, &trust, principal, now));
    }
    Ok(findings)
}

fn mode_of(path: &Path, file: &str, owner: &str) -> Option<Finding> {
    let mode = std::fs::metadata(path).ok()?.permissions().mode() & 0o777;
    (mode & TOO_MUCH != 0).then(|| {
        let expected = if path.is_dir() {
            "0700"
        } else {
            "0600, or 0440 in a cluster"
        };
        Finding::new(
            Kind::KeyMode,
            owner,
            format!("{file} has mode {mode:04o}"),
            expected,
        )
    })
}

fn trust_of(keys: &KeyDirectory, trust: &TrustFile, principal: &str, now: DateTime<Utc>) -> Vec<Finding> {
    // A missing or unreadable file is told above.
    let Ok(public) = keys.public_half(principal) else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    match trust.line(principal, &public) {
        None => findings.push(Finding::new(
            Kind::KeyNotTrusted,
            principal,
            format!("no line of trust.json has the public half of {principal}.signing.pem"),
            "a line for each key that signs",
        )),
        Some(line) => findings.extend(age_of(line, now)),
    }
    let late = trust.keys.iter().filter(|line| line.issuer == principal);
    for line in late {
        let Some(until) = line.replaced_at.map(|at| at + rotation::believed_for(principal)) else {
            continue;
        };
        if until <= now {
            let until = until.to_rfc3339_opts(SecondsFormat::Secs, true);
            findings.push(Finding::new(
                Kind::KeyToRetire,
                principal,
                format!("{} was replaced and is still believed", line.kid),
                format!("retired by {until}"),
            ));
        }
    }
    findings
}

fn age_of(line: &TrustedKey, now: DateTime<Utc>) -> Option<Finding> {
    let Some(made) = line.made_at else {
        return Some(Finding::new(
            Kind::KeyAgeUnknown,
            &line.issuer,
            format!("{} does not say when it was made", line.kid),
            "made_at in its line of trust.json",
        ));
    };
    let days = (now - made).num_days();
    (now - made > PERIOD).then(|| {
        Finding::new(
            Kind::KeyOld,
            &line.issuer,
            format!("{} signs for {days} days", line.kid),
            format!("a new one after {} days", PERIOD.num_days()),
        )
    })
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use platform::clock::Clock;

    use super::*;

    fn kinds(findings: &[Finding]) -> Vec<(Kind, &str)> {
        findings
            .iter()
            .map(|finding| (finding.kind, finding.service.as_str()))
            .collect()
    }

    fn set_mode(path: &Path, mode: u32) {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn fresh_keys_have_no_finding_and_old_ones_are_asked_to_be_replaced() {
        let keys = testkit::keys();
        let now = Clock::system().now();
        assert_eq!(all_keys(keys.path(), now).unwrap(), []);
        let year = now + TimeDelta::days(366);
        let found = all_keys(keys.path(), year).unwrap();
        assert_eq!(found.len(), SIGNERS.len());
        assert!(
            found.iter().all(|finding| finding.kind == Kind::KeyOld),
            "{found:?}"
        );
        assert!(found[0].seen.contains("366 days"), "{}", found[0].seen);
        assert_eq!(
            kinds(&keys_of(keys.path(), "benefits", year).unwrap()),
            [(Kind::KeyOld, "benefits")]
        );
    }

    #[test]
    fn a_replaced_key_is_asked_to_be_retired_once_nothing_that_it_signed_is_good() {
        let keys = testkit::keys();
        let now = Clock::system().now();
        rotation::announce(keys.path(), "portal", now).unwrap();
        assert_eq!(all_keys(keys.path(), now).unwrap(), []);
        rotation::switch(keys.path(), "portal", now, true).unwrap();
        assert_eq!(all_keys(keys.path(), now).unwrap(), []);
        let later = all_keys(keys.path(), now + TimeDelta::hours(2)).unwrap();
        assert_eq!(kinds(&later), [(Kind::KeyToRetire, "portal")]);
        rotation::retire(keys.path(), "portal", now + TimeDelta::hours(2), false).unwrap();
        assert_eq!(all_keys(keys.path(), now + TimeDelta::hours(2)).unwrap(), []);
    }

    #[test]
    fn files_that_others_may_read_are_gone_or_hold_no_key_are_told_by_their_owner() {
        let keys = testkit::keys();
        let now = Clock::system().now();
        set_mode(&keys.path().join("membership.data.ring.json"), 0o644);
        set_mode(&keys.path().join("trust.json"), 0o644);
        std::fs::remove_file(keys.path().join("identity.index.key")).unwrap();
        std::fs::write(keys.path().join("benefits.page.key"), "cut off").unwrap();
        let found = all_keys(keys.path(), now).unwrap();
        assert_eq!(
            kinds(&found),
            [
                (Kind::KeyMode, "membership"),
                (Kind::KeyMissing, "identity"),
                (Kind::KeyMissing, "benefits"),
            ]
        );
        assert!(found[0].seen.contains("0644"), "{}", found[0].seen);
        set_mode(&keys.path().join("trust.json"), 0o666);
        let found = keys_of(keys.path(), "documents", now).unwrap();
        assert_eq!(kinds(&found), [(Kind::KeyMode, "installation")]);
        // As a cluster mounts them.
        set_mode(&keys.path().join("trust.json"), 0o440);
        set_mode(&keys.path().join("documents.signing.pem"), 0o440);
        assert_eq!(keys_of(keys.path(), "documents", now).unwrap(), []);
        set_mode(keys.path(), 0o755);
        assert_eq!(
            kinds(&keys_of(keys.path(), "documents", now).unwrap()),
            [(Kind::KeyMode, "installation")]
        );
    }

    #[test]
    fn a_key_that_nobody_believes_is_told_and_one_without_a_date_is_information() {
        let keys = testkit::keys();
        let now = Clock::system().now();
        let path = keys.directory().trust_path();
        let mut trust = TrustFile::read(&path).unwrap();
        trust.keys.retain(|line| line.issuer != "portal");
        for line in &mut trust.keys {
            line.made_at = line.made_at.filter(|_| line.issuer != "identity");
        }
        std::fs::write(&path, serde_json::to_string(&trust).unwrap()).unwrap();
        let found = all_keys(keys.path(), now).unwrap();
        assert_eq!(
            kinds(&found),
            [(Kind::KeyAgeUnknown, "identity"), (Kind::KeyNotTrusted, "portal"),]
        );
        std::fs::remove_file(&path).unwrap();
        assert!(
            all_keys(keys.path(), now)
                .unwrap_err()
                .contains("trust.json is missing")
        );
    }
}
