//! The matrix: each row of the table asked for every caller that can exist. A change of a contract's option shows as a change of the committed
//! text. `UPDATE=1 cargo nextest run -p integration-tests matrix` writes it anew.

use std::fmt::Write as _;
use std::path::Path;

use auth::Caller;
use auth::guard::permits;
use kernel::permission::{Assurance, CallerKind, MethodPermission, Role};
use platform::keys::SIGNERS;
use tonic::Code;

const ROLES: &[Role] = &[
    Role::FrontDesk,
    Role::CaseOfficer,
    Role::HealthReviewer,
    Role::Validator,
    Role::Finance,
    Role::Administrator,
    Role::Auditor,
];

const FACTORS: &str = " with two factors";

/// What may be called before the current terms of use are accepted, and nothing else.
const BEFORE_TERMS: &[&str] = &[
    "/tadamon.identity.v1.AccountService/SetLocale",
    "/tadamon.identity.v1.TermsService/AcceptTerms",
];

pub(crate) fn table() -> Vec<MethodPermission> {
    let tables = [
        identity_proto::PERMISSIONS,
        membership_proto::PERMISSIONS,
        benefits_proto::PERMISSIONS,
        documents_proto::PERMISSIONS,
        partnerships_proto::PERMISSIONS,
        notifications_proto::PERMISSIONS,
        operations_proto::PERMISSIONS,
    ];
    let mut rows: Vec<MethodPermission> = tables.concat();
    rows.sort_by_key(|row| row.method);
    rows
}

fn caller(kind: CallerKind, subject: &str) -> Caller {
    Caller {
        kind,
        subject: subject.to_owned(),
        member_id: None,
        account_id: None,
        session_id: None,
        roles: Vec::new(),
        scopes: Vec::new(),
        terms_accepted: true,
        assurance: Assurance::One,
        locale: String::new(),
    }
}

/// Every caller that can exist, with the name under which the matrix lists it.
fn callers(scopes: &[&'static str]) -> Vec<(String, Caller)> {
    let mut all = Vec::new();
    for (terms, note) in [(true, ""), (false, " before terms")] {
        for (assurance, factors) in [(Assurance::One, ""), (Assurance::Two, FACTORS)] {
            let member = Caller {
                terms_accepted: terms,
                assurance,
                ..caller(CallerKind::Member, "account")
            };
            all.push((format!("member{factors}{note}"), member));
            let plain = Caller {
                terms_accepted: terms,
                assurance,
                ..caller(CallerKind::Agent, "account")
            };
            all.push((format!("agent without a role{factors}{note}"), plain.clone()));
            for role in ROLES {
                let agent = Caller {
                    roles: vec![*role],
                    ..plain.clone()
                };
                all.push((format!("agent {}{factors}{note}", role.as_str()), agent));
            }
        }
    }
    for kind in [CallerKind::Partner, CallerKind::App] {
        all.push((
            format!("{} without a scope", kind.as_str()),
            caller(kind, "client"),
        ));
        for scope in scopes {
            let scoped = Caller {
                scopes: vec![(*scope).to_owned()],
                ..caller(kind, "client")
            };
            all.push((format!("{} with {scope}", kind.as_str()), scoped));
        }
    }
    for (principal, kinds) in SIGNERS {
        if kinds.contains(&"service") {
            all.push((
                format!("service {principal}"),
                caller(CallerKind::Service, principal),
            ));
        }
    }
    all
}

fn matrix() -> String {
    let rows = table();
    let mut scopes: Vec<&'static str> = rows
        .iter()
        .map(|row| row.scope)
        .filter(|scope| !scope.is_empty())
        .collect();
    scopes.push("some.other.scope");
    scopes.sort_unstable();
    scopes.dedup();
    let callers = callers(&scopes);
    let mut text = format!(
        "# Who may call what: {} RPCs x {} callers, asked one by one of auth::guard::permits.\n\
         # Callers that an RPC does not list are refused with PERMISSION_DENIED; two factors are named where they matter.\n",
        rows.len(),
        callers.len(),
    );
    for row in &rows {
        let _fits = write!(text, "\n{}\n", row.method);
        let (mut open, mut terms) = (Vec::new(), Vec::new());
        for (name, caller) in &callers {
            match permits(row, caller) {
                Ok(()) => open.push(name.as_str()),
                Err(status) if status.code() == Code::FailedPrecondition => terms.push(name.as_str()),
                Err(status) => assert_eq!(status.code(), Code::PermissionDenied, "{} for {name}", row.method),
            }
        }
        for (title, list) in [("open to", open), ("terms first", terms)] {
            if !list.is_empty() {
                let _fits = writeln!(text, "  {title:<12} {}", shortened(&list).join(", "));
            }
        }
    }
    text
}

/// Leaves out a caller with two factors where the same caller with one is listed: the second factor changed nothing.
fn shortened<'a>(list: &[&'a str]) -> Vec<&'a str> {
    list.iter()
        .filter(|name| !name.contains(FACTORS) || !list.contains(&name.replace(FACTORS, "").as_str()))
        .copied()
        .collect()
}

