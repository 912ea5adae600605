//! What is written on the wire of Asterisk's gateway interface (AGI), without any socket.

use ozml::session::{FileName, Key};

/// All keys: STREAM FILE reports these and takes no notice of others.
pub(crate) const KEYS: &str = "0123456789*#ABCD";

/// A line that Asterisk sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Line {
    /// `200 result=R`, with `endpos=P` behind a file.
    Result { result: i64, end: Option<u64> },
    /// The caller hung up: `HANGUP`, or `511` for a command that came too late.
    HungUp,
    /// `510` and `520`: the command is not known, or its arguments are wrong.
    Refused,
}

impl Line {
    /// Reads a line; nothing when it is none of AGI's.
    pub(crate) fn read(line: &str) -> Option<Self> {
        if line.starts_with("HANGUP") || line.starts_with("511") {
            return Some(Self::HungUp);
        }
        if line.starts_with("510") || line.starts_with("520") {
            return Some(Self::Refused);
        }
        let result = line.strip_prefix("200 result=")?;
        let (result, rest) = result.split_once(' ').unwrap_or((result, ""));
        let end = rest.split(' ').find_map(|word| word.strip_prefix("endpos="));
        Some(Self::Result {
            result: result.parse().ok()?,
            end: end.and_then(|end| end.parse().ok()),
        })
    }
}

/// The key whose ASCII code is a result; 0 and what is no key say that none was pressed.
pub(crate) fn key(result: i64) -> Option<Key> {
    Key::new(char::from(u8::try_from(result).ok()?)).ok()
}

/// `STREAM FILE`, from a sample on.
pub(crate) fn stream(sound: &str, offset: u64) -> String {
    format!("STREAM FILE {} \"{KEYS}\" {offset}", quoted(sound))
}

/// An argument in quotes.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A file as Asterisk names sounds: below its folder of sounds, without the extension. A root of ours is a
/// folder there.
pub(crate) fn sound(file: &FileName) -> String {
    let path = file.as_str().replacen(':', "/", 1);
    let folder = path.rfind('/').map_or(0, |at| at.saturating_add(1));
    match path.rfind('.').filter(|dot| *dot > folder) {
        Some(dot) => path.get(..dot).unwrap_or(&path).to_owned(),
        None => path,
    }
}

/// Longest name of a recording; file systems take 255 bytes with the extension.
const MOST_NAME: usize = 200;

/// How the recording of a text is called: its letters and digits in lower case, with hyphens between them.
/// Nothing for a text that has none, or too many.
pub(crate) fn recording(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let words = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let name = words.collect::<Vec<_>>().join("-");
    (1..=MOST_NAME).contains(&name.len()).then_some(name)
}

/// What Asterisk says of a call before the first command.
#[derive(Debug, Default)]
pub(crate) struct Environment(Vec<(String, String)>);

impl Environment {
    /// Most lines; Asterisk sends about 25.
    pub(crate) const MOST_LINES: usize = 100;

    /// Takes one line; false when it is no `agi_name: value`, or there are too many.
    pub(crate) fn take(&mut self, line: &str) -> bool {
        let Some((name, value)) = line.split_once(':').filter(|(name, _)| name.starts_with("agi_")) else {
            return false;
        };
        self.0.push((name.to_owned(), value.trim().to_owned()));
        self.0.len() <= Self::MOST_LINES
    }

    /// A value, unless it is absent, empty or `unknown`.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        let value = found.map(|(_, value)| value.as_str());
        value.filter(|value| !value.is_empty() && *value != "unknown")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read() {
        let result = |result, end| Some(Line::Result { result, end });
        for (line, read) in [
            ("200 result=0", result(0, None)),
            ("200 result=53 endpos=16000", result(53, Some(16_000))),
            ("200 result=-1 (hangup)", result(-1, None)),
            ("200 result=", None),
            ("200 result=9999999999999999999999", None),
            ("HANGUP", Some(Line::HungUp)),
            ("511 Command Not Permitted on a dead channel", Some(Line::HungUp)),
            ("510 Invalid or unknown command", Some(Line::Refused)),
            (
                "520-Invalid command syntax.  Proper usage follows:",
                Some(Line::Refused),
            ),
            ("HTTP/1.1 400", None),
            ("", None),
        ] {
            assert_eq!(Line::read(line), read, "{line}");
        }
        assert_eq!(key(53), Key::new('5').ok());
        assert_eq!((key(0), key(1), key(-1), key(70_000)), (None, None, None, None));
    }

    #[test]
    fn sounds_and_recordings_have_their_names() {
        for (file, name) in [
            ("hold.wav", "hold"),
            ("menu:new.year/hi.there.wav", "menu/new.year/hi.there"),
            ("/srv/őr.gsm", "/srv/őr"),
            ("new.year/plain", "new.year/plain"),
            (".hidden", ".hidden"),
        ] {
            assert_eq!(sound(&FileName::new(file).unwrap()), name);
        }
        assert_eq!(
            recording(" Press 1, or 2 – *now*!").as_deref(),
            Some("press-1-or-2-now")
        );
        assert_eq!((recording("…"), recording(&"x".repeat(201))), (None, None));
        assert_eq!(
            stream("a \"b\"", 8),
            "STREAM FILE \"a \\\"b\\\"\" \"0123456789*#ABCD\" 8"
        );
    }

    #[test]
    fn an_environment_has_bounds() {
        let mut environment = Environment::default();
        assert!(environment.take("agi_callerid: unknown") && environment.take("agi_dnid: 100"));
        assert_eq!(
            (environment.get("agi_callerid"), environment.get("agi_dnid")),
            (None, Some("100"))
        );
        assert!(!environment.take("GET / HTTP/1.1"));
        assert!((0..200).any(|_| !environment.take("agi_arg_1: x")));
    }
}
