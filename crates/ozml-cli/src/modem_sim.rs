//! `ozml modem-sim`: the test modem as a program.

use std::io::BufRead;

use ozml::session::{SenderId, SmsText};
use ozml::sms::modem_sim::{Event, ModemSim, SentSms};
use tokio::sync::mpsc;

use crate::args::ModemSimArgs;
use crate::exit::{Exit, Stop};
use crate::output::{Output, complain, print, shown};

/// Lines of standard input that wait.
const LINES: usize = 16;

/// Runs until a signal ends it, and prints what happens; lines of standard input come in as messages.
pub(crate) fn modem_sim(args: &ModemSimArgs, output: Output) -> Result<Exit, Stop> {
    crate::run::runtime()?.block_on(serve(args, output))
}

async fn serve(args: &ModemSimArgs, output: Output) -> Result<Exit, Stop> {
    let end = crate::run::signal();
    tokio::pin!(end);
    let behaviour = args.behaviour.0.clone();
    let in_vain = behaviour.filled_in_vain();
    let opened = match &args.link {
        Some(link) => ModemSim::open_at(behaviour, link),
        None => ModemSim::open(behaviour),
    };
    let modem = opened.map_err(|fault| Stop::usage(fault.to_string()))?;
    let mut events = modem.events();
    if in_vain > 0 && !output.quiet {
        complain(&format!(
            "note: the SIM card begins full, {in_vain} messages of --filled have no slot\n"
        ));
    }
    if !output.quiet {
        let _ = print(&format!("test modem on {}; Ctrl-C ends it\n", path(&modem)));
    }
    let mut lines = standard_input();
    loop {
        tokio::select! {
            () = &mut end => break,
            Some(line) = lines.recv() => said(line.and_then(|line| come_in(&modem, &line))),
            event = events.next() => match event {
                Some(event) if show(&modem, &event, output).is_ok() => {}
                _ => break,
            },
        }
    }
    modem.shutdown().await;
    Ok(Exit::Done)
}

fn path(modem: &ModemSim) -> String {
    modem.path().unwrap_or_default().display().to_string()
}

/// The lines of standard input as they come, to its end; of those that cannot be read, why.
fn standard_input() -> mpsc::Receiver<Result<String, String>> {
    let (sender, lines) = mpsc::channel(LINES);
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().split(b'\n') {
            let is_last = line.is_err();
            // Whoever reads them may be gone.
            if sender.blocking_send(text_of(line)).is_err() || is_last {
                return;
            }
        }
    });
    lines
}

fn text_of(line: std::io::Result<Vec<u8>>) -> Result<String, String> {
    let octets = line.map_err(|fault| format!("standard input cannot be read any more: {fault}"))?;
    String::from_utf8(octets).map_err(|fault| {
        let line = String::from_utf8_lossy(fault.as_bytes()).into_owned();
        format!("`{}` is left out: it is not UTF-8", line.trim())
    })
}

fn said(done: Result<(), String>) {
    if let Err(fault) = done {
        complain(&format!("error: {}\n", shown(&fault)));
    }
}

/// A line with a number or name and a text: a message to the modem.
fn come_in(modem: &ModemSim, line: &str) -> Result<(), String> {
    if line.trim().is_empty() {
        return Ok(());
    }
    let (from, text) = message(line)?;
    modem.incoming(&from, &text).map_err(|fault| fault.to_string())
}

fn message(line: &str) -> Result<(SenderId, SmsText), String> {
    let (from, text) = line.trim().split_once(char::is_whitespace).ok_or_else(|| {
        format!(
            "`{}` is no message: write a number and a text, such as `+36201234567 Hello`",
            line.trim()
        )
    })?;
    let from = SenderId::new(from).map_err(|fault| format!("`{from}`: {fault}"))?;
    let text = SmsText::new(text.trim()).map_err(|fault| fault.to_string())?;
    Ok((from, text))
}

