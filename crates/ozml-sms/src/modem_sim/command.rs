//! Command lines taken apart (ITU-T V.250 5.2 to 5.4).

use crate::gsm::ModemError;

/// One command of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Command {
    /// In capitals: `+CMGS`, `E`, `&F`, `S3`.
    pub(super) name: String,
    pub(super) form: Form,
}

/// What is asked of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Form {
    /// `+CMGF`: to be done.
    Run,
    /// `+CMGF?`: what is set.
    Read,
    /// `+CMGF=?`: what can be set.
    Test,
    /// `+CMGF=1`.
    Set(Arguments),
}

/// What stands behind the equals sign, between commas.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Arguments(Vec<String>);

/// A line that is none of commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BadLine;

impl Arguments {
    /// The argument at a place, without its quotes; `None` when it is left out.
    pub(super) fn text(&self, at: usize) -> Option<&str> {
        let written = self.0.get(at)?;
        let text = written.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        text.or_else(|| (!written.is_empty()).then_some(written))
    }

    /// The number at a place, `None` when it is left out.
    ///
    /// # Errors
    /// [`ModemError::Plain`] when it is no number to 65535.
    pub(super) fn number(&self, at: usize) -> Result<Option<u16>, ModemError> {
        let read = |text: &str| text.parse().map_err(|_| ModemError::Plain);
        self.text(at).map(read).transpose()
    }
}

/// The commands of a line, without the characters before its `AT`; `None` when there is no `AT`.
pub(super) fn body(line: &str) -> Option<&str> {
    let at = line
        .as_bytes()
        .windows(2)
        .position(|pair| pair.eq_ignore_ascii_case(b"AT"))?;
    line.get(at.saturating_add(2)..)
}

/// The commands behind `AT`, in order.
///
/// # Errors
/// Something that begins no command, a quote without its end, a name that is too long.
pub(super) fn parse(body: &str) -> Result<Vec<Command>, BadLine> {
    let mut commands = Vec::new();
    let mut rest = body.trim_start_matches(is_between);
    while let Some(first) = rest.chars().next() {
        let (command, after) = match first.to_ascii_uppercase() {
            '+' | '^' | '*' | '#' | '$' | '%' => extended(rest)?,
            'D' => (dial(rest), ""),
            'A'..='Z' | '&' => basic(rest)?,
            _ => return Err(BadLine),
        };
        commands.push(command);
        rest = after.trim_start_matches(is_between);
    }
    Ok(commands)
}

fn is_between(c: char) -> bool {
    c == ' ' || c == ';'
}

/// `+NAME`, its form, and what follows (V.250 5.4).
fn extended(text: &str) -> Result<(Command, &str), BadLine> {
    let (whole, after) = split_at_semicolon(text)?;
    let name_ends = whole
        .char_indices()
        .skip(1)
        .find(|(_, c)| !c.is_ascii_alphanumeric() && !"!%-./:_".contains(*c));
    let (name, form) = whole.split_at(name_ends.map_or(whole.len(), |(at, _)| at));
    if name.len() < 2 {
        return Err(BadLine);
    }
    let form = match form.trim() {
        "" => Form::Run,
        "?" => Form::Read,
        "=?" => Form::Test,
        form => Form::Set(arguments(form.strip_prefix('=').ok_or(BadLine)?)),
    };
    let name = name.to_ascii_uppercase();
    Ok((Command { name, form }, after))
}

/// One letter and its number, `&` and a letter, or an S register (V.250 5.3).
fn basic(text: &str) -> Result<(Command, &str), BadLine> {
    let letter = if text.starts_with('&') { 1 } else { 0 };
    let head = text.get(..=letter).ok_or(BadLine)?;
    if !head.ends_with(|c: char| c.is_ascii_alphabetic()) {
        return Err(BadLine);
    }
    let rest = text.get(head.len()..).unwrap_or_default();
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, rest) = rest.split_at(digits);
    let mut name = head.to_ascii_uppercase();
    if name != "S" {
        let form = if number.is_empty() { Form::Run } else { set(number) };
        return Ok((Command { name, form }, rest));
    }
    name.push_str(number);
    if let Some(rest) = rest.strip_prefix('?') {
        return Ok((
            Command {
                name,
                form: Form::Read,
            },
            rest,
        ));
    }
    let rest = rest.strip_prefix('=').ok_or(BadLine)?;
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (value, rest) = rest.split_at(digits);
    Ok((
        Command {
            name,
            form: set(value),
        },
        rest,
    ))
}

