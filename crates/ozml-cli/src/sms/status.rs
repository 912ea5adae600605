//! `ozml sms status`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use ozml::server::config::Config;
use ozml::server::control::{
    self, Answer, Connection, Details, Fault, Gateway, ListRequest, MOST_ROWS, Message, Request,
};
use ozml::session::MessageId;
use ozml::sms::store::OnUnknown;
use serde_json::json;

use crate::exit::{Exit, Stop};
use crate::output::{counted, shown};
use crate::sms::follow::line;
use crate::sms::modems::modems;
use crate::sms::office::{look, port};
use crate::sms::server::Server;
use crate::sms::table::{table, to_the_millisecond, to_the_second};
use crate::sms::{Desk, refused, unexpected};

/// Shows one message.
pub(super) fn message(desk: Desk, config: &Config, id: &MessageId) -> Result<Exit, Stop> {
    let answer = match Server::connect(config)? {
        Some(mut server) => server.ask(&Request::Status {
            id: Some(id.clone()),
            wait: None,
            seen: None,
        })?,
        None => look(
            config,
            |store| async move { control::message(port(&store), id).await },
        )?
        .map_err(|fault| refused(&fault))?,
    };
    let Answer::Message(message) = answer else {
        return Err(unexpected(answer));
    };
    desk.show(&message, || page(&message));
    Ok(Exit::Done)
}

/// Shows how the gateway is; without a server, what waits in the store.
pub(super) fn gateway(desk: Desk, config: &Config) -> Result<Exit, Stop> {
    let Some(mut server) = Server::connect(config)? else {
        let waiting = look(config, |store| async move { unfinished(port(&store)).await })?
            .map_err(|fault| refused(&fault))?;
        desk.show(&json!({ "server": false, "unfinished": waiting }), || {
            at_rest(&waiting)
        });
        return Ok(Exit::Done);
    };
    let request = Request::Status {
        id: None,
        wait: None,
        seen: None,
    };
    match server.ask(&request)? {
        Answer::Gateway(gateway) => desk.show(&gateway, || running(&gateway)),
        other => return Err(unexpected(other)),
    }
    Ok(Exit::Done)
}

/// Messages that have not ended, by state.
async fn unfinished(store: &dyn ozml::sms::store::Store) -> Result<BTreeMap<String, usize>, Fault> {
    let mut states: BTreeMap<String, usize> = BTreeMap::new();
    let mut request = ListRequest::default();
    request.unfinished = true;
    request.rows = MOST_ROWS;
    loop {
        let Answer::Messages(messages) = control::list(store, &request).await? else {
            return Ok(states);
        };
        for message in &messages.list {
            let count = states.entry(message.state.to_string()).or_default();
            *count = count.saturating_add(1);
        }
        request.below = messages.list.last().map(|message| message.number);
        if !messages.more || request.below.is_none() {
            return Ok(states);
        }
    }
}

fn at_rest(waiting: &BTreeMap<String, usize>) -> String {
    let mut text = "no server is running\n".to_owned();
    if waiting.is_empty() {
        text.push_str("every message has ended\n");
    }
    for (state, count) in waiting {
        let _ = writeln!(text, "{} not ended: {state}", counted(*count, "message"));
    }
    text
}

fn running(gateway: &Gateway) -> String {
    let queue = &gateway.queue;
    let draining = if gateway.draining {
        ", accepts nothing at present"
    } else {
        ""
    };
    let mut text = format!(
        "process {}, version {}{draining}\n",
        gateway.process,
        shown(&gateway.version)
    );
    if let Some(fault) = &gateway.store_fault {
        let _ = writeln!(text, "the store accepts nothing: {}", shown(fault));
    }
    let _ = writeln!(
        text,
        "queue: {} not ended, {} unsent, the oldest for {} s",
        queue.unfinished, queue.unsent, queue.oldest_seconds
    );
    if queue.received > 0 {
        let _ = writeln!(
            text,
            "{} came in and wait: `ozml sms list --incoming`",
            queue.received
        );
    }
    if gateway.damaged > 0 {
        let _ = writeln!(
            text,
            "{} damaged in the store, set aside and never sent: the log names them",
            gateway.damaged
        );
    }
    let counts = &gateway.counts;
    let ended: Vec<_> = counts
        .ended
        .iter()
        .map(|(state, count)| format!("{count} {state}"))
        .collect();
    let _ = writeln!(
        text,
        "since it began: {} accepted, {} refused, {} possible duplicates{}{}",
        counts.accepted,
        counts.refused,
        counts.possible_duplicates,
        if ended.is_empty() { "" } else { "; ended: " },
        ended.join(", ")
    );
    text.push('\n');
    let head = ["CONNECTION", "STATE", "SESSIONS", "WAITING", "WINDOW", "NOTE"];
    text.push_str(&table(head, gateway.connections.iter().map(row)));
    text.push_str(&modems(&gateway.connections));
    text
}

fn row(connection: &Connection) -> [String; 6] {
    let lowered = connection
        .rate
        .map(|rate| format!("lowered to {rate:.1} parts a second"));
    let last = connection.last_error.clone().filter(|_| connection.state != "up");
    [
        connection.name.to_string(),
        connection.state.clone(),
        format!("{} of {}", connection.bound, connection.sessions),
        connection.waiting.to_string(),
        connection.window_in_use.to_string(),
        connection.alarm.clone().or(last).or(lowered).unwrap_or_default(),
    ]
}

/// All that is known of a message.
fn page(message: &Message) -> String {
    let mut text = String::new();
    let mut row = |name: &str, value: &str| {
        if !value.is_empty() {
            let _ = writeln!(text, "{name:<13}{}", shown(value));
        }
    };
    let optional = |value: Option<String>| value.unwrap_or_default();
    row("id", message.id.as_str());
    row("state", message.state.as_str());
    row("reason", message.reason.as_deref().unwrap_or_default());
    row("to", message.to.as_str());
    row("from", &optional(message.from.as_ref().map(ToString::to_string)));
    row(
        "text",
        message.details.as_ref().map_or("", |details| &details.text),
    );
    row("account", message.account.as_deref().unwrap_or_default());
    row("accepted", &to_the_second(message.accepted_at));
    row("expires", &to_the_second(message.expires_at));
    row("next try", &optional(message.next_try.map(to_the_second)));
    row("priority", &message.priority.to_string());
    row("parts", &format!("{}, {}", message.segments, message.encoding));
    if message.possible_duplicate {
        row("note", "it may have been sent twice");
    }
    if message.parked {
        row("note", "it was given up: `ozml sms retry` sends it again");
    }
    if let Some(details) = &message.details {
        more(details, message, &mut row);
        text.push_str("history\n");
        for entry in &details.history {
            let _ = writeln!(text, "  {}  {}", to_the_millisecond(entry.at), line(entry));
        }
    }
    text
}

fn more(details: &Details, message: &Message, row: &mut impl FnMut(&str, &str)) {
    let names: Vec<_> = details.connections.iter().map(|name| name.as_str()).collect();
    row("rule", &details.rule);
    row("connections", &names.join(", "));
    if details.sent_to != message.to {
        row("sent to", details.sent_to.as_str());
    }
    if details.sent_from != message.from {
        row(
            "sent from",
            details.sent_from.as_ref().map_or("", |sender| sender.as_str()),
        );
    }
    if details.on_unknown == OnUnknown::Hold {
        row("if unknown", "hold");
    }
    row("report", details.report.as_deref().unwrap_or_default());
    row("copy of", details.parent.as_ref().map_or("", |id| id.as_str()));
    row("key", &details.key);
}
