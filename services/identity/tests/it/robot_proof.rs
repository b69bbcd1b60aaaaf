//! "I am not a robot": solved once, in time, for its own form and installation; anything else is one refusal.

use identity_proto::v1::{Form, RequestLinkRequest, RobotProof, SignInRequest};
use tonic::{Code, Status};

use crate::support::{ADDRESS, Options, TestApp, reason, solve};

async fn sign_in_with(app: &TestApp, proof: RobotProof) -> Result<(), Status> {
    sign_in_from(app, proof, ADDRESS).await
}

async fn sign_in_from(app: &TestApp, proof: RobotProof, address: &str) -> Result<(), Status> {
    let request = SignInRequest {
        matricule: "90001234".to_owned(),
        password: "wrong on purpose".to_owned(),
        proof: Some(proof),
        client_address: address.to_owned(),
        ..SignInRequest::default()
    };
    app.sessions().sign_in(request).await.map(|_| ())
}

/// Past the proof, this person is refused for being nobody.
const LET_PAST: &str = "SIGN_IN_REFUSED";

#[tokio::test]
async fn a_solved_proof_is_let_past_once() {
    let app = TestApp::start().await;
    let proof = app.proof(Form::SignIn).await;
    assert_eq!(reason(sign_in_with(&app, proof.clone()).await), LET_PAST);
    app.pass(60);
    assert_eq!(reason(sign_in_with(&app, proof).await), "ROBOT_PROOF_REFUSED");
    app.finish().await;
}

#[tokio::test]
async fn an_unsolved_proof_is_refused_and_its_challenge_is_spent() {
    let app = TestApp::start().await;
    let issued = app.challenge(Form::SignIn, false, "fr").await.unwrap();
    let right = solve(&issued.puzzle);
    let wrong = right.replace("\"derivedKey\":\"", "\"derivedKey\":\"00");
    for solution in [
        "",
        "{}",
        "7",
        "{\"counter\":1,\"derivedKey\":\"zz\"}",
        wrong.as_str(),
    ] {
        let issued = app.challenge(Form::SignIn, false, "fr").await.unwrap();
        let proof = RobotProof {
            challenge_id: issued.challenge_id,
            solution: solution.to_owned(),
        };
        assert_eq!(
            reason(sign_in_with(&app, proof.clone()).await),
            "ROBOT_PROOF_REFUSED",
            "{solution}"
        );
        let second = RobotProof {
            solution: solve(&issued.puzzle),
            ..proof
        };
        assert_eq!(
            reason(sign_in_with(&app, second).await),
            "ROBOT_PROOF_REFUSED",
            "spent by {solution}"
        );
    }
    let nothing = SignInRequest {
        matricule: "90001234".to_owned(),
        password: "x".to_owned(),
        ..SignInRequest::default()
    };
    assert_eq!(
        reason(app.sessions().sign_in(nothing).await),
        "ROBOT_PROOF_REFUSED"
    );
    app.finish().await;
}

#[tokio::test]
async fn an_expired_proof_is_refused() {
    let app = TestApp::start().await;
    let in_time = app.proof(Form::SignIn).await;
    let too_late = app.proof(Form::SignIn).await;
    app.pass(299);
    assert_eq!(reason(sign_in_with(&app, in_time).await), LET_PAST);
    app.pass(1);
    assert_eq!(reason(sign_in_with(&app, too_late).await), "ROBOT_PROOF_REFUSED");
    app.finish().await;
}

