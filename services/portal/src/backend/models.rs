//! What the pages know about people, services and files: plain values in the portal's own words. No wire type and no sentence.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Locale, Role};
use serde::{Deserialize, Serialize};

use super::decisions::Decision;
use super::office::Asked;

/// A text that a backend keeps in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Bilingual {
    pub(crate) ar: String,
    pub(crate) fr: String,
}

impl Bilingual {
    /// In the reader's language; in the other one when it is all there is.
    pub(crate) fn in_locale(&self, locale: Locale) -> &str {
        let (first, second) = match locale {
            Locale::Ar => (&self.ar, &self.fr),
            Locale::Fr => (&self.fr, &self.ar),
        };
        if first.is_empty() { second } else { first }
    }
}

/// Makes the spaces inside a number (`20 000,00`) no-break ones: a plain space lets an Arabic line show the groups in the wrong order, and any
/// line break inside the number.
pub(crate) fn hold_numbers_together(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let digit = |at: usize| letters.get(at).is_some_and(char::is_ascii_digit);
    let held = |at: usize| {
        let grouped = digit(at + 1) && digit(at + 2) && digit(at + 3) && !digit(at + 4);
        at > 0 && digit(at - 1) && grouped
    };
    letters
        .iter()
        .enumerate()
        .map(|(at, letter)| {
            if *letter == ' ' && held(at) {
                '\u{A0}'
            } else {
                *letter
            }
        })
        .collect()
}

/// A signed-in session.
#[derive(Clone, Debug)]
pub(crate) struct SessionInfo {
    pub(crate) account_id: String,
    pub(crate) terms_accepted: bool,
    pub(crate) is_member: bool,
    /// An agent's duties; empty for members.
    pub(crate) roles: Vec<Role>,
    pub(crate) second_factor: SecondFactor,
}

impl SessionInfo {
    /// An agent who may enter the office.
    pub(crate) fn is_working_agent(&self) -> bool {
        !self.is_member && self.terms_accepted && self.second_factor == SecondFactor::Done
    }

    pub(crate) fn has_role(&self, any_of: &[Role]) -> bool {
        self.roles.iter().any(|role| any_of.contains(role))
    }
}

/// How far an agent's second factor is in this session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SecondFactor {
    /// Members are not asked.
    None,
    Enrol,
    Verify,
    Done,
}

/// A challenge as a page needs it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Challenge {
    pub(crate) id: String,
    pub(crate) puzzle: String,
    pub(crate) question: String,
}

/// The answer to a challenge.
#[derive(Clone, Debug, Default)]
pub(crate) struct Proof {
    pub(crate) challenge_id: String,
    pub(crate) solution: String,
}

/// What a sign-in hands to the browser.
pub(crate) struct SignedIn {
    pub(crate) session_token: String,
    pub(crate) device_token: String,
    pub(crate) info: SessionInfo,
}

/// The account form, as typed.
#[derive(Clone, Debug, Default)]
pub(crate) struct AccountRequest {
    pub(crate) matricule: String,
    pub(crate) cin: String,
    pub(crate) position: String,
    pub(crate) email: String,
    pub(crate) pension_number: String,
}

/// One entry of the list of sessions.
#[derive(Clone, Debug)]
pub(crate) struct SessionEntry {
    pub(crate) id: String,
    pub(crate) device: String,
    pub(crate) created_at: Option<DateTime<Utc>>,
    pub(crate) last_seen_at: Option<DateTime<Utc>>,
    pub(crate) current: bool,
}

/// Terms of use in one language.
#[derive(Clone, Debug)]
pub(crate) struct Terms {
    pub(crate) version: String,
    pub(crate) published_at: Option<DateTime<Utc>>,
    pub(crate) title: String,
    pub(crate) sections: Vec<(String, Vec<String>)>,
}

/// A person's name in both scripts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Name {
    pub(crate) first: Bilingual,
    pub(crate) last: Bilingual,
}

impl Name {
    pub(crate) fn full(&self, locale: Locale) -> String {
        format!("{} {}", self.first.in_locale(locale), self.last.in_locale(locale))
            .trim()
            .to_owned()
    }

