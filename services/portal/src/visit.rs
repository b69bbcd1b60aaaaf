//! One visit to one page: the language, the reader, what was typed, and the ways to answer. Every page takes it as its argument.

use std::fmt::Display;
use std::sync::Arc;

use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use kernel::Locale;

use crate::app::Portal;
use crate::backend::models::{MemberRecord, SessionInfo};
use crate::backend::{Audience, Backend};
use crate::error::Error;
use crate::fields::Fields;
use crate::security::cookies::Cookie;
use crate::security::{form_token, kept, next, switched};
use crate::views::frame::Who;
use crate::views::{self, AgentNav, Frame, Section};

/// A signed-in session, as the edge found it.
#[derive(Clone)]
pub(crate) struct Session {
    pub(crate) token: String,
    pub(crate) info: SessionInfo,
}

/// See the module. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Visit {
    pub(crate) portal: Arc<Portal>,
    pub(crate) locale: Locale,
    /// The address itself says so; otherwise the browser's wish was taken.
    pub(crate) has_language: bool,
    /// Path without the language: `/home`; empty on the first page.
    pub(crate) path: String,
    pub(crate) query: Fields,
    /// The form, when there is one.
    pub(crate) fields: Fields,
    pub(crate) session: Option<Session>,
    /// The member's own record for the header and the pages; absent when membership is away.
    pub(crate) record: Option<Arc<MemberRecord>>,
    /// Unread messages; absent when notifications is away.
    pub(crate) unread: Option<i64>,
    /// The page stands in for a form that was too old to be executed, and says so.
    pub(crate) stale_form: bool,
    /// Value of the cookie that forms are bound to.
    pub(crate) bound_to: String,
    pub(crate) client_address: String,
    pub(crate) device_label: String,
    pub(crate) device_token: String,
    pub(crate) now: DateTime<Utc>,
    /// The script asks, not a page: errors are answered as JSON.
    pub(crate) wants_json: bool,
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Error> {
        parts.extensions.get::<Visit>().cloned().ok_or(Error::Unforeseen)
    }
}

impl Visit {
    pub(crate) fn backend(&self) -> &Backend {
        &self.portal.backend
    }

    /// The signed-in session.
    pub(crate) fn session(&self) -> Result<&Session, Error> {
        self.session.as_ref().ok_or(Error::SessionEnded)
    }

    /// A short token for one service, in the member's name.
    pub(crate) async fn token(&self, audience: Audience) -> Result<String, Error> {
        let (token, _) = self.backend().exchange(&self.session()?.token, audience).await?;
        Ok(token)
    }

    /// The member's own record; asked for again when the header went without.
    pub(crate) async fn record(&self) -> Result<Arc<MemberRecord>, Error> {
        if let Some(record) = &self.record {
            return Ok(record.clone());
        }
        let token = self.token(Audience::Membership).await?;
        Ok(Arc::new(self.backend().own_record(&token).await?))
    }

    /// Account id of the reader; empty when nobody is signed in.
    pub(crate) fn owner(&self) -> &str {
        self.session
            .as_ref()
            .map_or("", |session| session.info.account_id.as_str())
    }

    /// The frame of the page, with a title.
    pub(crate) fn frame(&self, section: Section, title: String) -> Frame {
        let who = self.session.as_ref().map(|_| Who {
            name: self
                .record
                .as_ref()
                .map(|record| record.name.full(self.locale))
                .unwrap_or_default(),
            initials: self
                .record
                .as_ref()
                .map(|record| record.name.initials(self.locale))
                .unwrap_or_default(),
            unread: self.unread,
        });
        let office = self
            .session
            .as_ref()
            .filter(|session| session.info.is_working_agent())
            .map(|session| AgentNav::of(&session.info.roles, &session.info.account_id));
        Frame {
            locale: self.locale,
            texts: self.portal.texts.clone(),
            path: self.path.clone(),
            other_query: switched::query(self.locale, &self.query, &self.fields),
            title,
            inside: self
                .session
                .as_ref()
                .is_some_and(|session| session.info.terms_accepted && session.info.is_member),
            who,
            office,
            section,
            keeps_typed: false,
            was: String::new(),
            again: self.again(),
            stale_form: self.stale_form,
            form_token: form_token::mint(
                &self.portal.sealer,
                self.owner(),
                &self.bound_to,
                self.now.timestamp(),
            ),
            key: platform::ids::uuid_v7(self.now).to_string(),
            demonstration: self.portal.settings.common.demonstration.enabled,
            scripts: Vec::new(),
        }
    }

