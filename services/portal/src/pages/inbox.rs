//! The member's messages. Nothing is marked as read by looking: a button does it.

use askama::Template;

use super::Page;
use crate::backend::Audience;
use crate::views::{Frame, Section};
use crate::visit::Visit;

struct Line {
    id: String,
    title: String,
    body: String,
    date: String,
    time: String,
    /// Address of the file it is about; empty when about none.
    href: String,
    read: bool,
}

#[derive(Template)]
#[template(path = "inbox.html")]
struct Inbox {
    p: Frame,
    messages: Vec<Line>,
    /// Unknown when it cannot be counted now.
    unread: Option<i64>,
    next_page: String,
}

pub(crate) async fn show(visit: Visit) -> Page {
    let token = visit.token(Audience::Notifications).await?;
    let (messages, next_page) = visit
        .backend()
        .list_messages(&token, visit.query.get("page"))
        .await?;
    let frame = visit.heading(Section::None, "inbox-title");
    let line = |message: crate::backend::models::Message| Line {
        title: message.title.in_locale(visit.locale).to_owned(),
        body: message.body.in_locale(visit.locale).to_owned(),
        date: frame.date(message.created_at),
        time: frame.time(message.created_at),
        href: if message.application_id.is_empty() {
            String::new()
        } else {
            frame.url(format_args!("/applications/{}", message.application_id))
        },
        read: message.read,
        id: message.id,
    };
    let next_page = form_urlencoded::byte_serialize(next_page.as_bytes()).collect();
    let page = Inbox {
        messages: messages.into_iter().map(line).collect(),
        unread: visit.unread,
        next_page,
        p: frame,
    };
    Ok(visit.page(&page))
}

pub(crate) async fn mark_read(visit: Visit) -> Page {
    let token = visit.token(Audience::Notifications).await?;
    let id = visit.fields.trimmed("message");
    let ids = if id.is_empty() {
        Vec::new()
    } else {
        vec![id.to_owned()]
    };
    visit.backend().mark_read(&token, ids).await?;
    Ok(visit.go("/inbox"))
}
