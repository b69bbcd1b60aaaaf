//! The shared vocabulary of the platform: identity numbers, bank accounts, money, ages, provinces,
//! positions, typed ids, the civil calendar and the words of the permission table.
//!
//! Everything here is a value: no I/O, no clock, no randomness, no wire or database type. The time, the
//! ids and the random bytes are passed in by the caller. Rules about benefits do not live here either;
//! this crate only knows what the words mean and how they are written.

pub mod age;
pub mod cin;
pub mod civil;
pub mod digits;
pub mod email;
pub mod ids;
pub mod locale;
pub mod matricule;
pub mod money;
pub mod pension;
pub mod permission;
pub mod position;
pub mod province;
pub mod request_number;
pub mod rib;
pub mod words;

pub use age::{AgeMode, AgeWindow, BirthInFuture, age_on};
pub use cin::{Cin, CinError};
pub use email::{EmailAddress, EmailError};
pub use ids::{
    AccountId, AgreementId, ApplicationId, BankAccountId, DeliveryId, DocumentId, EventId, IdError, ImportId,
    JobId, MemberId, MessageId, PartnerId, PersonId, RedemptionId, SessionId, VerificationId,
};
pub use locale::Locale;
pub use matricule::{Matricule, MatriculeError};
pub use money::{BasisPoints, Money, MoneyError};
pub use pension::{PensionNumber, PensionNumberError};
pub use permission::{Assurance, CallerKind, MethodPermission, Role};
pub use position::Position;
pub use province::{Province, UnknownProvince};
pub use request_number::{RequestNumber, RequestNumberError};
pub use rib::{Rib, RibError};
pub use words::UnknownWord;
