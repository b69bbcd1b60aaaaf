//! `tadamon audit`: recomputes the audit trail of every service, chain by chain and root by root, and compares the roots with copies that the
//! operator keeps outside the databases. Asked by gRPC with the scope `operations.audit`; no line's words leave the service.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono::{DateTime, SecondsFormat};
use clap::Subcommand;
use operations_proto::v1::{
    AuditFlaw, AuditFlawKind, AuditRoot, ListAuditRootsRequest, VerifyAuditChainsRequest,
    VerifyAuditRootRequest,
};
use platform::clock::Clock;
use serde_json::json;
use tonic::Status;

use crate::exit::Failure;
use crate::services::{SERVICES, WhereArgs, is_away};

const SCOPE: &str = "operations.audit";
/// Roots asked for at once.
const PAGE: i32 = 200;

#[derive(Subcommand, Debug)]
pub(crate) enum AuditCommand {
    /// Recompute every chain and every root. Exit 0 when all is as it was written, 2 when something is not, 69 when a service did not answer.
    Verify(VerifyArgs),
    /// Print the roots, one line each: service, number, instant, root. Keep them where the databases' administrators cannot write.
    Roots(RootsArgs),
}

#[derive(clap::Args, Debug)]
pub(crate) struct VerifyArgs {
    /// One service only.
    #[arg(long)]
    service: Option<String>,
    /// Roots as `tadamon audit roots` printed them: each must still be there and the same.
    #[arg(long, value_name = "FILE")]
    roots: Option<PathBuf>,
    /// One JSON object a finding and one a service.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: WhereArgs,
}

#[derive(clap::Args, Debug)]
pub(crate) struct RootsArgs {
    /// One service only.
    #[arg(long)]
    service: Option<String>,
    /// Add the roots that the file does not have yet to its end, instead of printing them.
    #[arg(long, value_name = "FILE")]
    append: Option<PathBuf>,
    #[command(flatten)]
    place: WhereArgs,
}

pub(crate) async fn run(command: AuditCommand, clock: &Clock) -> Result<ExitCode, Failure> {
    match command {
        AuditCommand::Verify(args) => verify(args, clock).await,
        AuditCommand::Roots(args) => roots(args, clock).await,
    }
}

/// Copies of roots: service and number, and the line as it was printed.
type Copies = BTreeMap<(String, i64), String>;

fn read_copies(path: &Path) -> Result<Copies, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::refused(format!("{}: {error}", path.display())))?;
    let mut copies = Copies::new();
    for (at, line) in text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
    {
        let words: Vec<&str> = line.split_whitespace().collect();
        let number = words.get(1).and_then(|number| number.parse().ok());
        let (&[service, _, _, root], Some(number)) = (words.as_slice(), number) else {
            return Err(Failure::refused(format!(
                "{} line {}: not a root as `tadamon audit roots` prints it",
                path.display(),
                at + 1
            )));
        };
        let known = copies.insert((service.to_owned(), number), root.to_owned());
        if known.is_some_and(|known| known != root) {
            return Err(Failure::refused(format!(
                "{} line {}: {service} {number} stands there twice with different roots",
                path.display(),
                at + 1
            )));
        }
    }
    Ok(copies)
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _infallible = write!(text, "{byte:02x}");
        text
    })
}

fn line(service: &str, root: &AuditRoot) -> String {
    let made_at = root.made_at.as_ref().and_then(|at| {
        let nanos = u32::try_from(at.nanos).ok()?;
        DateTime::from_timestamp(at.seconds, nanos)
    });
    let made_at = made_at.map_or_else(
        || "-".to_owned(),
        |at| at.to_rfc3339_opts(SecondsFormat::Secs, true),
    );
    format!("{service} {} {made_at} {}", root.number, hexadecimal(&root.root))
}

fn asked(only: Option<&str>) -> Result<Vec<&'static str>, Failure> {
    let names = SERVICES.map(|(name, _)| name);
    match only {
        None => Ok(names.to_vec()),
        Some(only) => {
            let found = names.into_iter().find(|name| *name == only);
            found.map(|name| vec![name]).ok_or_else(|| {
                Failure::usage(format!(
                    "no service is called {only:?}; there are {}",
                    names.join(", ")
                ))
            })
        }
    }
}

fn refused(service: &str, status: &Status) -> Failure {
    Failure::of_call(service, "to show its audit trail", status)
}

async fn all_roots(place: &WhereArgs, service: &str, clock: &Clock) -> Result<Vec<AuditRoot>, Status> {
    let mut roots: Vec<AuditRoot> = Vec::new();
    loop {
        let message = ListAuditRootsRequest {
            after_number: roots.last().map_or(0, |root| root.number),
            page_size: PAGE,
        };
        let (mut client, request) = place
            .call(service, SCOPE, message, clock)
            .await
            .map_err(|failure| Status::unavailable(format!("{failure:?}")))?;
        let page = client.list_audit_roots(request).await?.into_inner().roots;
        let last = page.len() < usize::try_from(PAGE).unwrap_or_default();
        roots.extend(page);
        if last {
            return Ok(roots);
        }
    }
}

