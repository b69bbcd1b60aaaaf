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

#[cfg(test)]
mod tests {
    use testkit::certificates::{Like, authority};

    use super::*;

    #[test]
    fn a_certificate_that_others_would_refuse_or_that_ends_is_one_finding_and_a_good_one_none() {
        let (authority, foreign) = (authority(), authority());
        let names: &[&str] = &["benefits.tadamon.internal"];
        let at = |day: &str| format!("{day}T00:00:00Z").parse::<DateTime<Utc>>().unwrap();
        let kinds = |settings: &TlsSettings, day: &str| -> Vec<Kind> {
            let findings = examine("benefits", settings, at(day));
            findings.iter().map(|finding| finding.kind).collect()
        };
        let good = authority.settings("good", Like { names, until: 2100 }, authority.pem());
        assert_eq!(kinds(&TlsSettings::default(), "2026-11-23"), []);
        assert_eq!(kinds(&good, "2099-12-17"), []);
        assert_eq!(kinds(&good, "2099-12-19"), [Kind::CertificateEnds]);
        assert_eq!(kinds(&good, "2100-01-02"), [Kind::CertificateEnded]);

        let unknown = foreign.settings("benefits", Like::named(names), authority.pem());
        assert_eq!(kinds(&unknown, "2026-11-23"), [Kind::CertificateUnusable]);
        let other = authority.settings_of("portal");
        assert_eq!(kinds(&other, "2026-11-23"), [Kind::CertificateName]);
        let shared = ["benefits.tadamon.internal", "portal.tadamon.internal"];
        let shared = authority.settings("shared", Like::named(&shared), authority.pem());
        assert_eq!(kinds(&shared, "2026-11-23"), [Kind::CertificateName]);
        let gone = TlsSettings {
            key: good.key.with_file_name("gone.key"),
            ..good
        };
        assert_eq!(kinds(&gone, "2026-11-23"), [Kind::CertificateUnusable]);
    }
}
