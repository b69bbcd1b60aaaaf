//! The certificate that a service shows to the others: whether they would believe it, whether it is the service's, and how long it lasts.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use platform::tls::{self, TlsSettings};

use super::finding::{Finding, Kind};

/// What renews certificates does so weeks before they end; less than this is left only when it does not.
const LEAST: TimeDelta = TimeDelta::days(14);

/// Nothing is found where calls are in clear text.
pub(super) fn examine(service: &str, settings: &TlsSettings, now: DateTime<Utc>) -> Vec<Finding> {
    let found = |kind, seen: String, expected: &str| Finding::new(kind, service, seen, expected);
    let report = match tls::examine(settings, service, now) {
        Ok(None) => return Vec::new(),
        Ok(Some(report)) => report,
        Err(error) => {
            let expected = "a certificate, its key and the authorities that signed it";
            return vec![found(Kind::CertificateUnusable, error.to_string(), expected)];
        }
    };
    let mut findings = Vec::new();
    if let Some(why) = report.not_believed {
        let seen = format!("its own authorities do not believe it ({why})");
        let expected = "a certificate that common.tls.authorities signed";
        findings.push(found(Kind::CertificateUnusable, seen, expected));
    }
    if !report.bears_the_name {
        let expected = format!("{} and no other service's name", report.name);
        let seen = "the certificate names somebody else, several services or nobody".to_owned();
        findings.push(found(Kind::CertificateName, seen, &expected));
    }
    let left = report.until - now;
    let until = report.until.to_rfc3339_opts(SecondsFormat::Secs, true);
    if left < TimeDelta::zero() {
        let seen = format!("the certificate ended at {until}");
        findings.push(found(Kind::CertificateEnded, seen, "one that holds"));
    } else if left < LEAST {
        let seen = format!("{} days are left, until {until}", left.num_days());
        let expected = format!("{} days or more", LEAST.num_days());
        findings.push(found(Kind::CertificateEnds, seen, &expected));
    }
    findings
}
