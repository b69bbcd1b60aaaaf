//! Writes the Rust of the contracts from `proto/tadamon/**.proto`: gRPC and messages, proto3 JSON for events, and the permission table.
//! Pure Rust (protox): nothing but cargo is needed. Does not format: `./justw proto` runs rustfmt after it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use prost_reflect::{DescriptorPool, DynamicMessage, Value};

const SERVICES: &[&str] = &[
    "identity",
    "membership",
    "benefits",
    "documents",
    "partnerships",
    "notifications",
    "operations",
];

fn main() -> Result<()> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    for service in SERVICES {
        generate(&root, service).with_context(|| format!("contracts of {service}"))?;
    }
    Ok(())
}

fn generate(root: &Path, service: &str) -> Result<()> {
    let base = root.join("tadamon").join(service);
    let mut files = Vec::new();
    for folder in [base.join("v1"), base.join("events/v1")] {
        let Ok(entries) = std::fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries {
            let path = entry?.path();
            if path.extension().is_some_and(|e| e == "proto") {
                files.push(path);
            }
        }
    }
    files.sort();
    let mut compiler = protox::Compiler::new([root])?;
    compiler
        .include_source_info(true)
        .include_imports(true)
        .open_files(&files)?;
    let descriptors = compiler.file_descriptor_set();
    let pool = compiler.descriptor_pool();
    let out = root.join("rust").join(service).join("src/gen");
    if out.exists() {
        std::fs::remove_dir_all(&out)?;
    }
    std::fs::create_dir_all(&out)?;

    let mut config = prost_build::Config::new();
    config
        .out_dir(&out)
        .compile_well_known_types()
        .extern_path(".google.protobuf", "::pbjson_types");
    tonic_prost_build::configure()
        .out_dir(&out)
        .build_server(true)
        .build_client(true)
        .compile_fds_with_config(descriptors.clone(), config)?;
    let events = format!(".tadamon.{service}.events.v1");
    if base.join("events").exists() {
        let bytes = prost::Message::encode_to_vec(&descriptors);
        pbjson_build::Builder::new()
            .out_dir(&out)
            .register_descriptors(&bytes)?
            // A reader of today must read the event of the next minor version.
            .ignore_unknown_fields()
            .build(&[events])?;
    }
    std::fs::write(out.join("permissions.rs"), permissions(&pool, service)?)?;
    for extra in ["tadamon.options.v1.rs", "google.protobuf.rs"] {
        let path = out.join(extra);
        if path.exists() {
            std::fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// The permission table: one row per RPC; an RPC without the option gets an empty list of callers, which refuses everybody.
fn permissions(pool: &DescriptorPool, service: &str) -> Result<String> {
    let extension = pool
        .get_extension_by_name("tadamon.options.v1.permission")
        .context("the permission option is not imported")?;
    let package = format!("tadamon.{service}.v1");
    let mut text = String::from(
        "/// Who may call each RPC of this service.\npub const PERMISSIONS: &[MethodPermission] = &[\n",
    );
    let mut methods: Vec<_> = pool
        .services()
        .filter(|s| s.package_name() == package)
        .flat_map(|s| s.methods().collect::<Vec<_>>())
        .collect();
    methods.sort_by(|a, b| a.full_name().cmp(b.full_name()));
    for method in methods {
        let options = method.options();
        let option = options.get_extension(&extension);
        let Value::Message(option) = option.as_ref() else {
            anyhow::bail!("unexpected option kind")
        };
        let path = format!("/{}/{}", method.parent_service().full_name(), method.name());
        let callers = constants(option, "callers", "CallerKind");
        let roles = constants(option, "roles", "Role");
        let services = strings(option, "services")
            .iter()
            .map(|s| format!("{s:?}"))
            .collect::<Vec<_>>()
            .join(", ");
        let scope = option
            .get_field_by_name("scope")
            .and_then(|v| v.as_str().map(str::to_owned))
            .unwrap_or_default();
        let assurance = match option.get_field_by_name("assurance").and_then(|v| v.as_u32()) {
            Some(2) => "Two",
            _ => "One",
        };
        let before = option
            .get_field_by_name("before_terms")
            .and_then(|v| v.as_bool())
            .unwrap_or_default();
        writeln!(
            text,
            "MethodPermission {{ method: {path:?}, callers: &[{callers}], roles: &[{roles}], scope: {scope:?}, \
             services: &[{services}], assurance: Assurance::{assurance}, before_terms: {before} }},"
        )?;
    }
    text.push_str("];\n");
    // No agents yet in some services: an unused import would be a warning.
    let role = if text.contains("Role::") { ", Role" } else { "" };
    Ok(format!(
        "// Written by proto/gen; do not edit.\nuse kernel::permission::{{Assurance, CallerKind, MethodPermission{role}}};\n\n{text}"
    ))
}

fn strings(option: &DynamicMessage, field: &str) -> Vec<String> {
    option
        .get_field_by_name(field)
        .and_then(|v| {
            v.as_list()
                .map(|l| l.iter().filter_map(|x| x.as_str().map(str::to_owned)).collect())
        })
        .unwrap_or_default()
}

fn constants(option: &DynamicMessage, field: &str, kind: &str) -> String {
    strings(option, field)
        .iter()
        .map(|name| {
            let camel: String = name.split('_').map(|w| w[..1].to_uppercase() + &w[1..]).collect();
            format!("{kind}::{camel}")
        })
        .collect::<Vec<_>>()
        .join(", ")
}
