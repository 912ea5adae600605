//! What modems tell of themselves, and what is kept of it.

use super::Outbox;
use super::connection::Connection;
use super::event::Now;
use crate::gateway::SessionId;
use crate::gateway::incoming::Place;
use crate::gateway::modems::ModemStatus;
use crate::gsm::{ModemConfig, ModemEnd, ModemHealth, SerialPort};
use crate::link::{LinkEnd, Peer};

impl<R> Outbox<R> {
    /// Whether the PIN may be given in a session that begins now. One that was refused is not, nor any after two
    /// refusals, before the modem has worked.
    pub(crate) fn gives_pin(&self, session: SessionId) -> bool {
        let modem = modem_at(&self.connections, session);
        modem.is_some_and(|(config, port)| self.pins.may_give(config, port))
    }

    pub(super) fn on_pin_taken(&mut self, session: SessionId) {
        let modem = modem_at(&self.connections, session);
        let forgotten = modem.and_then(|(_, port)| self.pins.on_taken(port));
        self.pending.changes.extend(forgotten);
    }

    /// Also when it is given: what is not known to be right must not be given a second time, whatever stops before it
    /// is known.
    pub(super) fn on_pin_refused(&mut self, session: SessionId) {
        let modem = modem_at(&self.connections, session);
        let noted = modem.and_then(|(config, port)| self.pins.on_refused(config, port));
        self.pending.changes.extend(noted);
    }

    /// A modem is ready.
    pub(super) fn on_peer(&mut self, session: SessionId, peer: Peer) {
        self.on_pin_taken(session);
        if let (Peer::Modem(identity), Some(status)) = (peer, self.modem_status(session)) {
            status.is_up = true;
            status.identity = Some(*identity);
        }
    }

    /// A modem without a network takes nothing: what was given to it may go another way.
    pub(super) fn on_health(&mut self, now: Now, session: SessionId, health: ModemHealth) {
        if let Some(status) = self.modem_status(session) {
            status.health = Some(health);
        }
        let Some(is_up) = self.lane(session).map(|lane| lane.is_up) else {
            return;
        };
        if is_up && !health.registered {
            self.on_network_lost(now, session);
        } else if !is_up && health.registered {
            self.on_usable(now, session);
        }
    }

    fn on_network_lost(&mut self, now: Now, session: SessionId) {
        let Some(lane) = self.lane(session) else {
            return;
        };
        lane.is_up = false;
        let left = lane.take_all();
        if let Some(connection) = self.connections.get_mut(usize::from(session.connection)) {
            connection.last_error =
                Some(connection.of_session(session, &LinkEnd::Modem(ModemEnd::NoNetwork)));
            connection.note_down(now.ms);
        }
        for token in left.into_iter().rev() {
            self.on_not_sent_yet(now, session, token);
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
