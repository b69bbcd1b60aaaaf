//! What the member sees of the own record, and what services read.

use kernel::{AccountId, MemberId};
use membership_proto::v1::{
    BatchGetMemberFactsRequest, GetContactRequest, GetOwnRecordRequest, GetOwnRecordResponse, MemberFacts,
};
use platform::status::reason;
use tonic::{Code, Request, Status};
use uuid::Uuid;

use crate::support::{TestApp, child, member, rib, with};

async fn own_record(app: &TestApp, member: Uuid) -> Result<GetOwnRecordResponse, Status> {
    let account = AccountId::from_uuid(Uuid::from_u128(7));
    let token = app
        .keys
        .member_token("membership", MemberId::from_uuid(member), account);
    let request = auth::client::with_token(Request::new(GetOwnRecordRequest {}), &token);
    Ok(app.members().get_own_record(request).await?.into_inner())
}

async fn facts(app: &TestApp, ids: &[String]) -> Result<Vec<MemberFacts>, Status> {
    let request = BatchGetMemberFactsRequest {
        member_ids: ids.to_vec(),
    };
    Ok(app
        .members()
        .batch_get_member_facts(app.as_service("benefits", request))
        .await?
        .into_inner()
        .facts)
}

#[tokio::test]
async fn a_transfer_counts_from_the_day_of_the_import_that_told_it_and_nothing_else_is_one() {
    let app = TestApp::start().await;
    let of = |changes: &[(&'static str, &'static str)]| with(&member(1), changes);
    app.import(&[of(&[("province_iso", "MA-LAA"), ("external_services", "yes")])])
        .await;
    let id: Uuid = sqlx::query_scalar("SELECT member_id FROM members")
        .fetch_one(&app.db.pool)
        .await
        .unwrap();
    let ids = [id.to_string()];
    let places = async || {
        let known = facts(&app, &ids).await.unwrap().remove(0);
        let place = |place: membership_proto::v1::Workplace| {
            (place.province_iso, place.external_services, place.from)
        };
        known.workplaces.into_iter().map(place).collect::<Vec<_>>()
    };
    let first = || ("MA-LAA".to_owned(), true, String::new());
    assert_eq!(places().await, [first()]);
    // Another line of the record is no transfer.
    let language = [
        ("province_iso", "MA-LAA"),
        ("external_services", "yes"),
        ("language", "ar"),
    ];
    app.import(&[of(&language)]).await;
    assert_eq!(places().await, [first()]);

    let before = kernel::civil::civil_date(platform::clock::Clock::system().now());
    app.import(&[of(&[("province_iso", "MA-RAB"), ("external_services", "no")])])
        .await;
    // A second change of one day: only the last of the day counts.
    app.import(&[of(&[("province_iso", "MA-OUD"), ("external_services", "no")])])
        .await;
    let today = kernel::civil::civil_date(platform::clock::Clock::system().now());
    if before == today {
        let moved = ("MA-OUD".to_owned(), false, today.to_string());
        assert_eq!(places().await, [first(), moved]);
    }
    app.finish().await;
}

#[tokio::test]
async fn a_workplace_that_an_older_version_imported_is_told_by_the_next_import_of_the_same_file() {
    let app = TestApp::start().await;
    let moved = [with(&member(1), &[("province_iso", "MA-RAB")])];
    let (stays, new) = (with(&member(2), &[]), with(&member(3), &[]));
    app.import(&[with(&member(1), &[]), stays.clone()]).await;
    let file = [moved[0].clone(), stays, new];
    app.import(&file).await;
    // An older version moves one and adds another, and writes no workplace.
    sqlx::query(
        "DELETE FROM workplaces USING members
         WHERE members.member_id = workplaces.member_id AND (valid_from IS NOT NULL OR matricule = '90000003')",
    )
    .execute(&app.db.pool)
    .await
    .unwrap();
    let rows = async || -> Vec<(String, i64, String, bool)> {
        sqlx::query_as(
            "SELECT matricule, version, workplaces.province_iso, valid_from IS NULL FROM members JOIN workplaces USING (member_id)
             ORDER BY matricule, valid_from NULLS FIRST",
        )
        .fetch_all(&app.db.pool)
        .await
        .unwrap()
    };
    let row = |matricule: &str, version, province: &str, first| {
        (matricule.to_owned(), version, province.to_owned(), first)
    };
    let stays = row("90000002", 1, "MA-LAA", true);
    assert_eq!(rows().await, [row("90000001", 2, "MA-LAA", true), stays.clone()]);
    for _ in 0..2 {
        app.import(&file).await;
        assert_eq!(
            rows().await,
            [
                row("90000001", 3, "MA-LAA", true),
                row("90000001", 3, "MA-RAB", false),
                stays.clone(),
                row("90000003", 2, "MA-LAA", true),
            ]
        );
    }
    app.finish().await;
}

