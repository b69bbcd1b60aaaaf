//! Settings of membership; what each key means stands in `config.default.toml`.

use std::path::Path;

use platform::settings::{Common, SettingsError, Validate};
use serde::Deserialize;

use crate::domain::bank_names::BankNames;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub common: Common,
    #[serde(default)]
    pub banks: BanksSettings,
}

/// Bank names by code.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BanksSettings {
    /// Empty: the built-in table.
    pub file: String,
}

impl BanksSettings {
    pub(crate) fn read(&self) -> Result<BankNames, SettingsError> {
        let bad = |problem: String| SettingsError::bad("banks.file", problem);
        if self.file.is_empty() {
            return BankNames::built_in().map_err(bad);
        }
        let text = std::fs::read_to_string(Path::new(&self.file)).map_err(|error| bad(error.to_string()))?;
        BankNames::parse(&text).map_err(bad)
    }
}

impl Validate for Settings {
    fn validate(&self) -> Result<(), SettingsError> {
        self.common.validate()?;
        self.banks.read()?;
        Ok(())
    }
}
