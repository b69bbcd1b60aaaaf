//! Keys of a whole installation in a folder of their own, and tokens of every kind signed with them.

use std::path::{Path, PathBuf};

use auth::token::{Claims, SigningKey, sign};
use kernel::ids::{AccountId, MemberId, SessionId};
use kernel::permission::{Assurance, Role};
use platform::clock::Clock;
use platform::ids::uuid_v7;
use platform::keys::{KeyDirectory, make_missing};

/// The keys; removed with the value.
#[derive(Debug)]
pub struct TestKeys {
    path: PathBuf,
}

/// Fresh keys, made by the code that `tadamon bootstrap` uses.
///
/// # Panics
/// When the temporary folder cannot be written.
#[must_use]
pub fn keys() -> TestKeys {
    let path = std::env::temp_dir().join(format!(
        "tadamon-keys-{}",
        uuid_v7(Clock::system().now()).simple()
    ));
    make_missing(&path).expect("the temporary folder takes keys");
    TestKeys { path }
}

impl TestKeys {
    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The folder as services see it.
    #[must_use]
    pub fn directory(&self) -> KeyDirectory {
        KeyDirectory::open(&self.path)
    }

    /// A principal's key.
    ///
    /// # Panics
    /// For a principal that does not exist.
    #[must_use]
    pub fn signing_key(&self, principal: &str) -> SigningKey {
        SigningKey::open(&self.directory(), principal).expect("the principal has a key")
    }

    /// A member who accepted the terms.
    #[must_use]
    pub fn member_token(&self, audience: &str, member: MemberId, account: AccountId) -> String {
        self.person(Claims {
            terms: true,
            ..member_claims(audience, member, account)
        })
    }

    /// A member before the terms.
    #[must_use]
    pub fn member_token_before_terms(&self, audience: &str, member: MemberId, account: AccountId) -> String {
        self.person(member_claims(audience, member, account))
    }

    /// An agent with these roles and a second factor.
    #[must_use]
    pub fn agent_token(&self, audience: &str, account: AccountId, roles: &[Role]) -> String {
        let now = Clock::system().now();
        let session = SessionId::from_uuid(uuid_v7(now));
        let claims = Claims::agent(account, roles.to_vec(), session, audience, now);
        self.person(Claims {
            terms: true,
            assurance: Assurance::Two,
            ..claims
        })
    }

    /// The same for an agent who is a member too.
    #[must_use]
    pub fn agent_token_of_member(
        &self,
        audience: &str,
        account: AccountId,
        member: MemberId,
        roles: &[Role],
    ) -> String {
        let now = Clock::system().now();
        let session = SessionId::from_uuid(uuid_v7(now));
        let claims =
            Claims::agent(account, roles.to_vec(), session, audience, now).who_is_member(Some(member));
        self.person(Claims {
            terms: true,
            assurance: Assurance::Two,
            ..claims
        })
    }

    /// A partner's system with these scopes, as the token endpoint makes it for the client id.
    #[must_use]
    pub fn partner_token(&self, client: &str, scopes: &[&str]) -> String {
        let scopes = scopes.iter().map(|&scope| scope.to_owned()).collect();
        self.person(Claims::partner(client, scopes, Clock::system().now()))
    }

    /// An OAuth client with one scope.
    #[must_use]
    pub fn app_token(&self, audience: &str, client: &str, scope: &str) -> String {
        self.person(Claims::app(
            client,
            vec![scope.to_owned()],
            audience,
            Clock::system().now(),
        ))
    }

    /// A service that calls for itself.
    #[must_use]
    pub fn service_token(&self, service: &str, audience: &str) -> String {
        sign(
            &self.signing_key(service),
            &Claims::service(service, audience, Clock::system().now()),
        )
    }

    fn person(&self, claims: Claims) -> String {
        sign(&self.signing_key("identity"), &claims)
    }
}

fn member_claims(audience: &str, member: MemberId, account: AccountId) -> Claims {
    let now = Clock::system().now();
    Claims::member(account, member, SessionId::from_uuid(uuid_v7(now)), audience, now)
}

impl Drop for TestKeys {
    fn drop(&mut self) {
        let _stays_behind = std::fs::remove_dir_all(&self.path);
    }
}