    /// Two capitals in French; one letter in Arabic, where joined initials mean nothing. The article is no part of it, and an alef alone is a
    /// mere stroke: it takes the next letter along.
    pub(crate) fn initials(&self, locale: Locale) -> String {
        let first = self.first.in_locale(locale).chars().next();
        match locale {
            Locale::Ar => {
                let name = self.first.in_locale(locale);
                let name = name
                    .strip_prefix("ال")
                    .filter(|rest| rest.chars().count() > 1)
                    .unwrap_or(name);
                let alef = name.starts_with(['ا', 'أ', 'إ', 'آ', 'ٱ', 'ء']);
                name.chars()
                    .take_while(|letter| !letter.is_whitespace())
                    .take(if alef { 2 } else { 1 })
                    .collect()
            }
            Locale::Fr => first
                .into_iter()
                .chain(self.last.in_locale(locale).chars().next())
                .flat_map(char::to_uppercase)
                .collect(),
        }
    }
}

/// Somebody of the declared family.
#[derive(Clone, Debug)]
pub(crate) struct Relative {
    pub(crate) person_id: String,
    pub(crate) relation: String,
    pub(crate) name: Name,
    pub(crate) birth_date: Option<NaiveDate>,
}

/// Enough of a bank account to recognise it.
#[derive(Clone, Debug)]
pub(crate) struct BankAccount {
    pub(crate) id: String,
    pub(crate) bank_code: String,
    pub(crate) bank_name: Bilingual,
    pub(crate) last_four: String,
}

/// The member's own record.
#[derive(Clone, Debug)]
pub(crate) struct MemberRecord {
    pub(crate) name: Name,
    pub(crate) matricule: String,
    pub(crate) position: String,
    pub(crate) province_iso: String,
    pub(crate) family: Vec<Relative>,
    pub(crate) bank_account: Option<BankAccount>,
}

/// Whether one can apply today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BenefitState {
    Open,
    Planned,
    Closed,
}

/// A service as a tile shows it.
#[derive(Clone, Debug)]
pub(crate) struct Benefit {
    pub(crate) code: String,
    pub(crate) title: Bilingual,
    pub(crate) family: String,
    pub(crate) state: BenefitState,
    pub(crate) opens_on: Option<NaiveDate>,
    pub(crate) summary: Bilingual,
    /// The reader's own facts rule it out, whatever they would answer.
    pub(crate) not_for_member: bool,
    /// By a request that is examined; an open service that is not is had with the card.
    pub(crate) requested: bool,
}

impl Benefit {
    /// Had at a partner's, by showing the card.
    pub(crate) fn is_had_with_the_card(&self) -> bool {
        self.state == BenefitState::Open && !self.requested
    }
}

/// A reason to choose in the wizard.
#[derive(Clone, Debug)]
pub(crate) struct ReasonChoice {
    pub(crate) code: String,
    pub(crate) label: Bilingual,
    pub(crate) hint: Bilingual,
}

/// What a person consents to before a health paper goes up.
#[derive(Clone, Debug)]
pub(crate) struct Consent {
    pub(crate) version: String,
    pub(crate) purpose: Bilingual,
    pub(crate) readers: Bilingual,
    pub(crate) retention: Bilingual,
    pub(crate) statement: Bilingual,
    pub(crate) cndp_reference: String,
}

/// A paper that the request needs.
#[derive(Clone, Debug)]
pub(crate) struct PaperNeeded {
    pub(crate) code: String,
    pub(crate) label: Bilingual,
    pub(crate) hint: Bilingual,
    pub(crate) max_bytes: u64,
    pub(crate) document_class: String,
}

/// A page of typed questions that a service asks of its own.
#[derive(Clone, Debug)]
pub(crate) struct QuestionPage {
    pub(crate) code: String,
    pub(crate) title: Bilingual,
    pub(crate) questions: Vec<Question>,
}

/// One typed question. Bounds are written as the kind is: ISO date or `today`, centimes, whole number; empty without one.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    pub(crate) code: String,
    pub(crate) kind: QuestionKind,
    pub(crate) label: Bilingual,
    pub(crate) hint: Bilingual,
    pub(crate) required: bool,
    pub(crate) min: String,
    pub(crate) max: String,
    /// Code of the day that this day follows.
    pub(crate) not_before: String,
    /// Code of the question that has another answer.
    pub(crate) other_than: String,
    /// What a province is chosen from: value and label.
    pub(crate) options: Vec<(String, Bilingual)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum QuestionKind {
    Date,
    Money,
    Number,
    Province,
    YesNo,
}

