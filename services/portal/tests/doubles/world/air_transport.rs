//! The double's second open service: pages of typed questions, two papers, four uses a year, no reason and no consent.

use benefits_proto::v1::field_value::Value;
use benefits_proto::v1::*;

use super::AIR;
use super::benefits::{blank, paper};
use super::catalogue::text;

pub(crate) const TRIP: &str = "01930000-0000-7000-8000-00000000da02";

pub(super) fn summary() -> BenefitSummary {
    BenefitSummary {
        benefit_code: AIR.to_owned(),
        title: text("دعم النقل الجوي", "Aide au transport aérien"),
        family: "travel".to_owned(),
        state: BenefitState::Open.into(),
        opens_on: String::new(),
        summary: text(
            "30 % من ثمن تذكرة الذهاب والإياب.",
            "30 % du prix du billet aller-retour.",
        ),
        not_for_member: false,
        requested: true,
    }
}

pub(super) fn ceiling() -> CeilingStanding {
    CeilingStanding {
        unit: "uses".to_owned(),
        left: 3,
        limit: 4,
        year: 2026,
        per: "person".to_owned(),
    }
}

fn field(code: &str, kind: &str, ar: &str, fr: &str) -> FormField {
    FormField {
        field_code: code.to_owned(),
        kind: kind.to_owned(),
        label: text(ar, fr),
        required: true,
        ..FormField::default()
    }
}

fn provinces() -> Vec<FieldOption> {
    kernel::Province::all()
        .map(|province| FieldOption {
            value: province.iso().to_owned(),
            label: text(province.name_ar(), province.name_fr()),
        })
        .collect()
}

fn pages() -> Vec<FormPage> {
    let trip = FormPage {
        page_code: "trip".to_owned(),
        title: text("الرحلة", "Le voyage"),
        fields: vec![
            field(
                "is_return",
                "yes_no",
                "هل التذكرة ذهاب وإياب؟",
                "Le billet est-il un aller-retour ?",
            ),
            FormField {
                min: "2020-01-01".to_owned(),
                max: "today".to_owned(),
                hint: text(
                    "تحتسب الرحلة في سنة رحلة الذهاب.",
                    "Le voyage compte dans l’année du vol aller.",
                ),
                ..field("outward_on", "date", "تاريخ رحلة الذهاب", "Date du vol aller")
            },
            FormField {
                max: "today".to_owned(),
                not_before_field: "outward_on".to_owned(),
                ..field("return_on", "date", "تاريخ رحلة الإياب", "Date du vol retour")
            },
            FormField {
                options: provinces(),
                ..field(
                    "from_province",
                    "province",
                    "العمالة أو الإقليم الذي يوجد به مطار الانطلاق",
                    "Préfecture ou province de l’aéroport de départ",
                )
            },
            FormField {
                options: provinces(),
                other_than_field: "from_province".to_owned(),
                ..field(
                    "to_province",
                    "province",
                    "العمالة أو الإقليم الذي يوجد به مطار الوصول",
                    "Préfecture ou province de l’aéroport d’arrivée",
                )
            },
        ],
    };
    let ticket = FormPage {
        page_code: "ticket".to_owned(),
        title: text("ثمن التذكرة", "Le prix du billet"),
        fields: vec![
            FormField {
                min: "1".to_owned(),
                max: "10000000".to_owned(),
                hint: text("مثال: 1 850,50", "Exemple : 1 850,50"),
                ..field(
                    "price",
                    "money",
                    "ثمن التذكرة بالدرهم",
                    "Prix du billet, en dirhams",
                )
            },
            FormField {
                required: false,
                min: "0".to_owned(),
                max: "9".to_owned(),
                ..field("bags", "number", "عدد الأمتعة", "Nombre de bagages")
            },
        ],
    };
    vec![trip, ticket]
}

pub(super) fn form() -> GetBenefitResponse {
    let needed = |code: &str, ar: &str, fr: &str| PaperRequirement {
        paper_code: code.to_owned(),
        label: text(ar, fr),
        hint: text("ملف واحد", "Un seul fichier"),
        max_bytes: 10 * 1024 * 1024,
        document_class: "travel_paper".to_owned(),
    };
    GetBenefitResponse {
        benefit: Some(summary()),
        description: text(
            "تعوض لكم المؤسسة جزءا من ثمن تذكرة الطائرة.",
            "La fondation vous rembourse une part du billet d’avion.",
        ),
        papers: vec![
            needed("boarding_pass", "ورقة الركاب", "Carte d’embarquement"),
            needed(
                "payment_proof",
                "إثبات أداء ثمن التذكرة",
                "Preuve de paiement du billet",
            ),
        ],
        persons_concerned: vec!["member".to_owned(), "spouse".to_owned(), "child".to_owned()],
        pages: pages(),
        conditions: text("التذكرة ذهاب وإياب.", "Le billet est un aller-retour.")
            .into_iter()
            .collect(),
        next_steps: text("تتحقق المؤسسة من الوثائق", "La fondation vérifie les pièces")
            .into_iter()
            .collect(),
        can_apply: true,
        ceilings: vec![CeilingLimit {
            unit: "uses".to_owned(),
            limit: 4,
            per: "person".to_owned(),
        }],
        ..GetBenefitResponse::default()
    }
}

/// Half answered: the trip is known, the price and one paper are not.
pub(super) fn draft() -> Application {
    let value = |code: &str, value| FieldValue {
        field_code: code.to_owned(),
        value: Some(value),
    };
    Application {
        answers: Some(Answers {
            bank_account_id: "account-1".to_owned(),
            bank_account_answer: "confirmed".to_owned(),
            relation: "member".to_owned(),
            papers: vec![paper("boarding_pass", "carte-specimen.pdf", 400_000)],
            fields: vec![
                value("is_return", Value::YesNo(true)),
                value("outward_on", Value::Date("2026-11-02".to_owned())),
                value("return_on", Value::Date("2026-11-05".to_owned())),
                value("from_province", Value::Province("MA-LAA".to_owned())),
                value("to_province", Value::Province("MA-CAS".to_owned())),
            ],
            ..Answers::default()
        }),
        ..blank(TRIP, AIR)
    }
}
