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
    /// A proof that nobody spent: the fields beside it were refused before anybody was asked.
    carried: Option<Proof>,
}

impl Robot {
    /// Issues a question; without one (Redis or identity away, too many asked for from here) the part says why and the form can still be tried
    /// with the script. A proof that is missing or refused is then no fault of the reader's: the sentence in `problems` becomes the same.
    pub(crate) async fn issue(visit: &Visit, frame: &Frame, form: Form, problems: &mut Problems) -> Self {
        if let Some(proof) = unspent(&visit.fields, problems) {
            return Self {
                p: frame.clone(),
                form: word(form),
                challenge_id: String::new(),
                question: String::new(),
                away: String::new(),
                problem: String::new(),
                carried: Some(proof),
            };
        }
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
        if issued.is_err() {
            for (field, sentence) in &mut problems.lines {
                if field == FIELD {
                    sentence.clone_from(&away);
                }
            }
        }
        let challenge = issued.unwrap_or_default();
        Self {
            p: frame.clone(),
            form: word(form),
            challenge_id: challenge.id,
            question: challenge.question,
            away,
            problem: problems.of(FIELD),
            carried: None,
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

/// The proof that came with a form that was refused here, at other fields, before identity was asked: it can still be spent.
fn unspent(fields: &Fields, problems: &Problems) -> Option<Proof> {
    let refused_here = problems.refused_here && problems.of(FIELD).is_empty();
    if refused_here { proof(fields) } else { None }
}

/// What a refused proof says: who answered the question is not told to tick a box.
pub(crate) fn refused(visit: &Visit, reason: &str) -> String {
    let ticked = !visit.fields.trimmed("robot_solution").is_empty();
    if ticked {
        visit.reason(reason)
    } else {
        visit.say("robot-answer-refused")
    }
}

/// The form's word in an address.
pub(crate) fn word(form: Form) -> &'static str {
    match form {
        Form::SignIn => "sign-in",
        Form::Account => "account",
        Form::Activation => "activation",
    }
}

/// The form of an address's word.
pub(crate) fn form_of(word: &str) -> Result<Form, Error> {
    match word {
        "sign-in" => Ok(Form::SignIn),
        "account" => Ok(Form::Account),
        "activation" => Ok(Form::Activation),
        _ => Err(Error::NotFound),
    }
}
