//! How and for what a script is checked.

use crate::verb::Contexts;

/// How strictly a script is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Profile {
    /// For files given by hand: an unknown attribute or stray text is an error.
    #[default]
    Strict,
    /// For what a web application returns: the same is a warning.
    Lenient,
}

/// Where a script comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Provenance {
    /// A file given by hand: it has no URL, and it is where the run begins, so the names it uses must come
    /// from itself or from the host.
    #[default]
    ByHand,
    /// An answer of a web application: relative URLs are resolved against its own, and scripts before it
    /// may have set any name.
    Fetched,
}

/// What is said about a verb that is described and cannot run yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PlannedVerbs {
    /// It is an error, `verb-not-available`: for checks before a run.
    #[default]
    Refused,
    /// Nothing: for `ozml check`. There is no program where the script uses one.
    Known,
}

/// How and for what a script is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckOptions {
    /// How strictly.
    pub profile: Profile,
    /// Where it will run; one of the contexts E, T, R, M.
    pub context: Contexts,
    /// Where it comes from.
    pub provenance: Provenance,
    /// What is said about verbs that cannot run yet.
    pub planned: PlannedVerbs,
    /// Whether names that are understood but not the proper ones, such as slips of the vendor's texts, get
    /// a warning.
    pub hints: bool,
}

impl Default for CheckOptions {
    /// A file given by hand that is about to run on a call.
    fn default() -> Self {
        Self {
            profile: Profile::Strict,
            context: Contexts::E,
            provenance: Provenance::ByHand,
            planned: PlannedVerbs::Refused,
            hints: false,
        }
    }
}

impl CheckOptions {
    /// For a context, strictly.
    pub fn new(context: Contexts) -> Self {
        Self {
            context,
            ..Self::default()
        }
    }

    /// The same with another profile.
    #[must_use]
    pub fn profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// The same for a script that comes from elsewhere.
    #[must_use]
    pub fn provenance(mut self, provenance: Provenance) -> Self {
        self.provenance = provenance;
        self
    }

    /// The same with other words about verbs that cannot run yet.
    #[must_use]
    pub fn planned(mut self, planned: PlannedVerbs) -> Self {
        self.planned = planned;
        self
    }

    /// The same with or without warnings about names that are not the proper ones.
    #[must_use]
    pub fn hints(mut self, hints: bool) -> Self {
        self.hints = hints;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_option_is_changed_alone() {
        let all = CheckOptions::new(Contexts::M)
            .hints(true)
            .planned(PlannedVerbs::Known)
            .provenance(Provenance::Fetched)
            .profile(Profile::Lenient);
        let expected = CheckOptions {
            profile: Profile::Lenient,
            context: Contexts::M,
            provenance: Provenance::Fetched,
            planned: PlannedVerbs::Known,
            hints: true,
        };
        assert_eq!(all, expected);
        assert!(!all.hints(false).hints);
    }
}
