//! A file after it was sent: what each state says, what is corrected when an agent asks, and nothing else.

use reqwest::StatusCode;
use tonic::Code;

use crate::support::{Browser, Page, TestApp};
use crate::upload::send_paper_as;
use crate::world::benefits::decided::{ASKED, GRANTED, REFUSED, REVIEWING};
use crate::world::{AIR, BENEFIT, BRAHIM, KHADIJA, stamp};

fn at(id: &str) -> String {
    format!("/fr/applications/{id}")
}

fn says(page: &Page, texts: &[&str]) {
    // Sentences are compared without the marks that hold them together.
    let body = page.body.replace(['\u{A0}', '\u{202F}'], " ");
    let body = body.replace(['\u{2068}', '\u{2069}'], "");
    for text in texts {
        assert!(body.contains(text), "{text}: {body}");
    }
}

#[tokio::test]
async fn a_granted_request_shows_the_amount_how_it_was_found_why_and_what_happens_next() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let page = browser.get(&at(GRANTED)).await;
    says(
        &page,
        &[
            "Acceptée",
            "Montant accordé",
            "<p class=\"big\">12 500,50 DH</p>",
            "Décidée le 21 novembre 2026",
            "Frais retenus, après remboursements",
            "25 001,00 DH",
            "Pourquoi cette décision",
            "Remplie :",
            "sera versé sur le compte que vous avez confirmé",
            "Recours possible jusqu’au 21 décembre 2026 inclus",
            "au guichet de la fondation",
            "Complément demandé",
            "Renvoyée par vous",
            "Versement",
            "/receipt",
        ],
    );
    assert!(!page.body.contains("/withdraw"));
    let arabic = browser.get(&format!("/ar/applications/{GRANTED}")).await;
    says(
        &arabic,
        &[
            "مقبولة",
            "المبلغ الممنوح",
            "12 500,50 درهم",
            "المصاريف المعتمدة بعد التعويضات",
            "يمكن التظلم إلى نهاية يوم 21 دجنبر 2026",
            "أعدتم إرسال الملف",
        ],
    );
}

#[tokio::test]
async fn a_refused_request_says_why_in_a_sentence_and_how_and_until_when_to_appeal() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let page = browser.get(&at(REFUSED)).await;
    says(
        &page,
        &[
            "Rejetée",
            "La demande est rejetée",
            "Le plafond de l’année est épuisé",
            "vous pourrez faire une demande l’an prochain",
            "Non remplie :",
            "Pas d’accord avec cette décision ?",
            "jusqu’au 21 décembre 2026 inclus",
            "Le recours se dépose par écrit",
            "/fr/contact",
            "/receipt",
        ],
    );
    assert!(!page.body.contains("class=\"big\""), "no amount is shown");
    let arabic = browser.get(&format!("/ar/applications/{REFUSED}")).await;
    says(
        &arabic,
        &["مرفوضة", "استنفد سقف هذه السنة", "يقدم التظلم كتابة", "رفض الطلب"],
    );
}

#[tokio::test]
async fn an_appeal_whose_time_is_over_is_not_offered() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    for (_, file) in &mut app.world.state().files {
        if let Some(decision) = &mut file.decision {
            decision.appeal_until = "2026-11-21".to_owned();
        }
    }
    let page = browser.get(&at(REFUSED)).await;
    says(
        &page,
        &["Le délai de recours est passé depuis le 21 novembre 2026"],
    );
    assert!(!page.body.contains("se dépose par écrit"));
    assert!(!page.body.contains("vous pouvez faire un recours"));
    let arabic = browser.get(&format!("/ar/applications/{REFUSED}")).await;
    says(&arabic, &["انقضى أجل التظلم."]);
    assert!(!arabic.body.contains("يمكنكم تقديم تظلم"));
}

#[tokio::test]
async fn who_was_refused_is_offered_a_new_request_whatever_the_reason_and_the_service_says_what_is_left() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let offers = |page: &Page| page.body.contains("Nouvelle demande</a>");
    // A ceiling is one person's and one year's, which need not be the year of the decision: there may be another person, or another year.
    for reason in ["ceiling_reached", "papers_insufficient"] {
        for (_, file) in &mut app.world.state().files {
            if let Some(decision) = &mut file.decision {
                reason.clone_into(&mut decision.reason_code);
            }
        }
        assert!(offers(&browser.get(&at(REFUSED)).await), "{reason}");
    }
}

#[tokio::test]
async fn who_corrects_a_file_is_not_told_of_the_ceiling_that_the_file_itself_holds() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    app.world.state().used_up = vec![benefits_proto::v1::UsedUpCeiling {
        relation: "member".to_owned(),
        person_id: String::new(),
        year: 2026,
        year_of_an_answer: true,
    }];
    for (_, file) in &mut app.world.state().files {
        for asked in &mut file.information_requests {
            for item in &mut asked.items {
                if item.field == "price" {
                    "person_concerned".clone_into(&mut item.field);
                }
            }
        }
    }
    let page = browser.get(&format!("{}/person", at(ASKED))).await;
    says(&page, &["Personne concernée"]);
    assert!(!page.body.contains("plafond 2026 atteint"), "{}", page.body);
}

