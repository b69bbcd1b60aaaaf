//! The repository as a list of text files, and small readers that every rule shares. Knows no rule.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use walkdir::{DirEntry, WalkDir};

/// A text file: its path from the root with `/`, and its text.
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl File {
    pub(crate) fn has_extension(&self, extension: &str) -> bool {
        self.path
            .rsplit_once('.')
            .is_some_and(|(_, found)| found == extension)
    }

    /// Written by a tool, so no rule about form applies.
    pub(crate) fn generated(&self) -> bool {
        self.path.contains("/src/gen/")
    }

    /// The name without its folders.
    pub(crate) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// The folder, with its closing `/`; empty at the root.
    pub(crate) fn folder(&self) -> &str {
        self.path.rfind('/').map_or("", |at| &self.path[..=at])
    }

    /// A file of tests: in a `tests` folder, or named so beside the code.
    pub(crate) fn is_test(&self) -> bool {
        self.path.contains("/tests/")
            || self.name() == "tests.rs"
            || self.name().ends_with("_tests.rs")
            || self.name() == "testing.rs"
    }

    /// Numbered lines of Rust that run in production: without comments and without what follows a test module's `#[cfg(test)]`.
    pub(crate) fn production_lines(&self) -> Vec<(usize, String)> {
        let lines: Vec<&str> = self.text.lines().collect();
        let end = lines
            .iter()
            .enumerate()
            .position(|(at, line)| {
                line.trim() == "#[cfg(test)]"
                    && lines[at + 1..]
                        .iter()
                        .find(|next| !next.trim().starts_with("#["))
                        .is_some_and(|next| next.starts_with("mod ") && next.ends_with('{'))
            })
            .unwrap_or(lines.len());
        lines[..end]
            .iter()
            .enumerate()
            .map(|(at, line)| (at + 1, without_comment(line).to_owned()))
            .collect()
    }
}

/// The line up to `//`, unless that belongs to an address such as `http://`.
pub(crate) fn without_comment(line: &str) -> &str {
    let mut from = 0;
    while let Some(at) = line[from..].find("//").map(|at| at + from) {
        if at == 0 || !line[..at].ends_with(':') {
            return &line[..at];
        }
        from = at + 2;
    }
    line
}

/// The folder of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("this crate is a folder of the repository")
        .to_owned()
}

/// Every text file of the repository, sorted by path. What is built, fetched or local is left out.
pub(crate) fn files() -> &'static [File] {
    static FILES: OnceLock<Vec<File>> = OnceLock::new();
    FILES.get_or_init(|| {
        let root = root();
        let mut files: Vec<File> = WalkDir::new(&root)
            .into_iter()
            .filter_entry(kept)
            .filter_map(Result::ok)
            .filter(|entry| entry.file_type().is_file())
            .filter_map(|entry| {
                let path = entry
                    .path()
                    .strip_prefix(&root)
                    .ok()?
                    .to_str()?
                    .replace('\\', "/");
                // A file that is not UTF-8 is a font, an image or a test's broken input: no rule here reads it.
                let text = String::from_utf8(std::fs::read(entry.path()).ok()?).ok()?;
                Some(File { path, text })
            })
            .collect();
        assert!(
            files.len() > 100,
            "the walk over {} found almost nothing",
            root.display()
        );
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files
    })
}

fn kept(entry: &DirEntry) -> bool {
    if !entry.file_type().is_dir() {
        return true;
    }
    let name = entry.file_name().to_str().unwrap_or_default();
    let skipped = [".git", ".local", "target", "node_modules"].contains(&name);
    // Cargo marks its target folder, whatever CARGO_TARGET_DIR calls it.
    !skipped && !entry.path().join("CACHEDIR.TAG").exists()
}

/// Files of one extension, generated ones aside.
pub(crate) fn written(extension: &'static str) -> impl Iterator<Item = &'static File> {
    files()
        .iter()
        .filter(move |file| file.has_extension(extension) && !file.generated())
}

/// The folders under `services/` that hold a crate.
pub(crate) fn service_names() -> Vec<&'static str> {
    files()
        .iter()
        .filter_map(|file| file.path.strip_prefix("services/")?.strip_suffix("/Cargo.toml"))
        .filter(|name| !name.contains('/'))
        .collect()
}

/// A text file of this exact path.
pub(crate) fn file(path: &str) -> Option<&'static File> {
    files().iter().find(|file| file.path == path)
}

/// The lines under a markdown heading, up to the next heading of the same depth.
pub(crate) fn section(text: &str, heading: &str) -> Option<String> {
    let mut lines = text.lines().skip_while(|line| line.trim_end() != heading);
    lines.next()?;
    Some(
        lines
            .take_while(|line| !line.starts_with("## "))
            .collect::<Vec<_>>()
            .join("\n"),
    )
}

/// Fails with every finding and one sentence that says what to do.
pub(crate) fn none(findings: &[String], what_to_do: &str) {
    assert!(
        findings.is_empty(),
        "\n{}\n\n{} finding(s). What to do: {what_to_do}\n",
        findings.join("\n"),
        findings.len()
    );
}
