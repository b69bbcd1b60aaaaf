//! Who sends next: numbers are given in the order of the sending, so files of one service and year are sent in the order of their dates, whatever
//! else goes on at the same time.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use tokio::sync::watch;

use super::plan::{Benefit, PlannedFile};

type Lane = (Benefit, i32);

/// One queue for each service and year.
pub(super) struct Turns {
    lanes: BTreeMap<Lane, watch::Sender<usize>>,
    /// Lane and place of each file that is sent, by its label.
    places: BTreeMap<String, (Lane, usize)>,
}

impl Turns {
    pub(super) fn new(files: &[PlannedFile]) -> Self {
        let mut sent: Vec<_> = files
            .iter()
            .filter_map(|file| {
                file.sent()
                    .map(|(at, year)| (at, &file.label, (file.benefit, year)))
            })
            .collect();
        sent.sort();
        let mut lengths: BTreeMap<Lane, usize> = BTreeMap::new();
        let mut places = BTreeMap::new();
        for (_, label, lane) in sent {
            let place = lengths.entry(lane).or_default();
            places.insert(label.clone(), (lane, *place));
            *place += 1;
        }
        let lanes = lengths
            .into_keys()
            .map(|lane| (lane, watch::channel(0).0))
            .collect();
        Self { lanes, places }
    }

    /// Waits until everything before this file was sent.
    pub(super) async fn wait(&self, label: &str) -> Result<()> {
        let (lane, place) = self.of(label)?;
        lane.subscribe().wait_for(|next| *next >= place).await?;
        Ok(())
    }

    /// The file was sent.
    pub(super) fn done(&self, label: &str) -> Result<()> {
        let (lane, place) = self.of(label)?;
        lane.send_modify(|next| *next = place + 1);
        Ok(())
    }

    fn of(&self, label: &str) -> Result<(&watch::Sender<usize>, usize)> {
        let (lane, place) = self.places.get(label).context("a file that is sent has a turn")?;
        let lane = self.lanes.get(lane).context("a file that is sent has a lane")?;
        Ok((lane, *place))
    }
}
