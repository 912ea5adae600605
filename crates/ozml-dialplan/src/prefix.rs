use ozml_session::{Invalid, PhoneNumber};

/// Reads the beginning of a number: digits, `*` and `#`, behind a `+` or not, the `+` alone too. Separators
/// are dropped; nothing at all is the beginning of every number.
pub(crate) fn read_prefix(written: &str) -> Result<Box<str>, Invalid> {
    let compact: String = written
        .chars()
        .filter(|c| !matches!(c, ' ' | '\t' | '-' | '.' | '(' | ')' | '/'))
        .collect();
    if compact.ends_with('*') {
        return Err(Invalid::new(
            "the beginning of a number is written without `*` at its end",
        ));
    }
    if !matches!(compact.as_str(), "" | "+") {
        PhoneNumber::new(&compact)?;
    }
    Ok(compact.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beginnings_of_numbers_are_read_as_people_write_them() {
        for (written, read) in [("+36 (20)", "+3620"), ("+", "+"), ("", ""), ("*31#", "*31#")] {
            assert_eq!(&*read_prefix(written).unwrap(), read);
        }
        for wrong in ["+36*", "any", "3+6", "[36]x"] {
            assert!(read_prefix(wrong).is_err(), "{wrong}");
        }
    }
}
