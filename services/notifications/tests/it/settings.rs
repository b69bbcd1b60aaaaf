//! Settings that cannot be used are refused before anything opens, by a line that names the key.

use notifications::{Encryption, MailSettings, SmtpSettings};
use platform::settings::{Secret, Validate};

fn smtp() -> SmtpSettings {
    SmtpSettings {
        host: "mail.example".to_owned(),
        port: 587,
        encryption: Encryption::Starttls,
        username: "tadamon".to_owned(),
        password: Secret::new("synthetic"),
        timeout_seconds: 20,
    }
}

#[test]
fn a_password_is_not_sent_in_the_clear() {
    let error = SmtpSettings {
        encryption: Encryption::None,
        ..smtp()
    }
    .validate()
    .unwrap_err();
    assert!(error.to_string().contains("smtp.encryption"), "{error}");
}

#[test]
fn a_name_without_a_password_is_refused() {
    let error = SmtpSettings {
        password: Secret::new(""),
        ..smtp()
    }
    .validate()
    .unwrap_err();
    assert!(error.to_string().contains("smtp.username"), "{error}");
}

#[test]
fn a_timeout_longer_than_a_run_of_the_job_is_refused() {
    let error = SmtpSettings {
        timeout_seconds: 90,
        ..smtp()
    }
    .validate()
    .unwrap_err();
    assert!(error.to_string().contains("smtp.timeout_seconds"), "{error}");
}

#[test]
fn a_sender_without_an_address_is_refused() {
    let mail = MailSettings {
        from: "Tadamon".to_owned(),
        portal_url: "https://portal.example".to_owned(),
    };
    assert!(mail.validate().unwrap_err().to_string().contains("mail.from"));
}

#[test]
fn a_portal_that_is_no_url_is_refused() {
    let mail = MailSettings {
        from: "a@b.example".to_owned(),
        portal_url: "portal".to_owned(),
    };
    assert!(
        mail.validate()
            .unwrap_err()
            .to_string()
            .contains("mail.portal_url")
    );
}
