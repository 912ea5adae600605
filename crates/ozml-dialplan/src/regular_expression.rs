use regex::{Regex, RegexBuilder};

/// Most bytes of an expression as written.
const MOST_BYTES: usize = 4_096;

/// Most bytes of a compiled expression.
const MOST_COMPILED_BYTES: usize = 1024 * 1024;

/// What is wrong with a regular expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExpressionError {
    /// It cannot be read.
    #[error("character {at} of the regular expression: {text}")]
    Syntax {
        /// The character, from 1, slashes around the expression not counted.
        at: usize,
        /// What is wrong there.
        text: String,
    },
    /// It is too long, or needs too much memory.
    #[error("the regular expression is too large")]
    TooLarge,
}

/// Compiles an expression that matches a whole text.
pub(crate) fn whole(expression: &str) -> Result<Regex, ExpressionError> {
    // Alone first: `a)(b` must not get out of the group put around it.
    read(expression)?;
    compile(&format!(r"\A(?:{expression})\z"))
}

/// Compiles an expression that matches anywhere in a text.
pub(crate) fn anywhere(expression: &str) -> Result<Regex, ExpressionError> {
    read(expression)?;
    compile(expression)
}

/// What stands between the slashes of `/…/`.
pub(crate) fn between_slashes(written: &str) -> Option<&str> {
    written.strip_prefix('/')?.strip_suffix('/')
}

fn read(expression: &str) -> Result<(), ExpressionError> {
    if expression.len() > MOST_BYTES {
        return Err(ExpressionError::TooLarge);
    }
    let syntax = |span: &regex_syntax::ast::Span, text: String| ExpressionError::Syntax {
        at: expression
            .get(..span.start.offset)
            .map_or(1, |before| before.chars().count().saturating_add(1)),
        text,
    };
    match regex_syntax::Parser::new().parse(expression) {
        Ok(_) => Ok(()),
        Err(regex_syntax::Error::Parse(fault)) => Err(syntax(fault.span(), fault.kind().to_string())),
        Err(regex_syntax::Error::Translate(fault)) => Err(syntax(fault.span(), fault.kind().to_string())),
        Err(fault) => Err(ExpressionError::Syntax {
            at: 1,
            text: fault.to_string(),
        }),
    }
}

fn compile(expression: &str) -> Result<Regex, ExpressionError> {
    RegexBuilder::new(expression)
        .size_limit(MOST_COMPILED_BYTES)
        .dfa_size_limit(MOST_COMPILED_BYTES)
        .build()
        .map_err(|fault| match fault {
            regex::Error::CompiledTooBig(_) => ExpressionError::TooLarge,
            fault => ExpressionError::Syntax {
                at: 1,
                text: fault.to_string(),
            },
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_text_is_matched_and_not_its_beginning() {
        let expression = whole("06|0620").unwrap();
        assert!(expression.is_match("0620") && !expression.is_match("06201"));
    }

    #[test]
    fn faults_say_where() {
        let fault = whole("36(20").unwrap_err().to_string();
        assert_eq!(fault, "character 3 of the regular expression: unclosed group");
        assert!(matches!(
            whole("a)(b"),
            Err(ExpressionError::Syntax { at: 2, .. })
        ));
        assert_eq!(anywhere(r"\w{5000}").unwrap_err(), ExpressionError::TooLarge);
        assert_eq!(
            anywhere(&"a".repeat(5_000)).unwrap_err(),
            ExpressionError::TooLarge
        );
    }
}
