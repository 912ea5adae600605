//! `ozml sms list`.

use ozml::server::config::Config;
use ozml::server::control::{self, Answer, ListRequest, Message, Messages, Received, Request};

use crate::exit::{Exit, Stop};
use crate::sms::args::ListArgs;
use crate::sms::office::{look, port};
use crate::sms::server::Server;
use crate::sms::table::{table, to_the_second};
use crate::sms::{Desk, refused, unexpected};

/// Lists what the server, or the store, knows.
pub(super) fn list(desk: Desk, config: &Config, args: &ListArgs) -> Result<Exit, Stop> {
    let request = request(args);
    let answer = match Server::connect(config)? {
        Some(mut server) => server.ask(&Request::List(request))?,
        None => look(config, |store| async move {
            control::list(port(&store), &request).await
        })?
        .map_err(|fault| refused(&fault))?,
    };
    match answer {
        Answer::Messages(messages) => desk.show(&messages, || listed(&messages)),
        Answer::Received(received) => desk.show(&received, || incoming(&received)),
        other => return Err(unexpected(other)),
    }
    Ok(Exit::Done)
}

fn request(args: &ListArgs) -> ListRequest {
    let mut request = ListRequest::default();
    request.state = args.state;
    request.unfinished = args.unfinished;
    request.to = args.to.as_ref().map(|prefix| prefix.as_str().to_owned());
    request.incoming = args.incoming;
    request.rows = args.rows;
    request.below = args.below;
    request
}

fn listed(messages: &Messages) -> String {
    if messages.list.is_empty() {
        return "no messages\n".to_owned();
    }
    let head = ["ID", "STATE", "TO", "FROM", "ACCEPTED", "CONNECTION", "REASON"];
    let mut text = table(head, messages.list.iter().map(row));
    if let Some(last) = messages.list.last().filter(|_| messages.more) {
        text.push_str(&format!("more with --below {}\n", last.number));
    }
    text
}

fn row(message: &Message) -> [String; 7] {
    let mark = if message.possible_duplicate {
        " (repeated)"
    } else {
        ""
    };
    [
        message.id.to_string(),
        format!("{}{mark}", message.state),
        message.to.to_string(),
        message
            .from
            .as_ref()
            .map_or_else(|| "-".to_owned(), ToString::to_string),
        to_the_second(message.accepted_at),
        message
            .connection
            .as_ref()
            .map_or_else(|| "-".to_owned(), ToString::to_string),
        message.reason.clone().unwrap_or_default(),
    ]
}

fn incoming(received: &[Received]) -> String {
    if received.is_empty() {
        return "no messages\n".to_owned();
    }
    let rows = received.iter().map(|sms| {
        let missing = if sms.complete { "" } else { " (parts are missing)" };
        [
            sms.id.to_string(),
            sms.from.clone(),
            sms.to.clone(),
            to_the_second(sms.received_at),
            sms.connection.to_string(),
            format!("{}{missing}", sms.text),
        ]
    });
    table(["ID", "FROM", "TO", "RECEIVED", "CONNECTION", "TEXT"], rows)
}
