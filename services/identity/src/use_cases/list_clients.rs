//! Every OAuth client of the table, by name.

use crate::context::Context;
use crate::error::Error;
use crate::paging;
use crate::store::clients::{self, Client};

const LIST: &str = "page.clients";

/// A page, each client with how many of its secrets work; the next page's token, empty on the last.
pub(crate) struct ClientPage {
    pub(crate) clients: Vec<(Client, i64)>,
    pub(crate) next: String,
}

pub(crate) async fn list_clients(context: &Context, size: i32, token: &str) -> Result<ClientPage, Error> {
    let after = paging::read(&context.secrets, LIST, token)?.unwrap_or_default();
    let size = paging::page_size(size);
    let mut clients = clients::page(
        &mut *context.pool.acquire().await?,
        &after,
        size + 1,
        context.now(),
    )
    .await?;
    let wanted = usize::try_from(size).unwrap_or(usize::MAX);
    let more = clients.len() > wanted;
    clients.truncate(wanted);
    let next = clients
        .last()
        .filter(|_| more)
        .map_or_else(String::new, |(last, _)| {
            paging::token(&context.secrets, LIST, &last.name)
        });
    Ok(ClientPage { clients, next })
}
