//! The words in French.

use super::{InboxText, MailText};
use crate::domain::message::Kind;

const GREETING: &str = "Madame, Monsieur,";
const IF_BUTTON_FAILS: &str =
    "Si le bouton ne fonctionne pas, copiez cette adresse dans votre navigateur\u{a0}:";
const SIGNATURE: &str = "La fondation — espace adhérent Tadamon";
const AUTOMATIC: &str = "Ce message est envoyé automatiquement\u{a0}; merci de ne pas y répondre.";
const NEVER_ASKED: &str =
    "La fondation ne vous demandera jamais votre mot de passe, ni par e-mail ni par téléphone.";
const NO_DETAILS: &str = "Pour protéger votre vie privée, aucun détail ne figure dans cet e-mail.";

pub(super) fn inbox(kind: Kind) -> InboxText {
    match kind {
        Kind::AccountLink => InboxText {
            title: "Lien de connexion envoyé",
            body: "Un lien pour choisir votre mot de passe vous a été envoyé par e-mail.",
        },
        Kind::AccountActivated => InboxText {
            title: "Bienvenue dans votre espace adhérent",
            body: "Votre compte est ouvert. Vous pouvez déposer vos demandes, les suivre et retrouver ici les messages de la fondation.",
        },
        Kind::DeskCodePrinted => InboxText {
            title: "Un code d’activation a été imprimé",
            body: "Le guichet de la fondation a imprimé un code qui permet de choisir le mot de passe de votre compte. Si vous ne l’avez pas demandé, choisissez tout de suite un nouveau mot de passe\u{a0}: le code n’est alors plus valable. Prévenez ensuite la fondation.",
        },
        Kind::PasswordReplaced => InboxText {
            title: "Votre mot de passe a été changé",
            body: "Le mot de passe de votre compte a été remplacé avec un code imprimé au guichet. Si ce n’est pas vous, adressez-vous sans tarder à la fondation.",
        },
        Kind::AgentAccountChanged => InboxText {
            title: "Votre compte d’agent a été changé",
            body: "Vos fonctions, votre qualité d’adhérent ou votre double authentification ont été changées. Si vous n’en savez rien, prévenez sans tarder l’administration de la plateforme.",
        },
        Kind::ApplicationSubmitted => InboxText {
            title: "Votre demande est bien arrivée",
            body: "Nous avons reçu votre demande. Elle figure dans vos dossiers, avec son reçu à imprimer. Nous vous préviendrons ici de la suite.",
        },
        Kind::ApplicationWithdrawn => InboxText {
            title: "Votre demande est retirée",
            body: "Vous avez retiré une demande\u{a0}: elle ne sera pas examinée. Vous pouvez en déposer une nouvelle à tout moment.",
        },
        Kind::InformationRequested => InboxText {
            title: "Un complément est demandé",
            body: "Pour poursuivre l’examen de l’une de vos demandes, nous avons besoin d’une correction ou d’une pièce. Ouvrez la demande\u{a0}: la page vous conduit à ce qui est à reprendre.",
        },
        Kind::WaitingEnded => InboxText {
            title: "L’examen reprend sans votre réponse",
            body: "Le délai pour compléter l’une de vos demandes est passé. Elle est maintenant examinée telle qu’elle est\u{a0}; nous vous préviendrons ici de la décision.",
        },
        Kind::PaperInfected => InboxText {
            title: "Une pièce est à envoyer de nouveau",
            body: "Un contrôle de sécurité a signalé le fichier d’une pièce de l’une de vos demandes\u{a0}: il ne peut pas être ouvert. Préparez un autre fichier, sain\u{a0}; la page de la demande nomme la pièce et vous dira quand l’envoyer.",
        },
        Kind::ApplicationDecided => InboxText {
            title: "Une décision est prise",
            body: "La fondation a pris sa décision sur l’une de vos demandes. Ouvrez-la pour lire la décision, son explication et les voies de recours.",
        },
    }
}

