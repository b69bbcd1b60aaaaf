//! What a process of an image may do, read from the machine's own account of it. Nothing is asked of the process.

use std::collections::BTreeSet;
use std::fs;

use crate::contained::Contained;

const USER: &str = "65532";
/// The runtime's own: a process sees itself there, and a cluster mounts it writable too.
const PROCESSES: &str = "/proc";

/// Fails on anything that the chart's security context would not give.
pub(crate) fn holds_only_what_it_was_given(contained: &Contained, service: &str, writable: &[&str]) {
    let process = contained.process();
    let read = |file: &str| {
        fs::read_to_string(format!("/proc/{process}/{file}")).expect("a running process can be read")
    };
    let status = read("status");
    let field = |name: &str| {
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        line.expect("the status has the line")
            .split_whitespace()
            .collect::<Vec<_>>()
    };

    // Who is not root is seen through a namespace that maps them.
    let mapped = |file: &str| read(file).split_whitespace().next() == Some(USER);
    assert!(
        field("Uid") == [USER; 4] || mapped("uid_map"),
        "{service} runs as {:?}",
        field("Uid")
    );
    assert!(
        field("Gid") == [USER; 4] || mapped("gid_map"),
        "{service} runs in {:?}",
        field("Gid")
    );
    if field("Uid") == [USER; 4] {
        assert!(
            field("Groups").is_empty(),
            "{service} has the groups {:?}",
            field("Groups")
        );
    }
    for set in ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"] {
        assert_eq!(
            field(set),
            ["0000000000000000"],
            "{service} holds capabilities ({set})"
        );
    }
    assert_eq!(field("NoNewPrivs"), ["1"], "{service} could gain privileges");
    assert_eq!(
        field("NSpid").last(),
        Some(&"1"),
        "{service} is process 1 where it runs"
    );

    // "36 35 98:0 /from /to rw,noatime ... - kind source options"
    let mounts = read("mountinfo");
    let mut seen: Vec<&str> = Vec::new();
    for mount in mounts.lines() {
        let fields: Vec<&str> = mount.split(' ').collect();
        let (place, options) = (fields[4], fields[5]);
        let is_writable = options.split(',').any(|option| option == "rw");
        let device = place.starts_with("/dev/");
        assert!(
            !is_writable || place == PROCESSES || device || writable.contains(&place),
            "{service} can write to {place}"
        );
        seen.push(place);
    }
    assert!(seen.contains(&"/"), "{service} has a root of its own: {seen:?}");
    for place in writable {
        assert!(seen.contains(place), "{place} is mounted: {seen:?}");
    }
    let known = |place: &str| {
        place == "/"
            || place.starts_with("/etc/")
            || ["/proc", "/dev"].iter().any(|root| place.starts_with(root))
    };
    for place in seen.iter().filter(|place| !writable.contains(place)) {
        assert!(
            known(place),
            "nobody asked for {place} to be mounted for {service}"
        );
    }

    let program = fs::read_link(format!("/proc/{process}/exe")).expect("a process has a program");
    assert!(
        program.ends_with(format!("usr/bin/{service}")),
        "{} runs",
        program.display()
    );
}

/// Ports on which it takes connections.
pub(crate) fn listens_on(contained: &Contained) -> BTreeSet<u16> {
    let process = contained.process();
    let descriptors = fs::read_dir(format!("/proc/{process}/fd")).expect("a running process can be read");
    let sockets: BTreeSet<String> = descriptors
        .filter_map(|descriptor| fs::read_link(descriptor.ok()?.path()).ok())
        .filter_map(|target| {
            let inode = target.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?;
            Some(inode.to_owned())
        })
        .collect();
    // "sl local_address remote_address state ... inode", numbers as hexadecimal; state 0A takes connections.
    let tables = ["tcp", "tcp6"].map(|table| {
        fs::read_to_string(format!("/proc/{process}/net/{table}")).expect("a process has a network")
    });
    tables
        .iter()
        .flat_map(|table| table.lines().skip(1))
        .filter_map(|line| {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let is_ours = fields[3] == "0A" && sockets.contains(fields[9]);
            let (_, port) = fields[1].rsplit_once(':')?;
            is_ours.then(|| u16::from_str_radix(port, 16).expect("a port is hexadecimal"))
        })
        .collect()
}
