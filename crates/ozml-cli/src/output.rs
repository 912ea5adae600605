//! Where output goes, and how it looks.

use std::fmt::Write as _;
use std::io::{IsTerminal, Write};

use ozml::parser::Style;
use serde_json::Value;

use ozml::parser::is_unprintable;

use crate::args::{Cli, ColorChoice};

/// How talkative and how colourful the program is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Output {
    pub(crate) quiet: bool,
    pub(crate) verbose: bool,
    pub(crate) color_stdout: bool,
    pub(crate) color_stderr: bool,
}

impl Output {
    /// From the global flags and the environment.
    pub(crate) fn new(cli: &Cli) -> Self {
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
            || std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let color = |is_terminal: bool| match cli.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => is_terminal && !plain,
        };
        let debug = std::env::var("OZML_LOG").is_ok_and(|level| matches!(level.as_str(), "debug" | "trace"));
        Self {
            quiet: cli.quiet,
            verbose: cli.verbose || debug,
            color_stdout: color(std::io::stdout().is_terminal()),
            color_stderr: color(std::io::stderr().is_terminal()),
        }
    }

    /// How diagnostics look on standard output.
    pub(crate) fn stdout_style(self) -> Style {
        style(self.color_stdout)
    }

    /// How diagnostics look on standard error.
    pub(crate) fn stderr_style(self) -> Style {
        style(self.color_stderr)
    }
}

fn style(color: bool) -> Style {
    if color { Style::Ansi } else { Style::Plain }
}

/// Writes to standard output. A closed pipe is no fault of ours: what reads has read enough.
pub(crate) fn print(text: &str) -> std::io::Result<()> {
    std::io::stdout().lock().write_all(text.as_bytes())
}

/// Writes to standard error.
pub(crate) fn complain(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// A number of things in words.
pub(crate) fn counted(count: usize, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    }
}

/// A value as JSON for people to read, its last line ended.
pub(crate) fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}

/// A paragraph in lines of at most 80 characters where its words allow, each ended.
pub(crate) fn wrapped(paragraph: &str) -> String {
    const WIDTH: usize = 80;
    let mut text = String::with_capacity(paragraph.len());
    let mut column = 0_usize;
    for word in paragraph.split_whitespace() {
        let width = word.chars().count();
        let with_blank = column.saturating_add(width).saturating_add(1);
        column = match column {
            0 => width,
            _ if with_blank <= WIDTH => {
                text.push(' ');
                with_blank
            }
            _ => {
                text.push('\n');
                width
            }
        };
        text.push_str(word);
    }
    text.push('\n');
    text
}

/// Text of strangers on a terminal: controls and bidirectional overrides are written out.
pub(crate) fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if is_unprintable(character) {
            let _ = write!(shown, "{}", character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_are_wrapped_between_words() {
        let words = ["abcdefghi"; 9].join(" ");
        let (first, rest) = words.split_at(79);
        assert_eq!(wrapped(&words), format!("{first}\n{}\n", rest.trim_start()));
        assert_eq!(wrapped(&"x".repeat(99)), format!("{}\n", "x".repeat(99)));
    }

    #[test]
    fn strangers_cannot_steer_the_terminal() {
        assert_eq!(
            shown("a\u{1b}[2Jb\nc\u{202e}d\u{9b}"),
            "a\\u{1b}[2Jb\\nc\\u{202e}d\\u{9b}"
        );
        assert_eq!(shown("Árvíztűrő 😀"), "Árvíztűrő 😀");
    }
}
