use std::sync::{Mutex, MutexGuard, PoisonError};

/// Which of several prepared outcomes is the next one: each is for one, the last for all that follow.
#[derive(Debug)]
pub(crate) struct Prepared<T>(Mutex<Vec<(T, bool)>>);

impl<T: Clone> Prepared<T> {
    /// Adds one behind the others.
    pub(crate) fn push(&self, one: T) {
        self.lock().push((one, false));
    }

    /// The next one that is for something.
    pub(crate) fn next(&self, is_for: impl Fn(&T) -> bool) -> Option<T> {
        let mut all = self.lock();
        let fitting = |(one, _): &(T, bool)| is_for(one);
        let fresh = all.iter().position(|one| fitting(one) && !one.1);
        let at = fresh.or_else(|| all.iter().rposition(fitting))?;
        let (one, used) = all.get_mut(at)?;
        *used = true;
        Some(one.clone())
    }

    /// The next one for an address; one without a query stands for every query.
    pub(crate) fn next_for(&self, url: &str, address: impl Fn(&T) -> &str) -> Option<T> {
        let path = without_query(url);
        self.next(|one| address(one) == url)
            .or_else(|| self.next(|one| address(one) == path))
    }

    /// Those that were never used.
    pub(crate) fn unused(&self) -> Vec<T> {
        self.lock()
            .iter()
            .filter(|(_, used)| !used)
            .map(|(one, _)| one.clone())
            .collect()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(T, bool)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Default for Prepared<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> FromIterator<T> for Prepared<T> {
    fn from_iter<I: IntoIterator<Item = T>>(all: I) -> Self {
        Self(Mutex::new(all.into_iter().map(|one| (one, false)).collect()))
    }
}

/// The address for which an answer without a query stands.
pub(crate) fn without_query(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or(url)
}
