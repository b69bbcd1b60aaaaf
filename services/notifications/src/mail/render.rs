//! Subject, text and HTML of a mail from the words of its kind and language.

use askama::Template;
use chrono::{DateTime, Utc};
use kernel::Locale;
use kernel::civil::format_time;

use super::{Letter, Link};
use crate::domain::message::Kind;
use crate::texts::{self, MailText};

#[derive(Template)]
#[template(path = "mail.html")]
struct Html<'a> {
    locale: Locale,
    text: &'a MailText,
    link: &'a str,
    valid_until: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "mail.txt", escape = "none")]
struct Text<'a> {
    text: &'a MailText,
    link: &'a str,
    valid_until: Option<&'a str>,
}

/// What a mail says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rendered {
    pub(crate) subject: &'static str,
    pub(crate) text: String,
    pub(crate) html: String,
}

pub(crate) fn render(letter: &Letter) -> Result<Rendered, askama::Error> {
    compose(letter.kind, letter.locale, &letter.link)
}

fn compose(kind: Kind, locale: Locale, link: &Link) -> Result<Rendered, askama::Error> {
    let words = texts::mail(kind, locale);
    let until = words
        .valid_until
        .zip(link.valid_until)
        .map(|(around, at)| sentence(around, at));
    let valid_until = until.as_deref();
    Ok(Rendered {
        subject: words.subject,
        text: Text {
            text: &words,
            link: &link.url,
            valid_until,
        }
        .render()?,
        html: Html {
            locale,
            text: &words,
            link: &link.url,
            valid_until,
        }
        .render()?,
    })
}

fn sentence((before, after): (&str, &str), at: DateTime<Utc>) -> String {
    format!("{before}{}{after}", format_time(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(kind: Kind, locale: Locale) -> Rendered {
        let link = match kind {
            Kind::AccountLink => Link {
                url: "https://portal.example/activate?a=1&b=synthetic".to_owned(),
                valid_until: DateTime::from_timestamp(1_795_357_800, 0),
            },
            Kind::AccountActivated
            | Kind::DeskCodePrinted
            | Kind::PasswordReplaced
            | Kind::AgentAccountChanged
            | Kind::ApplicationSubmitted
            | Kind::ApplicationWithdrawn
            | Kind::InformationRequested
            | Kind::WaitingEnded
            | Kind::PaperInfected
            | Kind::ApplicationDecided => Link {
                url: "https://portal.example".to_owned(),
                valid_until: None,
            },
        };
        compose(kind, locale, &link).unwrap()
    }

    #[test]
    fn every_mail_in_both_languages() {
        for kind in Kind::ALL {
            for locale in Locale::ALL {
                let mail = rendered(kind, *locale);
                let shown = format!(
                    "{}\n=== text\n{}\n=== html\n{}",
                    mail.subject, mail.text, mail.html
                );
                insta::assert_snapshot!(format!("{}_{locale}", kind.as_str()), shown);
            }
        }
    }

    #[test]
    fn an_arabic_mail_reads_from_right_to_left() {
        let mail = rendered(Kind::AccountLink, Locale::Ar);
        assert!(mail.html.contains(r#"lang="ar" dir="rtl""#));
        assert!(mail.html.contains(r#"<bdi dir="ltr""#));
    }

    #[test]
    fn a_link_is_escaped_in_html_and_whole_in_text() {
        let mail = rendered(Kind::AccountLink, Locale::Fr);
        assert!(
            mail.text
                .contains("https://portal.example/activate?a=1&b=synthetic")
        );
        assert!(!mail.html.contains("a=1&b=synthetic"));
    }

    #[test]
    fn every_mail_has_one_link_and_nothing_from_a_third_party() {
        for kind in Kind::ALL {
            let mail = rendered(kind, Locale::Fr);
            assert_eq!(mail.html.matches("href=").count(), 1);
            assert!(!mail.html.contains("src=") && !mail.html.contains("url("));
        }
    }
}
