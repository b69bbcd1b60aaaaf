//! Every agent's account, in the order of their making, with the login opened for the administrator who asks.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::manage_agent::LOGIN_PLACE;
use crate::context::Context;
use crate::error::Error;
use crate::paging;
use crate::store::agents::{self, Listed};

const LIST: &str = "page.agents";

/// A page, each agent with the login; the next page's token, empty on the last.
pub(crate) struct AgentPage {
    pub(crate) agents: Vec<(Listed, String)>,
    pub(crate) next: String,
}

pub(crate) async fn list_agents(context: &Context, size: i32, token: &str) -> Result<AgentPage, Error> {
    let after = match paging::read(&context.secrets, LIST, token)? {
        None => (DateTime::UNIX_EPOCH, Uuid::nil()),
        Some(place) => place_of(&place).ok_or(Error::BadPageToken)?,
    };
    let size = paging::page_size(size);
    let mut rows = agents::page(&mut *context.pool.acquire().await?, after, size + 1).await?;
    let wanted = usize::try_from(size).unwrap_or(usize::MAX);
    let more = rows.len() > wanted;
    rows.truncate(wanted);
    let next = rows.last().filter(|_| more).map_or_else(String::new, |last| {
        let place = format!("{} {}", last.created_at.timestamp_micros(), last.id);
        paging::token(&context.secrets, LIST, &place)
    });
    let agents = rows
        .into_iter()
        .map(|row| {
            let login = row
                .login
                .as_deref()
                .map(|sealed| context.secrets.unseal(LOGIN_PLACE, row.id.as_uuid(), sealed))
                .transpose()?
                .map(|plain| String::from_utf8_lossy(&plain).into_owned())
                .unwrap_or_default();
            Ok((row, login))
        })
        .collect::<Result<_, Error>>()?;
    Ok(AgentPage { agents, next })
}

fn place_of(text: &str) -> Option<(DateTime<Utc>, Uuid)> {
    let (micros, id) = text.split_once(' ')?;
    Some((
        DateTime::from_timestamp_micros(micros.parse().ok()?)?,
        Uuid::try_parse(id).ok()?,
    ))
}
