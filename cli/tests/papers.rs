//! The papers alone, as an installation backs them up whose databases have backups of their own. Neither a server nor Postgres' programs take part.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const ONE: &str = "ab/019ab3c00000700000000000000000ab";
const TWO: &str = "cd/019ab3c00000700000000000000000cd";

/// A folder of its own, removed with the value.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Self {
        let name: String = platform::ids::random::<8>()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let path = std::env::temp_dir().join(format!("tadamon-papers-{name}"));
        fs::create_dir(&path).expect("the temporary folder takes another");
        Self(path)
    }

    /// A store of papers.
    fn store(&self, name: &str, papers: &[(&str, &str)]) -> PathBuf {
        let store = self.0.join(name);
        fs::create_dir(&store).expect("a folder");
        for (paper, sealed) in papers {
            let file = store.join(paper);
            fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
            fs::write(file, sealed).expect("a paper");
        }
        store
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _stays_behind = fs::remove_dir_all(&self.0);
    }
}

fn tadamon(args: &[&str], papers: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tadamon"))
        .args(args)
        .args([
            "--papers-only",
            "--papers",
            papers.to_str().expect("a path of letters"),
        ])
        .env_clear()
        .env("TADAMON_PG_BIN", "/nowhere")
        .output()
        .expect("the program was built with the test")
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.clone(), output.stderr.clone()].concat()).into_owned()
}

#[test]
fn papers_alone_are_backed_up_and_put_back_without_a_database() {
    let scratch = Scratch::new();
    let papers = [(ONE, "sealed one"), (TWO, "sealed two")];
    let store = scratch.store("papers", &papers);
    let backups = scratch.0.join("backups").display().to_string();

    let taken = tadamon(&["backup", "--to", &backups, "--keep", "2"], &store);
    assert!(taken.status.success(), "{}", told(&taken));
    let folder = String::from_utf8_lossy(&taken.stdout)
        .lines()
        .last()
        .expect("the backup's folder")
        .to_owned();

    let into_the_full = tadamon(&["restore", &folder], &store);
    assert_eq!(into_the_full.status.code(), Some(65));
    assert!(
        told(&into_the_full).contains("holds papers"),
        "{}",
        told(&into_the_full)
    );

    let empty = scratch.store("empty", &[]);
    let back = tadamon(&["restore", &folder], &empty);
    assert!(back.status.success(), "{}", told(&back));
    for (paper, sealed) in papers {
        let found = fs::read_to_string(empty.join(paper)).expect("the paper is back");
        assert_eq!(found, sealed);
    }

    fs::write(Path::new(&folder).join("papers").join(ONE), "sealed onf").expect("written");
    let third = scratch.store("third", &[]);
    let changed = tadamon(&["restore", &folder], &third);
    assert_eq!(changed.status.code(), Some(65));
    assert!(
        told(&changed).contains(&format!("papers/{ONE} is not what was written")),
        "{}",
        told(&changed)
    );
}

#[test]
fn a_backup_of_papers_alone_is_no_backup_of_a_database() {
    let scratch = Scratch::new();
    let store = scratch.store("papers", &[(ONE, "sealed one")]);
    let backups = scratch.0.join("backups").display().to_string();
    let taken = tadamon(&["backup", "--to", &backups], &store);
    assert!(taken.status.success(), "{}", told(&taken));
    let folder = String::from_utf8_lossy(&taken.stdout)
        .lines()
        .last()
        .expect("the backup's folder")
        .to_owned();
    let refused = Command::new(env!("CARGO_BIN_EXE_tadamon"))
        .args(["restore", &folder, "--service", "documents"])
        .env_clear()
        .env(
            "TADAMON_DATABASE_DOCUMENTS",
            "postgres://documents:x@127.0.0.1:1/documents",
        )
        .output()
        .expect("the program was built with the test");
    assert_eq!(refused.status.code(), Some(65));
    assert!(
        told(&refused).contains("has nothing of documents"),
        "{}",
        told(&refused)
    );
    let both = tadamon(&["backup", "--to", &backups, "--service", "documents"], &store);
    assert_eq!(both.status.code(), Some(64), "{}", told(&both));
}
