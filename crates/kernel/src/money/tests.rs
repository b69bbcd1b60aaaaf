//! Tests of amounts and percentages: the rounding table of the 30 % support, reading, writing, and the
//! bounds that hold for every amount.

use proptest::prelude::*;

use super::*;

fn dirhams(text: &str) -> Money {
    Money::parse(text).unwrap()
}

const THIRTY_PERCENT: BasisPoints = BasisPoints::new(3_000);

#[test]
fn thirty_percent_is_rounded_half_up_to_the_centime() {
    for (price, support, member_part) in [
        ("1850.00", "555.00", "1295.00"),
        ("999.99", "300.00", "699.99"),
        ("1234.55", "370.37", "864.18"),
        ("3333.35", "1000.01", "2333.34"),
        ("85.00", "25.50", "59.50"),
        ("133.33", "40.00", "93.33"),
        ("0.00", "0.00", "0.00"),
    ] {
        let price = dirhams(price);
        let given = price.share(THIRTY_PERCENT).unwrap();
        assert_eq!(given, dirhams(support), "support of {price}");
        assert_eq!(
            price.checked_sub(given).unwrap(),
            dirhams(member_part),
            "member's part of {price}"
        );
    }
}

#[test]
fn exactly_half_a_centime_goes_up_and_a_correction_cancels_it() {
    let half = BasisPoints::new(5_000);
    assert_eq!(Money::from_centimes(1).share(half), Some(Money::from_centimes(1)));
    assert_eq!(
        Money::from_centimes(-1).share(half),
        Some(Money::from_centimes(-1))
    );
    assert_eq!(
        Money::from_centimes(1).share(BasisPoints::new(4_999)),
        Some(Money::ZERO)
    );
}

#[test]
fn shares_of_the_largest_amounts_do_not_wrap() {
    assert_eq!(Money::MAX.share(BasisPoints::FULL), Some(Money::MAX));
    assert_eq!(
        Money::from_centimes(i64::MIN).share(BasisPoints::FULL),
        Some(Money::from_centimes(i64::MIN))
    );
    assert_eq!(Money::MAX.share(BasisPoints::new(10_001)), None);
    assert_eq!(Money::MAX.share(BasisPoints::new(u32::MAX)), None);
}

#[test]
fn sums_differences_and_products_out_of_range_are_refused() {
    let centime = Money::from_centimes(1);
    assert_eq!(Money::MAX.checked_add(centime), None);
    assert_eq!(Money::from_centimes(i64::MIN).checked_sub(centime), None);
    assert_eq!(Money::MAX.checked_mul(2), None);
    assert_eq!(Money::from_dirhams(i64::MAX), None);
    assert_eq!(Money::checked_sum([Money::MAX, centime]), None);
    assert_eq!(Money::checked_sum([centime; 3]), Some(Money::from_centimes(3)));
    assert_eq!(Money::checked_sum([]), Some(Money::ZERO));
    assert_eq!(
        dirhams("10").checked_sub(dirhams("12.5")),
        Some(Money::from_centimes(-250))
    );
}

#[test]
fn an_amount_is_read_as_people_type_it() {
    for (typed, centimes) in [
        ("1 850,50", 185_050),
        ("1850.50", 185_050),
        ("1\u{202F}850,50", 185_050),
        ("1\u{00A0}850,5", 185_050),
        ("  1850 ", 185_000),
        ("0,05", 5),
        ("00,5", 50),
        ("12 345 678,90", 1_234_567_890),
        ("١٨٥٠٫٥٠", 185_050),
        ("١٬٨٥٠٫٥٠", 185_050),
        ("۱۸۵۰,۵", 185_050),
        ("\u{200F}1850\u{200F}", 185_000),
        ("-12,30", -1_230),
        ("\u{2212}12,30", -1_230),
        ("92233720368547758.07", i64::MAX),
    ] {
        assert_eq!(
            Money::parse(typed),
            Ok(Money::from_centimes(centimes)),
            "{typed:?}"
        );
    }
}

#[test]
fn a_doubtful_amount_is_refused_rather_than_guessed_at() {
    for wrong in [
        "1.850",
        "1,850.50",
        "1.850,50",
        "12,345",
        "1850,",
        ",50",
        ".",
        "-",
        "--1",
        "+5",
        "1 85",
        "1850 000",
        "18  50",
        "1850 DH",
        "1e3",
        "0x10",
        "½",
        "1 850,5 0",
        "NaN",
    ] {
        assert_eq!(Money::parse(wrong), Err(MoneyError::NotAnAmount), "{wrong:?}");
    }
    for empty in ["", "  ", "\u{200E}\u{00A0}"] {
        assert_eq!(Money::parse(empty), Err(MoneyError::Empty), "{empty:?}");
    }
    for large in ["92233720368547758.08", &"9".repeat(60)] {
        assert_eq!(Money::parse(large), Err(MoneyError::TooLarge), "{large:?}");
    }
}

#[test]
fn an_amount_is_written_with_no_break_groups_and_a_comma() {
    for (centimes, written) in [
        (0, "0,00"),
        (5, "0,05"),
        (99_999, "999,99"),
        (125_050, "1\u{202F}250,50"),
        (2_000_000, "20\u{202F}000,00"),
        (100_000_000, "1\u{202F}000\u{202F}000,00"),
        (-125_050, "-1\u{202F}250,50"),
    ] {
        assert_eq!(Money::from_centimes(centimes).amount_fr(), written);
    }
    assert_eq!(Money::from_centimes(125_050).to_string(), "1250.50");
    assert_eq!(Money::from_centimes(-5).to_string(), "-0.05");
}

