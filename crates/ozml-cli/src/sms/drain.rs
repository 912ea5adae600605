//! `ozml sms drain`.

use std::io::IsTerminal as _;
use std::time::{Duration, Instant};

use ozml::server::control::{Answer, Gateway, Request};
use serde_json::json;

use crate::configuration::Loaded;
use crate::exit::{Exit, Stop};
use crate::output::{complain, counted};
use crate::sms::args::DrainArgs;
use crate::sms::office::Office;
use crate::sms::{Desk, pause, unexpected};

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(200);

/// Accepts nothing more and waits until everything is sent, or accepts again.
pub(super) fn drain(desk: Desk, loaded: Loaded, args: &DrainArgs) -> Result<Exit, Stop> {
    if args.resume {
        return pause(&loaded, Request::Drain { resume: true });
    }
    desk.at(loaded, |office| {
        match office.ask(Request::Drain { resume: false })? {
            Answer::Done {} => until_sent(desk, office, args.wait),
            other => Err(unexpected(other)),
        }
    })
}

fn until_sent(desk: Desk, office: &mut Office, wait: Option<Duration>) -> Result<Exit, Stop> {
    let end = wait.and_then(|wait| Instant::now().checked_add(wait));
    let mut progress = Progress::new(desk);
    loop {
        let gateway = status(office)?;
        let is_over = end.is_some_and(|end| end <= Instant::now());
        if gateway.is_drained() || is_over {
            progress.clear();
            return Ok(finish(desk, &gateway));
        }
        progress.show(&gateway);
        let asked = office.wait(PAUSE);
        if asked.is_err() {
            progress.clear();
        }
        asked?;
    }
}

fn status(office: &mut Office) -> Result<Gateway, Stop> {
    let request = Request::Status {
        id: None,
        wait: None,
        seen: None,
    };
    match office.ask(request)? {
        Answer::Gateway(gateway) => Ok(*gateway),
        other => Err(unexpected(other)),
    }
}

fn finish(desk: Desk, gateway: &Gateway) -> Exit {
    let (unsent, awaited) = counts(gateway);
    let is_drained = gateway.is_drained();
    let value = json!({ "drained": is_drained, "unsent": unsent, "unfinished": gateway.queue.unfinished });
    desk.show(&value, || match (is_drained, awaited) {
        (true, 0) => "everything is sent\n".to_owned(),
        (true, awaited) => format!(
            "everything is sent; the end of {} is awaited\n",
            counted(awaited, "message")
        ),
        (false, _) => format!("{}\n", described(gateway)),
    });
    if is_drained { Exit::Done } else { Exit::Failed }
}

/// Messages that wait to be sent, and those that are sent and have not ended.
fn counts(gateway: &Gateway) -> (usize, usize) {
    let unsent = gateway.queue.unsent;
    (unsent, gateway.queue.unfinished.saturating_sub(unsent))
}

fn described(gateway: &Gateway) -> String {
    let (unsent, awaited) = counts(gateway);
    format!(
        "{} unsent, the end of {awaited} awaited",
        counted(unsent, "message")
    )
}

/// How far it is, in one line that is written over again; on a terminal only.
struct Progress {
    is_shown: bool,
    width: usize,
}

impl Progress {
    fn new(desk: Desk) -> Self {
        Self {
            is_shown: !desk.output.quiet && std::io::stderr().is_terminal(),
            width: 0,
        }
    }

    fn show(&mut self, gateway: &Gateway) {
        if self.is_shown {
            let line = described(gateway);
            complain(&format!("\r{line:<width$}", width = self.width));
            self.width = self.width.max(line.chars().count());
        }
    }

    fn clear(&self) {
        if self.width > 0 {
            complain(&format!("\r{:width$}\r", "", width = self.width));
        }
    }
}
