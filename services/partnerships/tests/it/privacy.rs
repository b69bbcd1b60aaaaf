//! What the log of a check, a sale and a refusal never holds: a code, a token, a birth date, a partner's reference. At every level, libraries included.

use std::io::Write;
use std::sync::Mutex;

use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::support::TestApp;

static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

#[derive(Clone, Copy)]
struct Kept;

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LOG.lock()
            .expect("no test panicked here")
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Kept {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        Self
    }
}

#[tokio::test]
async fn no_code_token_birth_date_or_reference_stands_in_any_log_line() {
    // Everything that this process and its libraries say, but for the test's own HTTP client.
    let filter = "trace,reqwest=off,hyper_util::client=off,hyper::client=off,hyper::proto=off";
    let log = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .with_writer(Kept);
    tracing_subscriber::registry()
        .with(filter.parse::<Targets>().expect("a filter"))
        .with(log)
        .init();
    let app = TestApp::start().await;
    let partner = app.coach_company().await;
    let member = app.member().await;
    let cards = member.issue().await.expect("codes");
    let codes: Vec<&str> = cards
        .iter()
        .map(|card| card.code.as_str())
        .filter(|code| !code.is_empty())
        .collect();
    let verification = partner.verified(codes[2]).await;
    let mut sale = partner.sale(&verification);
    sale["partner_reference"] = "TICKET-4711-OF-SOMEBODY".into();
    partner.redeemed(&sale).await;
    partner.verify("ZZZZZ99999").await;
    sale["gross_amount"] = "much".into();
    partner.redeem(&app.key(), &sale).await;
    member.checks().await;
    let log = String::from_utf8_lossy(&LOG.lock().expect("no test panicked here")).into_owned();
    assert!(log.contains("a card was checked"), "the log is kept");
    let mut words = codes.clone();
    words.extend([
        "ZZZZZ99999",
        partner.token.as_str(),
        "2015-11-20",
        "1980-05-17",
        "TICKET-4711-OF-SOMEBODY",
    ]);
    for word in words {
        let line = log.lines().find(|line| line.contains(word));
        assert_eq!(line, None, "{word}");
    }
    app.finish().await;
}
