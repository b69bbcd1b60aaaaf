//! `tadamon apps create`: durables first, then the user, then a sign-in with it: what is printed works.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use bus::grants::{app_inbox, app_line};
use bus::operate::{AppDurable, app_user, sign_in};

use super::credentials::{self, AppCredentials, Durable};
use super::{durables_of, events, users_file};
use crate::broker::{BrokerArgs, Credentials};
use crate::exit::Failure;

/// The password has 256 random bits: the cheapest work factor costs an attacker enough, and the broker little at every connection.
const WORK: u32 = 4;
/// How often and how long we try to sign in after the broker has read its users again.
const TRIES: u32 = 20;
const WAIT: Duration = Duration::from_millis(250);

#[derive(clap::Args, Debug)]
pub(crate) struct CreateArgs {
    /// The application: lower-case letters, digits and dashes.
    name: String,
    /// Types of public events, such as benefits.application.submitted.v1; docs/events.md lists them.
    #[arg(long, required = true, value_delimiter = ',')]
    events: Vec<String>,
    /// Where the credentials go; NAME.json without it. An existing file keeps its password, a missing one gets a new password.
    #[arg(long)]
    out: Option<PathBuf>,
    #[command(flatten)]
    broker: BrokerArgs,
}

pub(crate) async fn run(args: CreateArgs) -> Result<(), Failure> {
    let CreateArgs {
        name,
        events,
        out,
        broker,
    } = args;
    check(&name)?;
    let events = events::by_publisher(&events)?;
    let broker = broker.read()?;
    let out = out.unwrap_or_else(|| PathBuf::from(format!("{name}.json")));
    let user = app_user(&name);
    let earlier = credentials::read(&out, &user)?;

    let operator = broker.connect().await?;
    let before = received(&durables_of(&operator, &name).await?);
    let mut durables = Vec::new();
    for (publisher, events) in &events {
        durables.push(operator.make_durable(&name, publisher, events).await?);
    }
    for durable in durables_of(&operator, &name).await? {
        if !durables.iter().any(|(stream, _)| *stream == durable.stream) {
            operator.remove_durable(&durable).await?;
        }
    }
    let told = differences(&before, &events.values().flatten().cloned().collect());

    let (password, hash) = password(&broker, &user, earlier.as_ref())?;
    let line = app_line(&user, &hash, &durables);
    let wanted = AppCredentials {
        url: broker.url.clone(),
        inbox: app_inbox(&user),
        user,
        password,
        durables: durables
            .into_iter()
            .map(|(stream, durable)| Durable { stream, durable })
            .collect(),
    };
    // Before the broker knows the password: a run that is interrupted is repeated with the same one.
    let same = earlier.as_ref() == Some(&wanted);
    if !same {
        credentials::write(&out, &wanted)?;
    }
    if !before.is_empty() {
        for line in &told {
            println!("{line}");
        }
    }
    let Some(file) = &broker.users_file else {
        println!("{}: credentials written", out.display());
        println!(
            "put this line among the applications of the broker's users, and have it read them:\n{line}"
        );
        return Ok(());
    };
    let earlier_users = users_file::put(file, &wanted.user, &line)?;
    let changed = earlier_users.is_some();
    if let Some(before) = earlier_users
        && let Err(refusal) = broker.reload().await
    {
        users_file::put_back(file, &before)?;
        return Err(refusal);
    }
    let answered = try_out(&wanted).await;
    if answered.is_err() && !changed {
        // Written by a run that ended before the broker had read it.
        broker.reload().await?;
        try_out(&wanted).await?;
    } else {
        answered?;
    }
    println!(
        "{}: {}",
        out.display(),
        match (same && !changed, told.is_empty()) {
            (true, true) => "exists already; nothing was changed",
            (true, false) => "the credentials are the same as before",
            (false, _) => "credentials written; keep them like a password",
        }
    );
    Ok(())
}

/// The events of all its durables.
fn received(durables: &[AppDurable]) -> BTreeSet<String> {
    durables
        .iter()
        .flat_map(|durable| durable.events.iter().cloned())
        .collect()
}

/// What the application receives from now on and did not, and the other way round: a line each.
fn differences(before: &BTreeSet<String>, now: &BTreeSet<String>) -> Vec<String> {
    let more = now
        .difference(before)
        .map(|event| format!("now receives {event}"));
    let less = before
        .difference(now)
        .map(|event| format!("receives {event} no longer"));
    more.chain(less).collect()
}

fn check(name: &str) -> Result<(), Failure> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let good = name.bytes().all(plain)
        && (2..=32).contains(&name.len())
        && name.starts_with(|first: char| first.is_ascii_lowercase());
    if good {
        Ok(())
    } else {
        Err(Failure::usage(
            "an application is named by 2 to 32 lower-case letters, digits and dashes, a letter first",
        ))
    }
}

/// The password that the developer's file and the broker agree on, or a new one, with its hash.
fn password(
    broker: &Credentials,
    user: &str,
    earlier: Option<&AppCredentials>,
) -> Result<(String, String), Failure> {
    let known = match &broker.users_file {
        Some(file) => users_file::password_hash(file, user)?,
        None => None,
    };
    if let (Some(earlier), Some(hash)) = (earlier, known)
        && bcrypt::verify(&earlier.password, &hash).unwrap_or_default()
    {
        return Ok((earlier.password.clone(), hash));
    }
    let password = earlier.map_or_else(
        || hex::encode(platform::ids::random::<32>()),
        |earlier| earlier.password.clone(),
    );
    let hash =
        bcrypt::hash(&password, WORK).map_err(|error| anyhow::anyhow!("the password's hash: {error}"))?;
    Ok((password, hash))
}

/// Signs in as the application does.
async fn try_out(credentials: &AppCredentials) -> Result<(), Failure> {
    let mut last = None;
    for _ in 0..TRIES {
        match sign_in(&credentials.url, &credentials.user, &credentials.password).await {
            Ok(_) => return Ok(()),
            Err(error) => last = Some(error),
        }
        tokio::time::sleep(WAIT).await;
    }
    let why = last.map(|error| format!("{error:#}")).unwrap_or_default();
    Err(Failure::unavailable(format!(
        "the broker does not know the application yet: {why}"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_application_receives_more_or_less_than_before_is_said() {
        let set = |events: &[&str]| events.iter().map(|event| (*event).to_owned()).collect();
        let (before, now) = (set(&["a.v1", "b.v1"]), set(&["b.v1", "c.v1"]));
        assert_eq!(
            differences(&before, &now),
            ["now receives c.v1", "receives a.v1 no longer"]
        );
        assert!(differences(&now, &now).is_empty());
    }

    #[test]
    fn a_name_is_a_plain_word() {
        for name in ["statistics", "hr-2", "ab"] {
            assert!(check(name).is_ok(), "{name}");
        }
        for name in [
            "",
            "a",
            "Hr",
            "-hr",
            "2hr",
            "h.r",
            "h>r",
            "h*",
            "h r",
            "إحصاء",
            &"a".repeat(33),
        ] {
            assert_eq!(check(name).unwrap_err().code(), 64, "{name:?}");
        }
    }
}