#[tokio::test]
async fn a_proof_for_one_form_is_refused_at_the_other() {
    let app = TestApp::start().await;
    let proof = app.proof(Form::Account).await;
    assert_eq!(reason(sign_in_with(&app, proof).await), "ROBOT_PROOF_REFUSED");
    let person = app.hire(1);
    let proof = Some(app.proof(Form::SignIn).await);
    let form = RequestLinkRequest {
        proof,
        ..app.account_form(&person).await
    };
    assert_eq!(
        reason(app.accounts().request_link(form).await),
        "ROBOT_PROOF_REFUSED"
    );
    assert_eq!(app.count("account_requests").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn a_proof_of_another_installation_is_refused_even_with_a_shared_redis() {
    let here = TestApp::start().await;
    let options = Options {
        settings: Box::new(|settings| settings.installation.code = "elsewhere".to_owned()),
        redis: Some((here.redis_url.clone(), here.redis_prefix.clone())),
    };
    let elsewhere = TestApp::start_with(options).await;
    let (puzzle, question) = (
        elsewhere.proof(Form::SignIn).await,
        elsewhere.challenge(Form::SignIn, true, "fr").await.unwrap(),
    );
    assert_eq!(reason(sign_in_with(&here, puzzle).await), "ROBOT_PROOF_REFUSED");
    let answered = RobotProof {
        solution: answer(&question.question),
        challenge_id: question.challenge_id,
    };
    assert_eq!(reason(sign_in_with(&here, answered).await), "ROBOT_PROOF_REFUSED");
    elsewhere.finish().await;
    here.finish().await;
}

#[tokio::test]
async fn a_puzzle_whose_record_was_rewritten_in_redis_is_refused() {
    let app = TestApp::start().await;
    let issued = app.challenge(Form::SignIn, false, "fr").await.unwrap();
    // Whoever can write to Redis makes the puzzle trivial; the signature says that it is not ours.
    let mut challenge: altcha::Challenge = serde_json::from_str(&issued.puzzle).unwrap();
    challenge.parameters.cost = 1;
    let solution = serde_json::json!({ "counter": 1, "derivedKey": "00" }).to_string();
    let record = serde_json::json!({
        "binding": { "form": "sign_in", "installation": "demo", "expires_at": app.clock.now() + chrono::Duration::minutes(5) },
        "test": { "puzzle": challenge },
    });
    let id = issued.challenge_id.replace('-', "");
    let key = format!("{}:identity:challenge:{id}", app.redis_prefix);
    let mut redis = redis::Client::open(app.redis_url.as_str())
        .unwrap()
        .get_multiplexed_async_connection()
        .await
        .unwrap();
    let replaced: Option<String> = redis::cmd("SET")
        .arg(&key)
        .arg(record.to_string())
        .arg("GET")
        .query_async(&mut redis)
        .await
        .unwrap();
    assert!(replaced.is_some(), "the challenge stood under this key");
    let proof = RobotProof {
        challenge_id: issued.challenge_id,
        solution,
    };
    assert_eq!(reason(sign_in_with(&app, proof).await), "ROBOT_PROOF_REFUSED");
    app.finish().await;
}

#[tokio::test]
async fn a_challenge_that_redis_forgot_is_refused_and_never_let_in() {
    let app = TestApp::start().await;
    let proof = app.proof(Form::SignIn).await;
    let key = format!(
        "{}:identity:challenge:{}",
        app.redis_prefix,
        proof.challenge_id.replace('-', "")
    );
    let mut redis = redis::Client::open(app.redis_url.as_str())
        .unwrap()
        .get_multiplexed_async_connection()
        .await
        .unwrap();
    let gone: i64 = redis::cmd("DEL").arg(key).query_async(&mut redis).await.unwrap();
    assert_eq!(gone, 1);
    assert_eq!(reason(sign_in_with(&app, proof).await), "ROBOT_PROOF_REFUSED");
    app.finish().await;
}

/// Reads the sum from the question's words, as a person does.
fn answer(question: &str) -> String {
    const WORDS: [(&str, &str); 9] = [
        ("un", "واحد"),
        ("deux", "اثنان"),
        ("trois", "ثلاثة"),
        ("quatre", "أربعة"),
        ("cinq", "خمسة"),
        ("six", "ستة"),
        ("sept", "سبعة"),
        ("huit", "ثمانية"),
        ("neuf", "تسعة"),
    ];
    let words: Vec<String> = question
        .split([' ', '\u{a0}', '؟', '?'])
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    let numbers = words.iter().filter_map(|word| {
        (1_u32..)
            .zip(WORDS)
            .find(|(_, (fr, ar))| word == fr || word == ar)
    });
    numbers.map(|(number, _)| number).sum::<u32>().to_string()
}

#[tokio::test]
async fn a_text_question_is_answered_in_digits_of_either_script() {
    let app = TestApp::start().await;
    for (locale, arabic_digits) in [("fr", false), ("ar", true), ("ar", false)] {
        let issued = app.challenge(Form::SignIn, true, locale).await.unwrap();
        assert!(issued.puzzle.is_empty() && !issued.question.is_empty());
        let mut solution = answer(&issued.question);
        if arabic_digits {
            solution = solution
                .chars()
                .map(|c| char::from_u32(u32::from(c) + 0x0660 - 0x30).unwrap())
                .collect();
        }
        let proof = RobotProof {
            challenge_id: issued.challenge_id,
            solution: format!(" {solution} "),
        };
        assert_eq!(reason(sign_in_with(&app, proof).await), LET_PAST, "{locale}");
        app.pass(60);
    }
    let issued = app.challenge(Form::SignIn, true, "fr").await.unwrap();
    let proof = RobotProof {
        challenge_id: issued.challenge_id,
        solution: "1".to_owned(),
    };
    assert_eq!(reason(sign_in_with(&app, proof).await), "ROBOT_PROOF_REFUSED");
    app.finish().await;
}

#[tokio::test]
async fn text_questions_have_a_tighter_limit_per_address() {
    let options = Options {
        settings: Box::new(|settings| settings.proof.questions_per_address = 3),
        ..Options::default()
    };
    let app = TestApp::start_with(options).await;
    for attempt in 0..5 {
        let issued = app.challenge(Form::SignIn, true, "fr").await.unwrap();
        let proof = RobotProof {
            challenge_id: issued.challenge_id,
            solution: "1".to_owned(),
        };
        let status = sign_in_with(&app, proof).await.unwrap_err();
        if attempt < 3 {
            assert_eq!(reason::<()>(Err(status)), "ROBOT_PROOF_REFUSED");
        } else {
            assert_eq!(status.code(), Code::ResourceExhausted);
            assert!(platform::status::retry_after(&status).is_some());
            assert_eq!(reason::<()>(Err(status)), "SLOW_DOWN");
        }
    }
    // A puzzle from the same address, and a question from another one, are not slowed.
    let proof = app.proof(Form::SignIn).await;
    assert_eq!(reason(sign_in_with(&app, proof).await), LET_PAST);
    let issued = app.challenge(Form::SignIn, true, "fr").await.unwrap();
    let proof = RobotProof {
        solution: "1".to_owned(),
        challenge_id: issued.challenge_id,
    };
    assert_eq!(
        reason(sign_in_from(&app, proof, "192.0.2.8").await),
        "ROBOT_PROOF_REFUSED"
    );
    app.finish().await;
}

#[tokio::test]
async fn a_puzzle_has_the_shape_that_the_pages_solver_reads() {
    let app = TestApp::start().await;
    let issued = app.challenge(Form::Account, false, "ar").await.unwrap();
    let puzzle: serde_json::Value = serde_json::from_str(&issued.puzzle).unwrap();
    let parameters = &puzzle["parameters"];
    assert_eq!(parameters["algorithm"], "PBKDF2/SHA-256");
    assert_eq!(parameters["keyLength"], 32);
    assert_eq!(parameters["cost"], 10);
    assert_eq!(
        parameters["data"],
        serde_json::json!({ "form": "account", "installation": "demo" })
    );
    for (name, length) in [("nonce", 32), ("salt", 32), ("keyPrefix", 32)] {
        let text = parameters[name].as_str().unwrap();
        assert!(
            text.len() == length
                && text
                    .bytes()
                    .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)),
            "{name}"
        );
    }
    assert_eq!(parameters["expiresAt"], issued.expires_at.unwrap().seconds);
    app.finish().await;
}