#[tokio::test]
async fn a_member_sees_names_family_and_the_account_as_bank_and_last_four() {
    let app = TestApp::start().await;
    app.import(&[
        with(&member(1), &[]),
        with(&child(1, 1, "Salma", "2015-06-30"), &[]),
        with(
            &child(1, 2, "Hiba", "2018-06-30"),
            &[("death_date", "2019-01-01")],
        ),
        with(&member(2), &[("rib", "")]),
    ])
    .await;
    let record = own_record(&app, app.member_id("90000001").await).await.unwrap();
    let name = record.name.clone().unwrap();
    assert_eq!(
        (name.first_fr.as_str(), name.last_ar.as_str()),
        ("Amina", "الهلالي")
    );
    assert_eq!(
        (record.matricule.as_str(), record.position.as_str()),
        ("90000001", "active")
    );
    assert_eq!((record.province_iso.as_str(), record.version), ("MA-LAA", 1));
    assert_eq!(record.family.len(), 1);
    assert_eq!(
        (
            record.family[0].relation.as_str(),
            record.family[0].birth_date.as_str()
        ),
        ("child", "2015-06-30")
    );
    let account = record.bank_account.clone().unwrap();
    assert_eq!(
        (account.bank_code.as_str(), account.bank_name_fr.as_str()),
        ("999", "Banque de démonstration")
    );
    assert_eq!(account.bank_name_ar, "بنك تجريبي");
    assert_eq!(account.last_four, rib(1)[20..]);
    assert!(!format!("{record:?}").contains(&rib(1)[6..20]));
    let without = own_record(&app, app.member_id("90000002").await).await.unwrap();
    assert_eq!(without.bank_account, None);
    app.finish().await;
}

#[tokio::test]
async fn parents_of_one_child_see_nothing_of_each_other_and_lose_the_child_with_custody() {
    let app = TestApp::start().await;
    let shared = |n| with(&child(n, 1, "Salma", "2015-06-30"), &[("child_key", "C-1")]);
    let other = [
        ("last_name_fr", "Ouazzani"),
        ("first_name_fr", "Youssef"),
        ("last_name_ar", "الوزاني"),
        ("first_name_ar", "يوسف"),
        ("sex", "M"),
        ("birth_date", "1979-01-09"),
        ("province_iso", "MA-CAS"),
    ];
    app.import(&[
        with(&member(1), &[]),
        shared(1),
        with(&member(2), &other),
        shared(2),
    ])
    .await;
    let (one, two) = (app.member_id("90000001").await, app.member_id("90000002").await);
    for (reader, (matricule, account, email)) in [
        (one, ("90000002", rib(2), "amina2@finances.example")),
        (two, ("90000001", rib(1), "amina1@finances.example")),
    ] {
        let record = own_record(&app, reader).await.unwrap();
        assert_eq!(record.family.len(), 1, "the child of both, and nobody else");
        let text = format!("{record:?}");
        for theirs in [matricule, &account[6..], &account[20..], email] {
            assert!(!text.contains(theirs), "{theirs} in {text}");
        }
    }
    let record = own_record(&app, one).await.unwrap();
    assert!(!format!("{record:?}").contains("Ouazzani"), "{record:?}");

    // The roster of the day on which custody passed: the first parent declares the child no longer.
    app.import(&[with(&member(1), &[])]).await;
    let families = [
        own_record(&app, one).await.unwrap(),
        own_record(&app, two).await.unwrap(),
    ];
    assert_eq!((families[0].family.len(), families[1].family.len()), (0, 1));
    let known = facts(&app, &[one.to_string(), two.to_string()]).await.unwrap();
    let of = |id: Uuid| {
        known
            .iter()
            .find(|member| member.member_id == id.to_string())
            .unwrap()
    };
    assert_eq!((of(one).relatives.len(), of(two).relatives.len()), (0, 1));
    app.finish().await;
}

#[tokio::test]
async fn a_new_account_has_a_new_id_and_the_same_one_keeps_its_id() {
    let app = TestApp::start().await;
    app.import(&[with(&member(1), &[])]).await;
    let id = app.member_id("90000001").await;
    let account = async || {
        own_record(&app, id)
            .await
            .unwrap()
            .bank_account
            .unwrap()
            .bank_account_id
    };
    let first = account().await;
    app.import(&[with(&member(1), &[("language", "fr")])]).await;
    assert_eq!(account().await, first);
    app.import(&[with(&member(1), &[("rib", &rib(77))])]).await;
    assert_ne!(account().await, first);
    assert_eq!(app.count("SELECT count(*) FROM bank_accounts").await, 2);
    app.finish().await;
}

