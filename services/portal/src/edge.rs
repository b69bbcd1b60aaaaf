//! What happens around every page: the language, the session, the terms, the form token, the designed error pages, the headers.
//!
//! A page is called only when its reader may open it and its form was ours. Logs name the route, never the address: it holds ids, and once a
//! link's token.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::header::{ACCEPT, ACCEPT_LANGUAGE, CONTENT_TYPE, USER_AGENT};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body_util::{BodyExt, Limited};
use kernel::Locale;
use tower::ServiceExt;
use tracing::Instrument;

use crate::app::Portal;
use crate::backend::Audience;
use crate::error::Error;
use crate::fields::Fields;
use crate::pages::failures;
use crate::routes::{self, Access, Route};
use crate::security::cookies::Cookie;
use crate::security::form_token::Standing;
use crate::security::{form_token, headers as fixed_headers, kept, next};
use crate::visit::{Session, Visit, set_cookie};

/// The outermost layer, assets included.
pub(crate) async fn headers(State(portal): State<Arc<Portal>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if let Some(error) = response.extensions_mut().remove::<Error>() {
        // Only an asset that does not exist comes here: pages were designed further in.
        response = (error.http_status(), "").into_response();
    }
    fixed_headers::apply(&mut response, portal.settings.cookie.secure);
    response
}

/// The layer around pages.
pub(crate) async fn around(State(portal): State<Arc<Portal>>, request: Request, next: Next) -> Response {
    let matched = request
        .extensions()
        .get::<MatchedPath>()
        .map(|path| path.as_str().to_owned())
        .unwrap_or_default();
    let span = tracing::info_span!(
        "page",
        otel.name = matched,
        otel.kind = "server",
        http.route = matched,
        http.request.method = %request.method(),
    );
    answer(portal, request, next, &matched).instrument(span).await
}

async fn answer(portal: Arc<Portal>, request: Request, next: Next, matched: &str) -> Response {
    let (mut parts, body) = request.into_parts();
    let route = routes::find(&parts.method, matched);
    let has_form_cookie = portal.jar.read(&parts.headers, Cookie::Form).is_some();
    let mut visit = begin(portal.clone(), &parts);

    let body = match read_form(&mut visit, &parts.method, &parts.headers, body).await {
        Ok(body) => body,
        Err(error) => return failures::respond(&visit, &error),
    };
    let outcome = admit(&mut visit, route, &parts.method, &parts.headers).await;
    let mut response = match outcome {
        Ok(Admission::In) => {
            parts.extensions.insert(visit.clone());
            next.run(Request::from_parts(parts, body)).await
        }
        Ok(Admission::Show(page, why)) => {
            visit.stale_form = why == Why::Stale;
            if why == Why::Language {
                // Where it leads afterwards stands in the address, in the new language.
                visit.fields = visit.fields.without(&[SWITCH, "next"]);
            }
            parts.method = Method::GET;
            parts.extensions.insert(visit.clone());
            show_again(
                portal.clone(),
                page,
                why,
                Request::from_parts(parts, Body::empty()),
            )
            .await
        }
        Ok(Admission::Elsewhere(elsewhere)) => elsewhere,
        Err(error) => error.into_response(),
    };
    if let Some(error) = response.extensions_mut().remove::<Error>() {
        response = failures::respond(&visit, &error);
    }
    if route.is_some_and(|route| route.access == Access::Agent && route.path.ends_with("/papers/{document}"))
    {
        response.extensions_mut().insert(fixed_headers::Framed);
    }
    if visit.session.is_none() && !has_form_cookie {
        set_cookie(&mut response, &portal, Cookie::Form, Some(&visit.bound_to));
    }
    response
}

