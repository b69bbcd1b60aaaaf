//! The route table as the committed listing gives it, with the records of the doubles put in.

use serde::Deserialize;

use crate::world::{self, air_transport, benefits, documents};

#[derive(Deserialize, Clone)]
pub(crate) struct Route {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) access: String,
    pub(crate) sample: String,
}

impl Route {
    pub(crate) fn address(&self, locale: &str) -> String {
        self.sample
            .replace("{locale}", locale)
            .replace("{benefit}", world::BENEFIT)
            .replace("{draft}", benefits::DRAFT)
            .replace("{sent}", benefits::SENT)
            .replace("{trip}", air_transport::TRIP)
            .replace("{document}", documents::DOCUMENT)
            .replace("{link}", world::LINK)
            .replace("{queue}", "examination")
            .replace("{review}", world::office::REVIEW)
            .replace("{agent}", world::agents::COLLEAGUE)
    }
}

pub(crate) fn all() -> Vec<Route> {
    serde_json::from_str(&portal::route_listing()).expect("the listing is JSON")
}
