//! The journey of the two guides, in one installation that the README's own command brought up: accounts opened from mails, terms, wizard, paper,
//! number, history, inbox; in French and Arabic, on a desk and on a phone, with JavaScript and without. Then every page is inspected with axe on
//! the same installation, and the installation goes down and comes up again with its data.
#![expect(clippy::unwrap_used, reason = "a failed precondition fails the test")]

mod installation;
mod partner;
mod roster;

use installation::Installation;
use roster::Roster;

struct Journey {
    locale: &'static str,
    javascript: bool,
    width: u32,
    position: &'static str,
}

const JOURNEYS: [Journey; 4] = [
    Journey {
        locale: "fr",
        javascript: true,
        width: 1440,
        position: "active",
    },
    Journey {
        locale: "ar",
        javascript: true,
        width: 360,
        position: "retired",
    },
    Journey {
        locale: "fr",
        javascript: false,
        width: 360,
        position: "seconded",
    },
    Journey {
        locale: "ar",
        javascript: false,
        width: 1440,
        position: "at_disposal",
    },
];

#[test]
fn a_newcomer_follows_the_guides_from_nothing_to_a_request_number_and_finds_it_again_after_a_restart() {
    let installation = Installation::up("guides", 300);
    let roster = Roster::read(&installation.roster());
    let mut numbers = Vec::new();
    for journey in &JOURNEYS {
        let person = roster.with_address_and_account(journey.position);
        let found = installation.walk(&serde_json::json!({
            "base": installation.portal,
            "mail": installation.mail,
            "locale": journey.locale,
            "javascript": journey.javascript,
            "width": journey.width,
            "person": person,
            "paper": installation.paper(),
            "shots": installation.shots(),
        }));
        numbers.push(found["number"].as_str().unwrap().to_owned());
    }
    let count = numbers.len();
    numbers.sort();
    numbers.dedup();
    assert_eq!(numbers.len(), count, "a request number was given twice");

    // A partner's developer follows the page for partners on the same installation.
    assert_eq!(partner::first_check(&installation)["result"], "valid");

    installation.inspect_every_page();

    let before = installation.applications();
    installation.down();
    let again = installation.up_again();
    assert_eq!(again.applications(), before, "the data did not survive a stop");
}