/// What is known before anybody is asked.
fn begin(portal: Arc<Portal>, parts: &axum::http::request::Parts) -> Visit {
    let headers = &parts.headers;
    let (locale, path) = split(parts.uri.path());
    let preferred = headers
        .get(ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .and_then(Locale::from_accept_language);
    let session_cookie = portal.jar.read(headers, Cookie::Session);
    let bound_to = session_cookie
        .clone()
        .or_else(|| portal.jar.read(headers, Cookie::Form))
        .unwrap_or_else(|| hex::encode(platform::ids::random::<24>()));
    Visit {
        locale: locale.or(preferred).unwrap_or(portal.default_locale),
        has_language: locale.is_some(),
        path: path.to_owned(),
        query: parts
            .uri
            .query()
            .map(|query| Fields::parse(query.as_bytes()))
            .unwrap_or_default(),
        fields: Fields::default(),
        session: None,
        record: None,
        unread: None,
        stale_form: false,
        bound_to,
        client_address: client_address(parts, portal.settings.http.trusted_proxies),
        device_label: device_label(headers),
        device_token: portal.jar.read(headers, Cookie::Device).unwrap_or_default(),
        now: portal.clock.now(),
        wants_json: headers
            .get(ACCEPT)
            .and_then(|accept| accept.to_str().ok())
            .is_some_and(|accept| accept.starts_with("application/json")),
        portal,
    }
}

/// The language of the path, and the rest of it.
fn split(path: &str) -> (Option<Locale>, &str) {
    let inner = path.strip_prefix('/').unwrap_or(path);
    let (first, rest) = inner.find('/').map_or((inner, ""), |at| inner.split_at(at));
    match Locale::parse(first) {
        Ok(locale) => (Some(locale), rest),
        Err(_) => (None, ""),
    }
}

/// Whether the bytes that a path spells are UTF-8.
fn is_text(path: &str) -> bool {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [byte, after @ ..] = rest {
        let spelled = after.get(..2).filter(|_| *byte == b'%').and_then(|pair| {
            let pair = std::str::from_utf8(pair).ok()?;
            u8::from_str_radix(pair, 16).ok()
        });
        bytes.push(spelled.unwrap_or(*byte));
        rest = if spelled.is_some() {
            after.get(2..).unwrap_or_default()
        } else {
            after
        };
    }
    std::str::from_utf8(&bytes).is_ok()
}

/// Reads a form into the visit; an upload's body goes on unread.
async fn read_form(
    visit: &mut Visit,
    method: &Method,
    headers: &HeaderMap,
    body: Body,
) -> Result<Body, Error> {
    if *method != Method::POST {
        return Ok(Body::empty());
    }
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    if kind.starts_with("multipart/form-data") && visit.path.ends_with("/papers/upload") {
        return Ok(body);
    }
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return Err(Error::Unreadable(StatusCode::UNSUPPORTED_MEDIA_TYPE));
    }
    match Limited::new(body, routes::FORM_LIMIT).collect().await {
        Ok(form) => {
            visit.fields = Fields::parse(&form.to_bytes());
            Ok(Body::empty())
        }
        Err(_) => Err(Error::Unreadable(StatusCode::PAYLOAD_TOO_LARGE)),
    }
}

/// What becomes of a request.
enum Admission {
    /// The page is called.
    In,
    /// The reader is led elsewhere.
    Elsewhere(Response),
    /// The form is not executed: its page is shown with what was typed.
    Show(&'static Route, Why),
}

/// Why a form of ours is not executed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Why {
    /// It is from a second tab, or from before signing in again.
    Stale,
    /// The reader switched the language in the middle of it.
    Language,
}

/// The button of the header that sends a page's form to the same page in the other language.
const SWITCH: &str = "switch";

