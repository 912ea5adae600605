use std::fmt;

use ozml_session::nearest;

/// Most faults of one configuration that are reported; more help nobody.
const MOST_FAULTS: usize = 100;

/// One step on the way to a value of the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PathStep {
    /// A key.
    Key(&'static str),
    /// The place in an array, from 0.
    Index(usize),
}

/// What is wrong with one value of the configuration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {text}{}", Path(section), Suggested(suggestion))]
#[non_exhaustive]
pub struct ConfigFault {
    /// The way from the top of the file to the value, such as `sms`, `route`, 2, `called`. The last key may
    /// be one that is missing.
    pub section: Vec<PathStep>,
    /// What was found and what was expected, in lower case.
    pub text: String,
    /// The name that was probably meant.
    pub suggestion: Option<String>,
}

struct Path<'f>(&'f [PathStep]);

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, step) in self.0.iter().enumerate() {
            match step {
                PathStep::Key(key) if place == 0 => f.write_str(key)?,
                PathStep::Key(key) => write!(f, ".{key}")?,
                PathStep::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

struct Suggested<'f>(&'f Option<String>);

impl fmt::Display for Suggested<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(name) => write!(f, "; did you mean `{name}`?"),
            None => Ok(()),
        }
    }
}

/// A section that is being checked, and where its faults go.
pub(crate) struct Scope<'f> {
    path: Vec<PathStep>,
    faults: &'f mut Vec<ConfigFault>,
}

impl<'f> Scope<'f> {
    pub(crate) fn new(path: &[PathStep], faults: &'f mut Vec<ConfigFault>) -> Self {
        Self {
            path: path.to_vec(),
            faults,
        }
    }

    /// The section below this one: an entry of the array `key`.
    pub(crate) fn entry(&mut self, key: &'static str, index: usize) -> Scope<'_> {
        let mut path = self.path.clone();
        path.extend([PathStep::Key(key), PathStep::Index(index)]);
        Scope {
            path,
            faults: &mut *self.faults,
        }
    }

    pub(crate) fn fault(&mut self, field: &'static str, text: impl fmt::Display) {
        self.push(field, text, None);
    }

    /// The value, or its fault noted.
    pub(crate) fn value<T, E: fmt::Display>(&mut self, field: &'static str, read: Result<T, E>) -> Option<T> {
        read.map_err(|fault| self.fault(field, fault)).ok()
    }

    /// The value of a field that may be missing, or its fault noted.
    pub(crate) fn optional<T, E: fmt::Display>(
        &mut self,
        field: &'static str,
        written: Option<&str>,
        read: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        written.and_then(|written| self.value(field, read(written)))
    }

    /// Notes that there is no `what` called `written`.
    pub(crate) fn unknown<'n>(
        &mut self,
        field: &'static str,
        what: &str,
        written: &str,
        known: impl IntoIterator<Item = &'n str>,
    ) {
        if self.is_full() {
            return;
        }
        let suggestion = nearest(written, known).map(str::to_owned);
        let text = format!("there is no {what} `{}`", written.escape_debug());
        self.push(field, text, suggestion);
    }

    fn is_full(&self) -> bool {
        self.faults.len() >= MOST_FAULTS
    }

    fn push(&mut self, field: &'static str, text: impl fmt::Display, suggestion: Option<String>) {
        if self.is_full() {
            return;
        }
        let mut section = self.path.clone();
        section.push(PathStep::Key(field));
        self.faults.push(ConfigFault {
            section,
            text: text.to_string(),
            suggestion,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_says_where_what_and_what_was_meant() {
        let mut faults = Vec::new();
        Scope::new(&[PathStep::Key("sms")], &mut faults)
            .entry("route", 2)
            .unknown("to", "connection", "smcs1", ["smsc1", "gsm1"]);
        assert_eq!(
            faults[0].to_string(),
            "sms.route[2].to: there is no connection `smcs1`; did you mean `smsc1`?"
        );
    }

    #[test]
    fn faults_are_counted() {
        let mut faults = Vec::new();
        let mut scope = Scope::new(&[], &mut faults);
        (0..1_000).for_each(|_| scope.fault("name", "wrong"));
        assert_eq!(faults.len(), MOST_FAULTS);
    }
}