#[tokio::test]
async fn a_file_in_review_says_who_acts_by_when_and_what_comes_next() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let page = browser.get(&at(REVIEWING)).await;
    says(
        &page,
        &[
            "La fondation examine le dossier",
            "au plus tard le 10 décembre 2026",
            "En cours d’instruction",
            "Décision",
            "/withdraw",
        ],
    );
    let arabic = browser.get(&format!("/ar/applications/{REVIEWING}")).await;
    says(&arabic, &["المؤسسة تدرس الملف", "قيد الدراسة", "القرار"]);
}

#[tokio::test]
async fn the_day_of_the_answer_is_the_one_that_benefits_names() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    for (_, file) in &mut app.world.state().files {
        if file.application_id == REVIEWING {
            // Not what the sending alone would give: the file waited for its member.
            "2026-12-16".clone_into(&mut file.answer_due);
        }
    }
    let page = browser.get(&at(REVIEWING)).await;
    says(&page, &["au plus tard le 16 décembre 2026"]);
}

#[tokio::test]
async fn what_is_asked_stands_on_the_file_and_on_home_with_its_cause_note_and_place() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    for path in [at(ASKED), "/fr/home".to_owned()] {
        let page = browser.get(&path).await;
        says(
            &page,
            &[
                "À vous d’agir : la fondation demande un complément",
                "Demandé le 20 novembre 2026",
                "Prix du billet, en dirhams</strong> · à rectifier",
                "Le prix n’est pas celui de la preuve de paiement.",
                "Carte d’embarquement</strong> · à compléter",
                &format!("href=\"{}/details/ticket#q-price\"", at(ASKED)),
                &format!("href=\"{}/papers#card-boarding_pass\"", at(ASKED)),
                "0 sur 2",
            ],
        );
        assert!(!page.body.contains("Relire et renvoyer"), "{path}");
    }
    let arabic = browser.get(&format!("/ar/applications/{ASKED}")).await;
    says(
        &arabic,
        &[
            "تطلب المؤسسة استكمال الملف",
            "يلزم التصحيح",
            "يلزم الإتمام",
            "تمت الإجابة عن 0 من 2",
        ],
    );
}

#[tokio::test]
async fn only_what_was_asked_opens_and_every_other_page_leads_to_the_file() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    for other in [
        "account",
        "account/lodge",
        "person",
        "reason",
        "consent",
        "details/trip",
    ] {
        let page = browser.get(&format!("{}/{other}", at(ASKED))).await;
        assert_eq!(page.leads_to(), at(ASKED), "{other}");
    }
    let ticket = browser.get(&format!("{}/details/ticket", at(ASKED))).await;
    says(
        &ticket,
        &[
            "<h1>Corriger : Le prix du billet</h1>",
            "· à rectifier",
            "value=\"1 850,00\"",
        ],
    );
    assert!(!ticket.body.contains("name=\"q-bags\""), "{}", ticket.body);
    let papers = browser.get(&format!("{}/papers", at(ASKED))).await;
    says(
        &papers,
        &["Corriger : Pièces", "À remplacer", "card-boarding_pass"],
    );
    assert!(!papers.body.contains("card-payment_proof") && !papers.body.contains("name=\"remove\""));

    // Forms made by hand.
    let token = ticket.hidden("form_token");
    let fields = [("form_token", token.as_str()), ("choice", "not_mine")];
    let forced = browser.post(&format!("{}/account", at(ASKED)), &fields).await;
    assert_eq!(forced.leads_to(), at(ASKED));
    let remove = [("form_token", token.as_str()), ("remove", "payment_proof")];
    browser.post(&format!("{}/papers", at(ASKED)), &remove).await;
    let forced = send_paper_as(&browser, ASKED, "payment_proof", b"%PDF-1.7 specimen".to_vec()).await;
    assert_eq!(forced.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&forced, &["Seul ce qui est demandé se corrige"]);
    assert_eq!(
        app.world.calls("upload_document") + app.world.calls("save_answer"),
        0
    );

    // A stranger to the file finds nothing.
    let stranger = app.signed_in(BRAHIM).await;
    for page in ["", "/summary", "/papers", "/details/ticket"] {
        let answer = stranger.get(&format!("{}{page}", at(ASKED))).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{page}");
    }
}

async fn correct_price(browser: &Browser, price: &str) -> Page {
    let ticket = browser.get(&format!("{}/details/ticket", at(ASKED))).await;
    let typed = [("q-price", price), ("q-bags", "7")];
    ticket.submit(browser, "/details/ticket", &typed).await
}

