//! `tadamon demo roster`: a synthetic roster of any size. The cast comes first, then generated families; the same seed and date give
//! identical bytes, so that a screenshot, a test and a measurement can be repeated.

pub(crate) mod families;
pub(crate) mod line;
pub(crate) mod names;
mod places;
pub(crate) mod random;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use anyhow::Context as _;
use chrono::NaiveDate;

use super::{cast, progress_bar};
use crate::exit::Failure;
use crate::members::roster_file::HEADER;
use families::Families;

/// Above it the identity cards of the reserved prefix would run out.
const MOST_MEMBERS: u32 = 300_000;

#[derive(clap::Args, Debug)]
pub(crate) struct RosterArgs {
    /// How many members, the cast included.
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(20..=i64::from(MOST_MEMBERS)))]
    members: u32,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The day of the roster: ages follow it.
    #[arg(long)]
    date: NaiveDate,
    /// Where to write it.
    #[arg(long)]
    out: PathBuf,
}

pub(crate) fn run(args: &RosterArgs) -> Result<(), Failure> {
    let file = File::create(&args.out)
        .map_err(|error| Failure::usage(format!("cannot write {}: {error}", args.out.display())))?;
    let mut out = BufWriter::new(file);
    let bar = progress_bar(u64::from(args.members), "members");
    let lines = write(&mut out, args.members, args.seed, args.date, || bar.inc(1)).context("the roster")?;
    out.flush().context("the roster")?;
    bar.finish_and_clear();
    println!(
        "{} members in {lines} lines written to {}",
        args.members,
        args.out.display()
    );
    Ok(())
}

/// Writes header, cast and families; gives the number of lines after the header.
fn write(
    out: &mut impl Write,
    members: u32,
    seed: u64,
    date: NaiveDate,
    mut on_member: impl FnMut(),
) -> std::io::Result<u64> {
    writeln!(out, "{HEADER}")?;
    let mut lines = 0;
    let mut families = Families::new(seed, date);
    let mut left = usize::try_from(members).unwrap_or(usize::MAX);
    let mut rows = cast::rows(date);
    let mut count = cast::size(date);
    loop {
        for row in &rows {
            writeln!(out, "{row}")?;
            lines += 1;
        }
        (0..count).for_each(|_| on_member());
        left = left.saturating_sub(count);
        if left == 0 {
            return Ok(lines);
        }
        (rows, count) = families.next_household(left);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use kernel::{Cin, Matricule, Position, Province, Rib};

    use super::*;

    fn date() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 22).unwrap()
    }

    fn roster(members: u32, seed: u64, date: NaiveDate) -> String {
        let mut bytes = Vec::new();
        write(&mut bytes, members, seed, date, || ()).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    /// Rows by column name.
    fn parsed(text: &str) -> Vec<HashMap<&str, &str>> {
        let names: Vec<&str> = HEADER.split(';').collect();
        text.lines()
            .skip(1)
            .map(|line| names.iter().copied().zip(line.split(';')).collect())
            .collect()
    }

    #[test]
    fn the_same_seed_and_date_give_identical_bytes_and_another_seed_other_ones() {
        let first = roster(500, 1, date());
        assert_eq!(first, roster(500, 1, date()));
        assert_ne!(first, roster(500, 2, date()));
        let fingerprint = ring::digest::digest(&ring::digest::SHA256, first.as_bytes());
        assert_eq!(
            hex::encode(fingerprint),
            FINGERPRINT,
            "a changed generator changes every demonstration: is that meant?"
        );
    }

    /// SHA-256 of 500 members, seed 1, 2026-11-22.
    const FINGERPRINT: &str = "50e89728bd0fa920143a0ecc0b91ce5398e3d5f19467b753a232681bff182565";

    #[test]
    fn there_are_as_many_members_as_asked_for_and_every_line_has_23_cells() {
        for members in [20, 21, 22, 1000] {
            let text = roster(members, 7, date());
            assert!(text.lines().all(|line| line.split(';').count() == 23));
            let found = parsed(&text)
                .iter()
                .filter(|row| row["row_type"] == "member")
                .count();
            assert_eq!(found, members as usize);
        }
    }

    #[test]
    fn nobody_in_it_can_be_real() {
        let text = roster(3000, 3, date());
        let mut seen = HashSet::new();
        let mut cards: HashMap<&str, &str> = HashMap::new();
        for row in parsed(&text) {
            assert!(
                Matricule::parse(row["matricule"]).is_ok()
                    && row["matricule"].starts_with('9')
                    && row["matricule"].len() == 8
            );
            if !row["cin"].is_empty() {
                assert!(Cin::parse(row["cin"]).is_ok() && row["cin"].starts_with("ZZ"));
                // One card is one person, also where a spouse is a member.
                assert_eq!(
                    *cards.entry(row["cin"]).or_insert(row["birth_date"]),
                    row["birth_date"]
                );
            }
            if row["row_type"] == "member" {
                assert!(seen.insert(row["matricule"].to_owned()));
                assert!(row["rib"].is_empty() || Rib::parse(row["rib"]).unwrap().bank_code() == "999");
                assert!(row["email"].is_empty() || row["email"].ends_with(".example"));
                assert!(Province::from_iso(row["province_iso"]).is_ok());
            }
        }
    }

    #[test]
    fn the_shares_are_those_of_the_demonstration() {
        let text = roster(20_000, 1, date());
        let rows = parsed(&text);
        let members: Vec<_> = rows.iter().filter(|row| row["row_type"] == "member").collect();
        let share = |test: &dyn Fn(&HashMap<&str, &str>) -> bool| {
            members.iter().filter(|row| test(row)).count() * 1000 / members.len()
        };
        for (position, permille) in [
            (Position::Active, 740),
            (Position::Seconded, 40),
            (Position::AtDisposal, 20),
            (Position::Retired, 180),
            (Position::Survivor, 20),
        ] {
            let found = share(&|row| row["position"] == position.as_str());
            assert!(found.abs_diff(permille) <= 10, "{position}: {found} per mille");
        }
        let air = share(&|row| Province::from_iso(row["province_iso"]).unwrap().is_air_support());
        assert!(
            air.abs_diff(120) <= 10,
            "{air} per mille in the air support provinces"
        );
        let regions: HashSet<u8> = members
            .iter()
            .map(|row| Province::from_iso(row["province_iso"]).unwrap().region())
            .collect();
        assert_eq!(regions.len(), 12);
        assert!((40_000..80_000).contains(&rows.len()), "{} lines", rows.len());
    }

    #[test]
    fn active_members_have_a_professional_address_and_retirees_a_pension_number() {
        let text = roster(3000, 5, date());
        for row in parsed(&text).iter().filter(|row| row["row_type"] == "member") {
            if row["position"] == "active" && !row["email"].is_empty() {
                assert!(
                    row["email"].ends_with("@finances.example"),
                    "{}",
                    row["matricule"]
                );
            }
            assert_eq!(row["position"] == "retired", !row["pension_number"].is_empty());
        }
    }

    #[test]
    fn no_birth_or_death_lies_after_the_day_of_the_roster_except_in_this_month() {
        for seed in 0..3 {
            for row in parsed(&roster(2000, seed, date())) {
                let birth: NaiveDate = row["birth_date"].parse().unwrap();
                assert!(birth <= date());
                assert!(
                    row["death_date"].is_empty() || row["death_date"].parse::<NaiveDate>().unwrap() <= date()
                );
            }
        }
    }
}
