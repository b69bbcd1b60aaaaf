//! S1 and S2: submissions over gRPC with everything on, beside pgbench sending the same statements to the same server.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::{Context as _, Result, bail, ensure};
use integration_tests::member::{BENEFIT, key};
use sqlx::{Executor as _, PgConnection};
use testkit::stack::Server;

use crate::benefits::{self, DATABASE, Draft};
use crate::capture::{self, Unique};
use crate::faults::{self, Fault, Patience};
use crate::installation::{Installation, Running};
use crate::measure::{Latencies, closed_loop, median, open_loop};
use crate::pgbench::{self, Load};
use crate::plan::Plan;
use crate::report::{Better, Figure, Target};
use crate::seed;

/// The copy of the database that only pgbench uses.
const LIMIT: &str = "limit_of_benefits";
/// A round of nobody's interest comes first: connections open, plans are made, memory fills.
const WARM_UP: usize = 1;

/// Benefits over which the second figure spreads the requests.
const APART: usize = 20;

/// A rate that no machine is held to be below: the first submissions of a short run are the slowest.
const LEAST: f64 = 500.0;

/// What breaks while submissions are sent.
const FAULTS: [Fault; 3] = [
    Fault::Service,
    Fault::Server(Server::Postgres),
    Fault::Server(Server::Nats),
];

/// What both loads work on.
struct Field<'a> {
    installation: &'a Arc<Installation>,
    plan: &'a Plan,
    service: Running,
    draft: Draft,
    /// One that is copied for the minutes in which things break.
    spare: Draft,
    script: PathBuf,
    statements: usize,
    /// Copies that are for the hot benefit; those behind them are spread, then come hot ones again.
    hot: usize,
    /// Copies that were sent.
    used: usize,
}

pub(crate) async fn measure(installation: &Arc<Installation>, plan: &Plan) -> Result<Vec<Figure>> {
    let mut field = Field::prepare(installation, plan).await?;
    let mut figures = Vec::new();
    if plan.wants(&["S1"]) {
        figures.push(field.throughput("one hot benefit", WARM_UP).await?);
        // What is warm stays warm.
        field.used = field.hot;
        figures.push(field.throughput(&format!("{APART} benefits apart"), 0).await?);
        field.every_one_is_there().await?;
        field.used = field.hot + plan.rounds * plan.round();
    } else {
        field.used = field.hot + plan.rounds * plan.round();
    }
    if plan.wants(&["S2"]) {
        figures.push(field.latency().await?);
    }
    if plan.wants(&["S1"])
        && let Some(faults) = plan.faults(&FAULTS)
    {
        figures.push(field.under_faults(faults, &figures[0]).await?);
    }
    field.service.stop().await?;
    Ok(figures)
}

impl<'a> Field<'a> {
    async fn prepare(installation: &'a Arc<Installation>, plan: &'a Plan) -> Result<Self> {
        let (folder, codes) = other_benefits(&plan.output)?;
        let own_files = toml::Value::String(folder.display().to_string());
        let mut service = installation
            .service(DATABASE, &[("catalogue.own_files", own_files)])
            .await?;
        let mut database = installation.postgres(DATABASE).await?;
        // The first one makes the year's sequence; the second is copied, then sent with every statement written down.
        let first = benefits::whole_draft(installation, &service, &mut database).await?;
        submit(installation, &service, &first).await?;
        let draft = benefits::whole_draft(installation, &service, &mut database).await?;
        let spare = benefits::whole_draft(installation, &service, &mut database).await?;
        let hot = plan.round() * (plan.rounds + WARM_UP);
        let spread = hot + plan.round() * plan.rounds;
        let all = spread + plan.idle_count * (plan.rounds + WARM_UP);
        for (numbers, benefits) in [
            (1..=hot, &codes[..1]),
            (hot + 1..=spread, &codes[..]),
            (spread + 1..=all, &codes[..1]),
        ] {
            seed::copies(installation, &mut database, &draft, numbers, benefits).await?;
        }
        database.execute("VACUUM ANALYZE").await?;

        let (script, statements) = captured(installation, plan, &service, &draft, &mut database).await?;
        sqlx::Connection::close(database).await?;
        // Nobody may be connected to what is copied.
        service.stop().await?;
        let mut admin = installation.postgres("postgres").await?;
        wait_until_unused(&mut admin).await?;
        installation.create_database(LIMIT, Some(DATABASE)).await?;
        service.start().await?;
        Ok(Self {
            installation,
            plan,
            service,
            draft,
            spare,
            script,
            statements,
            hot,
            used: 0,
        })
    }