/// Decides whether the page may be called.
async fn admit(
    visit: &mut Visit,
    route: Option<&Route>,
    method: &Method,
    headers: &HeaderMap,
) -> Result<Admission, Error> {
    // No route: the router itself answers 404 or 405.
    let Some(route) = route else {
        return Ok(Admission::In);
    };
    // An address that is no text names nothing.
    if !is_text(&visit.path) {
        return Err(Error::NotFound);
    }
    // "/xx/home" matches "/{locale}/home": only our two languages are pages.
    if route.path.starts_with("/{locale}") && !visit.has_language {
        return Err(Error::NotFound);
    }
    let form = *method == Method::POST;
    if form
        && headers
            .get("sec-fetch-site")
            .is_some_and(|site| site == "cross-site")
    {
        return Err(Error::Forbidden);
    }
    let is_upload = route.path.ends_with("/papers/upload");
    let standing = if form && !is_upload {
        inspect_form(visit, headers, visit.fields.get(form_token::FIELD))
    } else {
        Standing::Current
    };
    if standing == Standing::Forged {
        return Err(Error::Forbidden);
    }
    let cookie = visit.portal.jar.read(headers, Cookie::Session);
    if let Some(token) = cookie {
        match open_session(visit, token).await {
            Ok(()) => {}
            // A public page is shown to everybody, also when nobody knows who asks.
            Err(_) if route.access == Access::Public => {}
            Err(error) => return Err(error),
        }
    }
    match (route.access, &visit.session) {
        (Access::Public, _) | (Access::BeforeTerms, Some(_)) => {}
        (_, None) => return Err(Error::SessionEnded),
        (_, Some(session)) if !session.info.terms_accepted => {
            return Ok(Admission::Elsewhere(visit.go(format_args!(
                "/terms/accept?next=/{}{}",
                visit.locale.as_str(),
                visit.path
            ))));
        }
        (Access::SecondFactor, Some(session)) if session.info.is_member => return Err(Error::NotFound),
        (Access::SecondFactor, Some(_)) => {}
        // Until the second factor is proved in this session an agent reaches that page alone.
        (_, Some(session)) if !session.info.is_member && !session.info.is_working_agent() => {
            return Ok(Admission::Elsewhere(visit.go(second_factor(visit))));
        }
        // An agent has a space of their own; a form of the members' is none of theirs.
        (Access::Member, Some(session)) if !session.info.is_member && form => {
            return Err(Error::Forbidden);
        }
        (Access::Member, Some(session)) if !session.info.is_member => {
            return Ok(Admission::Elsewhere(visit.go("/office")));
        }
        (Access::Agent, Some(session)) if session.info.is_member => return Err(Error::NotFound),
        (Access::Member | Access::Agent | Access::Person, Some(_)) => {}
    }
    match standing {
        Standing::Stale(owner) => stale(visit, route, &owner),
        Standing::Current if form && !visit.fields.get(SWITCH).is_empty() => {
            Ok(match routes::find(&Method::GET, route.path) {
                Some(page) => Admission::Show(page, Why::Language),
                None => Admission::Elsewhere(visit.go("/home")),
            })
        }
        Standing::Current | Standing::Forged => Ok(Admission::In),
    }
}

/// The page of the second factor, with where to go afterwards and what was typed there.
fn second_factor(visit: &Visit) -> String {
    let wanted = visit.url(&visit.path);
    let next = next::own_path(&wanted).map_or(String::new(), |wanted| format!("?next={wanted}"));
    let kept = visit.query.get(kept::FIELD);
    if next.is_empty() || kept.is_empty() {
        format!("/second-factor{next}")
    } else {
        format!("/second-factor{next}&{}={kept}", kept::FIELD)
    }
}

/// A form of ours from a second tab, from before signing in again, or from the day before. It is never executed: who may still see what was typed
/// finds it in the page.
fn stale(visit: &mut Visit, route: &Route, owner: &str) -> Result<Admission, Error> {
    let own = owner == visit.owner();
    match route.access {
        // What somebody else typed is not shown to whoever sits here now.
        Access::Public if !own && !owner.is_empty() => visit.fields = Fields::default(),
        Access::Public => {}
        // No page of the members' carries a token of nobody.
        _ if owner.is_empty() => return Err(Error::Forbidden),
        // Somebody else signed in meanwhile: the answers are kept for whose they are.
        _ if !own => return Err(Error::SessionEnded),
        _ => {}
    }
    Ok(match routes::find(&Method::GET, route.path) {
        Some(page) => Admission::Show(page, Why::Stale),
        None => Admission::Elsewhere(visit.go("/home")),
    })
}

/// The page of a form that is not executed: it shows what was typed, with a fresh token. What was matched is the form's own handler, and the
/// rest of the stack would call it: the page's is called here.
async fn show_again(portal: Arc<Portal>, page: &Route, why: Why, request: Request) -> Response {
    let Ok(mut shown) = (page.handler)().with_state(portal).oneshot(request).await;
    if why == Why::Stale && shown.status() == StatusCode::OK {
        *shown.status_mut() = StatusCode::CONFLICT;
    }
    shown
}

