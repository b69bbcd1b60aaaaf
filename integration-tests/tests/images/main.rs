//! Each image's root file system, assembled as the Dockerfile does and run as a cluster would: process 1 of its own namespaces, user 65532, root
//! read-only, no capability, only the folders of `deploy/image/README.md`. What was built is the debug programs of this run, so sizes are printed
//! and not judged. Not tried here: a container engine, a filter of system calls, a network of its own.

mod contained;
mod image;
mod inspection;
mod surroundings;

use std::collections::BTreeSet;

use contained::Outcome;
use image::Image;
use integration_tests::services::SERVICES;
use regex_lite::Regex;
use surroundings::Surroundings;
use testkit::stack::repository_root;
use toml::Table;

/// Starts the service once for each role alone and once with all of them, looks at what each process may do, and ends it.
async fn runs_in_its_image_with_each_of_its_roles(service: &'static str) {
    let roles = default_roles(service);
    let here = Surroundings::new(service).await;
    let image = Image::assemble(service, here.folder());
    if let Some(reason) = image.namespaces_are_denied() {
        println!(
            "NOT TRIED, {reason}: the image of {service} with the roles {}",
            roles.join(", ")
        );
        return;
    }
    if here.has_database() {
        // As the chart does it: what only migrates gets no keys.
        let mounts = here.mounts_without_keys(&here.settings("migrate"));
        let migrated = image.run(&mounts, &["migrate"]).await;
        assert_eq!(
            migrated.code,
            Some(0),
            "{service} cannot migrate: {}",
            migrated.said
        );
    }
    let mut alone: Vec<Vec<&str>> = roles.iter().map(|role| vec![role.as_str()]).collect();
    if roles.len() > 1 {
        alone.push(roles.iter().map(String::as_str).collect());
    }
    let mut running = Vec::new();
    for roles in alone {
        let name = roles.join("-");
        let settings = here.settings(&name);
        let contained = image.start(&here.mounts(&settings, &roles), &["serve"]);
        running.push((name, settings, contained));
    }
    for (name, settings, contained) in &mut running {
        contained.until_ready(&settings.process, name).await;
        inspection::holds_only_what_it_was_given(contained, service, &here.writable());
        let open = inspection::listens_on(contained);
        let mut wanted = vec![settings.process.admin];
        let answers = name.split('-').any(|role| role == "grpc");
        if answers && here.has_database() {
            wanted.push(settings.process.grpc);
        }
        // Its port is drawn by the machine.
        let pages = usize::from(answers && here.has_pages());
        assert!(
            wanted.iter().all(|port| open.contains(port)) && open.len() == wanted.len() + pages,
            "{service} as {name} listens on {open:?}: wanted {wanted:?} and {pages} for pages"
        );
    }
    for (_, _, contained) in &running {
        contained.asks_it_to_end();
    }
    for (name, _, contained) in running {
        let Outcome { code, said } = contained.ended().await;
        assert_eq!(code, Some(0), "{service} as {name} did not end well: {said}");
    }
}

/// What the chart and compose take for granted when they name none.
fn default_roles(service: &str) -> Vec<String> {
    let path = repository_root().join(format!("services/{service}/config.default.toml"));
    let defaults: Table = std::fs::read_to_string(path)
        .expect("every service has defaults")
        .parse()
        .expect("the defaults are TOML");
    let roles = defaults["common"]["roles"].as_array().expect("roles are a list");
    roles
        .iter()
        .filter_map(|role| role.as_str().map(str::to_owned))
        .collect()
}

#[test]
fn a_service_plays_by_default_exactly_the_roles_that_it_has_work_for() {
    let asked = Regex::new(r"\(Role::(\w+)[,)]").expect("the pattern is well formed");
    for service in SERVICES {
        let path = repository_root().join(format!("services/{service}/src/app.rs"));
        let code = std::fs::read_to_string(path).expect("every service has an app.rs");
        let with_work: BTreeSet<String> = asked
            .captures_iter(&code)
            .map(|found| found[1].to_lowercase())
            .collect();
        let by_default: BTreeSet<String> = default_roles(service).into_iter().collect();
        assert_eq!(by_default, with_work, "common.roles in the defaults of {service}");
    }
}

#[tokio::test]
async fn identity_runs_in_its_image_with_each_of_its_roles() {
    runs_in_its_image_with_each_of_its_roles("identity").await;
}

#[tokio::test]
async fn membership_runs_in_its_image_with_each_of_its_roles() {
    runs_in_its_image_with_each_of_its_roles("membership").await;
}

#[tokio::test]
async fn benefits_runs_in_its_image_with_each_of_its_roles() {
    runs_in_its_image_with_each_of_its_roles("benefits").await;
}

#[tokio::test]
async fn documents_runs_in_its_image_with_each_of_its_roles() {
    runs_in_its_image_with_each_of_its_roles("documents").await;
}