    async fn throughput(&mut self, benefits: &str, warm_up: usize) -> Result<Figure> {
        let (mut ours, mut limit, mut times) = (Vec::new(), Vec::new(), None);
        for round in 0..self.plan.rounds + warm_up {
            let offset = self.used;
            self.used += self.plan.round();
            self.installation.settle().await?;
            let (rate, round_times) = self.submissions(offset).await?;
            self.drained().await?;
            self.installation.settle().await?;
            let load = self.load(offset, self.plan.callers, self.plan.each, None);
            let bare = pgbench::run(self.installation, &self.plan.output, load)?;
            if round >= warm_up {
                ours.push(rate);
                limit.push(bare.rate);
                times = Some(round_times);
            }
        }
        let what = format!("submissions over gRPC, {} callers, {benefits}", self.plan.callers);
        Ok(Figure {
            id: "S1",
            what,
            unit: "/s",
            better: Better::More,
            ours,
            limit,
            limit_is: format!("pgbench, the same {} statements", self.statements),
            first: Target::Ratio(0.3),
            goal: Target::Ratio(0.6),
            times: times.map(|times| ("submission", times)).into_iter().collect(),
            notes: vec![
                "the client makes its calls on the same cores; the relay publishes meanwhile; nobody listens to the events".to_owned(),
            ],
        })
    }

    /// The hot benefit while things break, each request under its own key until it is answered.
    async fn under_faults(&mut self, faults: &[Fault], undisturbed: &Figure) -> Result<Figure> {
        let drafts = self.spare_drafts(faults.len(), median(&undisturbed.ours)).await?;
        let before = self.sent().await?;
        let clients = benefits::clients(&self.service, self.plan.callers.min(4))?;
        let (installation, spare) = (Arc::clone(self.installation), self.spare);
        let next = Arc::new(AtomicUsize::new(1));
        let submitting = move |caller: usize| {
            let (mut client, installation) =
                (clients[caller % clients.len()].clone(), Arc::clone(&installation));
            let number = next.fetch_add(1, Ordering::Relaxed);
            async move {
                ensure!(number <= drafts, "more was sent than {drafts} drafts");
                let (draft, key) = (spare.copy(number), key());
                let patience = Patience::new();
                loop {
                    let mut request = benefits::submission_under(key.clone(), &installation, &draft);
                    request.set_timeout(faults::DEADLINE);
                    match client.submit_application(request).await {
                        Ok(_sent) => return Ok(()),
                        Err(status) => patience.after(status.into()).await?,
                    }
                }
            }
        };
        let befalling = faults::befall(self.installation, self.plan, faults, Some(&mut self.service));
        let answered = faults::callers(self.plan.callers, self.plan, befalling, submitting).await?;
        self.drained().await?;
        let sent = self.sent().await? - before;
        ensure!(
            sent == answered.count,
            "{} were answered, {sent} are there",
            answered.count
        );
        let note = format!("{sent} answered and there, each once");
        let what = faults::each_minute(faults);
        Ok(faults::figure(
            undisturbed,
            what,
            answered.rates,
            answered.times,
            note,
        ))
    }