async fn roots(args: RootsArgs, clock: &Clock) -> Result<ExitCode, Failure> {
    let known = match &args.append {
        Some(path) if path.exists() => read_copies(path)?,
        _ => Copies::new(),
    };
    let mut text = String::new();
    for service in asked(args.service.as_deref())? {
        let roots = all_roots(&args.place, service, clock)
            .await
            .map_err(|status| refused(service, &status))?;
        for root in roots {
            match known.get(&(service.to_owned(), root.number)) {
                None => text.push_str(&(line(service, &root) + "\n")),
                Some(copy) if *copy == hexadecimal(&root.root) => {}
                Some(_) => {
                    return Err(Failure::refused(format!(
                        "{service} {}: the copy has another root; run `tadamon audit verify`",
                        root.number
                    )));
                }
            }
        }
    }
    match &args.append {
        None => print!("{text}"),
        Some(path) => {
            let mut file = std::fs::File::options().create(true).append(true).open(path);
            let written = file
                .as_mut()
                .map_err(|error| error.to_string())
                .and_then(|file| file.write_all(text.as_bytes()).map_err(|error| error.to_string()));
            written.map_err(|error| Failure::refused(format!("{}: {error}", path.display())))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// What was looked at in one service, and what is not as it was written.
#[derive(Default)]
struct Report {
    records: u64,
    roots: usize,
    findings: Vec<String>,
}

async fn verify(args: VerifyArgs, clock: &Clock) -> Result<ExitCode, Failure> {
    let copies = args
        .roots
        .as_deref()
        .map(read_copies)
        .transpose()?
        .unwrap_or_default();
    let (mut flawed, mut away) = (false, Vec::new());
    for service in asked(args.service.as_deref())? {
        let report = match look(&args.place, service, &copies, clock).await {
            Ok(report) => report,
            Err(status) if is_away(&status) => {
                away.push(service);
                continue;
            }
            Err(status) => return Err(refused(service, &status)),
        };
        flawed |= !report.findings.is_empty();
        for finding in &report.findings {
            if args.json {
                println!("{}", json!({ "service": service, "finding": finding }));
            } else {
                println!("{service}: {finding}");
            }
        }
        let (records, roots, findings) = (report.records, report.roots, report.findings.len());
        if args.json {
            println!(
                "{}",
                json!({ "service": service, "records": records, "roots": roots, "findings": findings })
            );
        } else {
            println!("{service}: {records} records and {roots} roots looked at, {findings} findings");
        }
    }
    if !away.is_empty() {
        return Err(Failure::unavailable(format!(
            "no answer from {}",
            away.join(", ")
        )));
    }
    Ok(if flawed {
        crate::exit::with_findings()
    } else {
        ExitCode::SUCCESS
    })
}

async fn look(place: &WhereArgs, service: &str, copies: &Copies, clock: &Clock) -> Result<Report, Status> {
    let away = |failure: Failure| Status::unavailable(format!("{failure:?}"));
    let mut report = Report::default();
    let mut after = None;
    loop {
        let message = VerifyAuditChainsRequest {
            after: after.clone(),
            page_size: 0,
        };
        let (mut client, request) = place.call(service, SCOPE, message, clock).await.map_err(away)?;
        let page = client.verify_audit_chains(request).await?.into_inner();
        report.records += u64::from(page.records);
        report.findings.extend(page.flaws.iter().map(words));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let roots = all_roots(place, service, clock).await?;
    report.roots = roots.len();
    for (expected, root) in (1_i64..).zip(&roots) {
        if root.number != expected {
            report.findings.push(format!("root {expected} is gone"));
            break;
        }
        let message = VerifyAuditRootRequest { number: root.number };
        let (mut client, request) = place.call(service, SCOPE, message, clock).await.map_err(away)?;
        if !client.verify_audit_root(request).await?.into_inner().holds {
            report.findings.push(format!(
                "root {} does not follow from the lines it was taken over: some were changed or taken away",
                root.number
            ));
        }
    }
    for ((_, number), copy) in copies.iter().filter(|((of, _), _)| of == service) {
        match roots.iter().find(|root| root.number == *number) {
            Some(root) if hexadecimal(&root.root) == *copy => {}
            Some(_) => report
                .findings
                .push(format!("root {number} is another than in the copy")),
            None => report.findings.push(format!("root {number} of the copy is gone")),
        }
    }
    Ok(report)
}

fn words(flaw: &AuditFlaw) -> String {
    let record = flaw.record.clone().unwrap_or_default();
    let what = match flaw.kind() {
        AuditFlawKind::Changed => format!("line {} was changed", flaw.line),
        AuditFlawKind::Missing => format!("line {} is gone", flaw.line),
        AuditFlawKind::EndDiffers => "lines at the end were taken away or put in".to_owned(),
        AuditFlawKind::ChainMissing => "the end of its chain is gone".to_owned(),
        AuditFlawKind::Unspecified => "something is wrong that this version has no word for".to_owned(),
    };
    format!("{} {}: {what}", record.record_kind, record.record_id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_read_as_it_was_printed_and_nothing_else_is() {
        let root = AuditRoot {
            number: 7,
            made_at: Some(pbjson_types::Timestamp {
                seconds: 1_795_000_000,
                nanos: 0,
            }),
            root: vec![0xab; 32],
        };
        let printed = line("benefits", &root);
        let folder = tempfile();
        let path = folder.join("roots");
        std::fs::write(&path, format!("{printed}\n\n{printed}\n")).unwrap();
        let copies = read_copies(&path).unwrap();
        assert_eq!(
            copies,
            Copies::from([(("benefits".to_owned(), 7), "ab".repeat(32))])
        );
        for wrong in [
            "benefits 7",
            "benefits x 2026 ab",
            &format!("{printed}\nbenefits 7 - cd"),
        ] {
            std::fs::write(&path, wrong).unwrap();
            assert_eq!(read_copies(&path).unwrap_err().code(), 65, "{wrong}");
        }
        std::fs::remove_dir_all(folder).unwrap();
    }

    fn tempfile() -> PathBuf {
        let folder = std::env::temp_dir().join(format!("tadamon-audit-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }

    #[test]
    fn a_service_that_does_not_exist_is_named() {
        assert_eq!(asked(Some("nobody")).unwrap_err().code(), 64);
        assert_eq!(asked(None).unwrap().len(), 6);
    }
}
