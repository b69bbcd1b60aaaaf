//! What the double of benefits offers: one open service and planned ones of each family.

use benefits_proto::v1::*;

use super::BENEFIT;

pub(super) fn text(ar: &str, fr: &str) -> Option<LocalizedText> {
    Some(LocalizedText {
        ar: ar.to_owned(),
        fr: fr.to_owned(),
    })
}

/// Code, family, Arabic, French, opening day.
const PLANNED: &[(&str, &str, &str, &str, &str)] = &[
    (
        "complementary_health",
        "health",
        "التغطية الصحية التكميلية",
        "Couverture médicale complémentaire",
        "",
    ),
    (
        "excellence_grant",
        "schooling",
        "منحة التفوق",
        "Prime d’excellence",
        "2027-07-01",
    ),
    (
        "school_advance",
        "schooling",
        "سلفة الدخول المدرسي",
        "Avance rentrée scolaire",
        "2027-09-01",
    ),
    (
        "university_grant",
        "schooling",
        "دعم أبناء المنخرطين المتفوقين في البكالوريا",
        "Soutien aux bacheliers méritants",
        "",
    ),
    (
        "orphan_schooling_support",
        "schooling",
        "دعم تمدرس أبناء المنخرطين النشيطين المتوفين",
        "Soutien à la scolarité des enfants d’adhérents décédés",
        "",
    ),
    (
        "children_camp",
        "travel",
        "مخيم الأطفال بالمغرب",
        "Colonies enfants au Maroc",
        "2027-03-01",
    ),
    (
        "family_holiday_booking",
        "travel",
        "الاصطياف العائلي",
        "Estivage familial",
        "",
    ),
    ("social_advance", "advances", "السلف الاجتماعي", "Prêt social", ""),
    (
        "interest_refund",
        "advances",
        "استرجاع فارق سعر الفائدة",
        "Ristourne d’intérêts",
        "",
    ),
    (
        "housing_projects",
        "housing",
        "المشاريع السكنية",
        "Projets de logement",
        "",
    ),
    (
        "ctm_discount",
        "partners",
        "تخفيضات النقل بالحافلات",
        "Réduction sur les autocars",
        "",
    ),
    (
        "digital_card",
        "myself",
        "البطاقة الرقمية",
        "Carte d’adhérent numérique",
        "",
    ),
];

fn health_aid() -> BenefitSummary {
    BenefitSummary {
        benefit_code: BENEFIT.to_owned(),
        title: text("المساعدة الصحية الاستثنائية", "Aide sociale exceptionnelle"),
        family: "health".to_owned(),
        state: BenefitState::Open.into(),
        opens_on: String::new(),
        summary: text(
            "مساعدة على مصاريف علاج باهظة غير معوض عنها.",
            "Une aide pour des frais médicaux lourds et non remboursés.",
        ),
        not_for_member: false,
        requested: true,
    }
}

/// A partner's reduction that is had with the card, without a request.
fn reduction() -> BenefitSummary {
    BenefitSummary {
        benefit_code: REDUCTION.to_owned(),
        title: text("تخفيض على تذاكر الحافلات", "Réduction sur les autocars"),
        family: "partners".to_owned(),
        state: BenefitState::Open.into(),
        opens_on: String::new(),
        summary: text("30 % من ثمن التذكرة.", "30 % sur le prix du billet."),
        not_for_member: false,
        requested: false,
    }
}

pub(super) fn reduction_page() -> GetBenefitResponse {
    GetBenefitResponse {
        benefit: Some(reduction()),
        description: text(
            "لا يقدم أي طلب: أعطوا رمز بطاقتكم عند شراء التذكرة.",
            "Il n’y a rien à demander : donnez le code de votre carte en achetant le billet.",
        ),
        ..GetBenefitResponse::default()
    }
}

/// Closed, and named after an illness: no file of it exists.
fn closed() -> BenefitSummary {
    BenefitSummary {
        benefit_code: "closed_refund".to_owned(),
        title: text("تعويض تحاليل", "Remboursement d’analyses"),
        family: "health".to_owned(),
        state: BenefitState::Closed.into(),
        opens_on: String::new(),
        summary: text("", ""),
        not_for_member: false,
        requested: false,
    }
}

pub(super) fn not_for_survivors() -> FailingCondition {
    FailingCondition {
        condition_code: "position_eligible".to_owned(),
        sentence: text(
            "أنتم في حالة نشاط أو إلحاق أو وضع رهن الإشارة أو تقاعد يوم تقديم الطلب.",
            "Vous êtes en activité, détaché(e), mis(e) à disposition ou retraité(e) le jour de la demande.",
        ),
    }
}

/// See [`reduction`].
pub(crate) const REDUCTION: &str = "coach_reduction";

