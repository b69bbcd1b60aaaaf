//! `tadamon apps`: applications outside the platform that listen to events. Each gets a durable per publishing service and a user that may
//! receive from these and do nothing else. Nothing is asked of a service, no database is opened.

mod create;
mod credentials;
mod events;
mod users_file;

use std::process::ExitCode;

use bus::operate::{AppDurable, Operator, app_user};
use clap::Subcommand;

use crate::broker::BrokerArgs;
use crate::exit::Failure;

#[derive(Subcommand, Debug)]
pub(crate) enum AppsCommand {
    /// Make an application's durables and credentials, or give it other events. Running it again changes nothing else.
    Create(create::CreateArgs),
    /// What there is, and how far each has read.
    List(ListArgs),
    /// Have an application receive everything that the streams still hold, from the beginning.
    Rewind(NamedArgs),
    /// Remove an application: its user is refused at once.
    Remove(NamedArgs),
}

#[derive(clap::Args, Debug)]
pub(crate) struct ListArgs {
    /// One JSON object a line.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    broker: BrokerArgs,
}

#[derive(clap::Args, Debug)]
pub(crate) struct NamedArgs {
    name: String,
    #[command(flatten)]
    broker: BrokerArgs,
}

pub(crate) async fn run(command: AppsCommand) -> Result<ExitCode, Failure> {
    match command {
        AppsCommand::Create(args) => create::run(args).await?,
        AppsCommand::List(args) => list(args).await?,
        AppsCommand::Rewind(args) => rewind(args).await?,
        AppsCommand::Remove(args) => remove(args).await?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The durables of one application.
async fn durables_of(operator: &Operator, app: &str) -> Result<Vec<AppDurable>, Failure> {
    let mut durables = operator.app_durables().await?;
    durables.retain(|durable| durable.app == app);
    Ok(durables)
}

async fn existing(operator: &Operator, app: &str) -> Result<Vec<AppDurable>, Failure> {
    let durables = durables_of(operator, app).await?;
    if durables.is_empty() {
        return Err(Failure::refused(format!(
            "there is no application {app}; `tadamon apps list` shows them"
        )));
    }
    Ok(durables)
}

async fn list(args: ListArgs) -> Result<(), Failure> {
    let operator = args.broker.read()?.connect().await?;
    for durable in operator.app_durables().await? {
        if args.json {
            let line = serde_json::json!({
                "app": durable.app,
                "stream": durable.stream,
                "durable": durable.durable,
                "events": durable.events,
                "waiting": durable.waiting,
                "unacknowledged": durable.unacknowledged,
            });
            println!("{line}");
        } else {
            println!(
                "{}  {}  {} waiting, {} unacknowledged  {}",
                durable.app,
                durable.stream,
                durable.waiting,
                durable.unacknowledged,
                durable.events.join(", ")
            );
        }
    }
    Ok(())
}

async fn rewind(args: NamedArgs) -> Result<(), Failure> {
    let operator = args.broker.read()?.connect().await?;
    for durable in existing(&operator, &args.name).await? {
        let publisher = events::publisher_of(&durable.events)?;
        operator.remove_durable(&durable).await?;
        operator
            .make_durable(&args.name, &publisher, &durable.events)
            .await?;
    }
    println!(
        "{} receives everything again from the beginning of the streams",
        args.name
    );
    Ok(())
}

async fn remove(args: NamedArgs) -> Result<(), Failure> {
    let credentials = args.broker.read()?;
    let operator = credentials.connect().await?;
    let durables = durables_of(&operator, &args.name).await?;
    let had_user = match &credentials.users_file {
        Some(file) => users_file::remove(file, &app_user(&args.name))?,
        None => false,
    };
    if durables.is_empty() && !had_user {
        return Err(Failure::refused(format!("there is no application {}", args.name)));
    }
    if had_user {
        credentials.reload().await?;
    }
    for durable in &durables {
        operator.remove_durable(durable).await?;
    }
    println!("{} is removed", args.name);
    if credentials.users_file.is_none() {
        println!(
            "take the user {} out of the broker's file of users",
            app_user(&args.name)
        );
    }
    Ok(())
}
