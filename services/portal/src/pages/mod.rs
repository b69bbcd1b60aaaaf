//! One file a page: what it asks the backends, what it refuses at the field, where it leads. How it looks is in `templates/`.

pub(crate) mod about;
pub(crate) mod account;
pub(crate) mod activate;
pub(crate) mod card;
pub(crate) mod challenge;
pub(crate) mod decision;
pub(crate) mod discard;
pub(crate) mod failures;
pub(crate) mod files;
pub(crate) mod home;
pub(crate) mod inbox;
pub(crate) mod link;
pub(crate) mod office;
pub(crate) mod password;
pub(crate) mod profile;
mod robot;
pub(crate) mod second_factor;
pub(crate) mod services;
pub(crate) mod sessions;
pub(crate) mod sign_in;
pub(crate) mod sign_out;
pub(crate) mod terms;
pub(crate) mod withdraw;
pub(crate) mod wizard;

use std::time::Duration;

use axum::response::Response;

use crate::error::Error;
use crate::views::Problems;
use crate::visit::Visit;

/// What a page answers.
pub(crate) type Page = Result<Response, Error>;

/// The counter, in the reader's language.
pub(crate) struct Desk {
    pub(crate) name: String,
    pub(crate) address: String,
    pub(crate) hours: String,
    pub(crate) phone: String,
    pub(crate) email: String,
}

impl Desk {
    pub(crate) fn of(visit: &Visit) -> Self {
        let desk = &visit.portal.settings.desk;
        let (name, address, hours) = match visit.locale {
            kernel::Locale::Ar => (&desk.name_ar, &desk.address_ar, &desk.hours_ar),
            kernel::Locale::Fr => (&desk.name_fr, &desk.address_fr, &desk.hours_fr),
        };
        Self {
            name: name.clone(),
            address: address.clone(),
            hours: hours.clone(),
            phone: desk.phone.clone(),
            email: desk.email.clone(),
        }
    }
}

/// What a refusal of the whole says; one that ends by itself says when.
fn sentence(visit: &Visit, reason: &str, retry_after: Option<Duration>) -> String {
    match (reason, retry_after) {
        ("SLOW_DOWN", Some(delay)) => {
            // A wait is said as it is: sending somebody away for a minute who could go on after three seconds drives them to the desk.
            let seconds = delay.as_secs().max(1);
            let (key, count) = if seconds < 60 {
                ("slow-down-seconds", seconds)
            } else {
                ("slow-down", seconds.div_ceil(60))
            };
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            visit
                .portal
                .texts
                .with(visit.locale, key, &[("count", crate::text::Arg::Count(count))])
        }
        _ => visit.reason(reason),
    }
}

/// Turns a refusal into the lines of the error summary: one for each field, or one for the whole form. Any other error goes on to the edge.
pub(crate) fn refusal(visit: &Visit, problems: &mut Problems, error: Error) -> Result<(), Error> {
    let Error::Refused {
        reason,
        fields,
        retry_after,
    } = error
    else {
        return Err(error);
    };
    if fields.is_empty() {
        problems.add("", sentence(visit, &reason, retry_after));
        return Ok(());
    }
    for field in fields {
        let reason = if field.reason.is_empty() {
            &reason
        } else {
            &field.reason
        };
        problems.add(&field.name, visit.reason(reason));
    }
    Ok(())
}
