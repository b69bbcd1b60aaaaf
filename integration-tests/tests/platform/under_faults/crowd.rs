//! The people of a run, and what each does until it is answered: the same request, with the same key where there is one, again and again.

use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

use auth::client::with_token;
use futures::{StreamExt as _, TryStreamExt as _};
use partnerships_proto::v1::CreatePartnerRequest;
use partnerships_proto::v1::administration_service_client::AdministrationServiceClient;
use testkit::eventually;
use tonic::Request;

use integration_tests::member::{Member, SignedIn, key, specimen};
use integration_tests::world::World;

use super::clients::Presser;
use super::points::Step;

/// Somebody with a session and a draft that only waits to be sent.
pub(crate) struct Guest<'a> {
    signed_in: SignedIn<'a>,
    pub(crate) presser: Presser,
}

impl Guest<'_> {
    pub(crate) fn member(&self) -> &Member {
        self.signed_in.member
    }
}

pub(crate) struct Crowd<'a> {
    world: &'a World,
    guests: Vec<Guest<'a>>,
    /// Those who press while a service is about to die come after the others.
    load: usize,
    pressed: AtomicUsize,
    turns: AtomicUsize,
    uploaded: AtomicUsize,
    partners: AtomicUsize,
    newcomers: AtomicU32,
    first_newcomer: u32,
}

impl<'a> Crowd<'a> {
    /// Accounts, drafts and papers of everybody, in peace. `led` of them press only when a step asks for it.
    pub(crate) async fn gather(
        world: &'a World,
        people: &'a [Member],
        portal: &str,
        (led, first_newcomer): (usize, u32),
        at_once: usize,
    ) -> Self {
        let guests: Vec<Guest<'a>> = futures::stream::iter(people)
            .map(async |member| {
                let signed_in = member.opens_an_account(world).await;
                let draft = signed_in.fills_in_everything("oncology").await;
                let presser = Presser::new(portal, signed_in.session(), &draft.application_id);
                anyhow::Ok(Guest { signed_in, presser })
            })
            .buffered(at_once)
            .try_collect()
            .await
            .expect("everybody is ready to press");
        Self {
            world,
            load: guests.len() - led,
            guests,
            pressed: AtomicUsize::new(0),
            turns: AtomicUsize::new(0),
            uploaded: AtomicUsize::new(0),
            partners: AtomicUsize::new(0),
            newcomers: AtomicU32::new(0),
            first_newcomer,
        }
    }

    /// Those who press all the time.
    pub(crate) fn load(&self) -> &[Guest<'a>] {
        &self.guests[..self.load]
    }

    pub(crate) fn guests(&self) -> &[Guest<'a>] {
        &self.guests
    }

    /// Members whose press was asked for by a step, all answered.
    pub(crate) fn led(&self) -> usize {
        self.pressed.load(Ordering::SeqCst)
    }

    /// Papers beside the one of each draft.
    pub(crate) fn uploaded(&self) -> usize {
        self.uploaded.load(Ordering::SeqCst)
    }

    pub(crate) fn partners(&self) -> usize {
        self.partners.load(Ordering::SeqCst)
    }

    pub(crate) fn newcomers(&self) -> u32 {
        self.newcomers.load(Ordering::SeqCst)
    }

    fn whose_turn(&self) -> &SignedIn<'a> {
        let turn = self.turns.fetch_add(1, Ordering::SeqCst);
        &self.guests[turn % self.guests.len()].signed_in
    }

    /// Does it until it is answered.
    pub(crate) async fn takes(&self, step: Step) {
        match step {
            Step::Press => {
                let led = self.pressed.fetch_add(1, Ordering::SeqCst);
                self.guests[self.load + led]
                    .presser
                    .presses_until_answered()
                    .await;
            }
            Step::SignIn => {
                let member = self.whose_turn().member;
                eventually(async || member.tries_to_sign_in(self.world).await.ok()).await;
            }
            Step::Upload => {
                let (somebody, key) = (self.whose_turn(), key());
                eventually(async || somebody.uploads_once(&specimen(), &key).await.ok()).await;
                self.uploaded.fetch_add(1, Ordering::SeqCst);
            }
            Step::Read => {
                let somebody = self.whose_turn();
                eventually(async || somebody.reads_everything().await.ok()).await;
            }
            Step::Register => {
                self.registers_somebody().await;
            }
            Step::AskForALink => {
                let newcomer = self.registers_somebody().await;
                eventually(async || newcomer.ask_for_a_link(self.world, None).await.ok()).await;
                newcomer.mails_come(1).await;
            }
            Step::MakeAPartner => self.makes_a_partner().await,
        }
    }

    async fn registers_somebody(&self) -> Member {
        let number = self.first_newcomer + self.newcomers.fetch_add(1, Ordering::SeqCst);
        let newcomer = Member::numbered(number % 1_000_000);
        eventually(async || self.world.tries_to_import(newcomer.lines()).await.ok()).await;
        newcomer
    }

    async fn makes_a_partner(&self) {
        let number = self.partners.fetch_add(1, Ordering::SeqCst);
        let request = CreatePartnerRequest {
            code: format!("specimen-{number}"),
            name_ar: "شركة تجريبية".to_owned(),
            name_fr: "Compagnie spécimen".to_owned(),
            idempotency_key: key(),
        };
        eventually(async || {
            let token = self
                .world
                .keys
                .app_token("partnerships", "tadamon-cli", "partnerships.admin");
            AdministrationServiceClient::new(self.world.channel("partnerships"))
                .create_partner(with_token(Request::new(request.clone()), &token))
                .await
                .ok()
        })
        .await;
    }
}