/// Price and paper corrected; the summary.
async fn correct_all(browser: &Browser) -> Page {
    assert_eq!(correct_price(browser, "1 799,50").await.leads_to(), at(ASKED));
    send_paper_as(browser, ASKED, "boarding_pass", b"%PDF-1.7 specimen".to_vec()).await;
    let papers = browser.get(&format!("{}/papers", at(ASKED))).await;
    says(&papers, &["Reçue", "boarding_pass.pdf"]);
    let onward = papers.submit(browser, "/papers", &[]).await;
    assert_eq!(onward.leads_to(), format!("{}/summary", at(ASKED)));
    browser.get(onward.leads_to()).await
}

#[tokio::test]
async fn a_member_corrects_what_was_asked_reads_it_and_sends_it_again_under_the_same_number() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let early = browser.get(&format!("{}/summary", at(ASKED))).await;
    says(
        &early,
        &["Il reste un point à corriger", "Corriger : Prix du billet"],
    );
    assert!(!early.body.contains("Renvoyer le dossier</button>"));

    let wrong = correct_price(&browser, "cher").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(
        &wrong,
        &[
            "value=\"cher\"",
            "href=\"#q-price\"",
            "Corriger : Le prix du billet",
        ],
    );
    assert_eq!(correct_price(&browser, "1 799,50").await.leads_to(), at(ASKED));
    let half = browser.get(&at(ASKED)).await;
    says(&half, &["1 sur 2", "Répondu"]);
    let missing = browser.get(&format!("{}/papers", at(ASKED))).await;
    let missing = missing.submit(&browser, "/papers", &[]).await;
    assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
    says(&missing, &["href=\"#file-boarding_pass\""]);

    let summary = correct_all(&browser).await;
    says(
        &summary,
        &[
            "Relisez, puis renvoyez",
            "1 799,50",
            "boarding_pass.pdf",
            "Répondu",
            "Nombre de bagages",
        ],
    );
    let bags = summary.body.split("Nombre de bagages").nth(1).unwrap_or_default();
    assert!(
        bags.contains("<span>1</span>"),
        "what was not asked stays as it was sent: {bags}"
    );
    says(&browser.get("/fr/home").await, &["Relire et renvoyer le dossier"]);

    let answer = summary.submit(&browser, "/summary", &[]).await;
    assert_eq!(answer.leads_to(), format!("{}/sent", at(ASKED)));
    says(
        &browser.get(answer.leads_to()).await,
        &["Votre dossier est renvoyé", "6/Tr_A/2026", "le même numéro"],
    );
    let file = browser.get(&at(ASKED)).await;
    says(&file, &["La fondation examine le dossier", "Renvoyée par vous"]);
    assert!(!file.body.contains("id=\"asked\""));
    let late = browser.get(&format!("{}/details/ticket", at(ASKED))).await;
    assert_eq!(late.leads_to(), at(ASKED), "what went back is closed");
}

#[tokio::test]
async fn renvoyer_pressed_twice_and_back_send_the_file_once() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let summary = correct_all(&browser).await;
    let (first, second) = tokio::join!(
        summary.submit(&browser, "/summary", &[]),
        summary.submit(&browser, "/summary", &[])
    );
    let third = summary.submit(&browser, "/summary", &[]).await;
    for answer in [first, second, third] {
        assert_eq!(answer.leads_to(), format!("{}/sent", at(ASKED)));
    }
    let state = app.world.state();
    let (_, file) = state
        .files
        .iter()
        .find(|(_, file)| file.application_id == ASKED)
        .expect("it is there");
    let resent = file.timeline.iter().filter(|entry| entry.what == "resent");
    assert_eq!(resent.count(), 1);
}

#[tokio::test]
async fn a_summary_that_is_no_longer_what_is_sent_and_a_refusal_are_said_and_nothing_is_sent() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let summary = correct_all(&browser).await;
    assert_eq!(
        correct_price(&browser, "1 700").await.leads_to(),
        format!("{}/summary", at(ASKED))
    );
    let stale = summary.submit(&browser, "/summary", &[]).await;
    let again = browser.get(stale.leads_to()).await;
    says(
        &again,
        &["Une réponse a changé", "« Renvoyer le dossier »", "1 700,00"],
    );
    assert_eq!(app.world.calls("resend_application"), 0);

    for (reason, sentence) in [
        ("CORRECTION_INCOMPLETE", "Il reste un point à reprendre"),
        ("NOT_ELIGIBLE", "Une condition n’est pas remplie"),
        ("PAPER_NOT_USABLE", "La pièce ne peut plus servir"),
        // It changed between the page's own look and the sending.
        ("FILE_CHANGED", "Une réponse a changé"),
    ] {
        app.world
            .refuse("resend_application", Code::FailedPrecondition, reason);
        let refused = again.submit(&browser, "/summary", &[]).await;
        let page = browser.get(refused.leads_to()).await;
        says(&page, &[sentence, "Renvoyer le dossier</button>"]);
    }
    let sent = again.submit(&browser, "/summary", &[]).await;
    assert_eq!(sent.leads_to(), format!("{}/sent", at(ASKED)));
}

