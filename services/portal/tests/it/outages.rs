//! Each service away in turn: what stands on a page is true, what cannot be known is said to be unavailable, and nothing is sent unread.

use reqwest::StatusCode;

use crate::routes;
use crate::support::TestApp;
use crate::world::benefits::{DRAFT, SENT};
use crate::world::{KHADIJA, PASSWORD};

const SERVICES: [&str; 5] = ["membership", "benefits", "documents", "notifications", "identity"];

#[tokio::test]
async fn no_member_page_says_something_false_or_nothing_at_all_while_a_service_is_away() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    // A value, a heading or a link without a word in it; marks of a list and icons are no words.
    let silent = regex_lite::Regex::new(r"<(dd|dt|h1|h2|strong|label)( [^>]*)?>(<span>)?\s*</").unwrap();
    for service in SERVICES {
        app.world.state().away.clear();
        app.world.state().away.insert(service);
        for route in routes::all()
            .iter()
            .filter(|route| route.method == "GET" && (route.access == "member" || route.access == "person"))
        {
            for locale in ["ar", "fr"] {
                let address = route.address(locale);
                let page = browser.get(&address).await;
                let here = format!("{address} without {service}");
                if page.status == StatusCode::SEE_OTHER {
                    continue;
                }
                let good = [StatusCode::OK, StatusCode::SERVICE_UNAVAILABLE].contains(&page.status);
                assert!(good, "{here}: {}", page.status);
                if route.path.ends_with("/papers/{document}") && page.status == StatusCode::OK {
                    continue;
                }
                assert!(page.body.contains("<main"), "{here} is no designed page");
                if let Some(found) = silent.find(&page.body) {
                    panic!("{here}: {:?} says nothing", found.as_str());
                }
                let mut lies = Vec::new();
                // The double's draft is answered to the last question.
                if address.contains(DRAFT) || address.contains(SENT) {
                    lies.extend(["Pas encore répondu", "لم تتم الإجابة بعد"]);
                }
                if service == "membership" {
                    lies.extend(["Aucun compte", "Aucun conjoint", "لا حساب بنكي مسجل"]);
                }
                if service == "notifications" {
                    lies.extend(["aucun nouveau message", "الرسائل: لا جديد", "Tout est lu"]);
                }
                for lie in lies {
                    assert!(!page.body.contains(lie), "{here} says {lie}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_summary_that_cannot_be_read_whole_says_so_and_offers_to_try_again_instead_of_to_send() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let address = format!("/fr/applications/{DRAFT}/summary");
    let read = browser.get(&address).await;
    app.world.state().away.insert("membership");
    let summary = browser.get(&address).await;
    assert_eq!(summary.status, StatusCode::OK);
    for said in ["Confirmé", "Le nom ne peut pas être affiché", "Réessayer"] {
        assert!(summary.body.contains(said), "{said}: {}", summary.body);
    }
    for unsaid in ["Pas encore répondu", "vous déclarez", "Terminer</button>"] {
        assert!(!summary.body.contains(unsaid), "{unsaid}");
    }
    let arabic = browser.get(&format!("/ar/applications/{DRAFT}/summary")).await;
    assert!(arabic.body.contains("لا يمكن عرض التفاصيل حاليا") && !arabic.body.contains("تصرحون"));

    // Who read it whole before may send it: the request itself needs membership no more.
    let sent = read.submit(&browser, "/summary", &[]).await;
    assert_eq!(sent.leads_to(), format!("/fr/applications/{DRAFT}/sent"));
    let result = browser.get(sent.leads_to()).await;
    assert!(result.body.contains("Confirmé") && result.body.contains("ne peut pas être affiché"));
}

#[tokio::test]
async fn a_sent_file_says_which_details_cannot_be_shown_now() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    app.world.state().away.insert("membership");
    for page in ["", "/sent"] {
        let file = browser.get(&format!("/fr/applications/{SENT}{page}")).await;
        assert_eq!(file.status, StatusCode::OK);
        assert!(
            file.body.contains("les détails ne peuvent pas être affichés")
                && file.body.contains("Le nom ne peut pas être affiché"),
            "{}",
            file.body
        );
    }
    let home = browser.get("/fr/home").await;
    assert!(
        home.body
            .contains("Votre dossier d’adhérent ne peut pas être affiché")
    );
}

#[tokio::test]
async fn an_account_that_is_no_longer_on_file_is_not_called_unanswered() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    for (_, file) in &mut app.world.state().files {
        if let Some(answers) = &mut file.answers {
            "account-0".clone_into(&mut answers.bank_account_id);
        }
    }
    for page in ["summary", "sent"] {
        let id = if page == "sent" { SENT } else { DRAFT };
        let shown = browser.get(&format!("/fr/applications/{id}/{page}")).await;
        assert!(
            shown.body.contains("ce compte n’est plus celui"),
            "{}",
            shown.body
        );
        assert!(
            !shown.body.contains("Terminer</button>"),
            "it could only be refused"
        );
        assert_eq!(
            shown.body.contains("Revoir le compte bancaire"),
            page == "summary"
        );
    }
    // What was said of the former account says nothing of this one.
    let account = browser.get(&format!("/fr/applications/{DRAFT}/account")).await;
    assert!(!account.body.contains(" checked"), "{}", account.body);
}

#[tokio::test]
async fn while_nobody_gives_challenges_the_robot_part_says_try_again_and_names_no_question() {
    let app = TestApp::start().await;
    let browser = app.browser();
    for (path, action) in [("/fr/sign-in", "/sign-in"), ("/fr/account", "/account")] {
        app.world.state().away.insert("identity");
        let page = browser.get(path).await;
        let away = "n’est pas disponible. Réessayez dans quelques minutes";
        // The script's sentences: an outage has its own, and a failed proof sends nobody to a question that is not there.
        assert!(page.body.contains("data-away=\"La vérification"), "{}", page.body);
        assert!(
            page.body
                .contains("data-failed=\"La vérification n’a pas abouti. Cochez à nouveau.\"")
        );
        assert!(!page.body.contains("name=\"question_challenge\""));
        let answer = page
            .submit(
                &browser,
                action,
                &[("matricule", KHADIJA), ("password", PASSWORD)],
            )
            .await;
        assert!(answer.body.contains(away) && answer.body.contains("id=\"answer\""));
        assert!(
            !answer.body.contains("répondez à la question"),
            "there is none: {}",
            answer.body
        );
        app.world.state().away.clear();
    }
}

#[tokio::test]
async fn the_script_of_the_robot_part_tells_an_outage_from_a_failed_proof() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = browser.get("/fr/sign-in").await;
    let start = page.body.find("/assets/robot.").unwrap();
    let script = &page.body[start..start + page.body[start..].find('"').unwrap()];
    let script = browser.get(script).await.body;
    for branch in ["answer.status < 500", "note.dataset.away", "say(\"failed\")"] {
        assert!(script.contains(branch), "{branch}");
    }
    app.world.state().away.insert("identity");
    let puzzle = browser.get("/fr/challenge/sign-in").await;
    assert_eq!(puzzle.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn the_home_page_shows_what_works_while_services_and_files_are_away() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    app.world.state().away.insert("benefits");
    let home = browser.get("/fr/home").await;
    assert_eq!(home.status, StatusCode::OK);
    for said in [
        "Votre adhésion",
        "href=\"/fr/card\"",
        "href=\"/fr/inbox\"",
        "Réessayer",
    ] {
        assert!(home.body.contains(said), "{said}: {}", home.body);
    }
    for unsaid in ["Aucun dossier ouvert", "Faire une demande"] {
        assert!(!home.body.contains(unsaid), "{unsaid}");
    }
}