/// An error when nobody reads any more.
fn show(modem: &ModemSim, event: &Event, output: Output) -> std::io::Result<()> {
    let is_command = matches!(event, Event::Command(_));
    if output.quiet || is_command && !output.verbose {
        return Ok(());
    }
    let text = match event {
        Event::Plugged => format!("plugged in on {}", path(modem)),
        event => described(event),
    };
    print(&format!("{}\n", shown(&text)))
}

fn described(event: &Event) -> String {
    of_sending(event)
        .or_else(|| of_receiving(event))
        .unwrap_or_else(|| match event {
            Event::Command(line) => format!("command {line}"),
            Event::BadLine(line) => format!("no command: {line}"),
            Event::PinTried { right: true, .. } => "PIN right".to_owned(),
            Event::PinTried { left, .. } => format!("PIN wrong, tries left: {left}"),
            Event::Restarted => "restarted".to_owned(),
            Event::Hung => "hangs".to_owned(),
            Event::Unplugged => "unplugged".to_owned(),
            Event::Missed(count) => format!("({count} events more)"),
            _ => String::new(),
        })
}

fn of_sending(event: &Event) -> Option<String> {
    Some(match event {
        Event::Sms(sms) => sent(sms),
        Event::Whole { to, text, parts } => format!("all {parts} parts to {to}: {text}"),
        Event::Refused { to: Some(to), error } => format!("sms to {to} refused, {error}"),
        Event::Refused { to: None, error } => format!("sms refused, {error}"),
        Event::AnswerLost => "its answer is left out".to_owned(),
        Event::PromptLost => "a prompt is left out".to_owned(),
        Event::Report { reference, status } => {
            format!("report on reference {reference}: status 0x{status:02X}")
        }
        Event::ReportDropped { reference } => {
            format!("report on reference {reference} thrown away: AT+CNMI has no way for it")
        }
        _ => return None,
    })
}

fn of_receiving(event: &Event) -> Option<String> {
    Some(match event {
        Event::Stored { index } => format!("came in, stored in slot {index}"),
        Event::Given => "came in, given directly".to_owned(),
        Event::Acknowledged => "acknowledged".to_owned(),
        Event::Unacknowledged => "not acknowledged in time".to_owned(),
        Event::MemoryFull => "came in, but there is no slot: it waits".to_owned(),
        Event::Read { index } => format!("slot {index} read"),
        Event::Deleted { index } => format!("slot {index} deleted"),
        _ => return None,
    })
}

fn sent(sms: &SentSms) -> String {
    let part = sms
        .part
        .map(|part| format!(" part {} of {}", part.number, part.total));
    let text = sms.text.clone();
    let text = text.unwrap_or_else(|| format!("{} octets", sms.submit.user_data.octets.len()));
    format!(
        "sms {}{} to {}, reference {}{}: {text}",
        sms.number,
        part.unwrap_or_default(),
        sms.to,
        sms.reference,
        if sms.doubled { ", again" } else { "" }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_number_and_a_text() {
        let (from, text) = message(" +36201234567  Hello there ").unwrap();
        assert_eq!((from.as_str(), text.as_str()), ("+36201234567", "Hello there"));
        let fault = message("Hello").unwrap_err();
        assert!(
            fault.starts_with("`Hello` is no message: write a number and a text"),
            "{fault}"
        );
        let fault = message("+36201234567890123456789 Hello").unwrap_err();
        assert!(fault.starts_with("`+36201234567890123456789`: "), "{fault}");
    }

    #[test]
    fn a_line_that_is_no_text_is_told() {
        assert_eq!(text_of(Ok(b"+36 Hi".to_vec())), Ok("+36 Hi".to_owned()));
        assert_eq!(
            text_of(Ok(b"+36 Caf\xe9\r".to_vec())).unwrap_err(),
            "`+36 Caf\u{fffd}` is left out: it is not UTF-8"
        );
    }
}
