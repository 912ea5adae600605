//! `ozml sms`: messages of the gateway, through the running server or without one.

pub(crate) mod args;
mod drain;
mod follow;
mod list;
mod modems;
pub(crate) mod office;
mod routes;
mod send;
pub(crate) mod server;
mod status;
mod table;

use ozml::host::SystemClock;
use ozml::server::control::{Answer, Fault, Request};
use ozml::session::Clock as _;
use serde::Serialize;

use crate::args::PageFormat;
use crate::configuration::{Loaded, failed};
use crate::exit::{Exit, Stop};
use crate::output::{Output, pretty, print};
use crate::sms::args::{Before, RetryArgs, SmsArgs, SmsCommand};
use crate::sms::office::Office;
use crate::sms::server::Server;

/// Does one command.
pub(crate) fn sms(args: &SmsArgs, output: Output) -> Result<Exit, Stop> {
    let loaded = Loaded::read(&args.config, output)?;
    let desk = Desk {
        format: args.format,
        output,
    };
    match &args.command {
        SmsCommand::Send(send) => {
            let request = send::request(send)?;
            desk.at(loaded, |office| send::send(desk, office, request, send.wait))
        }
        SmsCommand::Status { id: Some(id) } => status::message(desk, &loaded.config, id),
        SmsCommand::Status { id: None } => status::gateway(desk, &loaded.config),
        SmsCommand::List(list) => list::list(desk, &loaded.config, list),
        SmsCommand::Retry(args) => desk.at(loaded, |office| retry(desk, office, args)),
        SmsCommand::Pause { connection } => {
            let connection = connection.clone();
            pause(&loaded, Request::Pause { connection })
        }
        SmsCommand::Resume { connection } => {
            let connection = connection.clone();
            pause(&loaded, Request::Resume { connection })
        }
        SmsCommand::Drain(args) => drain::drain(desk, loaded, args),
        SmsCommand::Purge { before } => desk.at(loaded, |office| purge(desk, office, *before)),
        SmsCommand::Routes(source) => routes::routes(desk, &loaded, source),
        SmsCommand::RouteExplain(args) => routes::explain(desk, &loaded, args),
    }
}

/// How answers are shown.
#[derive(Clone, Copy)]
struct Desk {
    format: PageFormat,
    output: Output,
}

impl Desk {
    /// Does something with the server, or with a gateway that is closed in good order afterwards.
    fn at(self, loaded: Loaded, work: impl FnOnce(&mut Office) -> Result<Exit, Stop>) -> Result<Exit, Stop> {
        let mut office = Office::open(loaded, self.output)?;
        let done = work(&mut office);
        office.close();
        done
    }

    /// Prints a value for programs, or its text for people.
    fn show(self, value: &impl Serialize, text: impl FnOnce() -> String) {
        let text = match self.format {
            PageFormat::Text => text(),
            PageFormat::Json => pretty(&serde_json::to_value(value).unwrap_or_default()),
        };
        let _ = print(&text);
    }
}

fn retry(desk: Desk, office: &mut Office, args: &RetryArgs) -> Result<Exit, Stop> {
    let seen = follow::history(office, &args.id)?;
    let request = Request::Retry {
        id: args.id.clone(),
        validity: args.validity,
    };
    match office.ask(request)? {
        Answer::Retried(retried) if retried.again => follow::follow(desk, office, &args.id, seen, args.wait),
        Answer::Retried(_) => Err(failed(&format!(
            "nothing was done: message `{}` is delivered, under way, or was thrown away by a rule",
            args.id
        ))),
        other => Err(unexpected(other)),
    }
}

fn pause(loaded: &Loaded, request: Request) -> Result<Exit, Stop> {
    let Some(mut server) = Server::connect(&loaded.config)? else {
        return Err(failed(
            "no server is running: there is nothing to pause or to resume",
        ));
    };
    match server.ask(&request)? {
        Answer::Done {} => Ok(Exit::Done),
        other => Err(unexpected(other)),
    }
}

fn purge(desk: Desk, office: &mut Office, before: Before) -> Result<Exit, Stop> {
    let before = before.moment(SystemClock::new().wall());
    match office.ask(Request::Purge { before })? {
        Answer::Purged { messages } => {
            let count = usize::try_from(messages).unwrap_or(usize::MAX);
            desk.show(&serde_json::json!({ "messages": messages }), || {
                format!("{} forgotten\n", crate::output::counted(count, "message"))
            });
            Ok(Exit::Done)
        }
        other => Err(unexpected(other)),
    }
}

/// A fault, or an answer to another question.
fn unexpected(answer: Answer) -> Stop {
    match answer {
        Answer::Error(fault) => refused(&fault),
        _ => failed("the server's answer is not understood"),
    }
}

fn refused(fault: &Fault) -> Stop {
    failed(&format!("{} ({})", fault.text, fault.code))
}
