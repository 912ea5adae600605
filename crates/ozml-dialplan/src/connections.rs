use ozml_session::ConnectionName;

use crate::fault::Scope;

/// The connections that exist, sorted by name.
pub(crate) struct KnownConnections(Vec<ConnectionName>);

impl KnownConnections {
    pub(crate) fn new(connections: &[ConnectionName]) -> Self {
        let mut connections = connections.to_vec();
        connections.sort_by(|one, other| one.as_str().cmp(other.as_str()));
        Self(connections)
    }

    /// The connection with this name, or a fault.
    pub(crate) fn find(
        &self,
        field: &'static str,
        name: &str,
        scope: &mut Scope<'_>,
    ) -> Option<ConnectionName> {
        let found = self.get(name);
        if found.is_none() {
            scope.unknown(field, "connection", name, self.names());
        }
        found.cloned()
    }

    pub(crate) fn get(&self, name: &str) -> Option<&ConnectionName> {
        let place = self.0.binary_search_by(|known| known.as_str().cmp(name)).ok()?;
        self.0.get(place)
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(ConnectionName::as_str)
    }
}
