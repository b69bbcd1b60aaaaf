//! One batch of families in the caller's transaction: compare, merge, write, announce.

use std::collections::{HashMap, HashSet};

use platform::crypto::{PersonKey, Place};
use platform::ids::uuid_v7;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Context, Counts};
use crate::domain::family_merge::{Incoming, Marks, MemberWrite, OnFile, Plan, merge};
use crate::domain::position_history::{Period, revise};
use crate::domain::roster::{Family, Finding};
use crate::error::Error;
use crate::events::published;
use crate::sealing::Sealing;
use crate::store::bank_accounts::{self, NewAccount};
use crate::store::contacts::{self, ContactWrite};
use crate::store::members::{self, MemberRowWrite};
use crate::store::positions::{self, NewPeriod};
use crate::store::{family_links, person_keys, persons, workplaces};

/// What became of a batch.
pub(super) struct Applied {
    pub(super) counts: Counts,
    pub(super) findings: Vec<Finding>,
}

pub(super) async fn apply(
    conn: &mut PgConnection,
    sealing: &Sealing,
    families: Vec<Family>,
    context: &Context,
) -> Result<Applied, Error> {
    let mut counts = Counts::default();
    let (incoming, mut on_file) = changed_families(conn, sealing, families, &mut counts).await?;
    if incoming.is_empty() {
        return Ok(Applied {
            counts,
            findings: Vec::new(),
        });
    }
    load_people(conn, &incoming, &mut on_file).await?;
    let plan = merge(&incoming, &mut on_file, || uuid_v7(context.now));
    save(conn, sealing, &incoming, &plan, context).await?;
    announce(conn, &plan, context, &mut counts).await?;
    counts.unchanged += u32::try_from(plan.unchanged.len()).unwrap_or(u32::MAX);
    counts.relatives += plan.relatives;
    Ok(Applied {
        counts,
        findings: plan.findings,
    })
}

/// Families whose digest is not the stored one, with the members on file. A file imported again ends here.
async fn changed_families(
    conn: &mut PgConnection,
    sealing: &Sealing,
    families: Vec<Family>,
    counts: &mut Counts,
) -> Result<(Vec<Incoming>, OnFile), Error> {
    let matricules: Vec<String> = families
        .iter()
        .map(|f| f.member.matricule.as_str().to_owned())
        .collect();
    let known = members::by_matricule(conn, &matricules).await?;
    let mut incoming = Vec::with_capacity(families.len());
    for family in families {
        let digest = sealing.family(&family);
        if known
            .get(family.member.matricule.as_str())
            .is_some_and(|known| known.digest == digest)
        {
            counts.unchanged += 1;
            counts.relatives += u32::try_from(family.relatives.len()).unwrap_or(u32::MAX);
            continue;
        }
        let marks = |person| Marks {
            cin: cin_of(sealing, person),
            content: sealing.content(person),
        };
        incoming.push(Incoming {
            member: marks(&family.member.person),
            relatives: family
                .relatives
                .iter()
                .map(|relative| marks(&relative.person))
                .collect(),
            digest,
            own_digest: sealing.member(&family.member),
            family,
        });
    }
    Ok((
        incoming,
        OnFile {
            members: known,
            ..OnFile::default()
        },
    ))
}

fn cin_of(sealing: &Sealing, person: &crate::domain::person::PersonDetails) -> Option<Vec<u8>> {
    person.cin.as_ref().map(|cin| sealing.cin(cin))
}

/// Everybody whom the batch may mean: the members' own persons and links, and who has a card or a key of the batch.
async fn load_people(
    conn: &mut PgConnection,
    incoming: &[Incoming],
    on_file: &mut OnFile,
) -> Result<(), Error> {
    let members: Vec<Uuid> = on_file.members.values().map(|known| known.member).collect();
    on_file.links = family_links::open(conn, &members).await?;
    let own = on_file.members.values().map(|known| known.person);
    let linked = on_file.links.values().flatten().map(|link| link.person);
    let ids: Vec<Uuid> = own.chain(linked).collect();
    let cins: Vec<Vec<u8>> = incoming
        .iter()
        .flat_map(|family| std::iter::once(&family.member).chain(&family.relatives))
        .filter_map(|marks| marks.cin.clone())
        .collect();
    let keys: Vec<String> = incoming
        .iter()
        .flat_map(|family| &family.family.relatives)
        .filter_map(|relative| relative.child_key.clone())
        .collect();
    persons::load(conn, &ids, &cins, &keys, on_file).await?;
    Ok(())
}

async fn save(
    conn: &mut PgConnection,
    sealing: &Sealing,
    incoming: &[Incoming],
    plan: &Plan,
    context: &Context,
) -> Result<(), Error> {
    let now = context.now;
    let people: HashSet<Uuid> = plan
        .persons
        .iter()
        .map(|write| write.person)
        .chain(plan.members.iter().map(|m| m.person))
        .collect();
    let people: Vec<Uuid> = people.into_iter().collect();
    let keys = person_keys::get_or_make(conn, &sealing.cipher, &people, now).await?;
    persons::save(conn, &plan.persons, &keys, now).await?;
    let rows: Vec<MemberRowWrite> = plan
        .members
        .iter()
        .map(|write| member_row(sealing, write, incoming, &keys))
        .collect();
    members::save(conn, &rows, now).await?;
    workplaces::save(conn, &rows, context.today, now).await?;
    members::keep_digests(conn, &plan.unchanged).await?;
    let ids = fresh_ids(plan.links.len(), context);
    family_links::write(conn, &plan.links, &ids, context.today, now).await?;
    let copies = fresh_ids(plan.closed_links.len(), context);
    family_links::close(conn, &plan.closed_links, &copies, context.today, now).await?;
    save_positions(conn, incoming, plan, context).await?;
    save_accounts(conn, sealing, incoming, plan, &keys, context).await?;
    let contacts: Vec<ContactWrite<'_>> = plan
        .members
        .iter()
        .filter_map(|write| {
            let row = &incoming.get(write.incoming)?.family.member;
            Some(ContactWrite {
                member: write.member,
                person: write.person,
                email: row.email.as_ref(),
                email_index: row.email.as_ref().map(|email| sealing.email(email)),
                language: row.language,
            })
        })
        .collect();
    contacts::save(conn, &contacts, &keys, now).await?;
    Ok(())
}

