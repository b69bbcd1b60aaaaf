//! What a hostile or broken client sends to the gateway, and what it gets: a refusal as described, or a closed connection; never a record, never a
//! word of the inside.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::partner::Partner;
use crate::support::{COUNTER, OFFER, TestApp};

const VERIFY: &str = "/partner/v1/verifications";
const REDEEM: &str = "/partner/v1/redemptions";

/// Sends bytes as they are and reads until the connection is closed.
async fn raw(app: &TestApp, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(app.gateway).await.expect("a connection");
    // The other side may close while we write: what it said before counts.
    let _closed = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let _reset = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

fn status_of(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or("closed")
}

#[tokio::test]
async fn a_body_that_is_not_exactly_as_described_is_refused_unread() {
    let app = TestApp::start().await;
    let partner = app.coach_company().await;
    let good = json!({ "code": "0000000000", "offer_code": OFFER, "counter_code": COUNTER }).to_string();
    let open = &good[..good.len() - 1];
    let long = " ".repeat(20_000);
    for (what, status, body) in [
        ("nothing", 400, String::new()),
        ("no JSON", 400, "code=0000000000".to_owned()),
        (
            "a list of the values",
            400,
            format!("[\"0000000000\",\"{OFFER}\",\"{COUNTER}\"]"),
        ),
        ("a field twice", 400, format!("{open},\"code\":\"0000000001\"}}")),
        ("a field too many", 400, format!("{open},\"member_id\":\"1\"}}")),
        ("a field too few", 400, "{\"code\":\"0000000000\"}".to_owned()),
        ("a number for a text", 400, good.replace("\"0000000000\"", "0")),
        ("1e400", 400, good.replace("\"0000000000\"", "1e400")),
        ("NaN", 400, good.replace("\"0000000000\"", "NaN")),
        ("a lone surrogate", 400, good.replace("0000000000", "\\ud800")),
        ("a byte-order mark", 400, format!("\u{feff}{good}")),
        ("bytes behind it", 400, format!("{good}{good}")),
        (
            "ten thousand levels",
            400,
            good.replace("\"0000000000\"", &"[".repeat(10_000)),
        ),
        ("too much", 413, format!("{good}{long}")),
    ] {
        let request = partner
            .request(Method::POST, VERIFY)
            .header("content-type", "application/json")
            .body(body);
        let answer = partner.send(("post", VERIFY), request).await;
        assert_eq!(answer.status, status, "{what}");
    }
    for media in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json; charset=utf-16",
        "application/xml",
    ] {
        let request = partner
            .request(Method::POST, VERIFY)
            .header("content-type", media)
            .body(good.clone());
        let answer = partner.send(("post", VERIFY), request).await;
        assert_eq!((answer.status, answer.reason()), (415, "CONTENT_TYPE"), "{media}");
    }
    let compressed = partner
        .request(Method::POST, VERIFY)
        .header("content-type", "application/json")
        .header("content-encoding", "gzip")
        .body(good);
    assert_eq!(partner.send(("post", VERIFY), compressed).await.status, 415);
    assert_eq!(app.count("SELECT count(*) FROM verifications").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn a_key_that_is_missing_too_long_or_twice_is_refused() {
    let app = TestApp::start().await;
    let partner = app.coach_company().await;
    let sale = partner.sale(&app.id().to_string());
    let long = "k".repeat(256);
    for keys in [&[][..], &[""], &["with space"], &["one", "two"], &[long.as_str()]] {
        let mut request = partner.request(Method::POST, REDEEM).json(&sale);
        for key in keys {
            request = request.header("idempotency-key", *key);
        }
        let answer = partner.send(("post", REDEEM), request).await;
        assert_eq!(
            (answer.status, answer.reason()),
            (400, "IDEMPOTENCY_KEY_INVALID"),
            "{keys:?}"
        );
    }
    let longest = "k".repeat(255);
    assert_eq!(
        partner.redeem(&longest, &sale).await.reason(),
        "VERIFICATION_NOT_FOUND"
    );
    let path = format!("{REDEEM}/{}/cancellations", app.id());
    let with_body = partner
        .request(Method::POST, &path)
        .header("idempotency-key", "k")
        .json(&json!({}));
    let operation = ("post", "/partner/v1/redemptions/{redemption_id}/cancellations");
    assert_eq!(
        partner.send(operation, with_body).await.reason(),
        "BODY_NOT_EXPECTED"
    );
    app.finish().await;
}

#[tokio::test]
async fn a_query_another_verb_and_an_unknown_address_are_refused() {
    let app = TestApp::start().await;
    let partner = app.coach_company().await;
    let body = json!({ "code": "0000000000", "offer_code": OFFER, "counter_code": COUNTER });
    for query in ["?code=1&code=2", "?id[]=1", "?client_secret=secret", "?"] {
        let request = partner
            .request(Method::POST, &format!("{VERIFY}{query}"))
            .json(&body);
        let answer = partner.send(("post", VERIFY), request).await;
        assert_eq!(
            (answer.status, answer.reason()),
            (400, "QUERY_NOT_ACCEPTED"),
            "{query}"
        );
    }
    for verb in ["GET", "PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "BREW"] {
        let method: Method = verb.parse().expect("a verb");
        let request = partner
            .request(method, VERIFY)
            .header("origin", "https://evil.example")
            .header("x-http-method-override", "POST");
        let answer = partner.send(("post", VERIFY), request).await;
        assert_eq!(
            (answer.status, answer.reason()),
            (405, "METHOD_NOT_ALLOWED"),
            "{verb}"
        );
        assert_eq!(answer.header("allow"), Some("POST"), "{verb}");
    }
    for path in [
        "/",
        "/partner/v0/verifications",
        "/partner/v2/verifications",
        "/partner/v1/verifications/",
        "/partner/v1/verifications/1",
        "/partner/v1/members",
        "/partner/v1/../v1/members",
        "/openapi.json",
        "/livez",
        "/metrics",
    ] {
        let response = partner
            .request(Method::POST, path)
            .json(&body)
            .send()
            .await
            .expect("an answer");
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        let problem: Value = response.json().await.expect("a document");
        assert_eq!(problem["reason"], "ROUTE_UNKNOWN", "{path}");
    }
    assert_eq!(app.count("SELECT count(*) FROM verifications").await, 0);
    app.finish().await;
}

#[tokio::test]
async fn no_origin_is_ever_let_in() {
    let app = TestApp::start().await;
    let partner = app.coach_company().await;
    for origin in ["null", "https://evil.example", "https://ctm.example.evil.example"] {
        let request = partner
            .request(Method::POST, VERIFY)
            .header("origin", origin)
            .json(&json!({ "code": "0000000000", "offer_code": OFFER, "counter_code": COUNTER }));
        // The absence of every CORS header is checked for each answer.
        let answer = partner.send(("post", VERIFY), request).await;
        assert_eq!(answer.status, 200, "{origin}");
        for name in ["access-control-allow-methods", "access-control-allow-credentials"] {
            assert_eq!(answer.header(name), None);
        }
    }
    app.finish().await;
}

#[tokio::test]
async fn the_description_is_read_or_asked_for_its_head_and_nothing_else() {
    let app = TestApp::start().await;
    let ask = async |verb: &str| {
        let head = format!(
            "{verb} /partner/v1/openapi.json HTTP/1.1\r\nHost: gateway.example\r\nConnection: close\r\n\r\n"
        );
        raw(&app, head.as_bytes()).await
    };
    let (whole, head) = (ask("GET").await, ask("HEAD").await);
    assert_eq!((status_of(&whole), status_of(&head)), ("200", "200"));
    assert!(whole.ends_with(partnerships::OPENAPI));
    assert!(head.ends_with("\r\n\r\n"), "a head alone: {head}");
    assert!(
        head.contains(&format!("content-length: {}\r\n", partnerships::OPENAPI.len())),
        "{head}"
    );
    for verb in ["POST", "PUT", "DELETE", "OPTIONS"] {
        let answer = ask(verb).await;
        assert_eq!(status_of(&answer), "405", "{verb}");
        assert!(answer.contains("allow: GET, HEAD\r\n"), "{verb}: {answer}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_request_that_two_servers_could_read_differently_is_refused_and_its_connection_closed() {
    let app = TestApp::start().await;
    let partner = app.coach_company().await;
    let head = format!(
        "POST {VERIFY} HTTP/1.1\r\nHost: gateway.example\r\nAuthorization: Bearer {}\r\n",
        partner.token
    );
    let smuggled = format!("GET {VERIFY} HTTP/1.1\r\nHost: gateway.example\r\n\r\n");
    for (what, headers, expected) in [
        (
            "both lengths",
            "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
            "411",
        ),
        (
            "both, the other way",
            "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
            "411",
        ),
        ("chunked", "Transfer-Encoding: chunked\r\n", "411"),
        ("an unknown coding", "Transfer-Encoding: xchunked\r\n", "400"),
        (
            "a coding twice",
            "Transfer-Encoding: chunked, identity\r\n",
            "400",
        ),
        ("two lengths", "Content-Length: 4\r\nContent-Length: 5\r\n", "400"),
        ("a length that is none", "Content-Length: +4\r\n", "400"),
    ] {
        let bytes = format!("{head}{headers}\r\n0\r\n\r\n{smuggled}");
        let answer = raw(&app, bytes.as_bytes()).await;
        assert_eq!(status_of(&answer), expected, "{what}: {answer}");
        assert_eq!(
            answer.matches("HTTP/1.1 ").count(),
            1,
            "{what}: one answer, then closed: {answer}"
        );
    }
    for (what, bytes) in [
        (
            "no HTTP",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec(),
        ),
        (
            "a header without end",
            format!("{head}X: {}\r\n\r\n", "x".repeat(1_000_000)).into_bytes(),
        ),
        (
            "headers without number",
            format!("{head}{}\r\n", "X: y\r\n".repeat(100_000)).into_bytes(),
        ),
        (
            "an address without end",
            format!("GET /{} HTTP/1.1\r\n\r\n", "x".repeat(100_000)).into_bytes(),
        ),
    ] {
        let answer = raw(&app, &bytes).await;
        let status = status_of(&answer);
        assert!(
            matches!(status, "400" | "414" | "431" | "closed"),
            "{what}: {status}"
        );
    }
    // Everybody else goes on.
    partner.verify("0000000000").await;
    app.finish().await;
}

#[tokio::test]
async fn a_head_and_a_body_that_do_not_arrive_are_not_waited_for_without_end() {
    let app = TestApp::start().await;
    let partner = app.coach_company().await;
    let head = format!("POST {VERIFY} HTTP/1.1\r\nHost: gateway.example\r\n");
    let slow_body = format!(
        "{head}Authorization: Bearer {}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{\"code\":",
        partner.token
    );
    let (head, body) = tokio::join!(raw(&app, head.as_bytes()), raw(&app, slow_body.as_bytes()));
    assert!(matches!(status_of(&head), "408" | "closed"), "{head}");
    assert_eq!(status_of(&body), "408");
    assert!(body.contains("BODY_TOO_SLOW"), "{body}");
    app.finish().await;
}

/// What databases, shells, templates and directories would run.
const WORDS: [&str; 12] = [
    "'; DROP TABLE redemptions; --",
    "' OR '1'='1",
    "\\'; SELECT pg_sleep(10); --",
    "1; COPY (SELECT 1) TO PROGRAM 'id'",
    "$(id)",
    "`id`",
    "| id",
    "{{7*7}}${7*7}<%= 7*7 %>",
    "*)(uid=*))(|(uid=*",
    "../../../../etc/passwd",
    "<script>alert(1)</script>",
    "%00%0d%0aSet-Cookie:a=b",
];

#[tokio::test]
async fn words_of_other_languages_are_text_wherever_a_text_stands() {
    let app = TestApp::start().await;
    let partner = app.coach_company().await;
    let member = app.member().await;
    let code = member.code_of(&member.person()).await;
    for word in WORDS {
        for field in ["code", "offer_code", "counter_code"] {
            let mut body = json!({ "code": code, "offer_code": OFFER, "counter_code": COUNTER });
            body[field] = word.into();
            assert_eq!(partner.verify_with(&body).await.status, 422, "{field}: {word}");
        }
        let verification = partner.verified(&code).await;
        let mut sale = partner.sale(&verification);
        for field in [
            "verification_id",
            "gross_amount",
            "reduction",
            "occurred_at",
            "counter_code",
        ] {
            let mut wrong = sale.clone();
            wrong[field] = word.into();
            assert_eq!(
                partner.redeem(&app.key(), &wrong).await.status,
                422,
                "{field}: {word}"
            );
        }
        sale["partner_reference"] = word.into();
        let answer = partner.redeem(&app.key(), &sale).await;
        assert_eq!((answer.status, answer.text("partner_reference")), (201, word));
        let kept: String =
            sqlx::query_scalar("SELECT partner_reference FROM redemptions WHERE redemption_id = $1::uuid")
                .bind(uuid::Uuid::parse_str(answer.text("redemption_id")).expect("an id"))
                .fetch_one(app.pool())
                .await
                .expect("the sale");
        assert_eq!(kept, word);
        let nobody = Partner::with_token(&app, app.keys.partner_token(word, &["cards.verify"]));
        assert_eq!(nobody.verify(&code).await.reason(), "CLIENT_NOT_LINKED", "{word}");
    }
    for hidden in ["a\u{0}b", "a\u{202e}b\u{7}", "\u{1b}[2J", " ", ""] {
        let mut sale = partner.sale(&app.id().to_string());
        sale["partner_reference"] = hidden.into();
        let answer = partner.redeem(&app.key(), &sale).await;
        assert_eq!(
            answer.errors(),
            [("/partner_reference", "REFERENCE_INVALID")],
            "{hidden:?}"
        );
    }
    app.finish().await;
}