pub(super) fn mail(kind: Kind) -> MailText {
    match kind {
        Kind::AccountLink => MailText {
            subject: "Tadamon\u{a0}: choisissez votre mot de passe",
            greeting: GREETING,
            opening: &[
                "Une demande a été faite pour ouvrir votre compte dans l’espace adhérent Tadamon, ou pour en changer le mot de passe.",
                "Pour choisir votre mot de passe, utilisez le lien ci-dessous. Il est valable 30 minutes et ne sert qu’une seule fois\u{a0}; une nouvelle demande l’annule.",
            ],
            button: "Choisir mon mot de passe",
            valid_until: Some(("Lien valable jusqu’à ", " (heure du Maroc).")),
            closing: &[
                "Si cette demande ne vient pas de vous, ne faites rien\u{a0}: sans ce lien, personne ne peut choisir de mot de passe à votre place.",
                NEVER_ASKED,
            ],
            if_button_fails: IF_BUTTON_FAILS,
            signature: SIGNATURE,
            automatic: AUTOMATIC,
        },
        Kind::AccountActivated => MailText {
            subject: "Tadamon\u{a0}: votre compte est ouvert",
            greeting: GREETING,
            opening: &[
                "Votre compte dans l’espace adhérent Tadamon est ouvert. Vous vous connectez avec votre matricule et le mot de passe que vous avez choisi.",
            ],
            button: "Me connecter",
            valid_until: None,
            closing: &[
                "Si vous n’avez pas ouvert ce compte, adressez-vous sans tarder au guichet de la fondation.",
                NEVER_ASKED,
            ],
            if_button_fails: IF_BUTTON_FAILS,
            signature: SIGNATURE,
            automatic: AUTOMATIC,
        },
        Kind::DeskCodePrinted => MailText {
            subject: "Tadamon\u{a0}: un code d’activation a été imprimé",
            greeting: GREETING,
            opening: &[
                "Le guichet de la fondation a imprimé pour vous un code d’activation. Il permet de choisir le mot de passe de votre compte dans l’espace adhérent.",
            ],
            button: "Me connecter",
            valid_until: None,
            closing: &[
                "Si vous ne l’avez pas demandé au guichet, choisissez tout de suite un nouveau mot de passe, dans votre compte ou par «\u{a0}Récupérer le mot de passe\u{a0}»\u{a0}: le code n’est alors plus valable. Prévenez ensuite la fondation.",
                NEVER_ASKED,
            ],
            if_button_fails: IF_BUTTON_FAILS,
            signature: SIGNATURE,
            automatic: AUTOMATIC,
        },
        Kind::PasswordReplaced => MailText {
            subject: "Tadamon\u{a0}: votre mot de passe a été changé",
            greeting: GREETING,
            opening: &[
                "Le mot de passe de votre compte dans l’espace adhérent a été remplacé avec un code imprimé au guichet. Les sessions ouvertes sont fermées.",
            ],
            button: "Me connecter",
            valid_until: None,
            closing: &[
                "Si ce n’est pas vous, adressez-vous sans tarder au guichet de la fondation.",
                NEVER_ASKED,
            ],
            if_button_fails: IF_BUTTON_FAILS,
            signature: SIGNATURE,
            automatic: AUTOMATIC,
        },
        Kind::AgentAccountChanged => MailText {
            subject: "Tadamon\u{a0}: votre compte d’agent a été changé",
            greeting: GREETING,
            opening: &[
                "Vos fonctions, votre qualité d’adhérent ou votre double authentification ont été changées par une autre personne. Vos sessions sont fermées\u{a0}: reconnectez-vous.",
            ],
            button: "Me connecter",
            valid_until: None,
            closing: &[
                "Si vous n’en savez rien, prévenez sans tarder l’administration de la plateforme.",
                NEVER_ASKED,
            ],
            if_button_fails: IF_BUTTON_FAILS,
            signature: SIGNATURE,
            automatic: AUTOMATIC,
        },
        Kind::ApplicationSubmitted => MailText {
            subject: "Tadamon\u{a0}: votre demande est bien arrivée",
            greeting: GREETING,
            opening: &[
                "Nous avons bien reçu votre demande. Connectez-vous pour voir son numéro, imprimer votre reçu et suivre son traitement.",
                NO_DETAILS,
            ],
            button: "Me connecter",
            valid_until: None,
            closing: &[
                "Si vous n’avez pas fait cette demande, connectez-vous pour la retirer, puis changez votre mot de passe.",
            ],
            if_button_fails: IF_BUTTON_FAILS,
            signature: SIGNATURE,
            automatic: AUTOMATIC,
        },
        Kind::ApplicationWithdrawn => MailText {
            subject: "Tadamon\u{a0}: votre demande est retirée",
            greeting: GREETING,
            opening: &[
                "Vous avez retiré une demande\u{a0}: elle ne sera pas examinée. Elle reste visible dans vos dossiers, et vous pouvez en déposer une nouvelle à tout moment.",
                NO_DETAILS,
            ],
            button: "Me connecter",
            valid_until: None,
            closing: &[
                "Si vous n’avez pas retiré cette demande, changez votre mot de passe et adressez-vous au guichet de la fondation.",
            ],
            if_button_fails: IF_BUTTON_FAILS,
            signature: SIGNATURE,
            automatic: AUTOMATIC,
        },
        Kind::InformationRequested => MailText {
            subject: "Tadamon\u{a0}: un complément est demandé",
            greeting: GREETING,
            opening: &[
                "Pour poursuivre l’examen de l’une de vos demandes, nous avons besoin d’une correction ou d’une pièce. Connectez-vous\u{a0}: la page de la demande vous conduit à ce qui est à reprendre.",
                NO_DETAILS,
            ],
            button: "Me connecter",
            valid_until: None,
            closing: &[
                "La demande garde son numéro et sa date. L’examen reprend dès que vous l’avez renvoyée. Sa page dit jusqu’à quel jour nous attendons votre réponse\u{a0}; ensuite, la demande est examinée telle qu’elle est.",
                NEVER_ASKED,
            ],
            if_button_fails: IF_BUTTON_FAILS,
            signature: SIGNATURE,
            automatic: AUTOMATIC,
        },
        Kind::WaitingEnded => MailText {
            subject: "Tadamon\u{a0}: l’examen reprend sans votre réponse",
            greeting: GREETING,
            opening: &[
                "Le délai pour compléter l’une de vos demandes est passé sans réponse de votre part. Elle est maintenant examinée telle qu’elle est. Connectez-vous pour la relire ou la retirer.",
                NO_DETAILS,
            ],
            button: "Me connecter",
            valid_until: None,
            closing: &["Un message vous avertira de la décision.", NEVER_ASKED],
            if_button_fails: IF_BUTTON_FAILS,
            signature: SIGNATURE,
            automatic: AUTOMATIC,
        },
        Kind::PaperInfected => MailText {
            subject: "Tadamon\u{a0}: une pièce est à envoyer de nouveau",
            greeting: GREETING,
            opening: &[
                "Un contrôle de sécurité a signalé le fichier d’une pièce de l’une de vos demandes\u{a0}: il contient un programme nuisible et ne peut pas être ouvert. Le plus souvent, l’appareil qui a produit le fichier en est la cause, à l’insu de son propriétaire.",
                "Préparez un autre fichier, produit sur un autre appareil ou numérisé de nouveau. Connectez-vous\u{a0}: la page de la demande nomme la pièce et dit quand l’envoyer.",
                NO_DETAILS,
            ],
            button: "Me connecter",
            valid_until: None,
            closing: &[NEVER_ASKED],
            if_button_fails: IF_BUTTON_FAILS,
            signature: SIGNATURE,
            automatic: AUTOMATIC,
        },
        Kind::ApplicationDecided => MailText {
            subject: "Tadamon\u{a0}: une décision est prise",
            greeting: GREETING,
            opening: &[
                "La fondation a pris sa décision sur l’une de vos demandes. Connectez-vous pour lire la décision, son explication et les voies de recours.",
                NO_DETAILS,
            ],
            button: "Me connecter",
            valid_until: None,
            closing: &[NEVER_ASKED],
            if_button_fails: IF_BUTTON_FAILS,
            signature: SIGNATURE,
            automatic: AUTOMATIC,
        },
    }
}
