//! A member at the last page of the wizard who presses Terminer until the portal answers: the same form, with the same key, again and again.

use std::sync::Mutex;
use std::time::Duration;

use regex_lite::Regex;
use reqwest::header::{COOKIE, LOCATION, ORIGIN};
use testkit::eventually;

pub(crate) struct Presser {
    http: reqwest::Client,
    portal: String,
    session: String,
    application: String,
    /// What came last, for the report of a press that was never answered.
    last: Mutex<String>,
}

impl Presser {
    pub(crate) fn new(portal: &str, session: &str, application: &str) -> Self {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(15))
            .build()
            .expect("a client");
        Self {
            http,
            portal: portal.to_owned(),
            session: session.to_owned(),
            application: application.to_owned(),
            last: Mutex::new(String::new()),
        }
    }

    pub(crate) fn application(&self) -> &str {
        &self.application
    }

    fn page(&self) -> String {
        format!("{}/fr/applications/{}/summary", self.portal, self.application)
    }

    fn note(&self, what: String) {
        *self.last.lock().expect("nobody panics while noting") = what;
    }

    /// The form of the page: what a browser would send.
    async fn form(&self) -> Option<Vec<(&'static str, String)>> {
        let answer = self
            .http
            .get(self.page())
            .header(COOKIE, self.cookie())
            .send()
            .await;
        let answer = answer.map_err(|error| self.note(error.to_string())).ok()?;
        let status = answer.status();
        let page = answer.text().await.ok()?;
        let value = |name: &str| {
            let pattern = Regex::new(&format!(r#"name="{name}" value="([^"]*)""#)).expect("a pattern");
            Some(pattern.captures(&page)?[1].to_owned())
        };
        let fields = ["form_token", "key", "read_version"]
            .into_iter()
            .map(|name| Some((name, value(name)?)))
            .collect::<Option<Vec<_>>>();
        if fields.is_none() {
            self.note(format!("{status} without a form"));
        }
        fields
    }

    async fn press(&self, form: &[(&'static str, String)]) -> Option<()> {
        let sent = self
            .http
            .post(self.page())
            .header(COOKIE, self.cookie())
            .header(ORIGIN, &self.portal)
            .form(form)
            .send()
            .await;
        let answer = sent.map_err(|error| self.note(error.to_string())).ok()?;
        let leads_to = answer
            .headers()
            .get(LOCATION)
            .and_then(|place| place.to_str().ok());
        let done = leads_to.is_some_and(|place| place.ends_with("/sent"));
        if !done {
            self.note(format!("{} to {leads_to:?}", answer.status()));
        }
        done.then_some(())
    }

    /// One form, pressed until the portal leads to the page of the file that was sent.
    pub(crate) async fn presses_until_answered(&self) {
        let _said_when_it_fails = Report(self);
        let form = eventually(|| self.form()).await;
        eventually(|| self.press(&form)).await;
    }

    fn cookie(&self) -> String {
        format!("tadamon-session={}", self.session)
    }
}

/// Says what came last when the wait ends in a panic.
struct Report<'a>(&'a Presser);

impl Drop for Report<'_> {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            return;
        }
        let last = self.0.last.lock().map(|last| last.clone()).unwrap_or_default();
        eprintln!(
            "faults: {} was never answered; last came: {last}",
            self.0.application
        );
    }
}
