//! The keyed side of personal data: blind indexes for look-ups, digests that show a change, person keys for columns.
//!
//! What is sealed and where it stands is the store's; no key ever leaves this module in the clear but a person's own.

use kernel::{Cin, EmailAddress, PensionNumber, Rib};
use platform::crypto::{BlindIndex, FieldCipher};
use platform::keys::{KeyDirectory, KeyError};

use crate::domain::person::{Digest, PersonDetails};
use crate::domain::roster::{Family, MemberRow};

/// Stands between fields of a digested text; the roster refuses control characters, so that no value holds it.
const BETWEEN: char = '\u{1F}';

/// Index key and data ring of the service.
#[derive(Debug)]
pub(crate) struct Sealing {
    pub(crate) cipher: FieldCipher,
    index: BlindIndex,
    #[cfg(test)]
    pub(crate) computed: std::sync::atomic::AtomicU64,
}

impl Sealing {
    pub(crate) fn open(keys: &KeyDirectory) -> Result<Self, KeyError> {
        Ok(Self {
            cipher: FieldCipher::new(keys.ring("membership.data")?),
            index: BlindIndex::new(keys.key("membership.index")?),
            #[cfg(test)]
            computed: std::sync::atomic::AtomicU64::new(0),
        })
    }

    fn of(&self, domain: &str, value: &str) -> Digest {
        #[cfg(test)]
        self.computed.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        self.index.of(domain, value)
    }

    pub(crate) fn cin(&self, cin: &Cin) -> Digest {
        self.of("membership.cin", cin.as_str())
    }

    pub(crate) fn pension_number(&self, number: &PensionNumber) -> Digest {
        self.of("membership.pension", number.as_str())
    }

    pub(crate) fn email(&self, email: &EmailAddress) -> Digest {
        self.of("membership.email", &email.normalised())
    }

    pub(crate) fn rib(&self, rib: &Rib) -> Digest {
        self.of("membership.rib", rib.as_str())
    }

    /// What somebody typed, a number or not: one HMAC either way.
    pub(crate) fn typed_cin(&self, text: &str) -> Digest {
        let normal = Cin::parse(text).map_or_else(|_| text.to_owned(), |cin| cin.as_str().to_owned());
        self.of("membership.cin", &normal)
    }

    pub(crate) fn typed_pension_number(&self, text: &str) -> Digest {
        let normal = PensionNumber::parse(text).map_or_else(|_| text.to_owned(), |n| n.as_str().to_owned());
        self.of("membership.pension", &normal)
    }

    pub(crate) fn typed_email(&self, text: &str) -> Digest {
        self.of("membership.email", &kernel::email::normalise(text))
    }

    /// Over everything that a line says about a person.
    pub(crate) fn content(&self, person: &PersonDetails) -> Digest {
        let mut text = String::with_capacity(160);
        push_person(&mut text, person);
        self.of("membership.person-content", &text)
    }

    /// Over everything that a member's own line says.
    pub(crate) fn member(&self, member: &MemberRow) -> Digest {
        let mut text = String::with_capacity(256);
        push_member(&mut text, member);
        self.of("membership.member", &text)
    }

    /// Over everything that the roster says about a family.
    pub(crate) fn family(&self, family: &Family) -> Digest {
        let mut text = String::with_capacity(512);
        push_member(&mut text, &family.member);
        push(&mut text, if family.partial { "partial" } else { "" });
        for relative in &family.relatives {
            push(&mut text, relative.relation.as_str());
            push(&mut text, &relative.relative_no.to_string());
            push(&mut text, relative.child_key.as_deref().unwrap_or_default());
            push(
                &mut text,
                &relative.guardian_no.map(|no| no.to_string()).unwrap_or_default(),
            );
            push_person(&mut text, &relative.person);
        }
        self.of("membership.family", &text)
    }
}

fn push(text: &mut String, field: &str) {
    text.push_str(field);
    text.push(BETWEEN);
}

fn push_member(text: &mut String, member: &MemberRow) {
    push_person(text, &member.person);
    push(
        text,
        member.pension_number.as_ref().map_or("", PensionNumber::as_str),
    );
    push(text, member.position.as_str());
    push(text, &member.position_from.to_string());
    push(
        text,
        &member.position_to.map(|day| day.to_string()).unwrap_or_default(),
    );
    push(text, member.province.iso());
    push(text, if member.external_services { "external" } else { "" });
    push(text, member.rib.as_ref().map_or("", Rib::as_str));
    push(text, member.email.as_ref().map_or("", EmailAddress::as_str));
    push(text, member.language.as_str());
}

fn push_person(text: &mut String, person: &PersonDetails) {
    push(text, &person.last_name_fr);
    push(text, &person.first_name_fr);
    push(text, &person.last_name_ar);
    push(text, &person.first_name_ar);
    push(text, person.sex.as_str());
    push(text, &person.birth_date.to_string());
    push(
        text,
        &person.death_date.map(|day| day.to_string()).unwrap_or_default(),
    );
    push(text, person.cin.as_ref().map_or("", Cin::as_str));
    push(text, if person.disability { "disability" } else { "" });
}
