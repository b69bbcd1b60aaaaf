//! How S3 is spoken to: the client with its deadlines, and what the store's refusals mean. A request is tried again by the client itself when it was
//! not sent or the store was busy; when the answer to a writing was lost, `store` asks again.

use std::error::Error as _;
use std::fmt::Write as _;
use std::fs;
use std::time::Duration;

use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::{BackoffConfig, Certificate, ClientOptions, RetryConfig};

use crate::error::StoreError;
use crate::settings::{S3Settings, StorageSettings};

/// Tries of one request after the first.
const RETRIES: usize = 3;
/// A store that takes no connection for so long is away.
const CONNECT: Duration = Duration::from_secs(3);

/// The client; it sends nothing yet.
pub(crate) fn client(settings: &StorageSettings) -> Result<AmazonS3, StoreError> {
    // Two providers of TLS may be compiled in; the first use panics unless one is chosen.
    let _already_chosen = rustls::crypto::ring::default_provider().install_default();
    let s3 = &settings.s3;
    let wrong = |error: object_store::Error| StoreError::Misplaced(format!("storage.s3: {error}"));
    // A try may take all the time that the caller waits: on a slow line a paper would fail in each half of it. A store that is not there is known sooner.
    let mut options = ClientOptions::new()
        .with_timeout(settings.deadline())
        .with_connect_timeout(CONNECT.min(settings.deadline()))
        .with_allow_http(s3.endpoint.starts_with("http://"));
    if !s3.ca_file.as_os_str().is_empty() {
        let pem = fs::read(&s3.ca_file)
            .map_err(|error| StoreError::Misplaced(format!("storage.s3.ca_file: {error}")))?;
        for certificate in Certificate::from_pem_bundle(&pem).map_err(wrong)? {
            options = options.with_root_certificate(certificate);
        }
    }
    let retry = RetryConfig {
        backoff: BackoffConfig {
            init_backoff: Duration::from_millis(100),
            max_backoff: Duration::from_secs(2),
            base: 2.0,
        },
        max_retries: RETRIES,
        retry_timeout: settings.deadline(),
    };
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(&s3.bucket)
        .with_access_key_id(s3.access_key_id.expose())
        .with_secret_access_key(s3.secret_access_key.expose())
        .with_virtual_hosted_style_request(!s3.path_style)
        .with_client_options(options)
        .with_retry(retry);
    if !s3.region.is_empty() {
        builder = builder.with_region(&s3.region);
    }
    let address = s3
        .address()
        .map_err(|error| StoreError::Misplaced(error.to_string()))?;
    if let Some(address) = address {
        builder = builder.with_endpoint(address);
    }
    builder.build().map_err(wrong)
}

/// What a refusal of the store means. Its own words are looked at for its code alone: they may hold names and keys.
pub(crate) fn meaning(s3: &S3Settings, error: &object_store::Error) -> StoreError {
    let at = s3.shown();
    let said = words(error);
    let code = between(&said, "<Code>", "</Code>");
    match code {
        Some("NoSuchBucket") => StoreError::Misplaced(format!(
            "storage.s3.bucket: {at} has no bucket {}: make it, or mend the name",
            s3.bucket
        )),
        Some("InvalidAccessKeyId") => StoreError::Misplaced(format!(
            "storage.s3.access_key_id: {at} does not know this key: mend it, or make the key"
        )),
        Some("SignatureDoesNotMatch") => StoreError::Misplaced(format!(
            "storage.s3.secret_access_key: {at} refuses what it signed: mend the secret of this key"
        )),
        Some("AuthorizationHeaderMalformed" | "PermanentRedirect") => StoreError::Misplaced(format!(
            "storage.s3.region: {at} keeps the bucket {} in another region",
            s3.bucket
        )),
        Some("RequestTimeTooSkewed") => StoreError::Misplaced(format!(
            "the clocks of this machine and of {at} differ: let both take their time from one source"
        )),
        Some("AccessDenied" | "AllAccessDisabled") => StoreError::Misplaced(format!(
            "storage.s3.access_key_id: {at} lets this key not work in the bucket {}: let it list, read, write and delete there, or mend the key",
            s3.bucket
        )),
        _ => match error {
            object_store::Error::NotFound { .. } => StoreError::Missing,
            object_store::Error::AlreadyExists { .. } | object_store::Error::Precondition { .. } => {
                StoreError::Taken
            }
            object_store::Error::PermissionDenied { .. } | object_store::Error::Unauthenticated { .. } => {
                StoreError::Misplaced(format!(
                    "storage.s3.access_key_id: {at} refuses this key for the bucket {}: mend the key, or what it may do",
                    s3.bucket
                ))
            }
            _ => StoreError::Away(code.map_or_else(|| cause(error), str::to_owned)),
        },
    }
}

/// An error with everything behind it.
fn words(error: &object_store::Error) -> String {
    let mut all = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        // Writing to a string cannot fail.
        let _infallible = write!(all, ": {cause}");
        next = cause.source();
    }
    all
}

fn between<'a>(text: &'a str, from: &str, to: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(from)?;
    rest.split_once(to).map(|(found, _)| found)
}

/// The last cause alone: those before it repeat addresses.
fn cause(error: &object_store::Error) -> String {
    let mut last: &dyn std::error::Error = error;
    while let Some(next) = last.source() {
        last = next;
    }
    last.to_string().lines().next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(code: &str) -> object_store::Error {
        object_store::Error::Generic {
            store: "S3",
            source: format!(
                "403: <Error><Code>{code}</Code><AWSAccessKeyId>hunter2</AWSAccessKeyId></Error>"
            )
            .into(),
        }
    }

    #[test]
    fn a_refusal_names_the_setting_and_repeats_no_key() {
        let s3 = S3Settings {
            endpoint: "https://s3.example".to_owned(),
            bucket: "papers".to_owned(),
            ..S3Settings::default()
        };
        for (code, setting) in [
            ("NoSuchBucket", "storage.s3.bucket"),
            ("InvalidAccessKeyId", "storage.s3.access_key_id"),
            ("SignatureDoesNotMatch", "storage.s3.secret_access_key"),
            ("AccessDenied", "storage.s3.access_key_id"),
            ("PermanentRedirect", "storage.s3.region"),
            ("RequestTimeTooSkewed", "the clocks"),
        ] {
            let meaning = meaning(&s3, &said(code));
            assert!(meaning.is_misplaced(), "{code}");
            let text = meaning.to_string();
            assert!(text.starts_with(setting) && !text.contains("hunter2"), "{text}");
        }
        let busy = meaning(&s3, &said("SlowDown"));
        assert!(
            matches!(&busy, StoreError::Away(code) if code == "SlowDown"),
            "{busy}"
        );
    }
}
