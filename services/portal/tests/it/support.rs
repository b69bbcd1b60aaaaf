//! A portal on a free port, on doubles, and a browser without scripts: cookies, forms as the page wrote them, no automatic redirects.

use std::net::SocketAddr;

use platform::clock::Clock;
use platform::process::ServiceApp;
use portal::App;
use reqwest::header::{ACCEPT_LANGUAGE, CONTENT_TYPE, LOCATION};
use reqwest::{Client, StatusCode};
use testkit::TestKeys;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::world::{self, World};

pub(crate) struct TestApp {
    pub(crate) world: World,
    pub(crate) address: SocketAddr,
    _keys: TestKeys,
    _stop: DropGuard,
}

impl TestApp {
    pub(crate) async fn start() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut portal::Settings)) -> Self {
        let world = World::populated();
        let keys = testkit::keys();
        let mut settings = world::settings(world.serve().await, keys.path());
        change(&mut settings);
        let app = App::build(settings, Clock::manual(world::now()))
            .await
            .expect("the portal starts");
        let address = app.addresses().http.expect("pages are served");
        let stop = CancellationToken::new();
        tokio::spawn(app.run_until(stop.clone()));
        Self {
            world,
            address,
            _keys: keys,
            _stop: stop.drop_guard(),
        }
    }

    pub(crate) fn browser(&self) -> Browser {
        let _already = rustls_provider();
        let client = Client::builder()
            .cookie_store(true)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("a client");
        Browser {
            client,
            base: format!("http://{}", self.address),
        }
    }

    /// Signed in as somebody of the cast; an agent with the second factor.
    pub(crate) async fn signed_in(&self, matricule: &str) -> Browser {
        let browser = self.with_password(matricule).await;
        let page = browser.get("/fr/second-factor").await;
        if page.status == StatusCode::OK && page.body.contains("name=\"secret_code\"") {
            let answer = page
                .submit_where(
                    &browser,
                    "/second-factor",
                    ("way", "code"),
                    &[("secret_code", world::agents::CODE)],
                )
                .await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        }
        browser
    }

    /// Signed in by the password alone.
    pub(crate) async fn with_password(&self, matricule: &str) -> Browser {
        let browser = self.browser();
        let page = browser.get("/fr/sign-in").await;
        let answer = page
            .submit(
                &browser,
                "/sign-in",
                &[
                    ("matricule", matricule),
                    ("password", world::PASSWORD),
                    ("answer", "7"),
                ],
            )
            .await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        browser
    }
}

/// reqwest is built without a provider of its own; plain http never asks for it, the builder does.
fn rustls_provider() -> bool {
    rustls::crypto::ring::default_provider().install_default().is_ok()
}

pub(crate) struct Browser {
    pub(crate) client: Client,
    pub(crate) base: String,
}

/// An answer, read to its end.
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: String,
}

impl Browser {
    pub(crate) async fn get(&self, path: &str) -> Page {
        self.read(self.client.get(format!("{}{path}", self.base))).await
    }

    pub(crate) async fn get_in(&self, path: &str, language: &str) -> Page {
        self.read(
            self.client
                .get(format!("{}{path}", self.base))
                .header(ACCEPT_LANGUAGE, language),
        )
        .await
    }

    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let body: String = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let request = self
            .client
            .post(format!("{}{path}", self.base))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body);
        self.read(request).await
    }

    pub(crate) async fn read(&self, request: reqwest::RequestBuilder) -> Page {
        let answer = request.send().await.expect("the portal answers");
        Page {
            status: answer.status(),
            headers: answer.headers().clone(),
            body: answer.text().await.expect("a readable page"),
        }
    }
}

impl Page {
    /// Where a redirect leads; empty without one.
    pub(crate) fn leads_to(&self) -> &str {
        self.headers
            .get(LOCATION)
            .and_then(|location| location.to_str().ok())
            .unwrap_or_default()
    }

    /// Value of the first hidden field of that name.
    pub(crate) fn hidden(&self, name: &str) -> String {
        let mark = format!("name=\"{name}\" value=\"");
        let Some(start) = self.body.find(&mark) else {
            return String::new();
        };
        let rest = &self.body[start + mark.len()..];
        rest[..rest.find('"').expect("a closed attribute")].to_owned()
    }

    /// Sends the page's form whose address ends so: its own hidden fields, and what was typed.
    pub(crate) async fn submit(&self, browser: &Browser, action_end: &str, typed: &[(&str, &str)]) -> Page {
        self.submit_where(browser, action_end, ("", ""), typed).await
    }

    /// The same for a form that has this hidden value: pages of the office have several to one address.
    pub(crate) async fn submit_where(
        &self,
        browser: &Browser,
        action_end: &str,
        having: (&str, &str),
        typed: &[(&str, &str)],
    ) -> Page {
        let (action, fields) = self.form(action_end, having);
        send(browser, &action, fields, typed).await
    }

    /// Switches the language in the middle of the form whose address ends so: what was typed goes with it.
    pub(crate) async fn switch_language(
        &self,
        browser: &Browser,
        action_end: &str,
        typed: &[(&str, &str)],
    ) -> Page {
        let (_, fields) = self.form(action_end, ("", ""));
        let button = self
            .body
            .split("<button")
            .find(|button| attribute(button, "name") == Some("switch"))
            .unwrap_or_else(|| panic!("no switch that keeps what is typed in {}", self.body));
        assert_eq!(attribute(button, "form"), Some("page-form"));
        assert!(
            self.body.contains("<form id=\"page-form\"") || self.body.contains("id=\"page-form\" method")
        );
        let elsewhere = attribute(button, "formaction").expect("an address").to_owned();
        let typed = [typed, &[("switch", "language")]].concat();
        send(browser, &elsewhere, fields, &typed).await
    }

    /// Address and hidden fields of a form.
    fn form(&self, action_end: &str, (name, value): (&str, &str)) -> (String, Vec<(String, String)>) {
        let mark = format!("name=\"{name}\" value=\"{value}\"");
        let form = self
            .body
            .split("<form")
            .skip(1)
            .filter(|form| attribute(form, "action").is_some_and(|action| action.ends_with(action_end)))
            .filter(|form| {
                name.is_empty()
                    || form
                        .split("</form>")
                        .next()
                        .is_some_and(|own| own.contains(&mark))
            })
            // The page's main form stands last when several lead to one address.
            .last()
            .unwrap_or_else(|| panic!("no form to {action_end} in {}", self.body));
        let form = &form[..form.find("</form>").expect("a closed form")];
        let action = attribute(form, "action").expect("found by it").to_owned();
        let fields = form
            .split("<input")
            .skip(1)
            .filter(|input| attribute(input, "type") == Some("hidden"))
            .filter_map(|input| {
                Some((
                    attribute(input, "name")?.to_owned(),
                    attribute(input, "value").unwrap_or_default().to_owned(),
                ))
            })
            .collect();
        (action, fields)
    }
}

async fn send(
    browser: &Browser,
    action: &str,
    mut fields: Vec<(String, String)>,
    typed: &[(&str, &str)],
) -> Page {
    fields.extend(
        typed
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
    );
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    browser.post(action, &fields).await
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let tag = &tag[..tag.find('>')?];
    let mark = format!(" {name}=\"");
    let start = tag.find(&mark)? + mark.len();
    Some(&tag[start..start + tag[start..].find('"')?])
}
