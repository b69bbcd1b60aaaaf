//! A Prometheus of one test: it reads the services as the chart's ServiceMonitor has it (the label `service`, the services' own labels kept) and
//! judges the rules. Killed with the value.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use integration_tests::services::{SERVICES, free_port};
use integration_tests::world::World;
use serde_json::Value;
use testkit::eventually;

pub(crate) struct Prometheus {
    url: String,
    child: Child,
    log: PathBuf,
    started: Instant,
}

impl Prometheus {
    pub(crate) async fn start(world: &World, rules: &str) -> Self {
        let folder = world.keys.path().join("prometheus");
        fs::create_dir_all(&folder).expect("the test's folder takes folders");
        fs::write(folder.join("rules.yaml"), rules).expect("the test's folder takes files");
        let targets: String = SERVICES
            .into_iter()
            .map(|name| {
                let port = world.service(name).admin;
                format!("      - {{targets: [\"127.0.0.1:{port}\"], labels: {{service: {name}}}}}\n")
            })
            .collect();
        // A process whose database is away answers after two seconds: a question may take three, as in a cluster it may take ten.
        let settings = format!(
            "global: {{scrape_interval: 3s, scrape_timeout: 3s, evaluation_interval: 1s}}\n\
             rule_files: [rules.yaml]\n\
             scrape_configs:\n  - job_name: tadamon\n    honor_labels: true\n    static_configs:\n{targets}"
        );
        fs::write(folder.join("prometheus.yaml"), settings).expect("the test's folder takes files");
        let (port, log) = (free_port(), folder.join("log"));
        let output = File::create(&log).expect("the test's folder takes files");
        let child = Command::new("prometheus")
            .arg(format!(
                "--config.file={}",
                folder.join("prometheus.yaml").display()
            ))
            .arg(format!("--storage.tsdb.path={}", folder.join("data").display()))
            .arg(format!("--web.listen-address=127.0.0.1:{port}"))
            .arg("--log.level=warn")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(output)
            .spawn()
            .unwrap_or_else(|error| {
                panic!("no prometheus ({error}): deploy/local/install.sh test installs it")
            });
        let prometheus = Self {
            url: format!("http://127.0.0.1:{port}"),
            child,
            log,
            started: Instant::now(),
        };
        eventually(async || {
            let answer = reqwest::get(format!("{}/-/ready", prometheus.url)).await;
            answer
                .is_ok_and(|answer| answer.status().is_success())
                .then_some(())
        })
        .await;
        prometheus
    }

    async fn asks(&self, path: &str) -> Option<Value> {
        let answer = reqwest::get(format!("{}/api/v1/{path}", self.url)).await.ok()?;
        serde_json::from_str(&answer.text().await.ok()?).ok()
    }

    /// Until each service has been read at least once.
    pub(crate) async fn reads_every_service(&self) {
        eventually(async || {
            let answer = self.asks("query?query=tadamon_ready==1").await?;
            (answer["data"]["result"].as_array()?.len() == SERVICES.len()).then_some(())
        })
        .await;
    }

    /// Alerts that fire, each with its service and what else names it.
    async fn firing(&self) -> Option<BTreeSet<String>> {
        let answer = self.asks("alerts").await?;
        let alerts = answer["data"]["alerts"].as_array()?;
        let firing = alerts.iter().filter(|alert| alert["state"] == "firing");
        let names = firing.map(|alert| {
            let label = |name: &str| alert["labels"][name].as_str().unwrap_or_default().to_owned();
            let words = ["alertname", "service", "subscriber", "queue"].map(label);
            words.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
        });
        Some(names.collect())
    }

    /// Until these fire and no others. What fires meanwhile is printed, for who reads a failure.
    pub(crate) async fn until_firing(&self, wanted: &[&str]) {
        let wanted: BTreeSet<String> = wanted.iter().map(|&name| name.to_owned()).collect();
        let seen = RefCell::new(None);
        eventually(async || {
            let firing = self.firing().await?;
            if seen.borrow().as_ref() != Some(&firing) {
                let after = self.started.elapsed().as_secs_f64();
                println!("after {after:.1} s: {firing:?}, awaited: {wanted:?}");
                seen.replace(Some(firing.clone()));
            }
            (firing == wanted).then_some(())
        })
        .await;
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!(
                "--- prometheus\n{}",
                fs::read_to_string(&self.log).unwrap_or_default()
            );
        }
        let _gone_already = self.child.kill();
        let _reaped = self.child.wait();
    }
}