/// The answer to a typed question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TypedValue {
    Date(NaiveDate),
    /// Centimes.
    Money(i64),
    Number(i64),
    Province(String),
    YesNo(bool),
}

/// How an upper bound stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ceiling {
    pub(crate) left: CeilingLeft,
    pub(crate) year: i32,
    /// Counted for the member's whole household, not for the person concerned alone.
    pub(crate) household: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CeilingLeft {
    /// Centimes.
    Money(i64),
    Uses {
        left: i64,
        limit: i64,
    },
}

/// The most that one may get in a civil year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CeilingLimit {
    /// Centimes.
    Money {
        limit: i64,
        household: bool,
    },
    Uses {
        limit: i64,
        household: bool,
    },
}

/// A service with its form.
#[derive(Clone, Debug)]
pub(crate) struct BenefitForm {
    pub(crate) benefit: Benefit,
    pub(crate) description: Bilingual,
    pub(crate) reasons: Vec<ReasonChoice>,
    pub(crate) consent: Option<Consent>,
    pub(crate) papers: Vec<PaperNeeded>,
    pub(crate) pages: Vec<QuestionPage>,
    pub(crate) persons_concerned: Vec<String>,
    pub(crate) conditions: Vec<Bilingual>,
    pub(crate) next_steps: Vec<Bilingual>,
    pub(crate) ceilings: Vec<CeilingLimit>,
    pub(crate) can_apply: bool,
    /// The conditions that the reader's own facts break already; a request cannot be granted.
    pub(crate) broken: Vec<Bilingual>,
    /// Those for whom nothing is left of this year's ceiling.
    pub(crate) used_up: Vec<UsedUp>,
}

/// Nothing is left of a ceiling for somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UsedUp {
    /// `member`, `spouse` or `child`.
    pub(crate) relation: String,
    /// Empty for the member.
    pub(crate) person_id: String,
    pub(crate) year: i32,
    /// An answer tells the year: another one may have something left.
    pub(crate) another_year_may: bool,
}

/// Where a file stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileState {
    Draft,
    Submitted,
    InReview,
    InformationRequested,
    Approved,
    Rejected,
    Cancelled,
}

impl FileState {
    /// Decided or withdrawn: nobody examines it any more.
    pub(crate) fn has_ended(self) -> bool {
        matches!(self, Self::Approved | Self::Rejected | Self::Cancelled)
    }
}

/// A paper of a file.
#[derive(Clone, Debug)]
pub(crate) struct Paper {
    pub(crate) code: String,
    pub(crate) document_id: String,
    pub(crate) file_name: String,
    pub(crate) size_bytes: u64,
    pub(crate) scan_state: String,
}

impl Paper {
    /// Found infected after it was taken in: it opens to nobody.
    pub(crate) fn is_infected(&self) -> bool {
        self.scan_state == "infected"
    }
}

/// What was answered so far; empty where not yet.
#[derive(Clone, Debug, Default)]
pub(crate) struct Answers {
    pub(crate) bank_account_id: String,
    pub(crate) bank_account_answer: String,
    pub(crate) relation: String,
    pub(crate) person_id: String,
    pub(crate) reason_code: String,
    pub(crate) consent_version: String,
    pub(crate) papers: Vec<Paper>,
    /// Typed answers by the code of their question.
    pub(crate) typed: Vec<(String, TypedValue)>,
}

/// One condition of the rule, held or not.
#[derive(Clone, Debug)]
pub(crate) struct Condition {
    pub(crate) sentence: Bilingual,
    pub(crate) held: bool,
}

