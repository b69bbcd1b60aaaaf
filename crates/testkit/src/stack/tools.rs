//! Finds the programs that `deploy/local/install.sh` provides.
//!
//! It installs nothing: what is missing is an error that names the command to run.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// The repository that this program was built from; `TADAMON_ROOT` overrides it for a moved clone.
pub fn repository_root() -> PathBuf {
    std::env::var_os("TADAMON_ROOT").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")),
        PathBuf::from,
    )
}

/// `.local` of the repository: everything that a local installation writes.
pub fn local_dir() -> PathBuf {
    repository_root().join(".local")
}

const INSTALL: &str = "run deploy/local/install.sh";

/// A pinned program.
pub(crate) fn pinned(name: &str) -> Result<PathBuf> {
    let path = local_dir().join("bin").join(name);
    path.canonicalize()
        .with_context(|| format!("{} is missing: {INSTALL}", path.display()))
}

/// Node: the pinned one where the installer chose it, else the machine's.
///
/// # Errors
/// There is no Node: the error says what to run.
pub fn node() -> Result<PathBuf> {
    pinned("node").or_else(|_| on_path("node"))
}

/// A file of the installed node packages.
pub(crate) fn node_module(file: &str) -> Result<PathBuf> {
    let path = local_dir().join("node/node_modules").join(file);
    path.canonicalize()
        .with_context(|| format!("{} is missing: {INSTALL}", path.display()))
}

/// A program of the machine.
pub(crate) fn on_path(name: &str) -> Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(["/usr/sbin", "/usr/bin", "/sbin", "/bin"].map(PathBuf::from))
        .map(|dir| dir.join(name))
        .find(|file| file.is_file())
        .with_context(|| format!("{name} is missing: {INSTALL}"))
}

/// The directory with `initdb` and `postgres`, newest version first.
pub(crate) fn postgres_bin() -> Result<PathBuf> {
    let version = |path: &Path| {
        path.file_name()
            .and_then(|name| name.to_str())
            .and_then(|name| name.parse::<u32>().ok())
    };
    fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.join("bin/initdb").is_file())
        .max_by_key(|path| version(path))
        .map(|path| path.join("bin"))
        .or_else(|| {
            on_path("initdb")
                .ok()?
                .canonicalize()
                .ok()?
                .parent()
                .map(Path::to_owned)
        })
        .with_context(|| format!("no PostgreSQL server programs were found: {INSTALL}"))
}