#[tokio::test]
async fn a_challenge_belongs_to_a_known_form_and_language() {
    let app = TestApp::start().await;
    assert_eq!(
        reason(app.challenge(Form::Unspecified, false, "fr").await),
        "FORM_REFUSED"
    );
    assert_eq!(
        reason(app.challenge(Form::SignIn, true, "de").await),
        "FORM_REFUSED"
    );
    app.finish().await;
}

#[test]
fn the_vector_that_the_readme_gives_the_pages_is_what_the_protocol_says() {
    let readme = include_str!("../../README.md");
    let challenge: altcha::Challenge = serde_json::from_value(serde_json::json!({ "parameters": {
        "algorithm": "PBKDF2/SHA-256",
        "cost": 1000,
        "keyLength": 32,
        "keyPrefix": "42128342d53e0d66fb70eaddeb49072a",
        "nonce": "000102030405060708090a0b0c0d0e0f",
        "salt": "0f0e0d0c0b0a09080706050403020100",
    } }))
    .unwrap();
    let options = altcha::SolveChallengeOptions::new(&challenge);
    let solution = altcha::solve_challenge(options).unwrap().unwrap();
    let vector = format!(
        "{{\"counter\":{},\"derivedKey\":\"{}\"}}",
        solution.counter, solution.derived_key
    );
    assert!(readme.contains(&vector), "{vector}");
}