/// A request, from draft to decision.
#[derive(Clone, Debug)]
pub(crate) struct Application {
    pub(crate) id: String,
    pub(crate) benefit_code: String,
    pub(crate) state: FileState,
    pub(crate) number: String,
    pub(crate) created_at: Option<DateTime<Utc>>,
    pub(crate) updated_at: Option<DateTime<Utc>>,
    /// Grows with each change: a summary that was read earlier is known by it.
    pub(crate) version: i64,
    pub(crate) submitted_at: Option<DateTime<Utc>>,
    pub(crate) withdrawn_at: Option<DateTime<Utc>>,
    pub(crate) answers: Answers,
    pub(crate) conditions: Vec<Condition>,
    pub(crate) timeline: Vec<(String, Option<DateTime<Utc>>)>,
    /// `None` when no ceiling applies, or not yet.
    pub(crate) ceiling: Option<Ceiling>,
    pub(crate) can_withdraw: bool,
    /// The day by which the foundation answers; none when it is not its turn.
    pub(crate) answer_due: Option<chrono::NaiveDate>,
    /// What agents asked for, the newest first.
    pub(crate) asked: Vec<Asked>,
    pub(crate) decision: Option<Decision>,
}

/// One answer of the wizard.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    BankAccountConfirmed {
        id: String,
    },
    BankAccountNotMine,
    Person {
        relation: String,
        person_id: String,
    },
    Reason(String),
    Consent(String),
    Paper {
        code: String,
        receipt: String,
    },
    RemovePaper(String),
    /// All questions of a page; `None` takes an answer back.
    Typed {
        page: String,
        values: Vec<(String, Option<TypedValue>)>,
    },
}

/// A message in the inbox.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) id: String,
    pub(crate) title: Bilingual,
    pub(crate) body: Bilingual,
    pub(crate) application_id: String,
    pub(crate) created_at: Option<DateTime<Utc>>,
    pub(crate) read: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arabic_initial_is_a_letter_that_can_be_told_from_others() {
        let initials = |first: &str| {
            let text = Bilingual {
                ar: first.to_owned(),
                fr: String::new(),
            };
            let name = Name {
                first: text,
                last: Bilingual::default(),
            };
            name.initials(Locale::Ar)
        };
        for (first, shown) in [
            ("خديجة", "خ"),
            ("المهدي", "م"),
            ("أحمد", "أح"),
            ("إلياس", "إل"),
            ("الي", "ال"),
            ("", ""),
        ] {
            assert_eq!(initials(first), shown, "{first}");
        }
    }

    #[test]
    fn only_the_spaces_inside_a_number_are_held_together() {
        assert_eq!(
            hold_numbers_together("في حدود 20 000,00 درهم"),
            "في حدود 20\u{A0}000,00 درهم"
        );
        assert_eq!(
            hold_numbers_together("1 000 à 1 500 DH"),
            "1\u{A0}000 à 1\u{A0}500 DH"
        );
        assert_eq!(hold_numbers_together("le 9 novembre 2026"), "le 9 novembre 2026");
        assert_eq!(hold_numbers_together("5 2026"), "5 2026");
    }
}

/// The card of one person of the household for the next minutes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PersonCard {
    pub(crate) person_id: String,
    /// member, spouse or child.
    pub(crate) category: String,
    /// Ten characters; empty when nobody honours this person's card today, and then there is a reason.
    pub(crate) code: String,
    pub(crate) reason: String,
    pub(crate) offers: Vec<CardOffer>,
}

/// What a partner gives to who shows the code.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct CardOffer {
    pub(crate) partner: Bilingual,
    pub(crate) offer: Bilingual,
    /// 3000 is 30 %.
    pub(crate) basis_points: u32,
}

/// One check of a card by a partner.
#[derive(Clone, Debug)]
pub(crate) struct CardCheck {
    pub(crate) person_id: String,
    pub(crate) category: &'static str,
    pub(crate) partner: Bilingual,
    pub(crate) counter: Bilingual,
    pub(crate) offer: Bilingual,
    pub(crate) at: Option<DateTime<Utc>>,
    pub(crate) valid: bool,
    /// Why not, for the member alone.
    pub(crate) reason: String,
    pub(crate) sale: Option<Sale>,
}

/// A sale that followed a check; amounts in centimes.
#[derive(Clone, Debug)]
pub(crate) struct Sale {
    pub(crate) gross: i64,
    pub(crate) reduction: i64,
    pub(crate) net: i64,
    pub(crate) cancelled_at: Option<DateTime<Utc>>,
}