    /// Where the page that answers a form is shown again, with what was typed as far as it may be kept. Empty for a page that was asked for by its
    /// address.
    fn again(&self) -> String {
        if self.fields.iter().next().is_none() {
            return String::new();
        }
        let page = self.path.strip_suffix("/upload").unwrap_or(&self.path);
        let kept = self.keep();
        let mut query = form_urlencoded::Serializer::new(switched::own(&self.query));
        for wanted in [self.fields.get("next"), self.query.get("next")] {
            if let Some(next) = next::own_path(wanted) {
                query.append_pair("next", next);
                break;
            }
        }
        if let Some(kept) = &kept {
            query.append_pair(kept::FIELD, kept);
        }
        match query.finish() {
            query if query.is_empty() => self.url(page),
            query => self.url(format_args!("{page}?{query}")),
        }
    }

    /// The sealed answers of the form that was sent, for its own page and its own owner.
    pub(crate) fn keep(&self) -> Option<String> {
        let token = self.fields.get(form_token::FIELD);
        // Sealed for the form's owner, so it matters not that the session is another by now.
        let owner = form_token::owner(&self.portal.sealer, token)?;
        kept::keep(
            &self.portal.sealer,
            &owner,
            &self.path,
            &self.fields,
            self.now.timestamp(),
        )
    }

    /// The address's part with what the page's other forms held when one of them was sent; empty when that is nothing.
    pub(crate) fn keep_carried(&self) -> String {
        let sealed = kept::keep(
            &self.portal.sealer,
            self.owner(),
            &self.path,
            &self.fields.carried(),
            self.now.timestamp(),
        );
        sealed.map_or_else(String::new, |sealed| format!("&{}={sealed}", kept::FIELD))
    }

    /// The frame whose title is a sentence of the files.
    pub(crate) fn heading(&self, section: Section, key: &str) -> Frame {
        self.frame(section, self.say(key))
    }

    pub(crate) fn say(&self, key: &str) -> String {
        self.portal.texts.get(self.locale, key)
    }

    pub(crate) fn say1(&self, key: &str, name: &str, value: impl Display) -> String {
        self.portal
            .texts
            .with(self.locale, key, &[(name, crate::text::text(value))])
    }

    /// The sentence for a backend's stable reason.
    pub(crate) fn reason(&self, reason: &str) -> String {
        let key = format!("reason-{}", reason.to_ascii_lowercase().replace('_', "-"));
        if self.portal.texts.has(&key) {
            self.say(&key)
        } else {
            tracing::warn!(reason, "a reason has no sentence");
            self.say("reason-other")
        }
    }

    /// What was typed before the session ended or a service was away, if this page keeps something for this reader; otherwise the form as sent.
    pub(crate) fn typed(&self) -> Fields {
        if self.fields.iter().next().is_some() {
            return self.fields.clone();
        }
        let sealed = self.query.get(kept::FIELD);
        if sealed.is_empty() {
            return Fields::default();
        }
        kept::restore(
            &self.portal.sealer,
            self.owner(),
            &self.path,
            sealed,
            self.now.timestamp(),
        )
        .unwrap_or_default()
    }

    /// The idempotency key of the form that was sent, or of the answers that were kept; a fresh one when neither has a good one.
    pub(crate) fn key(&self) -> String {
        let typed = self.typed();
        let key = typed.get("key");
        uuid::Uuid::try_parse(key)
            .unwrap_or_else(|_| platform::ids::uuid_v7(self.now))
            .to_string()
    }

    /// Writes a page.
    pub(crate) fn page(&self, template: &impl Template) -> Response {
        views::page(StatusCode::OK, template)
    }

    /// An address of this portal in the reader's language.
    pub(crate) fn url(&self, path: impl Display) -> String {
        format!("/{}{path}", self.locale.as_str())
    }

    /// Leads on after a form was taken, so that reloading sends nothing twice.
    pub(crate) fn go(&self, path: impl Display) -> Response {
        go_to(&self.url(path))
    }
}

/// `303 See Other`.
pub(crate) fn go_to(address: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    if let Ok(address) = HeaderValue::from_str(address) {
        response.headers_mut().insert(LOCATION, address);
    }
    response
}

/// Adds a cookie to an answer.
pub(crate) fn set_cookie(response: &mut Response, portal: &Portal, cookie: Cookie, value: Option<&str>) {
    let header = value.map_or_else(|| portal.jar.clear(cookie), |value| portal.jar.set(cookie, value));
    if let Ok(header) = HeaderValue::from_str(&header) {
        response.headers_mut().append(SET_COOKIE, header);
    }
}
