//! One-time codes as authenticator applications make them (RFC 6238: SHA-1, six digits, 30 seconds), the address by which they learn the secret,
//! and that address as a QR code. Which steps are open is `domain/second_factor.rs`.

use platform::ids::random;
use qrcodegen::{QrCode, QrCodeEcc};
use subtle::ConstantTimeEq as _;
use totp_rs::{Algorithm, Secret, TOTP};
use zeroize::Zeroizing;

use crate::domain::second_factor::{OneTimeCode, STEP_SECONDS};
use crate::error::Error;

/// Bytes of a secret: those of SHA-1, as RFC 4226 recommends.
const SECRET_BYTES: usize = 20;
/// Light border around a QR code, in modules, without which readers may not find it.
const QUIET: i32 = 4;

/// A fresh secret.
pub(crate) fn new_secret() -> Zeroizing<Vec<u8>> {
    Zeroizing::new(random::<SECRET_BYTES>().to_vec())
}

/// The step among `steps` whose code was typed. Each is computed and compared, whichever it is.
pub(crate) fn matching_step(
    secret: &[u8],
    typed: &OneTimeCode,
    steps: [i64; 3],
) -> Result<Option<i64>, Error> {
    let totp = TOTP::new(
        Algorithm::SHA1,
        6,
        0,
        STEP_SECONDS.unsigned_abs(),
        secret.to_vec(),
    )
    .map_err(|_| Error::Unreadable("second_factors.secret"))?;
    let mut found = None;
    for step in steps {
        // Before 1970 there are no codes.
        let Ok(seconds) = u64::try_from(step * STEP_SECONDS) else {
            continue;
        };
        let code = totp.generate(seconds);
        if bool::from(code.as_bytes().ct_eq(typed.as_str().as_bytes())) {
            found = found.or(Some(step));
        }
    }
    Ok(found)
}

/// The secret in base32.
pub(crate) fn in_base32(secret: &[u8]) -> String {
    Secret::Raw(secret.to_vec()).to_encoded().to_string()
}

/// The same in groups of four, for typing.
pub(crate) fn grouped(base32: &str) -> String {
    base32
        .as_bytes()
        .chunks(4)
        .map(String::from_utf8_lossy)
        .collect::<Vec<_>>()
        .join(" ")
}

/// What an authenticator application reads. It names the installation and which of its accounts, by the end of an opaque id, and nobody.
pub(crate) fn uri(installation: &str, account: uuid::Uuid, base32: &str) -> String {
    let account = account.simple().to_string();
    let short = &account[account.len() - 4..];
    let issuer = format!("Tadamon%20{installation}");
    format!(
        "otpauth://totp/{issuer}:{short}?secret={base32}&issuer={issuer}&algorithm=SHA1&digits=6&period={STEP_SECONDS}"
    )
}

/// A text as one `<svg>` element: a white square and one black path.
pub(crate) fn qr_svg(text: &str) -> Result<String, Error> {
    use std::fmt::Write as _;
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).map_err(|_| Error::Unreadable("a QR code"))?;
    let side = code.size() + 2 * QUIET;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            let _always_fits = write!(path, "M{},{}h1v1h-1z", x + QUIET, y + QUIET);
        }
    }
    Ok(format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges" aria-hidden="true"><path fill="#fff" d="M0,0h{side}v{side}H0z"/><path fill="#000" d="{path}"/></svg>"##
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of RFC 6238, appendix B, with the last six digits of its codes.
    const RFC_SECRET: &[u8] = b"12345678901234567890";

    fn at(seconds: i64, typed: &str) -> Option<i64> {
        let step = seconds / STEP_SECONDS;
        let steps = [step, step - 1, step + 1];
        matching_step(RFC_SECRET, &OneTimeCode::parse(typed).unwrap(), steps).unwrap()
    }

    #[test]
    fn the_codes_are_those_of_rfc_6238() {
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
        ] {
            assert_eq!(at(seconds, code), Some(seconds / STEP_SECONDS), "{seconds}");
        }
    }

    #[test]
    fn the_code_before_and_after_are_taken_and_no_other() {
        assert_eq!(at(59 + 30, "287082"), Some(1));
        assert_eq!(at(59 - 30, "287082"), Some(1));
        assert_eq!(at(59 + 60, "287082"), None);
        assert_eq!(at(1_111_111_109, "287082"), None);
    }

    #[test]
    fn the_address_names_the_installation_and_nobody() {
        let secret = in_base32(RFC_SECRET);
        assert_eq!(secret, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(grouped(&secret[..10]), "GEZD GNBV GY");
        let uri = uri("demo", uuid::Uuid::from_u128(0xabcd), &secret);
        assert_eq!(
            uri,
            "otpauth://totp/Tadamon%20demo:abcd?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Tadamon%20demo&algorithm=SHA1&digits=6&period=30"
        );
        let svg = qr_svg(&uri).unwrap();
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>") && svg.matches('<').count() == 4);
        assert!(!svg.contains("script") && !svg.contains("style") && !svg.contains("href"));
    }
}
