//! `tadamon clients list`: every OAuth client of the table, a line each.

use chrono::{DateTime, Utc};
use identity_proto::v1::client_service_client::ClientServiceClient;
use identity_proto::v1::{Client, ListClientsRequest};
use serde_json::json;

use super::SCOPE;
use crate::exit::Failure;
use crate::identity::{Identity, IdentityArgs, refused};

const PAGE: i32 = 200;

#[derive(clap::Args, Debug)]
pub(crate) struct ListArgs {
    /// JSON lines instead of a table.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    identity: IdentityArgs,
}

pub(super) async fn run(args: ListArgs, now: DateTime<Utc>) -> Result<(), Failure> {
    let identity = Identity::open(&args.identity, SCOPE, now).await?;
    let mut page_token = String::new();
    loop {
        let request = identity.request(ListClientsRequest {
            page_size: PAGE,
            page_token,
        });
        let page = ClientServiceClient::new(identity.channel.clone())
            .list_clients(request)
            .await
            .map_err(|status| refused("the list", &status))?
            .into_inner();
        for client in &page.clients {
            println!("{}", line(client, args.json));
        }
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return Ok(());
        }
    }
}

fn line(client: &Client, json: bool) -> String {
    let state = if client.disabled_at.is_some() {
        "disabled"
    } else {
        "open"
    };
    if json {
        return json!({
            "client_id": client.client_id, "name": client.name, "kind": client.kind, "scopes": client.scopes,
            "audience": client.audience, "state": state, "secrets": client.secrets,
        })
        .to_string();
    }
    format!(
        "{}  {:20}  {:7}  {state:8}  {} at {}",
        client.client_id,
        client.name,
        client.kind,
        client.scopes.join(" "),
        client.audience
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_which_client_may_do_what_and_whether_it_still_may() {
        let client = Client {
            client_id: "partner-1".to_owned(),
            kind: "partner".to_owned(),
            name: "rail-gate".to_owned(),
            scopes: vec!["cards.verify".to_owned()],
            audience: "partnerships".to_owned(),
            ..Client::default()
        };
        assert_eq!(
            line(&client, false),
            "partner-1  rail-gate             partner  open      cards.verify at partnerships"
        );
        let disabled = Client {
            disabled_at: Some(pbjson_types::Timestamp::default()),
            ..client
        };
        assert!(line(&disabled, true).contains(r#""state":"disabled""#));
    }
}