/// All to the end of the line is the number, but for the semicolon of a voice call.
fn dial(text: &str) -> Command {
    let number = text.get(1..).unwrap_or_default();
    Command {
        name: "D".to_owned(),
        form: set(number),
    }
}

fn set(value: &str) -> Form {
    Form::Set(Arguments(vec![value.to_owned()]))
}

/// Up to the next semicolon that is not quoted.
fn split_at_semicolon(text: &str) -> Result<(&str, &str), BadLine> {
    let mut quoted = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            ';' if !quoted => return Ok(text.split_at(at)),
            _ => {}
        }
    }
    if quoted { Err(BadLine) } else { Ok((text, "")) }
}

fn arguments(text: &str) -> Arguments {
    let mut arguments = vec![String::new()];
    let mut quoted = false;
    for c in text.chars() {
        quoted ^= c == '"';
        match arguments.last_mut() {
            Some(last) if c != ',' || quoted => last.push(c),
            _ => arguments.push(String::new()),
        }
    }
    for argument in &mut arguments {
        *argument = argument.trim().to_owned();
    }
    Arguments(arguments)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(values: &[&str]) -> Form {
        Form::Set(Arguments(
            values.iter().map(|value| (*value).to_owned()).collect(),
        ))
    }

    fn read(line: &str) -> Vec<(String, Form)> {
        let commands = parse(body(line).unwrap()).unwrap();
        commands
            .into_iter()
            .map(|command| (command.name, command.form))
            .collect()
    }

    #[test]
    fn a_line_has_any_number_of_commands() {
        for (line, expected) in [
            ("AT", vec![]),
            ("at+cmgf=1", vec![("+CMGF", set(&["1"]))]),
            (
                "xxAT E0V1 Q0",
                vec![("E", set(&["0"])), ("V", set(&["1"])), ("Q", set(&["0"]))],
            ),
            (
                "AT&F;+CPIN?;+CREG=?",
                vec![("&F", Form::Run), ("+CPIN", Form::Read), ("+CREG", Form::Test)],
            ),
            (
                "ATS3=13S4?Z",
                vec![("S3", set(&["13"])), ("S4", Form::Read), ("Z", Form::Run)],
            ),
            ("ATD+3630;", vec![("D", set(&["+3630;"]))]),
            ("AT+CNMI=2,,0", vec![("+CNMI", set(&["2", "", "0"]))]),
            (
                "AT+CSCA=\"+36;30\",145;^SYSCFG",
                vec![("+CSCA", set(&["\"+36;30\"", "145"])), ("^SYSCFG", Form::Run)],
            ),
        ] {
            let expected: Vec<_> = expected
                .into_iter()
                .map(|(name, form)| (name.to_owned(), form))
                .collect();
            assert_eq!(read(line), expected, "{line}");
        }
    }

    #[test]
    fn what_is_no_line_of_commands_is_refused() {
        for line in [
            "AT1",
            "AT+",
            "AT+CM GF",
            "AT+CSCA=\"+36",
            "AT&",
            "AT&1",
            "ATS3",
            "AT\u{fc}",
            "AT=1",
        ] {
            assert_eq!(parse(body(line).unwrap()), Err(BadLine), "{line}");
        }
        assert_eq!(body("hello"), None);
    }

    #[test]
    fn quotes_are_taken_off_and_left_out_is_none() {
        let Form::Set(arguments) = read("AT+CPMS=\"SM\",,7,x").remove(0).1 else {
            panic!()
        };
        assert_eq!(
            (arguments.text(0), arguments.text(1), arguments.text(4)),
            (Some("SM"), None, None)
        );
        assert_eq!(
            (arguments.number(1), arguments.number(2)),
            (Ok(None), Ok(Some(7)))
        );
        assert_eq!(arguments.number(3), Err(ModemError::Plain));
    }
}
