//! What a script may measure before it is read.

/// Limits on one document, checked before it is parsed. Zero allows nothing; there is no "unlimited".
///
/// The field names are the ones that messages, `--limit` and `[limits]` use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadingLimits {
    /// Bytes of the whole text.
    pub script_bytes: usize,
    /// Elements around an element, itself included.
    pub depth: usize,
    /// Elements of the document.
    pub elements: usize,
    /// Attributes of one element, namespace declarations included.
    pub attributes: usize,
    /// Namespace declarations of the document.
    pub namespaces: usize,
    /// Bytes of an element or attribute name, prefix included.
    pub name_bytes: usize,
    /// Bytes of one attribute value as written, or of the text between two tags.
    pub value_bytes: usize,
}

impl Default for ReadingLimits {
    fn default() -> Self {
        Self {
            script_bytes: 1024 * 1024,
            depth: 64,
            elements: 10_000,
            attributes: 64,
            namespaces: 32,
            name_bytes: 128,
            value_bytes: 64 * 1024,
        }
    }
}

impl ReadingLimits {
    /// The names [`ReadingLimits::set`] knows.
    pub const NAMES: [&'static str; 7] = [
        "script_bytes",
        "depth",
        "elements",
        "attributes",
        "namespaces",
        "name_bytes",
        "value_bytes",
    ];

    /// Sets the limit called `name`; false if no reading limit has that name.
    pub fn set(&mut self, name: &str, value: usize) -> bool {
        self.slot(name).map(|limit| *limit = value).is_some()
    }

    /// The limit called `name`; none if no reading limit has that name.
    pub fn get(&self, name: &str) -> Option<usize> {
        self.clone().slot(name).copied()
    }

    fn slot(&mut self, name: &str) -> Option<&mut usize> {
        Some(match name {
            "script_bytes" => &mut self.script_bytes,
            "depth" => &mut self.depth,
            "elements" => &mut self.elements,
            "attributes" => &mut self.attributes,
            "namespaces" => &mut self.namespaces,
            "name_bytes" => &mut self.name_bytes,
            "value_bytes" => &mut self.value_bytes,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_sets_its_own_limit() {
        let mut limits = ReadingLimits::default();
        for (index, name) in ReadingLimits::NAMES.into_iter().enumerate() {
            assert!(limits.set(name, index), "{name}");
        }
        assert_eq!((limits.script_bytes, limits.depth, limits.value_bytes), (0, 1, 6));
        assert!(!limits.set("Depth", 1));
    }
}