    /// Drafts of their own for minutes at that rate, and half as many again. Gives how many.
    async fn spare_drafts(&self, minutes: usize, rate: f64) -> Result<usize> {
        let minute = usize::try_from(self.plan.minute.as_secs())?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a rate of a few thousand"
        )]
        let drafts = (rate.max(LEAST) * 1.5).ceil() as usize * minute * minutes + self.plan.callers;
        let mut database = self.installation.postgres(DATABASE).await?;
        let benefit = [BENEFIT.to_owned()];
        seed::copies(
            self.installation,
            &mut database,
            &self.spare,
            1..=drafts,
            &benefit,
        )
        .await?;
        database.execute("VACUUM ANALYZE").await?;
        self.installation.settle().await?;
        Ok(drafts)
    }

    /// Files that were submitted.
    async fn sent(&self) -> Result<usize> {
        let mut database = self.installation.postgres(DATABASE).await?;
        let sent: i64 = sqlx::query_scalar("SELECT count(*) FROM applications WHERE state = 'submitted'")
            .fetch_one(&mut database)
            .await?;
        Ok(usize::try_from(sent)?)
    }

    async fn latency(&mut self) -> Result<Figure> {
        let (mut ours, mut limit, mut last) = (Vec::new(), Vec::new(), Vec::new());
        for round in 0..self.plan.rounds + WARM_UP {
            let offset = self.used;
            self.used += self.plan.idle_count;
            self.installation.settle().await?;
            let times = self.idle_submissions(offset).await?;
            self.installation.settle().await?;
            let load = self.load(offset, 1, self.plan.idle_count, Some(self.plan.idle_rate));
            let bare = pgbench::run(self.installation, &self.plan.output, load)?;
            if round >= WARM_UP {
                ours.push(times.p50());
                limit.push(bare.times.p50());
                last = vec![("submission", times), ("bare", bare.times)];
            }
        }
        let what = format!("one submission, p50, {} a second by chance", self.plan.idle_rate);
        Ok(Figure {
            id: "S2",
            what,
            unit: "ms",
            better: Better::Less,
            ours,
            limit,
            limit_is: "the bare transaction, p50, ms".to_owned(),
            first: Target::Ratio(5.0),
            goal: Target::Ratio(2.5),
            times: last,
            notes: Vec::new(),
        })
    }

    fn load(&self, offset: usize, clients: usize, each: usize, rate: Option<f64>) -> Load<'_> {
        Load {
            database: LIMIT,
            script: &self.script,
            clients,
            each,
            offset,
            rate,
        }
    }

    async fn submissions(&self, offset: usize) -> Result<(f64, Latencies)> {
        let clients = benefits::clients(&self.service, self.plan.callers.min(4))?;
        // Tokens live for a minute: they are made just before, and not in the time that is measured.
        let requests: Vec<_> = (0..self.plan.round())
            .map(|number| {
                let draft = self.draft.copy(offset + number + 1);
                std::sync::Mutex::new(Some(benefits::submission(self.installation, &draft)))
            })
            .collect();
        let requests = Arc::new(requests);
        closed_loop(self.plan.callers, self.plan.each, move |caller, number| {
            let mut client = clients[caller % clients.len()].clone();
            let request = requests[number].lock().ok().and_then(|mut one| one.take());
            async move {
                client
                    .submit_application(request.context("each is sent once")?)
                    .await?;
                Ok(())
            }
        })
        .await
    }

    async fn idle_submissions(&self, offset: usize) -> Result<Latencies> {
        let clients = benefits::clients(&self.service, 1)?;
        let requests: Vec<_> = (0..self.plan.idle_count)
            .map(|number| {
                let draft = self.draft.copy(offset + number + 1);
                std::sync::Mutex::new(Some(benefits::submission(self.installation, &draft)))
            })
            .collect();
        open_loop(self.plan.idle_rate, self.plan.idle_count, move |number| {
            let mut client = clients[0].clone();
            let request = requests[number].lock().ok().and_then(|mut one| one.take());
            async move {
                let request = request.context("each is sent once")?;
                let start = Instant::now();
                client.submit_application(request).await?;
                Ok(start.elapsed())
            }
        })
        .await
    }

    /// Waits until the relay has published what a round left, so that it is nobody else's load.
    async fn drained(&self) -> Result<()> {
        let mut database = self.installation.postgres(DATABASE).await?;
        for _ in 0..2_400 {
            let left: i64 = sqlx::query_scalar("SELECT count(*) FROM outbox WHERE stream_sequence IS NULL")
                .fetch_one(&mut database)
                .await?;
            if left == 0 {
                return Ok(());
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        bail!("the relay still has events to publish after two minutes")
    }

    /// What was acknowledged is in the database, and pgbench did as much as the service.
    async fn every_one_is_there(&self) -> Result<()> {
        for name in [DATABASE, LIMIT] {
            let mut database = self.installation.postgres(name).await?;
            let sent: i64 = sqlx::query_scalar("SELECT count(*) FROM applications WHERE state = 'submitted'")
                .fetch_one(&mut database)
                .await?;
            // The two that came before the copies.
            ensure!(
                usize::try_from(sent)? == self.used + 2,
                "{name} has {sent} submitted applications, {} were sent",
                self.used + 2
            );
        }
        Ok(())
    }
}

/// A folder with copies of the hot benefit under other codes, and the codes of all, the hot one first.
fn other_benefits(output: &Path) -> Result<(PathBuf, Vec<String>)> {
    let folder = output.join("catalogue");
    std::fs::create_dir_all(&folder)?;
    let original = testkit::stack::repository_root()
        .join("services/benefits/catalogue")
        .join(format!("{BENEFIT}.toml"));
    let text =
        std::fs::read_to_string(&original).with_context(|| format!("cannot read {}", original.display()))?;
    let mut codes = vec![BENEFIT.to_owned()];
    for (letter, order) in ('a'..='z')
        .filter(|letter| *letter != 'x')
        .zip(10_000..)
        .take(APART - 1)
    {
        let code = format!("bench_aid_{letter}");
        let request_code = format!("Bench_{}", letter.to_ascii_uppercase());
        let copy = text
            .replace(&format!("code = \"{BENEFIT}\""), &format!("code = \"{code}\""))
            .replace("\norder = 10\n", &format!("\norder = {order}\n"))
            .replace("\"Aid_X\"", &format!("\"{request_code}\""))
            .replace("\"health_aid_person_year\"", &format!("\"{code}_year\""));
        std::fs::write(folder.join(format!("{code}.toml")), copy)?;
        codes.push(code);
    }
    Ok((folder, codes))
}

async fn submit(installation: &Installation, service: &Running, draft: &Draft) -> Result<()> {
    let request = benefits::submission(installation, draft);
    benefits::clients(service, 1)?[0]
        .submit_application(request)
        .await?;
    Ok(())
}

/// Sends the draft while the server writes every statement down, and makes the script.
async fn captured(
    installation: &Installation,
    plan: &Plan,
    service: &Running,
    draft: &Draft,
    database: &mut PgConnection,
) -> Result<(PathBuf, usize)> {
    // A number that is no other value by chance.
    sqlx::query("SELECT setval(c.oid::regclass, 7654320) FROM pg_class AS c WHERE relkind = 'S' AND relname LIKE 'request_number_aid_x_%'")
        .execute(&mut *database)
        .await?;
    let logged = std::fs::metadata(installation.postgres_log())?.len();
    database.execute("ALTER SYSTEM SET log_statement = 'all'").await?;
    database.execute("SELECT pg_reload_conf()").await?;
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    submit(installation, service, draft).await?;
    database.execute("ALTER SYSTEM RESET log_statement").await?;
    database.execute("SELECT pg_reload_conf()").await?;
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;

    let log = std::fs::read(installation.postgres_log())?;
    let log = String::from_utf8_lossy(&log[usize::try_from(logged)?..]).into_owned();
    let statements = capture::transaction(&log, "INSERT INTO idempotency")?;
    let (sequence, open_request_key): (i64, String) = sqlx::query_as(
        "SELECT request_sequence, open_request_key::text FROM applications WHERE application_id = $1",
    )
    .bind(draft.application)
    .fetch_one(&mut *database)
    .await?;
    let unique = Unique {
        sequence,
        open_request_key,
    };
    let text = capture::script(&statements, &unique, database).await?;
    std::fs::create_dir_all(&plan.output)?;
    let script = plan.output.join("submission.sql");
    std::fs::write(&script, text)?;
    Ok((script, statements.len()))
}

async fn wait_until_unused(admin: &mut PgConnection) -> Result<()> {
    loop {
        let users: i64 = sqlx::query_scalar("SELECT count(*) FROM pg_stat_activity WHERE datname = $1")
            .bind(DATABASE)
            .fetch_one(&mut *admin)
            .await?;
        if users == 0 {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}
