//! The text question for readers without JavaScript: a small sum in words. Drawing the numbers and keeping the answer is not done here.

use kernel::Locale;

use super::number_words::in_words;

/// A sum of two numbers from 1 to 9.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Question {
    left: u8,
    right: u8,
}

impl Question {
    /// Takes two random bytes; every byte is usable, the slight bias does not matter for a sum that a script can read anyway.
    pub(crate) const fn draw(random: [u8; 2]) -> Self {
        Self {
            left: random[0] % 9 + 1,
            right: random[1] % 9 + 1,
        }
    }

    pub(crate) const fn answer(self) -> u8 {
        self.left + self.right
    }

    /// The sentence to show.
    pub(crate) fn text(self, locale: Locale) -> String {
        let word = |number| in_words(number, locale).unwrap_or_default();
        match locale {
            Locale::Fr => format!(
                "Combien font {} plus {}\u{00A0}?",
                word(self.left),
                word(self.right)
            ),
            Locale::Ar => format!("كم يساوي {} زائد {}؟", word(self.left), word(self.right)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_is_asked_in_words_in_both_languages() {
        let question = Question::draw([2, 3]);
        assert_eq!(question.answer(), 7);
        assert_eq!(
            question.text(Locale::Fr),
            "Combien font trois plus quatre\u{00A0}?"
        );
        assert_eq!(question.text(Locale::Ar), "كم يساوي ثلاثة زائد أربعة؟");
    }

    #[test]
    fn every_question_that_can_be_drawn_has_words_and_a_readable_answer() {
        for left in 0..=255 {
            for right in [0, 8, 255] {
                let question = Question::draw([left, right]);
                assert!((2..=18).contains(&question.answer()));
                assert!(in_words(question.answer(), Locale::Ar).is_some());
            }
        }
    }
}