fn fresh_ids(count: usize, context: &Context) -> Vec<Uuid> {
    (0..count).map(|_| uuid_v7(context.now)).collect()
}

fn member_row(
    sealing: &Sealing,
    write: &MemberWrite,
    incoming: &[Incoming],
    keys: &HashMap<Uuid, PersonKey>,
) -> MemberRowWrite {
    let row = &incoming[write.incoming].family.member;
    let place = Place {
        table: "members",
        column: "pension",
        row: write.member,
    };
    let pension = row.pension_number.as_ref();
    MemberRowWrite {
        member: write.member,
        person: write.person,
        matricule: row.matricule.as_str().to_owned(),
        pension_sealed: pension
            .zip(keys.get(&write.person))
            .map(|(number, key)| key.seal(place, number.as_str().as_bytes())),
        pension_index: pension.map(|number| sealing.pension_number(number)),
        province_iso: row.province.iso().to_owned(),
        external_services: row.external_services,
        digest: write.digest.clone(),
        own_digest: write.own_digest.clone(),
        version: write.version,
    }
}

async fn save_positions(
    conn: &mut PgConnection,
    incoming: &[Incoming],
    plan: &Plan,
    context: &Context,
) -> Result<(), Error> {
    let known: Vec<Uuid> = plan
        .members
        .iter()
        .filter(|write| !write.is_new)
        .map(|write| write.member)
        .collect();
    let mut believed = positions::believed(conn, &known).await?;
    let mut superseded = Vec::new();
    let mut fresh = Vec::new();
    for write in &plan.members {
        let row = &incoming[write.incoming].family.member;
        let told = Period {
            position: row.position,
            from: row.position_from,
            to: row.position_to,
        };
        let rows = believed.remove(&write.member).unwrap_or_default();
        let history: Vec<Period> = rows.iter().map(|believed| believed.period).collect();
        let revision = revise(&history, told);
        superseded.extend(
            revision
                .supersede
                .iter()
                .filter_map(|at| rows.get(*at))
                .map(|believed| believed.row),
        );
        fresh.extend(revision.insert.into_iter().map(|period| NewPeriod {
            row: uuid_v7(context.now),
            member: write.member,
            period,
        }));
    }
    positions::revise(conn, &superseded, &fresh, context.now).await?;
    Ok(())
}

async fn save_accounts(
    conn: &mut PgConnection,
    sealing: &Sealing,
    incoming: &[Incoming],
    plan: &Plan,
    keys: &HashMap<Uuid, PersonKey>,
    context: &Context,
) -> Result<(), Error> {
    let known: Vec<Uuid> = plan
        .members
        .iter()
        .filter(|write| !write.is_new)
        .map(|write| write.member)
        .collect();
    let current = bank_accounts::current(conn, &known).await?;
    let mut superseded = Vec::new();
    let mut fresh = Vec::new();
    for write in &plan.members {
        let rib = incoming[write.incoming].family.member.rib.clone();
        let index = rib.as_ref().map(|rib| sealing.rib(rib));
        let held = current.get(&write.member);
        if held.map(|held| &held.index) == index.as_ref() {
            continue;
        }
        superseded.extend(held.map(|held| held.account));
        if let (Some(rib), Some(index), Some(key)) = (rib, index, keys.get(&write.person)) {
            let account = uuid_v7(context.now);
            fresh.push(NewAccount {
                account,
                member: write.member,
                rib,
                index,
                key: key.clone(),
            });
        }
    }
    bank_accounts::replace(conn, &superseded, &fresh, context.now).await?;
    Ok(())
}

/// Events of the batch's members, and of every other member whose family one of the changed people belongs to.
async fn announce(
    conn: &mut PgConnection,
    plan: &Plan,
    context: &Context,
    counts: &mut Counts,
) -> Result<(), Error> {
    let changed: Vec<Uuid> = plan
        .persons
        .iter()
        .filter(|write| !write.is_new)
        .map(|write| write.person)
        .collect();
    let in_batch: Vec<Uuid> = plan.members.iter().map(|write| write.member).collect();
    let touched = members::touch_families_of(conn, &changed, &in_batch, context.now).await?;
    let event = |member, version, is_new| {
        published::member(member, version, is_new, &context.actor_kind, context.now)
    };
    let own = plan
        .members
        .iter()
        .map(|write| event(write.member, write.version, write.is_new));
    let others = touched
        .iter()
        .map(|(member, version)| event(*member, *version, false));
    let events: Vec<_> = own.chain(others).collect();
    if !events.is_empty() {
        bus::enqueue_many(conn, &events).await?;
    }
    let registered = plan.members.iter().filter(|write| write.is_new).count();
    counts.registered += u32::try_from(registered).unwrap_or(u32::MAX);
    counts.changed += u32::try_from(plan.members.len() - registered).unwrap_or(u32::MAX);
    Ok(())
}
