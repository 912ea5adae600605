/// Values by the beginning of a number. Kept sorted; a look-up is one binary search for each length a
/// prefix may have, so a million entries are no burden.
#[derive(Debug, Clone)]
pub(crate) struct PrefixMap<V> {
    entries: Box<[(Box<str>, V)]>,
    longest: usize,
}

impl<V> PrefixMap<V> {
    /// Entries with the same prefix keep their order.
    pub(crate) fn new(entries: impl IntoIterator<Item = (Box<str>, V)>) -> Self {
        let mut entries: Box<[_]> = entries.into_iter().collect();
        entries.sort_by(|(one, _), (other, _)| one.cmp(other));
        Self {
            longest: entries.iter().map(|(prefix, _)| prefix.len()).max().unwrap_or(0),
            entries,
        }
    }

    /// All entries that have the longest prefix of `number` that is there.
    pub(crate) fn longest(&self, number: &str) -> &[(Box<str>, V)] {
        (0..=number.len().min(self.longest))
            .rev()
            .filter_map(|length| number.get(..length))
            .map(|prefix| self.exactly(prefix))
            .find(|found| !found.is_empty())
            .unwrap_or_default()
    }

    fn exactly(&self, wanted: &str) -> &[(Box<str>, V)] {
        let begin = self.entries.partition_point(|(prefix, _)| **prefix < *wanted);
        let behind = self.entries.get(begin..).unwrap_or_default();
        // Mostly there is none or one; a second binary search would look at many.
        let count = behind
            .iter()
            .take_while(|(prefix, _)| **prefix == *wanted)
            .count();
        behind.get(..count).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn naive<'e>(entries: &'e [(Box<str>, usize)], number: &str) -> Vec<&'e (Box<str>, usize)> {
        let fits = |prefix: &str| number.starts_with(prefix);
        let longest = entries.iter().filter(|e| fits(&e.0)).map(|e| e.0.len()).max();
        entries
            .iter()
            .filter(|e| fits(&e.0) && Some(e.0.len()) == longest)
            .collect()
    }

    proptest! {
        #[test]
        fn the_longest_prefix_is_what_a_scan_finds(
            prefixes in vec("[+]?[0-3]{0,4}", 0..40),
            number in "[+]?[0-3]{1,8}",
        ) {
            let entries: Vec<(Box<str>, usize)> =
                prefixes.iter().enumerate().map(|(place, prefix)| (prefix.as_str().into(), place)).collect();
            let map = PrefixMap::new(entries.clone());
            let found: Vec<_> = map.longest(&number).iter().collect();
            prop_assert_eq!(found, naive(&entries, &number));
        }
    }

    #[test]
    fn an_empty_map_finds_nothing() {
        assert!(PrefixMap::<()>::new([]).longest("36").is_empty());
    }
}