/// What a form's token says, against the cookies of this request.
pub(crate) fn inspect_form(visit: &Visit, headers: &HeaderMap, token: &str) -> Standing {
    let jar = visit.portal.jar;
    let cookies = [
        jar.read(headers, Cookie::Session),
        jar.read(headers, Cookie::Form),
    ];
    form_token::inspect(
        &visit.portal.sealer,
        token,
        cookies.iter().flatten().map(String::as_str),
        visit.now.timestamp(),
    )
}

/// Asks identity who it is, and what the header shows. The header's two questions may fail without harm.
async fn open_session(visit: &mut Visit, token: String) -> Result<(), Error> {
    let backend = visit.portal.backend.clone();
    let inbox = async {
        let (access, info) = backend.exchange(&token, Audience::Notifications).await?;
        // Agents have no inbox.
        let unread = if info.terms_accepted && info.is_member {
            backend.count_unread(&access).await.ok()
        } else {
            None
        };
        Ok::<_, Error>((info, unread))
    };
    let record = async {
        let (access, info) = backend.exchange(&token, Audience::Membership).await?;
        if info.terms_accepted && info.is_member {
            backend.own_record(&access).await
        } else {
            Err(Error::Forbidden)
        }
    };
    let (inbox, record) = tokio::join!(inbox, record);
    let (info, unread) = inbox?;
    visit.unread = unread;
    visit.record = record.ok().map(Arc::new);
    visit.session = Some(Session { token, info });
    Ok(())
}

/// The reader's address, for rate limits only: the peer's, or what the trusted proxies wrote.
fn client_address(parts: &axum::http::request::Parts, trusted_proxies: usize) -> String {
    parts
        .extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map(|peer| platform::http::client_ip(peer.0.ip(), &parts.headers, trusted_proxies).to_string())
        .unwrap_or_default()
}

/// Browser and system in two words, as the list of sessions shows them.
fn device_label(headers: &HeaderMap) -> String {
    let agent = headers
        .get(USER_AGENT)
        .and_then(|agent| agent.to_str().ok())
        .unwrap_or_default();
    let first = |known: &[(&str, &'static str)]| {
        known
            .iter()
            .find(|(mark, _)| agent.contains(mark))
            .map(|(_, name)| *name)
    };
    let browser = first(&[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox", "Firefox"),
        ("FxiOS", "Firefox"),
        ("CriOS", "Chrome"),
        ("Chrome", "Chrome"),
        ("Safari", "Safari"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    [browser, system]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_its_language_and_the_rest() {
        assert_eq!(split("/fr/home"), (Some(Locale::Fr), "/home"));
        assert_eq!(split("/ar"), (Some(Locale::Ar), ""));
        assert_eq!(split("/de/home"), (None, ""));
        assert_eq!(split("/"), (None, ""));
    }

    #[test]
    fn a_path_is_text_or_names_nothing() {
        for good in ["", "/home", "/account/link/%D8%B1", "/100%", "/%zz"] {
            assert!(is_text(good), "{good}");
        }
        for bad in ["/account/link/%ff", "/%D8", "/%c3%28"] {
            assert!(!is_text(bad), "{bad}");
        }
    }

    #[test]
    fn a_forwarded_address_counts_only_as_far_as_proxies_are_trusted() {
        let request = Request::builder()
            .header("x-forwarded-for", "1.1.1.1, 2.2.2.2, 3.3.3.3")
            .body(())
            .unwrap();
        let (mut parts, ()) = request.into_parts();
        assert_eq!(client_address(&parts, 1), "", "nobody is connected");
        let peer = SocketAddr::from(([10, 0, 0, 1], 40_000));
        parts.extensions.insert(ConnectInfo(peer));
        assert_eq!(client_address(&parts, 0), "10.0.0.1");
        assert_eq!(client_address(&parts, 1), "3.3.3.3");
        assert_eq!(client_address(&parts, 2), "2.2.2.2");
        assert_eq!(client_address(&parts, 5), "10.0.0.1");
    }

    #[test]
    fn a_browser_is_named_in_two_words() {
        let mut headers = HeaderMap::new();
        headers.insert(
            USER_AGENT,
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"
                .parse()
                .unwrap(),
        );
        assert_eq!(device_label(&headers), "Chrome · Android");
        assert_eq!(device_label(&HeaderMap::new()), "");
    }
}
