//! What modems tell of themselves, and what is kept of it.

use super::Outbox;
use super::connection::Connection;
use crate::gateway::SessionId;
use crate::gateway::incoming::Place;
use crate::gateway::modems::ModemStatus;
use crate::gsm::{ModemConfig, ModemHealth, SerialPort};
use crate::link::Peer;

impl<R> Outbox<R> {
    /// Whether the PIN may be given in a session that begins now. One that was refused is not, before a person has
    /// changed it.
    pub(crate) fn gives_pin(&self, session: SessionId) -> bool {
        let modem = modem_at(&self.connections, session);
        modem.is_some_and(|(config, port)| self.pins.may_give(config, port))
    }

    pub(super) fn on_pin_refused(&mut self, session: SessionId) {
        let modem = modem_at(&self.connections, session);
        let noted = modem.and_then(|(config, port)| self.pins.on_refused(config, port));
        self.pending.changes.extend(noted);
    }

    /// A modem is ready.
    pub(super) fn on_peer(&mut self, session: SessionId, peer: Peer) {
        let modem = modem_at(&self.connections, session);
        let forgotten = modem.and_then(|(_, port)| self.pins.on_bound(port));
        self.pending.changes.extend(forgotten);
        if let (Peer::Modem(identity), Some(status)) = (peer, self.modem_status(session)) {
            status.is_up = true;
            status.identity = Some(*identity);
        }
    }

    pub(super) fn on_health(&mut self, session: SessionId, health: ModemHealth) {
        if let Some(status) = self.modem_status(session) {
            status.health = Some(health);
        }
    }

    pub(super) fn on_modem_gone(&mut self, session: SessionId) {
        if let Some(status) = self.modem_status(session) {
            status.is_up = false;
            status.health = None;
        }
    }

    /// A modem has deleted what is ours.
    pub(super) fn on_cleared(&mut self, session: SessionId, fingerprint: [u8; 16]) {
        if let Some(connection) = self.connections.get(usize::from(session.connection)) {
            let place = place(connection, session);
            self.pending
                .changes
                .extend(self.incoming.cleared(place, fingerprint));
        }
    }

    fn modem_status(&mut self, session: SessionId) -> Option<&mut ModemStatus> {
        let connection = self.connections.get_mut(usize::from(session.connection))?;
        connection.modems.get_mut(usize::from(session.session))
    }
}

/// Where a session takes what comes in.
pub(super) fn place(connection: &Connection, session: SessionId) -> Place<'_> {
    let transport = connection.config.as_ref().map(|config| &config.transport);
    Place {
        connection: &connection.name,
        port: transport.and_then(|transport| transport.port(session)),
    }
}

fn modem_at(connections: &[Connection], session: SessionId) -> Option<(&ModemConfig, &SerialPort)> {
    let connection = connections.get(usize::from(session.connection))?;
    connection.config.as_ref()?.transport.modem_at(session)
}
