//! Which address a request is for. Four of them are told apart by a `match`: what a router's layers add to each request was an eleventh of what
//! the service does for a card check.

use hyper::Method;

use super::{CANCELLATIONS, DOCUMENT, REDEMPTIONS, VERIFICATIONS};

/// An address of the gateway.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Route {
    Document,
    Verifications,
    Redemptions,
    /// Of the redemption with this id, as it was written.
    Cancellations(String),
}

/// The address that a path names.
pub(super) fn find(path: &str) -> Option<Route> {
    match path {
        VERIFICATIONS => Some(Route::Verifications),
        REDEMPTIONS => Some(Route::Redemptions),
        DOCUMENT => Some(Route::Document),
        _ => {
            let (before, after) = CANCELLATIONS.split_once("{redemption_id}")?;
            let id = path.strip_prefix(before)?.strip_suffix(after)?;
            (!id.is_empty() && !id.contains('/')).then(|| Route::Cancellations(id.to_owned()))
        }
    }
}

impl Route {
    /// As the description writes it.
    pub(super) const fn pattern(&self) -> &'static str {
        match self {
            Self::Document => DOCUMENT,
            Self::Verifications => VERIFICATIONS,
            Self::Redemptions => REDEMPTIONS,
            Self::Cancellations(_) => CANCELLATIONS,
        }
    }

    /// Whether it takes this method.
    pub(super) fn takes(&self, method: &Method) -> bool {
        match self {
            Self::Document => [Method::GET, Method::HEAD].contains(method),
            Self::Verifications | Self::Redemptions | Self::Cancellations(_) => *method == Method::POST,
        }
    }

    /// The methods that it takes, as `Allow` lists them.
    pub(super) const fn allow(&self) -> &'static str {
        match self {
            Self::Document => "GET, HEAD",
            Self::Verifications | Self::Redemptions | Self::Cancellations(_) => "POST",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_listed_address_is_found_with_its_method_and_nothing_beside_it_is() {
        for (method, pattern) in crate::ROUTES {
            let path = pattern.replace("{redemption_id}", "0198");
            let route = find(&path).unwrap();
            assert_eq!(route.pattern(), *pattern);
            assert!(route.takes(&method.parse().unwrap()) && route.allow().starts_with(method));
            assert!(!route.takes(&Method::PUT));
            for other in [
                format!("{path}/"),
                format!("/{path}"),
                path.to_uppercase(),
                path[1..].to_owned(),
            ] {
                assert_eq!(find(&other), None, "{other}");
            }
        }
        for other in [
            "",
            "/",
            "/partner/v1/redemptions//cancellations",
            "/partner/v1/redemptions/a/b/cancellations",
        ] {
            assert_eq!(find(other), None, "{other}");
        }
    }
}
