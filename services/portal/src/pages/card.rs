//! The member's card: codes that a partner checks, shown when asked for and void after minutes, and who checked them.
//!
//! Looking at the page makes no code: a button does, because new codes void those that somebody may be showing at a counter. The button leads to a
//! page whose address carries the codes sealed, for their member and until they end: reload, Back and the other language show the same codes and
//! ask for none. Codes that newer ones replaced, from another tab or another device, are not shown again.

use askama::Template;

use super::Page;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::backend::Audience;
use crate::backend::models::{CardCheck, MemberRecord, PersonCard};
use crate::error::Error;
use crate::text::Arg;
use crate::views::{Frame, Section};
use crate::visit::Visit;

struct OfferLine {
    partner: String,
    offer: String,
    /// "30 %".
    percent: String,
}

struct CardLine {
    name: String,
    relation: String,
    /// In two groups of five, as people read it out.
    code: String,
    reason: String,
    offers: Vec<OfferLine>,
}

#[derive(Template)]
#[template(path = "card.html")]
struct Card {
    p: Frame,
    cards: Vec<CardLine>,
    /// Until when; empty before codes were asked for.
    until: String,
    /// The same, sealed, for the page in the other language.
    shown: String,
    problem: String,
}

/// Codes that stand in the page.
#[derive(Serialize, Deserialize)]
struct Shown {
    owner: String,
    ends_at: Option<DateTime<Utc>>,
    cards: Vec<PersonCard>,
}

/// What the codes are sealed for, and the hidden field or parameter that carries them.
const PURPOSE: &str = "portal.card-codes";
const SHOWN: &str = "shown";
/// Longest text that fits into an address everywhere.
const MAX_SEALED: usize = 6_000;

struct CheckLine {
    name: String,
    relation: String,
    partner: String,
    counter: String,
    date: String,
    time: String,
    valid: bool,
    /// The offer when valid, else why not.
    what: String,
    sale: String,
    cancelled: String,
}

#[derive(Template)]
#[template(path = "card_checks.html")]
struct Checks {
    p: Frame,
    checks: Vec<CheckLine>,
    next_page: String,
}

pub(crate) async fn show(visit: Visit) -> Page {
    let Some(shown) = still_shown(&visit) else {
        return without_codes(&visit, String::new());
    };
    if is_replaced(&visit, &shown).await? {
        return without_codes(&visit, visit.say("card-replaced"));
    }
    codes(&visit, shown)
}

/// Whether the member asked for newer codes since. While partnerships is away nobody can say so, and the codes may be all that a counter asks for.
async fn is_replaced(visit: &Visit, shown: &Shown) -> Result<bool, Error> {
    if shown.cards.iter().all(|card| card.code.is_empty()) {
        return Ok(false);
    }
    let token = visit.token(Audience::Partnerships).await?;
    match visit.backend().newest_codes_end(&token).await {
        Ok(newest) => {
            // Partnerships keeps microseconds.
            let micros = |at: Option<DateTime<Utc>>| at.map(|at| at.timestamp_micros());
            Ok(micros(newest) != micros(shown.ends_at))
        }
        Err(error) if error.is_transient() => Ok(false),
        Err(error) => Err(error),
    }
}

/// The codes that were asked for and still hold: of the page's address, or of its form when its reader switched the language.
fn still_shown(visit: &Visit) -> Option<Shown> {
    let sealed = match visit.fields.get(SHOWN) {
        "" => visit.query.get(SHOWN),
        sealed => sealed,
    };
    let shown: Shown = visit.portal.sealer.open(PURPOSE, sealed)?;
    let holds = shown.owner == visit.owner() && shown.ends_at.is_some_and(|ends_at| visit.now < ends_at);
    holds.then_some(shown)
}

fn without_codes(visit: &Visit, problem: String) -> Page {
    Ok(visit.page(&Card {
        p: visit.heading(Section::Card, "card-title"),
        cards: Vec::new(),
        until: String::new(),
        shown: String::new(),
        problem,
    }))
}

pub(crate) async fn issue(visit: Visit) -> Page {
    let token = visit.token(Audience::Partnerships).await?;
    let (cards, ends_at) = match visit.backend().issue_card_codes(&token).await {
        Ok(issued) => issued,
        // Nothing that was typed waits here, unlike where a request is begun.
        Err(Error::Refused { reason, .. }) if reason == "FACTS_UNKNOWN" => {
            return without_codes(&visit, visit.say("card-facts-unknown"));
        }
        Err(Error::Refused { reason, .. }) => return without_codes(&visit, visit.reason(&reason)),
        Err(error) => return Err(error),
    };
    let shown = Shown {
        owner: visit.owner().to_owned(),
        ends_at,
        cards,
    };
    match visit.portal.sealer.seal(PURPOSE, &shown) {
        Some(sealed) if sealed.len() <= MAX_SEALED => Ok(visit.go(format_args!("/card?{SHOWN}={sealed}"))),
        // A household too large for an address: its codes stand in this answer alone.
        _ => codes(&visit, shown),
    }
}

