//! Names that were probably meant.

use ozml_session::nearest;

/// How many names of one script are looked for: more messages are never shown, and a script of wrong names
/// must not cost a search for each.
const MOST_SEARCHES: u32 = 100;

/// Looks for names that were probably meant, a bounded number of times.
pub(super) struct Suggestions {
    left: u32,
}

impl Default for Suggestions {
    fn default() -> Self {
        Self { left: MOST_SEARCHES }
    }
}

impl Suggestions {
    /// The candidate nearest to `written`, when it is near enough to be meant.
    pub(super) fn nearest<'n>(
        &mut self,
        written: &str,
        candidates: impl IntoIterator<Item = &'n str>,
    ) -> Option<&'n str> {
        self.left = self.left.checked_sub(1)?;
        nearest(written, candidates)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn searches_are_counted() {
        let mut suggestions = Suggestions::default();
        let found = (0..1000)
            .filter_map(|_| suggestions.nearest("Speek", ["Speak"]))
            .count();
        assert_eq!(found, 100);
    }
}
