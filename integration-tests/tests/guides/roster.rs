//! Reads the demonstration roster for people who have not opened an account yet.

use std::path::Path;

use serde_json::{Value, json};

pub(crate) struct Roster(Vec<Vec<String>>);

impl Roster {
    pub(crate) fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).unwrap();
        Self(
            text.lines()
                .skip(1)
                .map(|line| line.split(';').map(str::to_owned).collect())
                .collect(),
        )
    }

    /// A living member in this position with an e-mail address and a bank account. The last one of the file: the first are the cast.
    pub(crate) fn with_address_and_account(&self, position: &str) -> Value {
        // Columns: 1 matricule, 10 cin, 11 pension number, 12 position, 17 RIB, 18 e-mail, 22 date of death.
        let line = self
            .0
            .iter()
            .rev()
            .find(|line| {
                line[0] == "member"
                    && line[12] == position
                    && !line[17].is_empty()
                    && !line[18].is_empty()
                    && line[22].is_empty()
            })
            .unwrap_or_else(|| panic!("the roster has nobody {position} with an address and an account"));
        json!({ "matricule": line[1], "cin": line[10], "pension": line[11], "position": line[12], "email": line[18] })
    }
}
