//! The table against the contracts themselves: the proto files are compiled here again, so that a row cannot be missing because the generator
//! forgot it, and every name in an option is one that exists.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use kernel::permission::{CallerKind, Role};
use platform::keys::SIGNERS;
use prost_reflect::{DescriptorPool, Value};

use crate::matrix::table;

fn protos() -> DescriptorPool {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../proto");
    let files: Vec<PathBuf> = walkdir::WalkDir::new(root.join("tadamon"))
        .into_iter()
        .filter_map(Result::ok)
        .map(walkdir::DirEntry::into_path)
        .filter(|path| path.extension().is_some_and(|extension| extension == "proto"))
        .collect();
    assert!(
        files.len() > 5,
        "the contracts were not found in {}",
        root.display()
    );
    let mut compiler = protox::Compiler::new([root]).expect("the folder of the contracts exists");
    compiler.include_imports(true);
    compiler.open_files(&files).expect("the contracts compile");
    compiler.descriptor_pool()
}

/// The fields of a permission option that are set, with their values as texts.
type Fields = Vec<(String, Vec<String>)>;

/// Every RPC of every contract: its path and its permission option.
fn rpcs() -> Vec<(String, Fields)> {
    let pool = protos();
    let extension = pool
        .get_extension_by_name("tadamon.options.v1.permission")
        .expect("the option is declared");
    pool.services()
        .flat_map(|service| service.methods().collect::<Vec<_>>())
        .map(|method| {
            let options = method.options();
            let path = format!("/{}/{}", method.parent_service().full_name(), method.name());
            let mut fields = Vec::new();
            if options.has_extension(&extension)
                && let Value::Message(option) = options.get_extension(&extension).as_ref()
            {
                for (field, value) in option.fields() {
                    let texts = match value {
                        Value::List(list) => {
                            list.iter().filter_map(Value::as_str).map(str::to_owned).collect()
                        }
                        Value::String(text) => vec![text.clone()],
                        Value::U32(number) => vec![number.to_string()],
                        Value::Bool(yes) => vec![yes.to_string()],
                        other => panic!("{path}: unexpected value {other:?}"),
                    };
                    fields.push((field.name().to_owned(), texts));
                }
            }
            (path, fields)
        })
        .collect()
}

fn texts<'a>(fields: &'a [(String, Vec<String>)], name: &str) -> Vec<&'a str> {
    fields
        .iter()
        .filter(|(field, _)| field == name)
        .flat_map(|(_, texts)| texts.iter().map(String::as_str))
        .collect()
}

#[test]
fn every_rpc_of_the_contracts_has_a_row_with_at_least_one_caller() {
    let in_contracts: BTreeSet<String> = rpcs().into_iter().map(|(path, _)| path).collect();
    let in_table: BTreeSet<String> = table().iter().map(|row| row.method.to_owned()).collect();
    assert_eq!(
        in_contracts, in_table,
        "run ./justw proto and commit what it writes"
    );
    let closed: Vec<&str> = table()
        .iter()
        .filter(|row| row.callers.is_empty())
        .map(|row| row.method)
        .collect();
    assert!(
        closed.is_empty(),
        "nobody may call {closed:?}: give the RPC its permission option"
    );
    assert_eq!(table().len(), in_table.len(), "an RPC has two rows");
}

#[test]
fn the_table_says_what_the_options_of_the_contracts_say() {
    let table = table();
    for (path, fields) in rpcs() {
        let row = table
            .iter()
            .find(|row| row.method == path)
            .expect("the test above compares the paths");
        let callers: Vec<&str> = row.callers.iter().map(|kind| kind.as_str()).collect();
        let roles: Vec<&str> = row.roles.iter().map(|role| role.as_str()).collect();
        assert_eq!(callers, texts(&fields, "callers"), "callers of {path}");
        assert_eq!(roles, texts(&fields, "roles"), "roles of {path}");
        assert_eq!(row.services, texts(&fields, "services"), "services of {path}");
        assert_eq!(row.scope, texts(&fields, "scope").join(""), "scope of {path}");
        assert_eq!(
            row.before_terms,
            texts(&fields, "before_terms") == ["true"],
            "terms of {path}"
        );
        let two = texts(&fields, "assurance") == ["2"];
        assert_eq!(
            row.assurance == kernel::permission::Assurance::Two,
            two,
            "assurance of {path}"
        );
    }
}

#[test]
fn every_name_in_a_permission_option_exists() {
    for (path, fields) in rpcs() {
        for caller in texts(&fields, "callers") {
            assert!(
                CallerKind::parse(caller).is_ok(),
                "{path}: no kind of caller is called {caller}"
            );
        }
        for role in texts(&fields, "roles") {
            assert!(Role::parse(role).is_ok(), "{path}: no role is called {role}");
        }
        for service in texts(&fields, "services") {
            let known = SIGNERS
                .iter()
                .any(|(name, kinds)| *name == service && kinds.contains(&"service"));
            assert!(known, "{path}: no service with a key is called {service}");
        }
        let callers = texts(&fields, "callers");
        let scoped = callers.contains(&"app") || callers.contains(&"partner");
        assert_eq!(
            scoped,
            !texts(&fields, "scope").is_empty(),
            "{path}: apps and partners need a scope, nobody else has one"
        );
        assert!(
            texts(&fields, "services").is_empty() || callers.contains(&"service"),
            "{path}: names services but does not let services in"
        );
    }
}
