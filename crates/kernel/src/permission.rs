//! The words of the permission table: who calls, in which role, with which assurance, and one row of the
//! table per RPC.
//!
//! The rows are generated from the options of the contracts as constants; reading a token and enforcing the
//! table belong to the auth crate. Ownership of a record and separation of duties are not in the table: a
//! method option cannot know them.

use crate::words::words;

words! {
    /// What kind of caller a token speaks for.
    pub enum CallerKind ("caller kind") {
        /// A member in the member space.
        Member = "member",
        /// An agent of the foundation in the back office.
        Agent = "agent",
        /// A partner's system.
        Partner = "partner",
        /// An internal application or the operator's command line.
        App = "app",
        /// Another service of the platform.
        Service = "service",
    }
}

words! {
    /// What an agent may do.
    pub enum Role ("role") {
        /// Receives people, registers paper, prints activation codes.
        FrontDesk = "front_desk",
        /// Examines files and proposes.
        CaseOfficer = "case_officer",
        /// Reads medical papers and gives an opinion.
        HealthReviewer = "health_reviewer",
        /// The second pair of eyes: signs decisions.
        Validator = "validator",
        /// Pays and follows advances.
        Finance = "finance",
        /// Manages accounts, roles and settings; sees no health paper by that right.
        Administrator = "administrator",
        /// Reads the trail, changes nothing.
        Auditor = "auditor",
    }
}

words! {
    /// How strongly the caller proved who they are; ordered.
    pub enum Assurance ("assurance level") {
        /// One factor: a password, or a client's key.
        One = "one",
        /// Two factors.
        Two = "two",
    }
}

/// One row of the permission table: who may call one RPC. An RPC without a row refuses everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MethodPermission {
    /// Full path, as in `/tadamon.identity.v1.AccountService/SignIn`.
    pub method: &'static str,
    /// Kinds of caller that are let in; empty refuses everybody.
    pub callers: &'static [CallerKind],
    /// Roles of which an agent must hold one; other kinds of caller have none and are not asked.
    pub roles: &'static [Role],
    /// Scope that a partner's or an app's token must carry; empty lets none of them in.
    pub scope: &'static str,
    /// Names of the services that may call; empty lets any service of the platform.
    pub services: &'static [&'static str],
    /// Lowest assurance of a person's token.
    pub assurance: Assurance,
    /// Whether a member may call before accepting the current terms of use.
    pub before_terms: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: MethodPermission = MethodPermission {
        method: "/tadamon.identity.v1.AccountService/SignIn",
        callers: &[CallerKind::Service],
        roles: &[],
        scope: "",
        services: &["portal"],
        assurance: Assurance::One,
        before_terms: true,
    };

    #[test]
    fn a_row_is_a_constant_and_two_factors_outrank_one() {
        const TABLE: &[MethodPermission] = &[ROW];
        assert_eq!(TABLE[0].services, ["portal"]);
        assert!(Assurance::One < Assurance::Two);
    }
}