#[test]
fn every_rpc_answers_every_caller_as_the_committed_matrix_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/permissions.txt");
    let found = matrix();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &found).expect("the matrix can be written");
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    let changes: Vec<String> = committed
        .lines()
        .filter(|line| !found.lines().any(|other| other == *line))
        .map(|line| format!("- {line}"))
        .chain(
            found
                .lines()
                .filter(|line| !committed.lines().any(|other| other == *line))
                .map(|line| format!("+ {line}")),
        )
        .collect();
    assert!(
        committed == found,
        "the permission table changed:\n{}\nIf that is meant, write it anew with UPDATE=1 and say why in the commit: {}",
        changes.join("\n"),
        path.display()
    );
}

#[test]
fn only_the_named_rpcs_are_open_before_the_terms_are_accepted() {
    let open: Vec<&str> = table()
        .iter()
        .filter(|row| row.before_terms)
        .map(|row| row.method)
        .collect();
    assert_eq!(
        open, BEFORE_TERMS,
        "the allow-list is in this file: add to it only what a reader needs to accept the terms"
    );
}

#[test]
fn a_person_before_the_terms_is_told_so_and_gets_nothing_else() {
    for row in table() {
        for kind in [CallerKind::Member, CallerKind::Agent] {
            let person = Caller {
                terms_accepted: false,
                roles: ROLES.to_vec(),
                assurance: Assurance::Two,
                ..caller(kind, "account")
            };
            let answer = permits(&row, &person);
            let listed = row.callers.contains(&kind);
            let open = listed && BEFORE_TERMS.contains(&row.method);
            assert_eq!(answer.is_ok(), open, "{} for a {}", row.method, kind.as_str());
            if listed && !open {
                let reason = answer.err().and_then(|status| platform::status::reason(&status));
                assert_eq!(reason.as_deref(), Some("TERMS_NOT_ACCEPTED"), "{}", row.method);
            }
        }
    }
}

#[test]
fn a_row_without_callers_refuses_everybody() {
    let row = MethodPermission {
        method: "/tadamon.nobody.v1.Forgotten/Option",
        callers: &[],
        roles: &[],
        scope: "",
        services: &[],
        assurance: Assurance::One,
        before_terms: true,
    };
    for (name, caller) in callers(&["any"]) {
        assert!(permits(&row, &caller).is_err(), "{name} got in");
    }
}

#[test]
fn an_app_gets_nothing_where_the_contract_forgot_the_scope() {
    let row = MethodPermission {
        method: "/tadamon.nobody.v1.Forgotten/Scope",
        callers: &[CallerKind::App, CallerKind::Partner],
        roles: &[],
        scope: "",
        services: &[],
        assurance: Assurance::One,
        before_terms: false,
    };
    for (name, caller) in callers(&["", "any"]) {
        assert!(permits(&row, &caller).is_err(), "{name} got in");
    }
}

#[test]
fn two_factors_are_asked_where_the_contract_asks_for_them() {
    let row = MethodPermission {
        method: "/tadamon.nobody.v1.Money/Move",
        callers: &[CallerKind::Member, CallerKind::Agent],
        roles: &[Role::Finance],
        scope: "",
        services: &[],
        assurance: Assurance::Two,
        before_terms: false,
    };
    let let_in: Vec<String> = callers(&[])
        .into_iter()
        .filter(|(_, caller)| permits(&row, caller).is_ok())
        .map(|(name, _)| name)
        .collect();
    assert_eq!(
        let_in,
        ["member with two factors", "agent finance with two factors"]
    );
}
