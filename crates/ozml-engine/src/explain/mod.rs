//! What the codes of messages mean, for people who want to know more than one line.

mod script;
mod xml;

use self::script::SCRIPT;
use self::xml::XML;

/// What a code of a [`Diagnostic`](ozml_parser::Diagnostic) means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explanation {
    /// The code word.
    pub code: &'static str,
    /// The fault in a few words.
    pub title: &'static str,
    /// Why it is one, and what to do: one paragraph.
    pub text: &'static str,
    /// A script that gets a message of this code.
    pub example_wrong: &'static str,
    /// The script as it should be.
    pub example_right: &'static str,
}

impl Explanation {
    /// An explanation; `text` is one paragraph.
    pub const fn new(
        code: &'static str,
        title: &'static str,
        text: &'static str,
        example_wrong: &'static str,
        example_right: &'static str,
    ) -> Self {
        Self {
            code,
            title,
            text,
            example_wrong,
            example_right,
        }
    }
}

/// All codes that parser, checker and verbs give: first those of XML, then those of OzML, each sorted.
pub static EXPLANATIONS: &[Explanation] = &both();

#[allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "evaluated at compile time"
)]
const fn both() -> [Explanation; XML.len() + SCRIPT.len()] {
    let mut all = [XML[0]; XML.len() + SCRIPT.len()];
    let mut at = 0;
    while at < all.len() {
        all[at] = if at < XML.len() {
            XML[at]
        } else {
            SCRIPT[at - XML.len()]
        };
        at += 1;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted_and_explained_once() {
        assert!(XML.is_sorted_by(|one, next| one.code < next.code));
        assert!(SCRIPT.is_sorted_by(|one, next| one.code < next.code));
        assert_eq!(EXPLANATIONS.len(), XML.len() + SCRIPT.len());
        let twice = XML
            .iter()
            .find(|xml| SCRIPT.iter().any(|script| script.code == xml.code));
        assert_eq!(twice, None);
    }
}