#[tokio::test]
async fn a_token_of_nobody_on_file_finds_nothing() {
    let app = TestApp::start().await;
    let refusal = own_record(&app, Uuid::from_u128(1)).await.unwrap_err();
    assert_eq!(
        (refusal.code(), reason(&refusal).as_deref()),
        (Code::NotFound, Some("MEMBER_NOT_FOUND"))
    );
    app.finish().await;
}

#[tokio::test]
async fn benefits_reads_facts_of_many_members_and_unknown_ids_are_left_out() {
    let app = TestApp::start().await;
    app.import(&[
        with(&member(1), &[]),
        with(&child(1, 1, "Salma", "2015-06-30"), &[]),
        with(&member(2), &[]),
    ])
    .await;
    let id = app.member_id("90000001").await.to_string();
    let found = facts(&app, &[id.clone(), Uuid::from_u128(1).to_string()])
        .await
        .unwrap();
    assert_eq!(found.len(), 1);
    let member = &found[0];
    assert_eq!((member.member_id.as_str(), member.version), (id.as_str(), 1));
    assert_eq!(
        (member.position.as_str(), member.position_from.as_str()),
        ("active", "2010-09-01")
    );
    assert_eq!(
        (member.position_to.as_str(), member.death_date.as_str()),
        ("", "")
    );
    assert_eq!(
        (member.birth_date.as_str(), member.sex.as_str()),
        ("1985-04-12", "female")
    );
    assert!(member.external_services && !member.bank_account_id.is_empty() && member.recorded_at.is_some());
    assert_eq!(member.relatives.len(), 1);
    assert_eq!(member.relatives[0].relation, "child");
    app.finish().await;
}

#[tokio::test]
async fn a_retirement_that_lies_ahead_is_among_the_facts_on_the_day_when_it_becomes_known() {
    let app = TestApp::start().await;
    app.import(&[with(&member(1), &[])]).await;
    let today = kernel::civil::civil_date(platform::clock::Clock::system().now());
    let first = today + chrono::Days::new(30);
    let (from, last) = (first.to_string(), (first - chrono::Days::new(1)).to_string());
    let retired = [
        ("position", "retired"),
        ("position_from", from.as_str()),
        ("pension_number", "P1"),
    ];
    app.import(&[with(&member(1), &retired)]).await;
    let found = facts(&app, &[app.member_id("90000001").await.to_string()])
        .await
        .unwrap();
    let periods: Vec<(&str, &str, &str)> = found[0]
        .positions
        .iter()
        .map(|p| (p.position.as_str(), p.from.as_str(), p.to.as_str()))
        .collect();
    assert_eq!(
        periods,
        [
            ("active", "2010-09-01", last.as_str()),
            ("retired", from.as_str(), "")
        ]
    );
    assert_eq!(
        (found[0].position.as_str(), found[0].position_to.as_str()),
        ("active", last.as_str())
    );
    app.finish().await;
}

#[tokio::test]
async fn more_ids_than_a_page_holds_and_ids_that_are_none_are_refused() {
    let app = TestApp::start().await;
    let many: Vec<String> = (0..201).map(|n| Uuid::from_u128(n).to_string()).collect();
    assert_eq!(
        reason(&facts(&app, &many).await.unwrap_err()).as_deref(),
        Some("TOO_MANY_IDS")
    );
    assert_eq!(
        reason(&facts(&app, &["x".to_owned()]).await.unwrap_err()).as_deref(),
        Some("BAD_ID")
    );
    assert_eq!(facts(&app, &many[..200]).await.unwrap().len(), 0);
    app.finish().await;
}

#[tokio::test]
async fn a_contact_is_address_and_language_and_without_an_address_there_is_none() {
    let app = TestApp::start().await;
    app.import(&[
        with(&member(1), &[("language", "fr")]),
        with(&member(2), &[("email", "")]),
    ])
    .await;
    let ask = async |member_id: Uuid| {
        let request = GetContactRequest {
            member_id: member_id.to_string(),
        };
        app.members()
            .get_contact(app.as_service("notifications", request))
            .await
    };
    let contact = ask(app.member_id("90000001").await).await.unwrap().into_inner();
    assert_eq!(
        (contact.email.as_str(), contact.locale.as_str()),
        ("amina1@finances.example", "fr")
    );
    for unknown in [app.member_id("90000002").await, Uuid::from_u128(1)] {
        let refusal = ask(unknown).await.unwrap_err();
        assert_eq!(
            (refusal.code(), reason(&refusal).as_deref()),
            (Code::NotFound, Some("CONTACT_NOT_FOUND"))
        );
    }
    app.finish().await;
}
