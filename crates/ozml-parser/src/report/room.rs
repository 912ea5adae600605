//! How much a report may hold.

use crate::Diagnostic;

/// At most this many messages are kept (limit `diagnostics`).
const MOST_DIAGNOSTICS: usize = 100;
/// At most this many bytes are kept (limit `diagnostic_bytes`), the closing count included.
const MOST_BYTES: usize = 64 * 1024;
const BYTES_OF_COUNT: usize = 128;

/// The room that is left, and how many messages found none. The first one that does not fit closes it, so that
/// what is kept is always the beginning.
pub(super) struct Room {
    diagnostics: usize,
    bytes: usize,
    full: bool,
    errors: usize,
    warnings: usize,
}

impl Default for Room {
    fn default() -> Self {
        Self {
            diagnostics: MOST_DIAGNOSTICS,
            bytes: MOST_BYTES - BYTES_OF_COUNT,
            full: false,
            errors: 0,
            warnings: 0,
        }
    }
}

impl Room {
    /// Takes room for an entry of `bytes` and the line between it and the next; false if there is none.
    pub(super) fn take(&mut self, bytes: usize) -> bool {
        let with_separator = bytes.saturating_add(2);
        let left = self.bytes.checked_sub(with_separator);
        match (self.diagnostics.checked_sub(1), left) {
            (Some(diagnostics), Some(bytes)) => {
                self.diagnostics = diagnostics;
                self.bytes = bytes;
            }
            _ => self.full = true,
        }
        !self.full
    }

    /// Whether an entry has found no room.
    pub(super) fn is_full(&self) -> bool {
        self.full
    }

    /// Counts a message that is not kept.
    pub(super) fn leave_out(&mut self, diagnostic: &Diagnostic) {
        let count = match diagnostic.is_error() {
            true => &mut self.errors,
            false => &mut self.warnings,
        };
        *count = count.saturating_add(1);
    }

    /// The errors and the warnings that are not kept.
    pub(super) fn left_out(&self) -> (usize, usize) {
        (self.errors, self.warnings)
    }

    /// What is not kept, in words; nothing if everything is.
    pub(super) fn sentence(&self) -> Option<String> {
        let counted = |count: usize, what: &str| match count {
            1 => format!("1 more {what}"),
            _ => format!("{count} more {what}s"),
        };
        let errors = || counted(self.errors, "error");
        let warnings = || counted(self.warnings, "warning");
        match self.left_out() {
            (0, 0) => None,
            (_, 0) => Some(format!("and {}", errors())),
            (0, _) => Some(format!("and {}", warnings())),
            _ => Some(format!("and {} and {}", errors(), warnings())),
        }
    }
}
