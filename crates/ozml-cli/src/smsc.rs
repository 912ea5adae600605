//! `ozml smsc`: the test message centre as a program.

use ozml::sms::smpp::Status;
use ozml::sms::smsc::{Event, ListenError, ReceivedSms, TestSmsc};

use crate::args::SmscArgs;
use crate::exit::{Exit, Stop};
use crate::output::{Output, print, shown};

/// Listens until a signal ends it, and prints what happens.
pub(crate) fn smsc(args: &SmscArgs, output: Output) -> Result<Exit, Stop> {
    crate::run::runtime()?.block_on(serve(args, output))
}

async fn serve(args: &SmscArgs, output: Output) -> Result<Exit, Stop> {
    let end = crate::run::signal();
    tokio::pin!(end);
    let behaviour = args.behaviour.0.clone().allow_remote(args.allow_remote);
    let centre = TestSmsc::listen(args.listen, behaviour)
        .await
        .map_err(|fault| Stop::usage(refusal(&fault)))?;
    let mut events = centre.events();
    if !output.quiet {
        let _ = print(&format!(
            "test message centre on {}; Ctrl-C ends it\n",
            centre.addr()
        ));
    }
    loop {
        tokio::select! {
            () = &mut end => break,
            event = events.next() => match event {
                Some(event) if show(&event, output).is_ok() => {}
                _ => break,
            },
        }
    }
    centre.shutdown().await;
    Ok(Exit::Done)
}

/// Why it does not listen, with the option that allows it.
fn refusal(fault: &ListenError) -> String {
    match fault {
        ListenError::NotLoopback(addr) => format!(
            "a test centre on {addr} could be reached by other machines: listen on a loopback address such as \
             127.0.0.1, or allow it with `--allow-remote`"
        ),
        fault => fault.to_string(),
    }
}

/// An error when nobody reads any more.
fn show(event: &Event, output: Output) -> std::io::Result<()> {
    if output.quiet {
        return Ok(());
    }
    print(&format!("{}\n", shown(&described(event))))
}

fn described(event: &Event) -> String {
    match event {
        Event::Bound {
            session,
            system_id,
            kind,
        } => {
            let kind = format!("{kind:?}").to_ascii_lowercase();
            format!("session {session}: bound as {kind} by {system_id}")
        }
        Event::BindRefused { session, status } => {
            format!("session {session}: bind refused, {}", name(*status))
        }
        Event::Sms(sms) => message(sms),
        Event::Refused { session, status } => {
            format!("session {session}: message refused, {}", name(*status))
        }
        Event::ReceiptSent { sms, state } => {
            format!(
                "sms {}: receipt sent, {}",
                sms.number(),
                format!("{state:?}").to_ascii_lowercase()
            )
        }
        Event::ReceiptAnswered { sms, status: 0 } => format!("sms {}: receipt taken", sms.number()),
        Event::ReceiptAnswered { sms, status } => {
            format!("sms {}: receipt refused, {}", sms.number(), name(*status))
        }
        Event::Closed { session, reason } => format!("session {session}: closed, {reason}"),
        Event::Missed(count) => format!("({count} events more)"),
        _ => String::new(),
    }
}

fn message(sms: &ReceivedSms) -> String {
    let part = sms
        .segment()
        .map(|part| format!(" part {} of {}", part.number, part.total))
        .unwrap_or_default();
    let text = sms
        .text()
        .unwrap_or_else(|| format!("{} octets", sms.octets().len()));
    let from = sms.from_number();
    format!(
        "sms {}{part} from {} to {}: {text}",
        sms.number(),
        from.as_deref().unwrap_or("its own number"),
        sms.to_number()
    )
}

fn name(status: u32) -> String {
    Status(status).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_address_names_the_option() {
        let fault = ListenError::NotLoopback(([0, 0, 0, 0], 2775).into());
        let written = refusal(&fault);
        assert!(
            written.ends_with("or allow it with `--allow-remote`"),
            "{written}"
        );
    }
}
