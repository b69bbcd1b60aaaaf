//! SeaweedFS as an object store that speaks S3 and proves signatures: all of its parts in one process, on the disk, without a word to anybody outside.

use std::fs;

use anyhow::{Context as _, Result};
use serde_json::json;

use crate::stack::Server;
use crate::stack::process::Launch;
use crate::stack::state::{BUCKET, State, write_private};
use crate::stack::tools;

pub(crate) fn launch(state: &State) -> Result<()> {
    let home = state.dir.join("objects");
    let data = home.join("data");
    fs::create_dir_all(&data).with_context(|| format!("cannot create {}", data.display()))?;
    let users = home.join("s3.json");
    let may = ["Read", "Write", "List"].map(|what| format!("{what}:{BUCKET}"));
    let text = json!({ "identities": [{
        "name": "documents",
        "credentials": [{ "accessKey": "documents", "secretKey": state.secrets.objects }],
        "actions": may,
    }]});
    write_private(&users, &serde_json::to_vec_pretty(&text)?)?;
    let mut launch = Launch::new(tools::pinned("weed")?, &home)
        .args(["-logtostderr=true", "server", "-s3", "-s3.iam=false"])
        .args([
            "-ip=127.0.0.1",
            "-ip.bind=127.0.0.1",
            "-master.telemetry=false",
            "-master.peers=none",
        ])
        // A volume is a file; few and small ones, made when they are needed.
        .args(["-master.volumeSizeLimitMB=64", "-volume.max=20"])
        .args(["-s3.port.iceberg=0", "-s3.port.lance=0"])
        .arg(format!("-dir={}", data.display()))
        .arg(format!("-s3.config={}", users.display()));
    for (flag, port) in [
        ("s3.port", "objects"),
        ("s3.port.grpc", "objects_grpc"),
        ("filer.port", "objects_filer"),
        ("filer.port.grpc", "objects_filer_grpc"),
        ("volume.port", "objects_volume"),
        ("volume.port.grpc", "objects_volume_grpc"),
        ("master.port", "objects_master"),
        ("master.port.grpc", "objects_master_grpc"),
    ] {
        launch = launch.arg(format!("-{flag}={}", state.ports.server(port)));
    }
    launch.spawn(&state.dir, Server::Objects.as_str())
}
