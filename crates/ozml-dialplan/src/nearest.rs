/// The name nearest to `written`, when it is near enough to be meant: a third of its letters may differ.
pub(crate) fn nearest<'n>(written: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let slips = |name: &str| name.len().max(written.len()) / 3;
    names
        .into_iter()
        // Comparing costs the product of the lengths.
        .filter(|name| written.len() <= 64 && name.len().abs_diff(written.len()) <= slips(name))
        .map(|name| (strsim::osa_distance(written, name), name))
        .filter(|(distance, name)| *distance <= slips(name))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_near_and_other_words_are_not() {
        assert_eq!(nearest("smcs1", ["gsm1", "smsc1"]), Some("smsc1"));
        assert_eq!(nearest("backup", ["gsm1", "smsc1"]), None);
        assert_eq!(nearest(&"x".repeat(1_000), ["smsc1"]), None);
    }
}
