//! Every address of the portal, once: the router is built from this table, the tests and the browser walk go through it.
//!
//! A page's form posts to the page's own address, so that a form that could not be taken comes back where it stood.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::Method;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, get, post};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

use crate::app::Portal;
use crate::error::Error;
use crate::{assets, edge, pages};

/// Who may open a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Everybody.
    Public,
    /// A signed-in person, also before the terms are accepted: the named allow-list of the terms gate.
    BeforeTerms,
    /// A signed-in member who accepted the current terms.
    Member,
    /// A signed-in agent of the foundation who accepted the current terms and proved the second factor.
    Agent,
    /// A signed-in agent who accepted the current terms, also before the second factor: its own page alone.
    SecondFactor,
    /// A member, or an agent as for `Agent`: pages about the account itself.
    Person,
}

/// One method of one address.
pub(crate) struct Route {
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) access: Access,
    /// What a walk asks for: `{benefit}`, `{draft}`, `{sent}`, `{document}`, `{link}`, `{queue}`, `{review}`, `{agent}` stand for records that the walker knows.
    pub(crate) sample: &'static str,
    pub(crate) handler: fn() -> MethodRouter<Arc<Portal>>,
}

macro_rules! routes {
    ($( $method:ident $access:ident $path:literal $sample:literal $handler:path; )+) => {
        &[ $( Route {
            method: method!($method),
            path: $path,
            access: Access::$access,
            sample: $sample,
            handler: || handler!($method $handler),
        } ),+ ]
    };
}
macro_rules! method {
    (get) => {
        Method::GET
    };
    (post) => {
        Method::POST
    };
}
macro_rules! handler {
    (get $handler:path) => {
        get($handler)
    };
    (post $handler:path) => {
        post($handler)
    };
}