pub(super) fn list() -> Vec<BenefitSummary> {
    let planned = PLANNED
        .iter()
        .map(|(code, family, ar, fr, opens)| BenefitSummary {
            benefit_code: (*code).to_owned(),
            title: text(ar, fr),
            family: (*family).to_owned(),
            state: BenefitState::Planned.into(),
            opens_on: (*opens).to_owned(),
            summary: text("", ""),
            not_for_member: false,
            requested: false,
        });
    [
        health_aid(),
        super::air_transport::summary(),
        reduction(),
        closed(),
    ]
    .into_iter()
    .chain(planned)
    .collect()
}

pub(super) fn form() -> GetBenefitResponse {
    let reason = |code: &str, ar: &str, fr: &str, hint_ar: &str, hint_fr: &str| Reason {
        reason_code: code.to_owned(),
        label: text(ar, fr),
        hint: text(hint_ar, hint_fr),
    };
    GetBenefitResponse {
        benefit: Some(health_aid()),
        description: text(
            "مساعدة على مصاريف علاج باهظة لم تعوض عنها مؤسسات الاحتياط الاجتماعي، لفائدة المنخرط أو زوجه أو أبنائه.",
            "Une aide pour des frais médicaux lourds que les organismes de couverture n’ont pas remboursés, pour l’adhérent, son conjoint ou ses enfants.",
        ),
        reasons: vec![
            reason(
                "cancer",
                "حالات الإصابة بأمراض السرطان الخبيث",
                "Maladie oncologique",
                "باستثناء PET SCAN الذي يعوض عنه عقد التغطية التكميلية",
                "Sauf le PET SCAN, remboursé par le contrat complémentaire",
            ),
            reason(
                "excess_costs",
                "مصاريف إضافية للتدخلات الطبية",
                "Surcoût de frais médicaux",
                "نسبة من المصاريف بعد خصم التعويضات، في حدود السقف",
                "Une part des frais après remboursements, dans la limite du plafond",
            ),
            reason(
                "not_covered",
                "علاجات طبية غير معوض عنها",
                "Traitements médicaux non pris en charge",
                "نسبة من المصاريف في حدود السقف",
                "Une part des frais, dans la limite du plafond",
            ),
        ],
        consent: Some(ConsentNotice {
            version: "1".to_owned(),
            purpose: text(
                "دراسة طلب المساعدة وحده",
                "Étudier cette demande d’aide, et rien d’autre",
            ),
            readers: text(
                "الطبيب المكلف بالملف وعضو من اللجنة",
                "Le médecin chargé du dossier et un membre de la commission",
            ),
            retention: text(
                "ستة أشهر بعد القرار ثم تحذف",
                "Six mois après la décision, puis la pièce est effacée",
            ),
            statement: text(
                "أوافق على أن تعالج المؤسسة هذه المعطيات الصحية لدراسة طلبي.",
                "J’accepte que la fondation traite ces données de santé pour étudier ma demande.",
            ),
            cndp_reference: "DEMO-0000/0000".to_owned(),
        }),
        papers: vec![PaperRequirement {
            paper_code: "medical_file".to_owned(),
            label: text("الملف الطبي", "Dossier médical"),
            hint: text(
                "التقرير الطبي والفواتير وكشف التعويضات، في ملف واحد",
                "Rapport médical, factures et décompte des remboursements, réunis en un seul fichier",
            ),
            max_bytes: 10 * 1024 * 1024,
            document_class: "health_paper".to_owned(),
        }],
        persons_concerned: vec!["member".to_owned(), "spouse".to_owned(), "child".to_owned()],
        conditions: [
            (
                "نصف المصاريف الباقية على عاتقكم",
                "La moitié des frais restés à votre charge",
            ),
            (
                "في حدود 20 000,00 درهم لكل شخص وسنة",
                "Dans la limite de 20 000,00 DH par personne et par an",
            ),
            (
                "طلب واحد مفتوح لكل شخص وموضوع",
                "Une seule demande ouverte par personne et par motif",
            ),
        ]
        .iter()
        .filter_map(|(ar, fr)| text(ar, fr))
        .collect(),
        next_steps: [
            ("تتحقق المؤسسة من الوثائق", "La fondation vérifie les pièces"),
            (
                "يبدي طبيب رأيه ثم تقرر لجنة دون معرفة الأسماء",
                "Un médecin donne son avis, puis une commission décide sans voir les noms",
            ),
            (
                "يصلكم القرار مع أسبابه",
                "Vous recevez la décision et ses raisons",
            ),
        ]
        .iter()
        .filter_map(|(ar, fr)| text(ar, fr))
        .collect(),
        can_apply: true,
        pages: Vec::new(),
        failing_conditions: Vec::new(),
        used_up: Vec::new(),
        ceilings: vec![CeilingLimit {
            unit: "money".to_owned(),
            limit: 2_000_000,
            per: "person".to_owned(),
        }],
    }
}
