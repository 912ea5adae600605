/// The candidate nearest to `written`, when it is near enough to be meant.
pub(super) fn nearest<'n>(written: &str, candidates: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    // A name far longer than any of ours is not a slip, and comparing it would cost its length squared.
    if written.len() > 64 {
        return None;
    }
    let lower = written.to_ascii_lowercase();
    let distance = |name: &str| strsim::osa_distance(&lower, &name.to_ascii_lowercase());
    candidates
        .into_iter()
        .map(|name| (distance(name), name))
        .filter(|(distance, name)| *distance <= (name.len().max(written.len()) / 3).max(1))
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
        assert_eq!(nearest(&"x".repeat(1000), verbs), None);
    }
}
