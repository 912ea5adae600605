//! Values that a modem says it takes, as in `+CNMI: (0-2),(0,1),2` (ITU-T V.250 5.4.3).

/// The widest range that is written out; no command of ours takes larger values.
const MOST_VALUES: u16 = 256;

/// The lists of values in their order; a value alone is a list of one.
pub(super) fn lists(written: &str) -> Vec<Vec<&str>> {
    let mut depth = 0_usize;
    let lists = written.split(move |character| {
        match character {
            '(' => depth = depth.saturating_add(1),
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        character == ',' && depth == 0
    });
    lists.map(values).collect()
}

/// The numbers of a list, ranges written out.
pub(super) fn numbers(list: &[&str]) -> Vec<u16> {
    list.iter().flat_map(|value| range(value)).collect()
}

fn values(list: &str) -> Vec<&str> {
    let list = list.trim().trim_start_matches('(').trim_end_matches(')');
    let values = list.split(',').map(|value| value.trim().trim_matches('"'));
    values.filter(|value| !value.is_empty()).collect()
}

fn range(value: &str) -> std::ops::Range<u16> {
    let (first, last) = value.split_once('-').unwrap_or((value, value));
    match (first.trim().parse::<u16>(), last.trim().parse::<u16>()) {
        (Ok(first), Ok(last)) => first..last.saturating_add(1).min(first.saturating_add(MOST_VALUES)),
        _ => 0..0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(written: &str) -> Vec<Vec<u16>> {
        lists(written).iter().map(|list| numbers(list)).collect()
    }

    #[test]
    fn values_stand_in_lists_ranges_or_alone() {
        assert_eq!(all("(0,1)"), [[0, 1]]);
        assert_eq!(
            all(" (0-2),(0, 1),2,(),(1,3-4)"),
            [vec![0, 1, 2], vec![0, 1], vec![2], vec![], vec![1, 3, 4]]
        );
        assert_eq!(lists("(\"SM\",\"ME\"),(\"SM\")"), [vec!["SM", "ME"], vec!["SM"]]);
    }

    #[test]
    fn what_makes_no_sense_is_nothing() {
        for wrong in ["", "(", ")", "((", "a-b", "3-1", "-", "\"", "99999"] {
            assert_eq!(all(wrong).concat(), [0; 0], "{wrong}");
        }
        assert_eq!(all("0-65535").concat().len(), 256);
    }
}
