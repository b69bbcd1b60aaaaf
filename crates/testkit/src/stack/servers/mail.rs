//! The mail catcher: an SMTP server that delivers nothing, with a page and a JSON list of what it got (maildev).

use std::fs;

use anyhow::{Context as _, Result};

use crate::stack::Server;
use crate::stack::process::Launch;
use crate::stack::state::State;
use crate::stack::tools;

/// The oldest mails go: an import of 20,000 members may write to all of them.
const KEPT_MAILS: &str = "5000";

pub(crate) fn launch(state: &State) -> Result<()> {
    let home = state.dir.join("mail");
    let mails = home.join("mails");
    fs::create_dir_all(&mails).with_context(|| format!("cannot create {}", mails.display()))?;
    Launch::new(tools::node()?, &home)
        .arg(tools::node_module("maildev/dist/bin/maildev.js")?)
        .args([
            "--ip",
            "127.0.0.1",
            "--web-ip",
            "127.0.0.1",
            "--silent",
            "--max-emails",
            KEPT_MAILS,
            "--smtp",
        ])
        .arg(state.ports.main(Server::Mail).to_string())
        .arg("--web")
        .arg(state.ports.mail_page().to_string())
        .arg("--mail-directory")
        .arg(mails)
        .spawn(&state.dir, Server::Mail.as_str())
}