#[tokio::test]
async fn what_the_file_no_longer_answers_is_named_with_why_and_can_be_answered_beside_what_was_asked() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    correct_all(&browser).await;
    {
        let mut state = app.world.state();
        let file = state
            .files
            .iter_mut()
            .find(|(_, file)| file.application_id == ASKED);
        let (_, file) = file.expect("it is there");
        file.information_requests[0]
            .items
            .push(benefits_proto::v1::InformationItem {
                field: "bank_account".to_owned(),
                cause: benefits_proto::v1::InformationCause::NoLongerValid.into(),
                ..Default::default()
            });
    }
    says(
        &browser.get(&at(ASKED)).await,
        &["2 sur 3", "à répondre de nouveau"],
    );
    let summary = browser.get(&format!("{}/summary", at(ASKED))).await;
    says(
        &summary,
        &[
            "vos informations ont changé depuis l’envoi",
            "Corriger : ",
            "/account\"",
        ],
    );
    assert!(!summary.body.contains("Renvoyer le dossier</button>"));
    let page = browser.get(&format!("{}/account", at(ASKED))).await;
    assert_eq!(page.status, StatusCode::OK);
    let onward = page
        .submit(&browser, "/account", &[("choice", "confirmed")])
        .await;
    assert_eq!(onward.leads_to(), format!("{}/summary", at(ASKED)));
    let summary = browser.get(onward.leads_to()).await;
    says(&summary, &["Renvoyer le dossier</button>"]);
}

#[tokio::test]
async fn going_back_from_an_untouched_correction_corrects_nothing() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let ticket = browser.get(&format!("{}/details/ticket", at(ASKED))).await;
    let untouched = [("q-price", "1850,00"), ("going", "back")];
    let back = ticket.submit(&browser, "/details/ticket", &untouched).await;
    assert_eq!(back.leads_to(), at(ASKED));
    says(&browser.get(&at(ASKED)).await, &["0 sur 2"]);
    let changed = [("q-price", "1851"), ("going", "back")];
    ticket.submit(&browser, "/details/ticket", &changed).await;
    says(&browser.get(&at(ASKED)).await, &["1 sur 2"]);
}

#[tokio::test]
async fn a_correction_that_cannot_be_read_whole_is_not_sent_and_what_was_typed_survives_an_outage() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    correct_all(&browser).await;
    app.world.state().away.insert("membership");
    let summary = browser.get(&format!("{}/summary", at(ASKED))).await;
    says(&summary, &["Vos corrections sont gardées", "Réessayer"]);
    assert!(!summary.body.contains("Renvoyer le dossier</button>"));
    assert_eq!(browser.get(&at(GRANTED)).await.status, StatusCode::OK);
    app.world.state().away.clear();

    let ticket = browser.get(&format!("{}/details/ticket", at(ASKED))).await;
    app.world.state().away.insert("benefits");
    let away = ticket
        .submit(&browser, "/details/ticket", &[("q-price", "1623")])
        .await;
    assert_eq!(away.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(away.body.contains("Vos réponses sont gardées"));
}

#[tokio::test]
async fn lists_history_and_messages_lead_to_the_file_and_say_where_it_stands() {
    let app = TestApp::start().await;
    let browser = app.signed_in(KHADIJA).await;
    let list = browser.get("/fr/applications").await;
    says(
        &list,
        &[
            "Complément demandé",
            "Acceptée",
            "Rejetée",
            "Décidée le 21 novembre 2026",
        ],
    );
    for id in [REVIEWING, ASKED, GRANTED, REFUSED] {
        says(&list, &[&format!("href=\"{}\"", at(id))]);
    }
    let history = browser.get(&format!("/fr/services/{AIR}/history")).await;
    says(&history, &["6/Tr_A/2026", "À vous : compléter le dossier"]);
    let history = browser.get(&format!("/ar/services/{BENEFIT}/history")).await;
    says(&history, &["4/Aid_X/2026", "صدر القرار يوم"]);
    app.world
        .state()
        .messages
        .push(notifications_proto::v1::InboxMessage {
            message_id: "7".to_owned(),
            title_fr: "La fondation demande un complément".to_owned(),
            application_id: ASKED.to_owned(),
            created_at: stamp(crate::world::now()),
            ..Default::default()
        });
    says(
        &browser.get("/fr/inbox").await,
        &[&format!("href=\"{}\"", at(ASKED))],
    );
}
