//! What becomes of a message, while it is waited for.

use std::time::{Duration, Instant};

use ozml::server::control::{Answer, History, LONGEST_WAIT, Message, Request};
use ozml::session::{MessageId, SmsState};
use serde_json::json;

use crate::args::PageFormat;
use crate::exit::{Exit, Stop};
use crate::output::{complain, print, shown};
use crate::sms::office::Office;
use crate::sms::{Desk, unexpected};

/// How much of the history of a message is known.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen(usize);

impl Seen {
    /// That it was accepted.
    pub(super) fn acceptance() -> Self {
        Self(1)
    }
}

/// What is known of a message now.
pub(super) fn history(office: &mut Office, id: &MessageId) -> Result<Seen, Stop> {
    let message = ask(office, id, None, Seen(0))?;
    Ok(Seen(message.history().len()))
}

/// Shows each state until the message has ended or the time is over.
pub(super) fn follow(
    desk: Desk,
    office: &mut Office,
    id: &MessageId,
    mut seen: Seen,
    wait: Duration,
) -> Result<Exit, Stop> {
    let end = Instant::now().checked_add(wait);
    let left = || end.map_or(LONGEST_WAIT, |end| end.saturating_duration_since(Instant::now()));
    while !left().is_zero() {
        let message = ask(office, id, Some(left().min(LONGEST_WAIT)), seen)?;
        for entry in message.history().iter().skip(seen.0) {
            show(desk, entry);
        }
        seen.0 = message.history().len();
        if message.ended {
            return Ok(exit(message.state));
        }
    }
    if !desk.output.quiet {
        let waited = if wait.is_zero() {
            String::new()
        } else {
            format!("no final state within {}; ", in_words(wait))
        };
        tell_of_connections(office)?;
        complain(&format!("{waited}{}\n", office.prospect()));
    }
    Ok(Exit::Done)
}

fn ask(office: &mut Office, id: &MessageId, wait: Option<Duration>, seen: Seen) -> Result<Message, Stop> {
    let request = Request::Status {
        id: Some(id.clone()),
        wait,
        seen: Some(seen.0),
    };
    match office.ask(request)? {
        Answer::Message(message) => Ok(*message),
        other => Err(unexpected(other)),
    }
}

fn show(desk: Desk, entry: &History) {
    let _ = match desk.format {
        PageFormat::Json => print(&format!("{}\n", json!({ "state": entry }))),
        PageFormat::Text if desk.output.quiet => Ok(()),
        PageFormat::Text => print(&format!("{}\n", line(entry))),
    };
}

/// An entry for people: its state, the connection, the reason.
pub(super) fn line(entry: &History) -> String {
    let connection = entry.connection.as_ref().map_or("", |name| name.as_str());
    let reason = entry.reason.as_deref().unwrap_or_default();
    let line = format!(
        "{:<9}  {}  {}",
        entry.state.as_str(),
        shown(connection),
        shown(reason)
    );
    line.trim_end().to_owned()
}

/// Why a message may still wait.
fn tell_of_connections(office: &mut Office) -> Result<(), Stop> {
    let request = Request::Status {
        id: None,
        wait: None,
        seen: None,
    };
    let Answer::Gateway(gateway) = office.ask(request)? else {
        return Ok(());
    };
    for connection in gateway.connections.iter().filter(|one| one.state != "up") {
        let why = connection.alarm.as_ref().or(connection.last_error.as_ref());
        let why = why.map(|why| format!(": {}", shown(why))).unwrap_or_default();
        complain(&format!(
            "connection `{}` is {}{why}\n",
            shown(connection.name.as_str()),
            connection.state
        ));
    }
    Ok(())
}

fn exit(state: SmsState) -> Exit {
    match state {
        SmsState::Failed | SmsState::Expired | SmsState::Unknown => Exit::Failed,
        _ => Exit::Done,
    }
}

/// A time in seconds, or in milliseconds where it is not whole.
fn in_words(time: Duration) -> String {
    match time.subsec_millis() {
        0 => format!("{} s", time.as_secs()),
        _ => format!("{} ms", time.as_millis()),
    }
}
