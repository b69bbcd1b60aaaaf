//! Everything in the book.

use std::sync::Arc;

use super::Desk;
use crate::domain::book::Book;
use crate::error::Error;

pub(crate) async fn list_partners(desk: &Desk) -> Result<Arc<Book>, Error> {
    let mut conn = desk.pool.acquire().await.map_err(Error::from)?;
    desk.book.now(&mut conn).await
}
