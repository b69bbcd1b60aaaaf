//! The portal on stand-ins of its backends, for looking at pages while no backend runs: `cargo run -p portal --example doubles -- 7199`.
//! Prints where it is, whom to sign in as, and the records that the browser walk needs. Never part of an installation.

#[expect(dead_code, reason = "the example never makes a backend fail; the tests do")]
mod world;

use std::io::Write;

use platform::clock::Clock;
use platform::process::ServiceApp;
use tokio_util::sync::CancellationToken;
use world::World;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let port = std::env::args().nth(1).unwrap_or_else(|| "7199".to_owned());
    let keys = testkit::keys();
    let doubles = World::populated().serve().await;
    let mut settings = world::settings(doubles, keys.path());
    settings.http.listen = format!("127.0.0.1:{port}").parse()?;
    settings.http.public_url = format!("http://localhost:{port}");
    let app = portal::App::build(settings, Clock::manual(world::now())).await?;
    let walk = serde_json::json!({
        "base": format!("http://localhost:{port}"),
        "accounts": {
            "member": { "matricule": world::KHADIJA, "password": world::PASSWORD },
            "empty": { "matricule": world::BRAHIM, "password": world::PASSWORD },
            "newcomer": { "matricule": world::NEWCOMER, "password": world::PASSWORD },
            "agent": { "matricule": world::AGENT, "password": world::PASSWORD, "code": world::agents::CODE },
            "reviewer": { "matricule": world::REVIEWER, "password": world::PASSWORD, "code": world::agents::CODE },
            "validator": { "matricule": world::VALIDATOR, "password": world::PASSWORD, "code": world::agents::CODE },
            "auditor": { "matricule": world::AUDITOR, "password": world::PASSWORD, "code": world::agents::CODE },
            "enrolling": { "matricule": world::FRESH_AGENT, "password": world::PASSWORD },
        },
        "records": {
            "benefit": world::BENEFIT,
            "draft": world::benefits::DRAFT,
            "trip": world::air_transport::TRIP,
            "sent": world::benefits::SENT,
            "reviewing": world::benefits::decided::REVIEWING,
            "asked": world::benefits::decided::ASKED,
            "corrections": ["details/ticket", "papers", "summary"],
            "granted": world::benefits::decided::GRANTED,
            "refused": world::benefits::decided::REFUSED,
            "document": world::documents::DOCUMENT,
            "link": world::LINK,
            "queue": "examination",
            "review": world::office::REVIEW,
            "agent": world::agents::COLLEAGUE,
        },
    });
    writeln!(std::io::stdout(), "{walk}")?;
    app.run_until(CancellationToken::new()).await
}