#[test]
fn a_percentage_is_read_and_written() {
    for (typed, basis_points, written, plain) in [
        ("30", 3_000, "30\u{00A0}%", "30%"),
        ("30 %", 3_000, "30\u{00A0}%", "30%"),
        ("2,75%", 275, "2,75\u{00A0}%", "2.75%"),
        ("2.5", 250, "2,5\u{00A0}%", "2.5%"),
        ("٣٠٪", 3_000, "30\u{00A0}%", "30%"),
        ("0,05", 5, "0,05\u{00A0}%", "0.05%"),
        ("150", 15_000, "150\u{00A0}%", "150%"),
    ] {
        let share = BasisPoints::parse_percent(typed).unwrap();
        assert_eq!(share.value(), basis_points, "{typed}");
        assert_eq!(share.percent_fr(), written);
        assert_eq!(share.to_string(), plain);
    }
    assert_eq!(BasisPoints::parse_percent("-1"), Err(MoneyError::NotAnAmount));
    assert_eq!(BasisPoints::parse_percent("2,755"), Err(MoneyError::NotAnAmount));
    assert_eq!(BasisPoints::parse_percent("%"), Err(MoneyError::Empty));
    assert_eq!(BasisPoints::parse_percent("42949673"), Err(MoneyError::TooLarge));
    assert_eq!(BasisPoints::from_percent(30), Some(THIRTY_PERCENT));
    assert_eq!(BasisPoints::from_percent(u32::MAX), None);
}

#[test]
fn both_are_whole_numbers_in_json() {
    assert_eq!(serde_json::to_string(&dirhams("1250.50")).unwrap(), "125050");
    assert_eq!(
        serde_json::from_str::<Money>("125050").unwrap(),
        dirhams("1250.50")
    );
    assert!(serde_json::from_str::<Money>("1250.5").is_err());
    assert_eq!(serde_json::to_string(&THIRTY_PERCENT).unwrap(), "3000");
    assert!(serde_json::from_str::<BasisPoints>("-1").is_err());
}

fn any_money() -> impl Strategy<Value = Money> {
    any::<i64>().prop_map(Money::from_centimes)
}

fn up_to_full() -> impl Strategy<Value = BasisPoints> {
    (0_u32..=10_000).prop_map(BasisPoints::new)
}

proptest! {
    #[test]
    fn a_share_up_to_100_percent_lies_between_nothing_and_the_whole(amount in any_money(), share in up_to_full()) {
        let part = amount.share(share).unwrap();
        prop_assert!(part.min(Money::ZERO) >= amount.min(Money::ZERO));
        prop_assert!(part.max(Money::ZERO) <= amount.max(Money::ZERO));
    }

    #[test]
    fn a_share_is_within_half_a_centime_of_the_exact_one(amount in any_money(), share in up_to_full()) {
        let exact = i128::from(amount.centimes()) * i128::from(share.value());
        let part = i128::from(amount.share(share).unwrap().centimes()) * 10_000;
        prop_assert!((part - exact).abs() <= 5_000);
    }

    #[test]
    fn a_share_grows_with_the_amount_and_with_the_percentage(
        small in 0_i64..1_000_000_000, more in 0_i64..1_000_000, low in 0_u32..5_000, extra in 0_u32..5_000,
    ) {
        let share = |centimes, bp| Money::from_centimes(centimes).share(BasisPoints::new(bp)).unwrap();
        prop_assert!(share(small, low) <= share(small + more, low));
        prop_assert!(share(small, low) <= share(small, low + extra));
    }

    #[test]
    fn the_share_of_an_opposite_is_the_opposite_share(centimes in -1_000_000_000_i64..1_000_000_000, share in up_to_full()) {
        let part = |centimes| Money::from_centimes(centimes).share(share).unwrap().centimes();
        prop_assert_eq!(part(-centimes), -part(centimes));
    }

    #[test]
    fn both_ways_of_writing_an_amount_read_back(amount in any_money()) {
        prop_assume!(amount.centimes() != i64::MIN);
        prop_assert_eq!(Money::parse(&amount.to_string()), Ok(amount));
        prop_assert_eq!(Money::parse(&amount.amount_fr()), Ok(amount));
    }

    #[test]
    fn both_ways_of_writing_a_percentage_read_back(basis_points in any::<u32>()) {
        let share = BasisPoints::new(basis_points);
        prop_assert_eq!(BasisPoints::parse_percent(&share.to_string()), Ok(share));
        prop_assert_eq!(BasisPoints::parse_percent(&share.percent_fr()), Ok(share));
    }

    #[test]
    fn adding_and_taking_away_again_changes_nothing(a in any_money(), b in any_money()) {
        if let Some(sum) = a.checked_add(b) {
            prop_assert_eq!(sum.checked_sub(b), Some(a));
        }
    }

    #[test]
    fn reading_any_text_never_panics(text in prop_oneof![".{0,40}", "[-0-9 .,٫٬%]{0,40}"]) {
        let _ = Money::parse(&text);
        let _ = BasisPoints::parse_percent(&text);
    }
}
