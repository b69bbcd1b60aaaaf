//! Where a sign-in may lead: only to a page of this portal, written as its own relative path.

/// Longest path that is followed.
const MAX: usize = 512;

/// The path, when it is one of ours; everything else is dropped without a word.
pub(crate) fn own_path(next: &str) -> Option<&str> {
    let own = next.starts_with("/ar/") || next.starts_with("/fr/");
    let plain = next
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'-' | b'_' | b'?' | b'=' | b'&'));
    let doubled = next.contains("//");
    (own && plain && !doubled && next.len() <= MAX).then_some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_relative_paths_are_followed() {
        assert_eq!(own_path("/ar/home"), Some("/ar/home"));
        assert_eq!(
            own_path("/fr/applications/0190-a/reason?x=1"),
            Some("/fr/applications/0190-a/reason?x=1")
        );
        for bad in [
            "",
            "/",
            "//evil.example",
            "/fr//evil.example",
            "/\\evil.example",
            "/fr/\\evil",
            "https://evil.example/fr/",
            "javascript:alert(1)",
            "/de/home",
            "/fr/home\r\nSet-Cookie: a=b",
            "/fr/%2f%2fevil",
            "/fr/a:b",
            "fr/home",
            "/fr/é",
        ] {
            assert_eq!(own_path(bad), None, "{bad}");
        }
        assert_eq!(own_path(&format!("/fr/{}", "a".repeat(600))), None);
    }
}
