use ozml_parser::{Diagnostic, Span};

use crate::check::{CheckOptions, over_limit};
use crate::limits::Limits;
use crate::run::LimitReached;
use crate::verb::Contexts;

/// What the own rules of a verb see of the check, and where they report.
pub struct Rules<'c> {
    pub(crate) limits: &'c Limits,
    pub(crate) options: CheckOptions,
    pub(crate) context: Contexts,
    pub(crate) found: &'c mut Vec<Diagnostic>,
    pub(crate) hides_keys: &'c mut bool,
}

impl Rules<'_> {
    /// The limits the script will run with.
    pub fn limits(&self) -> &Limits {
        self.limits
    }

    /// How and for what the script is checked.
    pub fn options(&self) -> CheckOptions {
        self.options
    }

    /// The contexts the verb stands in: that of the script, and those that parts around it add.
    pub fn context(&self) -> Contexts {
        self.context
    }

    /// Reports a fault or warning. Its code word is explained in [`EXPLANATIONS`](crate::EXPLANATIONS).
    pub fn report(&mut self, fault: Diagnostic) {
        self.found.push(fault);
    }

    /// The script asks for keys that nobody may see: no key that comes is recorded as it is, but those that
    /// another menu takes.
    pub fn hide_keys(&mut self) {
        *self.hides_keys = true;
    }

    /// Reports that the script alone exceeds a limit at `span`.
    pub fn over_limit(&mut self, limit: LimitReached, span: Span) {
        self.found.push(over_limit(&limit, span));
    }
}
