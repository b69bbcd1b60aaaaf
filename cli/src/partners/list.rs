//! `tadamon partners list`: every partner with its agreements and clients.

use chrono::{DateTime, Utc};
use partnerships_proto::v1::{Agreement, ListPartnersRequest, Partner};
use serde_json::json;

use super::call::{Partnerships, PartnershipsArgs, refused};
use crate::exit::Failure;

#[derive(clap::Args, Debug)]
pub(crate) struct ListArgs {
    /// JSON lines instead of sentences.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    partnerships: PartnershipsArgs,
}

pub(super) async fn run(args: ListArgs, now: DateTime<Utc>) -> Result<(), Failure> {
    let partnerships = Partnerships::open(&args.partnerships, now).await?;
    let listed = partnerships
        .service()
        .list_partners(partnerships.request(ListPartnersRequest {}))
        .await
        .map_err(|status| refused("the list", &status))?;
    for partner in listed.into_inner().partners {
        println!(
            "{}",
            if args.json {
                as_json(&partner)
            } else {
                as_text(&partner)
            }
        );
    }
    Ok(())
}

fn as_json(partner: &Partner) -> String {
    let agreements: Vec<_> = partner
        .agreements
        .iter()
        .map(|agreement| {
            json!({ "reference": agreement.reference, "version": agreement.version, "ended_on": agreement.ended_on })
        })
        .collect();
    json!({
        "code": partner.code, "name_ar": partner.name_ar, "name_fr": partner.name_fr,
        "agreements": agreements, "clients": partner.client_ids,
    })
    .to_string()
}

fn as_text(partner: &Partner) -> String {
    let mut lines = vec![format!(
        "{}  {}  {}",
        partner.code, partner.name_fr, partner.name_ar
    )];
    lines.extend(partner.agreements.iter().map(agreement_line));
    lines.extend(
        partner
            .client_ids
            .iter()
            .map(|client| format!("  client {client}")),
    );
    lines.join("\n")
}

fn agreement_line(agreement: &Agreement) -> String {
    let (from, to) = agreement
        .terms
        .as_ref()
        .map_or(("", ""), |terms| (&terms.valid_from, &terms.valid_to));
    let until = match (agreement.ended_on.as_str(), to) {
        ("", "") => "open".to_owned(),
        ("", last) => format!("to {last}"),
        (ended, _) => format!("ended on {ended}"),
    };
    format!(
        "  agreement {} version {} from {from}, {until}",
        agreement.reference, agreement.version
    )
}

#[cfg(test)]
mod tests {
    use partnerships_proto::v1::AgreementTerms;

    use super::*;

    #[test]
    fn a_partner_is_told_with_the_end_of_its_agreements() {
        let agreement = |to: &str, ended: &str| Agreement {
            reference: "2020/12".to_owned(),
            version: 1,
            ended_on: ended.to_owned(),
            terms: Some(AgreementTerms {
                valid_from: "2020-12-01".to_owned(),
                valid_to: to.to_owned(),
                ..AgreementTerms::default()
            }),
            ..Agreement::default()
        };
        for (agreement, end) in [
            (agreement("", ""), "open"),
            (agreement("2030-12-31", ""), "to 2030-12-31"),
            (agreement("2030-12-31", "2026-12-01"), "ended on 2026-12-01"),
        ] {
            let line = agreement_line(&agreement);
            assert_eq!(
                line,
                format!("  agreement 2020/12 version 1 from 2020-12-01, {end}")
            );
        }
    }
}
