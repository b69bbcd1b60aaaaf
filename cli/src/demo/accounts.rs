//! `tadamon demo accounts`: who can be tried in a demonstration and with which password, members and agents, and with which details an account can be
//! opened by hand.
//! It does not look whether somebody has done so since.

use serde_json::json;

use super::agents::cast::agents;
use super::cast::{self, Newcomer};
use super::load::PASSWORD;

#[derive(clap::Args, Debug)]
pub(crate) struct AccountsArgs {
    /// One JSON document instead of a table.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &AccountsArgs) {
    let accounts = cast::accounts();
    if args.json {
        let list: Vec<_> = accounts
            .iter()
            .map(|account| json!({ "matricule": account.matricule, "who": account.who, "email": account.email, "language": account.language }))
            .collect();
        let agents: Vec<_> = agents()
            .iter()
            .map(|agent| json!({ "name": agent.name, "login": agent.login, "role": agent.role, "who": agent.who, "language": agent.locale }))
            .collect();
        let newcomers: Vec<_> = cast::newcomers().iter().map(as_json).collect();
        println!(
            "{}",
            json!({ "password": PASSWORD, "accounts": list, "agents": agents, "not_open_yet": newcomers })
        );
        return;
    }
    println!("password of all: {PASSWORD}");
    for account in accounts {
        println!("{}  {}", account.matricule, account.who);
    }
    println!(
        "\nagents of the back office: the same password, and the code that `tadamon demo code NAME` prints"
    );
    for agent in agents() {
        println!("{}  {:15}  {}", agent.login, agent.name, agent.who);
    }
    println!("\nnot open yet: fill in the form with");
    for newcomer in cast::newcomers() {
        println!("{}", as_lines(&newcomer));
    }
}

fn as_json(newcomer: &Newcomer) -> serde_json::Value {
    let form = &newcomer.form;
    json!({
        "matricule": form.matricule, "cin": form.cin, "position": form.position, "pension_number": form.pension_number,
        "email": form.email, "language": form.locale, "who": newcomer.who,
    })
}

/// The details in the order of the form, and below them who it is.
fn as_lines(newcomer: &Newcomer) -> String {
    let form = &newcomer.form;
    let pension = if form.pension_number.is_empty() {
        String::new()
    } else {
        format!("  pension number {}", form.pension_number)
    };
    format!(
        "matricule {}  identity card {}  {}{pension}  {}\n          {}",
        form.matricule, form.cin, form.position, form.email, newcomer.who
    )
}
