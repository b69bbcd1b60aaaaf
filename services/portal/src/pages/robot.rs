//! "I am not a robot": the proof of work for a page with scripts, a question in words for one without. Shared by the two public forms.

use askama::Template;

use crate::backend::identity::Form;
use crate::backend::models::Proof;
use crate::error::Error;
use crate::fields::Fields;
use crate::views::{Frame, Problems};
use crate::visit::Visit;

/// Field at which a missing or refused proof is shown.
pub(crate) const FIELD: &str = "answer";

/// The part of the form.
#[derive(Template)]
#[template(path = "parts/robot.html")]
pub(crate) struct Robot {
    p: Frame,
    form: &'static str,
    challenge_id: String,
    question: String,
    /// Why there is no question.
    away: String,
    problem: String,
}

impl Robot {
    /// Issues a question; without one (Redis or identity away, too many asked for from here) the part says why and the form can still be tried
    /// with the script.
    pub(crate) async fn issue(visit: &Visit, frame: &Frame, form: Form, problems: &Problems) -> Self {
        let issued = visit
            .backend()
            .challenge(form, true, visit.locale, &visit.client_address)
            .await;
        let away = match &issued {
            Err(Error::Refused {
                reason, retry_after, ..
            }) => super::sentence(visit, reason, *retry_after),
            Ok(_) | Err(_) => visit.say("robot-away"),
        };
        let challenge = issued.unwrap_or_default();
        Self {
            p: frame.clone(),
            form: word(form),
            challenge_id: challenge.id,
            question: challenge.question,
            away,
            problem: problems.of(FIELD),
        }
    }

    pub(crate) fn html(&self) -> String {
        self.render().unwrap_or_default()
    }
}

/// The proof that came with the form: the script's solution first, else the typed answer. `None`: neither.
pub(crate) fn proof(fields: &Fields) -> Option<Proof> {
    let pair = |id: &str, solution: &str| {
        let (id, solution) = (fields.trimmed(id), fields.trimmed(solution));
        (!id.is_empty() && !solution.is_empty()).then(|| Proof {
            challenge_id: id.to_owned(),
            solution: solution.to_owned(),
        })
    };
    pair("robot_challenge", "robot_solution").or_else(|| pair("question_challenge", FIELD))
}

/// The form's word in an address.
pub(crate) fn word(form: Form) -> &'static str {
    match form {
        Form::SignIn => "sign-in",
        Form::Account => "account",
    }
}

/// The form of an address's word.
pub(crate) fn form_of(word: &str) -> Result<Form, Error> {
    match word {
        "sign-in" => Ok(Form::SignIn),
        "account" => Ok(Form::Account),
        _ => Err(Error::NotFound),
    }
}