/// The table.
pub(crate) const ROUTES: &[Route] = routes! {
    get  Public "/" "/" pages::sign_in::show;
    get  Public "/{locale}" "/{locale}" pages::sign_in::show;
    get  Public "/{locale}/sign-in" "/{locale}/sign-in" pages::sign_in::show;
    post Public "/{locale}/sign-in" "/{locale}/sign-in" pages::sign_in::submit;
    get  Public "/{locale}/challenge/{form}" "/{locale}/challenge/sign-in" pages::challenge::show;
    get  Public "/{locale}/account" "/{locale}/account" pages::account::show;
    post Public "/{locale}/account" "/{locale}/account" pages::account::submit;
    get  Public "/{locale}/account/sent" "/{locale}/account/sent" pages::account::sent;
    get  Public "/{locale}/account/link/{token}" "/{locale}/account/link/{link}" pages::link::show;
    post Public "/{locale}/account/link/{token}" "/{locale}/account/link/{link}" pages::link::submit;
    get  Public "/{locale}/terms" "/{locale}/terms" pages::terms::show;
    get  Public "/{locale}/privacy" "/{locale}/privacy" pages::about::privacy;
    get  Public "/{locale}/accessibility" "/{locale}/accessibility" pages::about::accessibility;
    get  Public "/{locale}/contact" "/{locale}/contact" pages::about::contact;
    get  Public "/{locale}/signed-out" "/{locale}/signed-out" pages::sign_out::done;
    get  Public "/{locale}/error/{kind}" "/{locale}/error/503" pages::failures::show;
    get  BeforeTerms "/{locale}/terms/accept" "/{locale}/terms/accept" pages::terms::gate;
    post BeforeTerms "/{locale}/terms/accept" "/{locale}/terms/accept" pages::terms::accept;
    post BeforeTerms "/{locale}/sign-out" "/{locale}/sign-out" pages::sign_out::submit;
    get  Public "/{locale}/activate" "/{locale}/activate" pages::activate::show;
    post Public "/{locale}/activate" "/{locale}/activate" pages::activate::submit;
    get  SecondFactor "/{locale}/second-factor" "/{locale}/second-factor" pages::second_factor::show;
    post SecondFactor "/{locale}/second-factor" "/{locale}/second-factor" pages::second_factor::submit;
    get  Agent "/{locale}/office" "/{locale}/office" pages::office::home::show;
    get  Agent "/{locale}/office/queues/{queue}" "/{locale}/office/queues/{queue}" pages::office::queue::show;
    get  Agent "/{locale}/office/files/{id}" "/{locale}/office/files/{review}" pages::office::file::show;
    post Agent "/{locale}/office/files/{id}" "/{locale}/office/files/{review}" pages::office::changes::submit;
    get  Agent "/{locale}/office/files/{id}/audit" "/{locale}/office/files/{review}/audit" pages::office::trail::show;
    get  Agent "/{locale}/office/files/{id}/papers/{document}" "/{locale}/office/files/{review}/papers/{document}" pages::office::paper::show;
    get  Agent "/{locale}/office/openings" "/{locale}/office/openings" pages::office::trail::openings;
    get  Agent "/{locale}/office/desk" "/{locale}/office/desk" pages::office::desk::show;
    post Agent "/{locale}/office/desk" "/{locale}/office/desk" pages::office::desk::submit;
    get  Agent "/{locale}/office/agents" "/{locale}/office/agents" pages::office::agents::list;
    get  Agent "/{locale}/office/agents/new" "/{locale}/office/agents/new" pages::office::new_agent::show;
    post Agent "/{locale}/office/agents/new" "/{locale}/office/agents/new" pages::office::new_agent::submit;
    get  Agent "/{locale}/office/agents/{account}" "/{locale}/office/agents/{agent}" pages::office::agent::show;
    post Agent "/{locale}/office/agents/{account}" "/{locale}/office/agents/{agent}" pages::office::agent::submit;
    get  Member "/{locale}/home" "/{locale}/home" pages::home::show;
    get  Member "/{locale}/services" "/{locale}/services" pages::services::list;
    get  Member "/{locale}/services/{code}" "/{locale}/services/{benefit}" pages::services::available;
    post Member "/{locale}/services/{code}" "/{locale}/services/{benefit}" pages::services::start;
    get  Member "/{locale}/services/{code}/history" "/{locale}/services/{benefit}/history" pages::services::history;
    get  Member "/{locale}/applications" "/{locale}/applications" pages::files::list;
    get  Member "/{locale}/applications/{id}" "/{locale}/applications/{sent}" pages::files::show;
    get  Member "/{locale}/applications/{id}/account" "/{locale}/applications/{draft}/account" pages::wizard::account::show;
    post Member "/{locale}/applications/{id}/account" "/{locale}/applications/{draft}/account" pages::wizard::account::submit;
    get  Member "/{locale}/applications/{id}/account/lodge" "/{locale}/applications/{draft}/account/lodge" pages::wizard::account::lodge;
    get  Member "/{locale}/applications/{id}/person" "/{locale}/applications/{draft}/person" pages::wizard::person::show;
    post Member "/{locale}/applications/{id}/person" "/{locale}/applications/{draft}/person" pages::wizard::person::submit;
    get  Member "/{locale}/applications/{id}/reason" "/{locale}/applications/{draft}/reason" pages::wizard::reason::show;
    post Member "/{locale}/applications/{id}/reason" "/{locale}/applications/{draft}/reason" pages::wizard::reason::submit;
    get  Member "/{locale}/applications/{id}/details/{page}" "/{locale}/applications/{trip}/details/trip" pages::wizard::details::show;
    post Member "/{locale}/applications/{id}/details/{page}" "/{locale}/applications/{trip}/details/trip" pages::wizard::details::submit;
    get  Member "/{locale}/applications/{id}/consent" "/{locale}/applications/{draft}/consent" pages::wizard::consent::show;
    post Member "/{locale}/applications/{id}/consent" "/{locale}/applications/{draft}/consent" pages::wizard::consent::submit;
    get  Member "/{locale}/applications/{id}/papers" "/{locale}/applications/{draft}/papers" pages::wizard::papers::show;
    post Member "/{locale}/applications/{id}/papers" "/{locale}/applications/{draft}/papers" pages::wizard::papers::submit;
    get  Member "/{locale}/applications/{id}/papers/upload" "/{locale}/applications/{draft}/papers/upload" pages::wizard::upload::lead_back;
    post Member "/{locale}/applications/{id}/papers/upload" "/{locale}/applications/{draft}/papers/upload" pages::wizard::upload::submit;
    get  Member "/{locale}/applications/{id}/summary" "/{locale}/applications/{draft}/summary" pages::wizard::summary::show;
    post Member "/{locale}/applications/{id}/summary" "/{locale}/applications/{draft}/summary" pages::wizard::summary::submit;
    get  Member "/{locale}/applications/{id}/sent" "/{locale}/applications/{sent}/sent" pages::files::sent;
    get  Member "/{locale}/applications/{id}/receipt" "/{locale}/applications/{sent}/receipt" pages::files::receipt;
    get  Member "/{locale}/applications/{id}/papers/{document}" "/{locale}/applications/{sent}/papers/{document}" pages::files::paper;
    get  Member "/{locale}/applications/{id}/withdraw" "/{locale}/applications/{sent}/withdraw" pages::withdraw::show;
    post Member "/{locale}/applications/{id}/withdraw" "/{locale}/applications/{sent}/withdraw" pages::withdraw::submit;
    get  Member "/{locale}/applications/{id}/discard" "/{locale}/applications/{draft}/discard" pages::discard::show;
    post Member "/{locale}/applications/{id}/discard" "/{locale}/applications/{draft}/discard" pages::discard::submit;
    get  Member "/{locale}/inbox" "/{locale}/inbox" pages::inbox::show;
    post Member "/{locale}/inbox" "/{locale}/inbox" pages::inbox::mark_read;
    get  Member "/{locale}/card" "/{locale}/card" pages::card::show;
    post Member "/{locale}/card" "/{locale}/card" pages::card::issue;
    get  Member "/{locale}/card/checks" "/{locale}/card/checks" pages::card::checks;
    get  Member "/{locale}/profile" "/{locale}/profile" pages::profile::show;
    post Member "/{locale}/profile" "/{locale}/profile" pages::profile::set_language;
    get  Person "/{locale}/password" "/{locale}/password" pages::password::show;
    post Person "/{locale}/password" "/{locale}/password" pages::password::submit;
    get  Person "/{locale}/sessions" "/{locale}/sessions" pages::sessions::show;
    post Person "/{locale}/sessions" "/{locale}/sessions" pages::sessions::revoke;
};

