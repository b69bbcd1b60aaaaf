//! `tadamon partners`: partners, their agreements and their clients at partnerships. A partner's OAuth client itself is made by `tadamon clients
//! create --kind partner`; here it is linked.

mod agreement_file;
mod call;
mod list;

use std::path::PathBuf;
use std::process::ExitCode;

use chrono::{DateTime, NaiveDate, Utc};
use clap::Subcommand;
use partnerships_proto::v1::{
    CreatePartnerRequest, EndAgreementRequest, LinkClientRequest, PutAgreementRequest,
    SetCardSuspensionRequest, UnlinkClientRequest,
};

use crate::exit::Failure;
pub(crate) use agreement_file::AgreementFile;
pub(crate) use call::{Partnerships, PartnershipsArgs};

#[derive(Subcommand, Debug)]
pub(crate) enum PartnersCommand {
    /// Make a partner.
    Create(CreateArgs),
    /// Every partner with its agreements and clients.
    List(list::ListArgs),
    /// Put an agreement, or a new version of one, from a file as docs/partners.md describes it.
    PutAgreement(PutAgreementArgs),
    /// End an agreement on a day, today unless said: from then on every check is refused.
    EndAgreement(EndAgreementArgs),
    /// Let an OAuth client speak for a partner.
    Link(LinkArgs),
    /// No longer let an OAuth client speak for its partner.
    Unlink(UnlinkArgs),
    /// Suspend the card of one person, or lift the suspension.
    Suspend(SuspendArgs),
}

#[derive(clap::Args, Debug)]
pub(crate) struct CreateArgs {
    /// Lower-case letters, digits and hyphens.
    code: String,
    #[arg(long)]
    name_ar: String,
    #[arg(long)]
    name_fr: String,
    #[command(flatten)]
    partnerships: PartnershipsArgs,
}

#[derive(clap::Args, Debug)]
pub(crate) struct PutAgreementArgs {
    /// The partner's code.
    partner: String,
    /// TOML: reference, dates, categories, ages, offers, counters.
    file: PathBuf,
    #[command(flatten)]
    partnerships: PartnershipsArgs,
}

#[derive(clap::Args, Debug)]
pub(crate) struct EndAgreementArgs {
    /// The partner's code.
    partner: String,
    /// The agreement's reference.
    reference: String,
    /// The first day on which nothing is honoured any more.
    #[arg(long)]
    on: Option<NaiveDate>,
    #[command(flatten)]
    partnerships: PartnershipsArgs,
}

#[derive(clap::Args, Debug)]
pub(crate) struct LinkArgs {
    /// The partner's code.
    partner: String,
    /// As `tadamon clients create` printed it.
    client_id: String,
    #[command(flatten)]
    partnerships: PartnershipsArgs,
}

#[derive(clap::Args, Debug)]
pub(crate) struct UnlinkArgs {
    client_id: String,
    #[command(flatten)]
    partnerships: PartnershipsArgs,
}

#[derive(clap::Args, Debug)]
pub(crate) struct SuspendArgs {
    /// The person's id.
    person_id: String,
    /// The card is good again.
    #[arg(long)]
    lift: bool,
    #[command(flatten)]
    partnerships: PartnershipsArgs,
}

pub(crate) async fn run(command: PartnersCommand, now: DateTime<Utc>) -> Result<ExitCode, Failure> {
    match command {
        PartnersCommand::Create(args) => create(args, now).await?,
        PartnersCommand::List(args) => list::run(args, now).await?,
        PartnersCommand::PutAgreement(args) => put_agreement(args, now).await?,
        PartnersCommand::EndAgreement(args) => end_agreement(args, now).await?,
        PartnersCommand::Link(args) => link(args, now).await?,
        PartnersCommand::Unlink(args) => unlink(args, now).await?,
        PartnersCommand::Suspend(args) => suspend(args, now).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn create(args: CreateArgs, now: DateTime<Utc>) -> Result<(), Failure> {
    let partnerships = Partnerships::open(&args.partnerships, now).await?;
    let request = CreatePartnerRequest {
        code: args.code.clone(),
        name_ar: args.name_ar,
        name_fr: args.name_fr,
        idempotency_key: call::key(now),
    };
    let made = partnerships
        .service()
        .create_partner(partnerships.request(request))
        .await;
    made.map_err(|status| call::refused("the partner", &status))?;
    println!("partner {}", args.code);
    Ok(())
}

async fn put_agreement(args: PutAgreementArgs, now: DateTime<Utc>) -> Result<(), Failure> {
    let file = AgreementFile::open(&args.file)?;
    let partnerships = Partnerships::open(&args.partnerships, now).await?;
    let request = PutAgreementRequest {
        partner_code: args.partner,
        reference: file.reference.clone(),
        terms: Some(file.terms()),
        idempotency_key: call::key(now),
    };
    let put = partnerships
        .service()
        .put_agreement(partnerships.request(request))
        .await;
    let put = put.map_err(|status| call::refused("the agreement", &status))?;
    let version = put
        .into_inner()
        .agreement
        .map_or(0, |agreement| agreement.version);
    println!("agreement {} version {version}", file.reference);
    Ok(())
}

async fn end_agreement(args: EndAgreementArgs, now: DateTime<Utc>) -> Result<(), Failure> {
    let partnerships = Partnerships::open(&args.partnerships, now).await?;
    let request = EndAgreementRequest {
        partner_code: args.partner,
        reference: args.reference,
        ended_on: args.on.map(|day| day.to_string()).unwrap_or_default(),
        idempotency_key: call::key(now),
    };
    let ended = partnerships
        .service()
        .end_agreement(partnerships.request(request))
        .await;
    let ended = ended.map_err(|status| call::refused("to end the agreement", &status))?;
    let day = ended
        .into_inner()
        .agreement
        .map(|agreement| agreement.ended_on)
        .unwrap_or_default();
    println!("nothing is honoured from {day} on; `tadamon clients disable` closes the partner's clients");
    Ok(())
}

async fn link(args: LinkArgs, now: DateTime<Utc>) -> Result<(), Failure> {
    let partnerships = Partnerships::open(&args.partnerships, now).await?;
    let request = LinkClientRequest {
        partner_code: args.partner,
        client_id: args.client_id,
        idempotency_key: call::key(now),
    };
    let linked = partnerships
        .service()
        .link_client(partnerships.request(request))
        .await;
    linked.map_err(|status| call::refused("the client", &status))?;
    println!("linked");
    Ok(())
}

async fn unlink(args: UnlinkArgs, now: DateTime<Utc>) -> Result<(), Failure> {
    let partnerships = Partnerships::open(&args.partnerships, now).await?;
    let request = UnlinkClientRequest {
        client_id: args.client_id,
        idempotency_key: call::key(now),
    };
    let unlinked = partnerships
        .service()
        .unlink_client(partnerships.request(request))
        .await;
    unlinked.map_err(|status| call::refused("to unlink the client", &status))?;
    println!("unlinked");
    Ok(())
}

async fn suspend(args: SuspendArgs, now: DateTime<Utc>) -> Result<(), Failure> {
    let partnerships = Partnerships::open(&args.partnerships, now).await?;
    let request = SetCardSuspensionRequest {
        person_id: args.person_id,
        suspended: !args.lift,
        idempotency_key: call::key(now),
    };
    let done = partnerships
        .service()
        .set_card_suspension(partnerships.request(request))
        .await;
    done.map_err(|status| call::refused("the suspension", &status))?;
    println!("{}", if args.lift { "good again" } else { "suspended" });
    Ok(())
}