fn codes(visit: &Visit, shown: Shown) -> Page {
    let mut frame = visit.heading(Section::Card, "card-title");
    frame.keeps_typed = true;
    let record = visit.record.as_deref();
    let page = Card {
        shown: visit.portal.sealer.seal(PURPOSE, &shown).unwrap_or_default(),
        until: frame.time(shown.ends_at),
        cards: shown
            .cards
            .into_iter()
            .map(|card| card_line(visit, &frame, record, card))
            .collect(),
        problem: String::new(),
        p: frame,
    };
    Ok(visit.page(&page))
}

fn card_line(visit: &Visit, frame: &Frame, record: Option<&MemberRecord>, card: PersonCard) -> CardLine {
    CardLine {
        name: name(visit, record, &card.person_id, &card.category),
        relation: frame.of_family("relation", &card.category),
        code: in_groups(&card.code),
        reason: if card.reason.is_empty() {
            String::new()
        } else {
            visit.reason(&card.reason)
        },
        offers: card
            .offers
            .into_iter()
            .map(|offer| OfferLine {
                partner: offer.partner.in_locale(visit.locale).to_owned(),
                offer: offer.offer.in_locale(visit.locale).to_owned(),
                percent: percent(offer.basis_points),
            })
            .collect(),
    }
}

/// The name on the member's record; empty while membership is away, and then the relation alone says whose card it is.
fn name(visit: &Visit, record: Option<&MemberRecord>, person_id: &str, category: &str) -> String {
    let Some(record) = record else {
        return String::new();
    };
    if category == "member" {
        return record.name.full(visit.locale);
    }
    record
        .family
        .iter()
        .find(|relative| relative.person_id == person_id)
        .map(|relative| relative.name.full(visit.locale))
        .unwrap_or_default()
}

fn in_groups(code: &str) -> String {
    match code.split_at_checked(5) {
        Some((first, second)) if !second.is_empty() => format!("{first} {second}"),
        _ => code.to_owned(),
    }
}

/// 3000 is "30 %", 1250 is "12,5 %"; the space does not break.
fn percent(basis_points: u32) -> String {
    let (whole, rest) = (basis_points / 100, basis_points % 100);
    let fraction = match rest {
        0 => String::new(),
        rest if rest % 10 == 0 => format!(",{}", rest / 10),
        rest => format!(",{rest:02}"),
    };
    format!("{whole}{fraction}\u{A0}%")
}

pub(crate) async fn checks(visit: Visit) -> Page {
    let token = visit.token(Audience::Partnerships).await?;
    let (checks, next_page) = visit
        .backend()
        .list_checks(&token, visit.query.get("page"))
        .await?;
    let frame = visit.heading(Section::Card, "checks-title");
    let record = visit.record.as_deref();
    let page = Checks {
        checks: checks
            .into_iter()
            .map(|check| check_line(&visit, &frame, record, check))
            .collect(),
        next_page: form_urlencoded::byte_serialize(next_page.as_bytes()).collect(),
        p: frame,
    };
    Ok(visit.page(&page))
}

fn check_line(visit: &Visit, frame: &Frame, record: Option<&MemberRecord>, check: CardCheck) -> CheckLine {
    let sale = check.sale.as_ref().map(|sale| {
        let money = |centimes| Arg::Text(frame.money(centimes));
        let values = [
            ("gross", money(sale.gross)),
            ("reduction", money(sale.reduction)),
            ("net", money(sale.net)),
        ];
        frame.texts.with(frame.locale, "check-sale", &values)
    });
    let cancelled = check.sale.as_ref().and_then(|sale| sale.cancelled_at);
    CheckLine {
        name: name(visit, record, &check.person_id, check.category),
        relation: frame.of_family("relation", check.category),
        partner: check.partner.in_locale(visit.locale).to_owned(),
        counter: check.counter.in_locale(visit.locale).to_owned(),
        date: frame.date(check.at),
        time: frame.time(check.at),
        valid: check.valid,
        what: if check.valid {
            check.offer.in_locale(visit.locale).to_owned()
        } else {
            visit.reason(&check.reason)
        },
        sale: sale.unwrap_or_default(),
        cancelled: cancelled
            .map(|at| frame.t1("check-cancelled", "date", frame.date(Some(at))))
            .unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_in_two_groups_and_a_percentage_as_it_is_written() {
        assert_eq!(in_groups("AB3CD4EF5G"), "AB3CD 4EF5G");
        assert_eq!(in_groups(""), "");
        assert_eq!(percent(3000), "30\u{A0}%");
        assert_eq!(percent(1250), "12,5\u{A0}%");
        assert_eq!(percent(1205), "12,05\u{A0}%");
    }
}
