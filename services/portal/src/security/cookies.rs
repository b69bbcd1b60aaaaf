//! The three cookies: the session, the device that signed in before, and a random value that public forms are bound to.
//!
//! All are `HttpOnly`, `SameSite=Lax`, `Path=/`; with https they are `Secure` and bear the `__Host-` prefix, so that no sibling host can set them.

use axum::http::HeaderMap;
use axum::http::header::COOKIE;

/// Names and attributes, by the setting `cookie.secure`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Jar {
    secure: bool,
}

/// Which cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cookie {
    /// Opaque session token of identity; ends with the browser.
    Session,
    /// Proves a device from which the account signed in before; one year.
    Device,
    /// Random value that binds forms of people who are not signed in.
    Form,
}

const YEAR_SECONDS: u32 = 365 * 24 * 60 * 60;

impl Jar {
    pub(crate) fn new(secure: bool) -> Self {
        Self { secure }
    }

    fn name(self, cookie: Cookie) -> String {
        let name = match cookie {
            Cookie::Session => "tadamon-session",
            Cookie::Device => "tadamon-device",
            Cookie::Form => "tadamon-form",
        };
        if self.secure {
            format!("__Host-{name}")
        } else {
            name.to_owned()
        }
    }

    /// The value that the browser sent, if it is one that we could have set.
    pub(crate) fn read(self, headers: &HeaderMap, cookie: Cookie) -> Option<String> {
        let name = self.name(cookie);
        headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|header| header.to_str().ok())
            .flat_map(|header| header.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(found, _)| *found == name)
            .map(|(_, value)| value.to_owned())
            .filter(|value| {
                (1..=1024).contains(&value.len())
                    && value.bytes().all(|b| {
                        b.is_ascii_alphanumeric()
                            || matches!(b, b'-' | b'_' | b'.' | b'~' | b'+' | b'/' | b'=')
                    })
            })
    }

    /// The header that sets it.
    pub(crate) fn set(self, cookie: Cookie, value: &str) -> String {
        let mut header = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax", self.name(cookie));
        if self.secure {
            header.push_str("; Secure");
        }
        if cookie == Cookie::Device {
            header.push_str(&format!("; Max-Age={YEAR_SECONDS}"));
        }
        header
    }

    /// The header that takes it away.
    pub(crate) fn clear(self, cookie: Cookie) -> String {
        let secure = if self.secure { "; Secure" } else { "" };
        format!(
            "{}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{secure}",
            self.name(cookie)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_host_only_and_unreadable_to_scripts() {
        let set = Jar::new(true).set(Cookie::Session, "abc");
        assert_eq!(
            set,
            "__Host-tadamon-session=abc; Path=/; HttpOnly; SameSite=Lax; Secure"
        );
        assert!(!Jar::new(false).set(Cookie::Session, "abc").contains("__Host-"));
        assert!(
            Jar::new(true)
                .set(Cookie::Device, "d")
                .ends_with("Max-Age=31536000")
        );
    }

    #[test]
    fn a_cookie_is_read_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        headers.insert(
            COOKIE,
            "x__Host-tadamon-session=no; __Host-tadamon-session=yes; other=1"
                .parse()
                .unwrap(),
        );
        assert_eq!(
            Jar::new(true).read(&headers, Cookie::Session).as_deref(),
            Some("yes")
        );
        assert_eq!(Jar::new(false).read(&headers, Cookie::Session), None);
        headers.insert(COOKIE, "__Host-tadamon-session=<script>".parse().unwrap());
        assert_eq!(Jar::new(true).read(&headers, Cookie::Session), None);
    }
}
