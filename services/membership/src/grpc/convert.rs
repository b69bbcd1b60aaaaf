//! Stored and decided things as messages. Account numbers leave masked, and only here.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::Rib;
use membership_proto::v1::{
    FamilyMember, GetMemberResponse, GetOwnRecordResponse, MaskedBankAccount, MemberFacts, MemberLabel,
    PersonName, PositionPeriod, RelativeFacts, RosterFinding, RosterProgress, RosterSummary, Workplace,
};
use uuid::Uuid;

use crate::domain::bank_names::BankNames;
use crate::domain::position_history::Period;
use crate::domain::roster::{Column, Finding};
use crate::store::family_links::Relative;
use crate::store::workplaces;
use crate::use_cases::get_member_facts;
use crate::use_cases::get_own_record::Record;
use crate::use_cases::import_roster::{Progress, Summary};
use crate::use_cases::look_up_members::Label;

fn date(day: Option<NaiveDate>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

fn timestamp(at: DateTime<Utc>) -> pbjson_types::Timestamp {
    pbjson_types::Timestamp {
        seconds: at.timestamp(),
        nanos: i32::try_from(at.timestamp_subsec_nanos()).unwrap_or_default(),
    }
}

pub(super) fn own_record(record: Record, banks: &BankNames) -> GetOwnRecordResponse {
    let own = record.record;
    let bank_account = record.account.map(|(id, rib)| masked(id, &rib, banks));
    GetOwnRecordResponse {
        member_id: own.member_id.to_string(),
        name: Some(PersonName {
            first_fr: own.first_name_fr,
            last_fr: own.last_name_fr,
            first_ar: own.first_name_ar,
            last_ar: own.last_name_ar,
        }),
        matricule: own.matricule,
        position: record.position.position.as_str().to_owned(),
        province_iso: own.province_iso,
        // Who died keeps a place on file, but cannot be the person concerned of a new request.
        family: record
            .family
            .into_iter()
            .filter(|r| r.death_date.is_none())
            .map(family_member)
            .collect(),
        bank_account,
        version: own.version,
    }
}

/// What an agent who works on the member's file is shown; the account to whom an account concerns.
pub(super) fn member(record: Record, banks: &BankNames, shows_account: bool) -> GetMemberResponse {
    let own = record.record;
    GetMemberResponse {
        label: Some(MemberLabel {
            member_id: own.member_id.to_string(),
            name: Some(PersonName {
                first_fr: own.first_name_fr,
                last_fr: own.last_name_fr,
                first_ar: own.first_name_ar,
                last_ar: own.last_name_ar,
            }),
            matricule: own.matricule,
            position: record.position.position.as_str().to_owned(),
            province_iso: own.province_iso,
        }),
        family: record.family.into_iter().map(family_member).collect(),
        bank_account: record
            .account
            .filter(|_| shows_account)
            .map(|(id, rib)| masked(id, &rib, banks)),
    }
}

pub(super) fn label(label: Label) -> MemberLabel {
    let named = label.named;
    MemberLabel {
        member_id: named.member_id.to_string(),
        name: Some(PersonName {
            first_fr: named.first_name_fr,
            last_fr: named.last_name_fr,
            first_ar: named.first_name_ar,
            last_ar: named.last_name_ar,
        }),
        matricule: named.matricule,
        position: label.position.position.as_str().to_owned(),
        province_iso: named.province_iso,
    }
}

fn masked(id: Uuid, rib: &Rib, banks: &BankNames) -> MaskedBankAccount {
    let name = banks.of(rib.bank_code());
    MaskedBankAccount {
        bank_account_id: id.to_string(),
        bank_code: rib.bank_code().to_owned(),
        bank_name_fr: name.map(|name| name.fr.clone()).unwrap_or_default(),
        bank_name_ar: name.map(|name| name.ar.clone()).unwrap_or_default(),
        last_four: rib.last_four().to_owned(),
    }
}

fn family_member(relative: Relative) -> FamilyMember {
    FamilyMember {
        person_id: relative.person.to_string(),
        relation: relative.relation,
        name: Some(PersonName {
            first_fr: relative.first_name_fr,
            last_fr: relative.last_name_fr,
            first_ar: relative.first_name_ar,
            last_ar: relative.last_name_ar,
        }),
        birth_date: relative.birth_date.to_string(),
    }
}

pub(super) fn member_facts(member: get_member_facts::MemberFacts) -> MemberFacts {
    let facts = member.facts;
    MemberFacts {
        member_id: facts.member_id.to_string(),
        version: facts.version,
        person_id: facts.person_id.to_string(),
        birth_date: facts.birth_date.to_string(),
        sex: facts.sex,
        position: member.position.position.as_str().to_owned(),
        position_from: member.position.from.to_string(),
        position_to: date(member.position.to),
        province_iso: facts.province_iso,
        external_services: facts.external_services,
        death_date: date(facts.death_date),
        relatives: member.relatives.into_iter().map(relative_facts).collect(),
        bank_account_id: facts.bank_account_id.map(|id| id.to_string()).unwrap_or_default(),
        recorded_at: Some(timestamp(facts.recorded_at)),
        positions: member.history.into_iter().map(position_period).collect(),
        workplaces: member.workplaces.into_iter().map(workplace).collect(),
    }
}

fn workplace(workplace: workplaces::Workplace) -> Workplace {
    Workplace {
        province_iso: workplace.province_iso,
        external_services: workplace.external_services,
        from: date(workplace.from),
    }
}

fn position_period(period: Period) -> PositionPeriod {
    PositionPeriod {
        position: period.position.as_str().to_owned(),
        from: period.from.to_string(),
        to: date(period.to),
    }
}

fn relative_facts(relative: Relative) -> RelativeFacts {
    RelativeFacts {
        person_id: relative.person.to_string(),
        relation: relative.relation,
        birth_date: relative.birth_date.to_string(),
        sex: relative.sex,
        death_date: date(relative.death_date),
    }
}

pub(super) fn progress(progress: Progress) -> RosterProgress {
    RosterProgress {
        lines_read: progress.lines_read,
        findings: progress.findings.into_iter().map(finding).collect(),
    }
}

fn finding(finding: Finding) -> RosterFinding {
    RosterFinding {
        line: finding.line,
        column: finding.column.map_or("", Column::name).to_owned(),
        reason: finding.reason.code().to_owned(),
        message: finding.reason.message().to_owned(),
    }
}

pub(super) fn summary(summary: &Summary) -> RosterSummary {
    RosterSummary {
        lines_read: summary.lines_read,
        lines_bad: summary.lines_bad,
        members_registered: summary.counts.registered,
        members_changed: summary.counts.changed,
        members_unchanged: summary.counts.unchanged,
        relatives: summary.counts.relatives,
        dry_run: summary.dry_run,
    }
}
