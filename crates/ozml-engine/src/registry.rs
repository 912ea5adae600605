use crate::verb::VerbSpec;

/// The verbs an engine knows, ours and those of its host alike.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    /// Sorted by name; the names stand here, too, so that a search reads no description.
    sorted: Vec<(&'static str, &'static VerbSpec)>,
}

/// Two verbs answer to one name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("two verbs are called `{name}`")]
pub struct DuplicateVerb {
    /// The name.
    pub name: &'static str,
}

impl Registry {
    /// The verbs of a list.
    pub fn new(verbs: impl IntoIterator<Item = &'static VerbSpec>) -> Result<Self, DuplicateVerb> {
        let mut registry = Self::default();
        for verb in verbs {
            registry.add(verb)?;
        }
        Ok(registry)
    }

    /// Adds a verb under its name and its aliases.
    pub fn add(&mut self, verb: &'static VerbSpec) -> Result<(), DuplicateVerb> {
        let taken = std::iter::once(&verb.name)
            .chain(verb.aliases)
            .find(|name| self.get(name).is_some());
        if let Some(name) = taken {
            return Err(DuplicateVerb { name });
        }
        let at = self.sorted.partition_point(|(known, _)| *known < verb.name);
        self.sorted.insert(at, (verb.name, verb));
        Ok(())
    }

    /// The verb called `written`, in any case.
    pub fn get(&self, written: &str) -> Option<&'static VerbSpec> {
        // Scripts are mostly written in the vendor's spelling, so that is tried first. Comparing lengths rules
        // most names out, which is quicker than a binary search.
        let exact = self.sorted.iter().find(|(name, _)| *name == written);
        let found = exact.or_else(|| self.sorted.iter().find(|(_, verb)| verb.is_named(written)));
        found.map(|(_, verb)| *verb)
    }

    /// All verbs, sorted by name.
    pub fn verbs(&self) -> impl Iterator<Item = &'static VerbSpec> + '_ {
        self.sorted.iter().map(|(_, verb)| *verb)
    }

    /// All names, aliases too.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.verbs()
            .flat_map(|verb| std::iter::once(verb.name).chain(verb.aliases.iter().copied()))
    }
}
