//! `tadamon demo accounts`: who can be tried in a demonstration, and with which password.

use serde_json::json;

use super::cast;
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
        println!("{}", json!({ "password": PASSWORD, "accounts": list }));
        return;
    }
    println!("password of all: {PASSWORD}");
    for account in accounts {
        println!("{}  {}", account.matricule, account.who);
    }
}
