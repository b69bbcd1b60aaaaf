//! What membership does, one file per operation. Mutations follow the same steps: claim, load, decide, save with events,
//! commit.

pub(crate) mod find_member;
pub(crate) mod get_contact;
pub(crate) mod get_member_facts;
pub(crate) mod get_own_record;
pub(crate) mod import_roster;
pub(crate) mod look_up_members;
pub(crate) mod match_staff_record;
pub(crate) mod note_shown;