/// Largest form without a file.
pub(crate) const FORM_LIMIT: usize = 64 * 1024;

/// The route that was matched; `HEAD` is `GET`.
pub(crate) fn find(method: &Method, path: &str) -> Option<&'static Route> {
    let method = if *method == Method::HEAD {
        &Method::GET
    } else {
        method
    };
    ROUTES
        .iter()
        .find(|route| route.method == *method && route.path == path)
}

/// The whole portal.
pub(crate) fn router(portal: Arc<Portal>) -> Router {
    let mut router = Router::new();
    for route in ROUTES {
        router = router.route(route.path, (route.handler)());
    }
    router
        .fallback(async || Error::NotFound)
        .method_not_allowed_fallback(async || Error::Unreadable(axum::http::StatusCode::METHOD_NOT_ALLOWED))
        .layer(CatchPanicLayer::custom(|_| {
            axum::response::IntoResponse::into_response(Error::Unforeseen)
        }))
        // The upload counts its own bytes; every other body is read by the edge with its own limit.
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(portal.clone(), edge::around))
        .route("/assets/{name}", get(assets::serve))
        .route("/favicon.ico", get(assets::favicon))
        .layer(from_fn_with_state(portal.clone(), edge::headers))
        .layer(CompressionLayer::new())
        .with_state(portal)
}

/// The table as JSON lines for the browser walk: method, path, access, sample.
#[must_use]
pub fn listing() -> String {
    let rows: Vec<_> = ROUTES
        .iter()
        .map(|route| {
            let access = match route.access {
                Access::Public => "public",
                Access::BeforeTerms => "before_terms",
                Access::Member => "member",
                Access::Agent => "agent",
                Access::SecondFactor => "second_factor",
                Access::Person => "person",
            };
            format!(
                "  {{ \"method\": \"{}\", \"path\": \"{}\", \"access\": \"{access}\", \"sample\": \"{}\" }}",
                route.method, route.path, route.sample
            )
        })
        .collect();
    format!("[\n{}\n]\n", rows.join(",\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_named_few_are_open_before_the_terms_are_accepted() {
        let open: Vec<_> = ROUTES
            .iter()
            .filter(|route| route.access == Access::BeforeTerms)
            .map(|route| (route.method.as_str(), route.path))
            .collect();
        assert_eq!(
            open,
            [
                ("GET", "/{locale}/terms/accept"),
                ("POST", "/{locale}/terms/accept"),
                ("POST", "/{locale}/sign-out")
            ],
            "adding to this list opens a page to people who accepted nothing: think twice"
        );
    }

    #[test]
    fn a_form_posts_to_the_page_it_stands_on() {
        // Signing out has no page of its own.
        let alone = ["/{locale}/sign-out"];
        for route in ROUTES
            .iter()
            .filter(|route| route.method == Method::POST && !alone.contains(&route.path))
        {
            assert!(
                find(&Method::GET, route.path).is_some(),
                "{} has no page",
                route.path
            );
        }
    }

    #[test]
    fn the_listing_for_the_browser_walk_is_fresh() {
        let path = format!("{}/routes.json", env!("CARGO_MANIFEST_DIR"));
        if std::env::var_os("UPDATE_ROUTES").is_some() {
            std::fs::write(&path, listing()).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            committed == listing(),
            "run UPDATE_ROUTES=1 cargo nextest run -p portal the_listing and commit services/portal/routes.json"
        );
    }
}
