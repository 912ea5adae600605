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
}