#[tokio::test]
async fn partnerships_runs_in_its_image_with_each_of_its_roles() {
    runs_in_its_image_with_each_of_its_roles("partnerships").await;
}

#[tokio::test]
async fn notifications_runs_in_its_image_with_each_of_its_roles() {
    runs_in_its_image_with_each_of_its_roles("notifications").await;
}

#[tokio::test]
async fn the_portal_runs_in_its_image() {
    runs_in_its_image_with_each_of_its_roles("portal").await;
}

#[tokio::test]
async fn what_is_not_mounted_is_said_in_one_line_and_ends_the_service() {
    let here = Surroundings::new("documents").await;
    let image = Image::assemble("documents", here.folder());
    if let Some(reason) = image.namespaces_are_denied() {
        println!("NOT TRIED, {reason}: the image of documents without its mounts");
        return;
    }
    let migrated = image
        .run(&here.mounts_without_keys(&here.settings("migrate")), &["migrate"])
        .await;
    assert_eq!(migrated.code, Some(0), "{}", migrated.said);
    let settings = here.settings("alone");
    let whole = here.mounts(&settings, &["grpc"]);

    let without_settings = image
        .run(&whole.without("/etc/tadamon/settings"), &["serve"])
        .await;
    assert_eq!(without_settings.code, Some(64), "{}", without_settings.said);
    assert_eq!(
        without_settings.said.trim(),
        "documents: setting --config: /etc/tadamon/settings/settings.toml is not a file"
    );

    let without_keys = image.run(&whole.without("/etc/tadamon/keys"), &["serve"]).await;
    assert_eq!(without_keys.code, Some(65), "{}", without_keys.said);
    let said = without_keys.said.lines().last().unwrap_or_default();
    assert!(
        said.starts_with("documents: ") && said.contains("tadamon bootstrap"),
        "{said}"
    );

    let unknown_role = image.run(&here.mounts(&settings, &["worker"]), &["serve"]).await;
    assert_eq!(unknown_role.code, Some(64), "{}", unknown_role.said);
    assert!(
        unknown_role
            .said
            .contains("common.roles.0: must be one of grpc, relay, subscribers, jobs")
    );
}

#[tokio::test]
async fn the_command_line_makes_keys_in_its_image_only_where_it_may_write() {
    let here = Surroundings::new("tadamon").await;
    let image = Image::assemble("tadamon", here.folder());
    if let Some(reason) = image.namespaces_are_denied() {
        println!("NOT TRIED, {reason}: the image of the command line");
        return;
    }
    let bootstrap = ["bootstrap", "--keys", "/var/lib/tadamon/documents/keys"];
    let refused = image.run(&here.nothing_mounted(), &bootstrap).await;
    assert_ne!(
        refused.code,
        Some(0),
        "nothing there can be written: {}",
        refused.said
    );
    assert!(refused.said.contains("Read-only file system"), "{}", refused.said);

    let made = image.run(&here.one_writable_folder(), &bootstrap).await;
    assert_eq!(made.code, Some(0), "{}", made.said);
    assert!(
        here.writable_folder().join("keys/trust.json").is_file(),
        "{}",
        made.said
    );
}

#[tokio::test]
async fn the_command_line_backs_up_and_restores_in_its_image() {
    let (here, tools) = (
        Surroundings::new("identity").await,
        Surroundings::new("tadamon").await,
    );
    let service = Image::assemble("identity", here.folder());
    let image = Image::assemble("tadamon", tools.folder());
    if let Some(reason) = image.namespaces_are_denied() {
        println!("NOT TRIED, {reason}: backup and restore in the image of the command line");
        return;
    }
    let mounts = here.mounts_without_keys(&here.settings("migrate"));
    let migrated = service.run(&mounts, &["migrate"]).await;
    assert_eq!(migrated.code, Some(0), "{}", migrated.said);

    let backup = [
        "backup",
        "--to",
        "/var/lib/tadamon/backups",
        "--service",
        "identity",
    ];
    let refused = image.run(&here.backing_up(false), &backup).await;
    assert_ne!(refused.code, Some(0), "nothing there can be written");
    let taken = image.run(&here.backing_up(true), &backup).await;
    assert_eq!(taken.code, Some(0), "{}", taken.said);
    let mut entries = std::fs::read_dir(here.writable_folder()).expect("the folder of backups");
    let folder = entries.next().expect("a backup").expect("its name").file_name();
    let folder = format!("/var/lib/tadamon/backups/{}", folder.to_string_lossy());

    here.makes_the_database_anew().await;
    let restore = ["restore", &folder, "--service", "identity"];
    // The backups are only read.
    let restored = image.run(&here.backing_up(false), &restore).await;
    assert_eq!(restored.code, Some(0), "{}", restored.said);
    assert!(
        restored.said.contains("every checksum is that of the backup"),
        "{}",
        restored.said
    );
}
