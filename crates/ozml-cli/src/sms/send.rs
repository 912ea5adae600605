//! `ozml sms send`.

use std::io::Read as _;
use std::time::Duration;

use ozml::server::control::{Answer, Request, SendRequest};
use ozml::session::SmsText;
use ozml::sms::store::OnUnknown;
use serde_json::json;

use crate::args::PageFormat;
use crate::exit::{Exit, Stop};
use crate::output::{counted, print};
use crate::sms::args::SendArgs;
use crate::sms::follow::{self, Seen};
use crate::sms::office::Office;
use crate::sms::{Desk, unexpected};

/// What the arguments ask for.
pub(super) fn request(args: &SendArgs) -> Result<SendRequest, Stop> {
    let text = match args.text.as_str() {
        "-" => text_on_stdin()?,
        text => text.to_owned(),
    };
    let text = SmsText::new(&text).map_err(|fault| Stop::usage(fault.to_string()))?;
    let mut request = SendRequest::new(args.to.clone(), text);
    request.from.clone_from(&args.from);
    request.report.clone_from(&args.report);
    request.key.clone_from(&args.key);
    request.priority = args.priority;
    request.validity = args.validity;
    request.on_unknown = args.hold.then_some(OnUnknown::Hold);
    request.account.clone_from(&args.account);
    Ok(request)
}

/// The whole of standard input but for the end of its last line.
fn text_on_stdin() -> Result<String, Stop> {
    let most = u64::try_from(SmsText::MAX_BYTES).unwrap_or(u64::MAX);
    // One line end and one octet more are enough to see that it is too long.
    let mut stdin = std::io::stdin().lock().take(most.saturating_add(3));
    let mut text = String::new();
    let read = stdin.read_to_string(&mut text);
    read.map_err(|fault| Stop::usage(format!("cannot read the text from standard input: {fault}")))?;
    let line = text.strip_suffix('\n').unwrap_or(&text);
    Ok(line.strip_suffix('\r').unwrap_or(line).to_owned())
}

/// Sends, and shows what becomes of it.
pub(super) fn send(
    desk: Desk,
    office: &mut Office,
    request: SendRequest,
    wait: Duration,
) -> Result<Exit, Stop> {
    let accepted = match office.ask(Request::Send(Box::new(request)))? {
        Answer::Accepted(accepted) => accepted,
        other => return Err(unexpected(other)),
    };
    let parts = counted(usize::from(accepted.segments), "part");
    let _ = print(&match desk.format {
        PageFormat::Json => format!("{}\n", json!({ "accepted": accepted })),
        PageFormat::Text if desk.output.quiet => format!("{}\n", accepted.id),
        PageFormat::Text => format!("accepted   {}  {parts}, {}\n", accepted.id, accepted.encoding),
    });
    follow::follow(desk, office, &accepted.id, Seen::acceptance(), wait)
}
