//! Names that were probably meant.

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

/// The candidate that `written` is probably a slip of, whatever its case; none that is near enough to be meant.
pub fn nearest<'n>(written: &str, candidates: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    // A name far longer than any of ours is not a slip, and comparing it would cost its length squared.
    if written.len() > 64 {
        return None;
    }
    let lower = written.to_ascii_lowercase();
    let near_enough = |name: &str| name.len().max(written.len()) / 3;
    candidates
        .into_iter()
        .filter(|name| name.len().abs_diff(written.len()) <= near_enough(name))
        .map(|name| (strsim::osa_distance(&lower, &name.to_ascii_lowercase()), name))
        .filter(|(distance, name)| *distance <= near_enough(name))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_near_and_other_words_are_not() {
        let verbs = ["Speak", "SendSms", "Hangup"];
        assert_eq!(nearest("Speek", verbs), Some("Speak"));
        assert_eq!(nearest("sendsm", verbs), Some("SendSms"));
        assert_eq!(nearest("Gather", verbs), None);
        assert_eq!(
            nearest("ae", ["a", "b"]),
            None,
            "short names differ by too little"
        );
        assert_eq!(nearest(&"x".repeat(1000), verbs), None);
    }

    #[test]
    fn searches_are_counted() {
        let mut suggestions = Suggestions::default();
        let found = (0..1000)
            .filter_map(|_| suggestions.nearest("Speek", ["Speak"]))
            .count();
        assert_eq!(found, 100);
    }
}
