//! Line ends of XML: CRLF, LF and a lone CR (XML 1.0, 2.11).

/// What ends the lines that the formatter writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineEnd {
    Lf,
    CrLf,
}

impl LineEnd {
    /// The first one of `text`. A lone CR counts as LF.
    pub(super) fn first_of(text: &str) -> Option<Self> {
        let at = text.find(['\r', '\n'])?;
        let crlf = text.get(at..).is_some_and(|rest| rest.starts_with("\r\n"));
        Some(if crlf { Self::CrLf } else { Self::Lf })
    }

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Lf => "\n",
            Self::CrLf => "\r\n",
        }
    }
}

/// How many lines end in `text`.
pub(super) fn count(text: &str) -> usize {
    let marks = text.matches(['\r', '\n']).count();
    marks.saturating_sub(text.matches("\r\n").count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_counts_once() {
        assert_eq!(count("a\r\n\n\r b \r\r\n"), 5);
        assert_eq!(count(" \t"), 0);
    }

    #[test]
    fn the_first_one_counts() {
        assert_eq!(LineEnd::first_of(" \r\n\n"), Some(LineEnd::CrLf));
        assert_eq!(LineEnd::first_of("\n\r\n"), Some(LineEnd::Lf));
        assert_eq!(LineEnd::first_of("\r \r\n"), Some(LineEnd::Lf));
        assert_eq!(LineEnd::first_of(" "), None);
    }
}
