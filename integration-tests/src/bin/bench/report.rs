//! The table and the JSON: each figure with its limit or peer, their ratio, the two targets, and what it was measured on.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use crate::installation::Installation;
use crate::measure::{Latencies, median};
use crate::plan::Plan;

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Better {
    /// A rate beside a rate: the ratio should be large.
    More,
    /// A time beside a time: the ratio should be small.
    Less,
}

/// One line of the table.
#[derive(Debug)]
pub(crate) struct Figure {
    pub(crate) id: &'static str,
    pub(crate) what: String,
    pub(crate) unit: &'static str,
    pub(crate) better: Better,
    /// What each round gave.
    pub(crate) ours: Vec<f64>,
    /// What the limit or peer gave beside it; none where it could not be measured.
    pub(crate) limit: Vec<f64>,
    pub(crate) limit_is: String,
    pub(crate) first: Target,
    pub(crate) goal: Target,
    pub(crate) times: Vec<(&'static str, Latencies)>,
    /// What a reader of the figure must know.
    pub(crate) notes: Vec<String>,
}

/// What is aimed at.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Target {
    Ratio(f64),
    /// In the figure's own unit.
    Own(f64),
    None,
}

impl Target {
    fn text(self) -> String {
        match self {
            Self::Ratio(ratio) => format!("{ratio}x"),
            Self::Own(value) => number(value),
            Self::None => "-".to_owned(),
        }
    }

    fn reached(self, figure: &Figure) -> Option<bool> {
        let (value, target) = match self {
            Self::Ratio(ratio) => (figure.ratio()?, ratio),
            Self::Own(own) => (median(&figure.ours), own),
            Self::None => return None,
        };
        Some(match figure.better {
            Better::More => value >= target,
            Better::Less => value <= target,
        })
    }
}

impl Figure {
    fn ratio(&self) -> Option<f64> {
        (!self.limit.is_empty()).then(|| median(&self.ours) / median(&self.limit))
    }

    fn to_json(&self) -> Value {
        let times: BTreeMap<&str, Value> = self
            .times
            .iter()
            .map(|(name, times)| (*name, times.to_json()))
            .collect();
        json!({
            "id": self.id,
            "what": self.what,
            "unit": self.unit,
            "better": if self.better == Better::More { "more" } else { "less" },
            "ours": { "median": median(&self.ours), "rounds": self.ours },
            "limit": { "is": self.limit_is, "median": median(&self.limit), "rounds": self.limit },
            "ratio": self.ratio(),
            "first": { "target": self.first.text(), "reached": self.first.reached(self) },
            "goal": { "target": self.goal.text(), "reached": self.goal.reached(self) },
            "times": times,
            "notes": self.notes,
        })
    }
}

/// Everything that was measured.
#[derive(Debug)]
pub(crate) struct Report {
    figures: Vec<Figure>,
    settings: BTreeMap<String, String>,
    started: std::time::Instant,
}

impl Report {
    pub(crate) fn new(plan: &Plan) -> Self {
        let mut report = Self {
            figures: Vec::new(),
            settings: BTreeMap::new(),
            started: std::time::Instant::now(),
        };
        let profile = if cfg!(debug_assertions) {
            "debug: the figures mean nothing"
        } else {
            "release"
        };
        report.set("build", profile);
        report.set("version", env!("CARGO_PKG_VERSION"));
        report.set("rounds", plan.rounds);
        report.machine();
        report
    }

    fn set(&mut self, name: &str, value: impl ToString) {
        self.settings.insert(name.to_owned(), value.to_string());
    }

    fn machine(&mut self) {
        let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
        let cpu = read("/proc/cpuinfo");
        let model = cpu
            .lines()
            .find_map(|line| line.strip_prefix("model name")?.split_once(':'))
            .map(|(_, model)| model.trim().to_owned());
        self.set("machine.cpu", model.unwrap_or_default());
        self.set(
            "machine.cores",
            std::thread::available_parallelism().map_or(0, usize::from),
        );
        let memory = read("/proc/meminfo");
        let total = memory
            .lines()
            .find_map(|line| line.strip_prefix("MemTotal:"))
            .unwrap_or_default();
        self.set("machine.memory", total.trim());
        self.set("machine.kernel", read("/proc/sys/kernel/osrelease").trim());
        self.set(
            "machine.load_before",
            read("/proc/loadavg").split(' ').next().unwrap_or_default(),
        );
    }

    /// What the servers say of themselves.
    pub(crate) async fn settings(&mut self, installation: &Installation) -> Result<()> {
        for (name, value) in installation.settings().await? {
            self.set(&name, value);
        }
        Ok(())
    }

    pub(crate) fn add(&mut self, figures: Vec<Figure>) {
        for figure in &figures {
            println!("{}", line(figure));
        }
        self.figures.extend(figures);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.figures.is_empty()
    }

    /// Prints the table and writes the JSON.
    pub(crate) fn finish(mut self, plan: &Plan) -> Result<()> {
        self.figures.sort_by_key(|figure| figure.id);
        self.set("seconds", self.started.elapsed().as_secs());
        println!("\n{HEAD}");
        for figure in &self.figures {
            println!("{}", line(figure));
        }
        println!();
        for (name, value) in &self.settings {
            println!("{name} = {value}");
        }
        for figure in &self.figures {
            for note in &figure.notes {
                println!("{}: {note}", figure.id);
            }
        }
        let figures: Vec<Value> = self.figures.iter().map(Figure::to_json).collect();
        let document = json!({ "settings": self.settings, "figures": figures });
        std::fs::create_dir_all(&plan.output)
            .with_context(|| format!("cannot create {}", plan.output.display()))?;
        let file = plan.output.join("bench.json");
        std::fs::write(&file, serde_json::to_vec_pretty(&document)?)
            .with_context(|| format!("cannot write {}", file.display()))?;
        println!("\nwritten: {}", file.display());
        Ok(())
    }
}

const HEAD: &str =
    "| # | what | measured | limit or peer | ratio | first | goal |\n|---|---|---|---|---|---|---|";

fn line(figure: &Figure) -> String {
    let limit = match figure.limit.is_empty() {
        true => figure.limit_is.clone(),
        false => format!("{}: {}", figure.limit_is, number(median(&figure.limit))),
    };
    let mark = |target: Target| match target.reached(figure) {
        Some(true) => format!("{} ✓", target.text()),
        Some(false) => format!("{} ✗", target.text()),
        None => target.text(),
    };
    format!(
        "| {} | {} | {} {} | {limit} | {} | {} | {} |",
        figure.id,
        figure.what,
        number(median(&figure.ours)),
        figure.unit,
        figure
            .ratio()
            .map_or_else(|| "-".to_owned(), |ratio| format!("{}x", number(ratio))),
        mark(figure.first),
        mark(figure.goal),
    )
}

/// Three digits that mean something.
fn number(value: f64) -> String {
    match value {
        _ if value >= 100.0 => {
            let digits = format!("{value:.0}");
            let mut grouped = String::new();
            for (at, digit) in digits.chars().enumerate() {
                if at > 0 && (digits.len() - at) % 3 == 0 {
                    grouped.push(',');
                }
                grouped.push(digit);
            }
            grouped
        }
        _ if value >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}
