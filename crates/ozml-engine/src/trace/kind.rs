use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// What happened. The words of the trace are extended, never renamed; a reader meets kinds it does not
/// know as [`Unknown`](Self::Unknown) and fields it does not know not at all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind")]
#[non_exhaustive]
#[allow(
    missing_docs,
    reason = "fields carry the names of the trace format, described at each kind"
)]
pub enum TraceKind<'a> {
    /// First event of a run: the script, its SHA-256, the context letter, the date and time in RFC 3339.
    #[serde(rename = "run.started")]
    RunStarted {
        script: Cow<'a, str>,
        sha256: Cow<'a, str>,
        context: Cow<'a, str>,
        started_at: Cow<'a, str>,
    },
    /// Last event of a run but for `sms.status`: `done`, `failed`, `hung-up`, `limit` or `panic`.
    #[serde(rename = "run.ended")]
    RunEnded { outcome: Cow<'a, str> },
    /// A further document; its number is the event's `doc`.
    #[serde(rename = "doc.loaded")]
    DocLoaded {
        url: Cow<'a, str>,
        sha256: Cow<'a, str>,
        bytes: u64,
    },
    /// The call is there.
    #[serde(rename = "call.started")]
    CallStarted {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        caller: Option<Cow<'a, str>>,
        called: Cow<'a, str>,
        direction: Cow<'a, str>,
    },
    /// The call is answered.
    #[serde(rename = "call.answered")]
    CallAnswered,
    /// The call is refused before it was answered.
    #[serde(rename = "call.rejected")]
    CallRejected { cause: Cow<'a, str> },
    /// Last event of a call, when effects are through; `ms` from `call.started` to the end the session saw.
    #[serde(rename = "call.ended")]
    CallEnded {
        cause: Cow<'a, str>,
        by: Cow<'a, str>,
        ms: u64,
    },
    /// The state of a leg changed; `ended` at once when the call ends.
    #[serde(rename = "leg.state")]
    LegState { state: Cow<'a, str> },
    /// A verb begins.
    #[serde(rename = "verb.started")]
    VerbStarted { verb: Cow<'a, str> },
    /// A verb is through: `ok`, `cut`, `hung-up` or `failed`.
    #[serde(rename = "verb.finished")]
    VerbFinished {
        verb: Cow<'a, str>,
        outcome: Cow<'a, str>,
    },
    /// A verb failed: status code, the name of the code, what was wrong.
    #[serde(rename = "verb.failed")]
    VerbFailed {
        verb: Cow<'a, str>,
        code: u16,
        name: Cow<'a, str>,
        text: Cow<'a, str>,
    },
    /// Speech begins.
    #[serde(rename = "prompt.spoken")]
    PromptSpoken {
        text: Cow<'a, str>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        language: Option<Cow<'a, str>>,
    },
    /// A sound file begins.
    #[serde(rename = "prompt.played")]
    PromptPlayed { file: Cow<'a, str> },
    /// A key stopped the prompt.
    #[serde(rename = "prompt.cut")]
    PromptCut { key: char },
    /// A beep begins.
    #[serde(rename = "beep")]
    Beep,
    /// A wait is over; `ms` it took.
    #[serde(rename = "waited")]
    Waited { ms: u64 },
    /// A key arrived, read or not.
    #[serde(rename = "key.pressed")]
    KeyPressed { key: char },
    /// Keys were sent to the far end.
    #[serde(rename = "keys.sent")]
    KeysSent { keys: Cow<'a, str> },
    /// A UserInput begins to listen, before its prompts: the keys of its Inputs, its BackKey, and how many
    /// keys it takes at most.
    #[serde(rename = "input.started")]
    InputStarted {
        keys: Vec<Cow<'a, str>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        back: Option<char>,
        awaited: u64,
    },
    /// The engine begins to wait for keys, after the prompts.
    #[serde(rename = "input.waiting")]
    InputWaiting,
    /// The keys of an input.
    #[serde(rename = "input.collected")]
    InputCollected { digits: Cow<'a, str> },
    /// No keys came in time.
    #[serde(rename = "input.timeout")]
    InputTimeout,
    /// The transport took an SMS.
    #[serde(rename = "sms.accepted")]
    SmsAccepted {
        id: Cow<'a, str>,
        to: Cow<'a, str>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<Cow<'a, str>>,
        text: Cow<'a, str>,
        segments: u8,
    },
    /// The transport refused an SMS.
    #[serde(rename = "sms.refused")]
    SmsRefused {
        to: Cow<'a, str>,
        code: u16,
        text: Cow<'a, str>,
    },
    /// An SMS reached a state; may follow the end of the run.
    #[serde(rename = "sms.status")]
    SmsStatus {
        id: Cow<'a, str>,
        state: Cow<'a, str>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Cow<'a, str>>,
    },
    /// A web request was answered; status 0 when it was refused or failed.
    #[serde(rename = "fetch")]
    Fetch {
        method: Cow<'a, str>,
        url: Cow<'a, str>,
        fields: Vec<(String, String)>,
        status: u16,
    },
    /// A transfer is decided.
    #[serde(rename = "transfer")]
    Transfer {
        target: Cow<'a, str>,
        result: Cow<'a, str>,
    },
    /// The far end put us on hold.
    #[serde(rename = "held")]
    Held,
    /// The far end took us back.
    #[serde(rename = "released")]
    Released,
    /// Two legs are joined.
    #[serde(rename = "bridged")]
    Bridged,
    /// A routing decision.
    #[serde(rename = "route")]
    Route {
        destination: Cow<'a, str>,
        rule: Cow<'a, str>,
    },
    /// A recording is closed.
    #[serde(rename = "record.finished")]
    RecordFinished {
        file: Cow<'a, str>,
        ms: u64,
        reason: Cow<'a, str>,
    },
    /// A file was moved.
    #[serde(rename = "file.moved")]
    FileMoved { file: Cow<'a, str>, to: Cow<'a, str> },
    /// A file was deleted.
    #[serde(rename = "file.deleted")]
    FileDeleted { file: Cow<'a, str> },
    /// A mail was taken.
    #[serde(rename = "mail.sent")]
    MailSent { to: Cow<'a, str>, subject: Cow<'a, str> },
    /// A message was handed to a connection.
    #[serde(rename = "message.sent")]
    MessageSent {
        connection: Cow<'a, str>,
        text: Cow<'a, str>,
    },
    /// A message came in on a connection.
    #[serde(rename = "message.received")]
    MessageReceived {
        connection: Cow<'a, str>,
        from: Cow<'a, str>,
        text: Cow<'a, str>,
    },
    /// A report to a web application; its HTTP status.
    #[serde(rename = "notify")]
    Notify {
        name: Cow<'a, str>,
        url: Cow<'a, str>,
        status: u16,
    },
    /// A list was defined or asked for.
    #[serde(rename = "list")]
    List { name: Cow<'a, str>, count: u64 },
    /// A variable was set by the script.
    #[serde(rename = "var")]
    Var { name: Cow<'a, str>, value: Cow<'a, str> },
    /// A limit was reached; times in seconds.
    #[serde(rename = "limit")]
    Limit { name: Cow<'a, str>, value: u64 },
    /// The destination policy refused.
    #[serde(rename = "policy")]
    Policy {
        rule: Cow<'a, str>,
        target: Cow<'a, str>,
    },
    /// The run broke down.
    #[serde(rename = "panic")]
    Panic { text: Cow<'a, str> },
    /// Something to know that is no failure.
    #[serde(rename = "warning")]
    Warning { code: Cow<'a, str>, text: Cow<'a, str> },
    /// The answer of a port, in a full trace only: enough to run the call again without the world.
    #[serde(rename = "port")]
    Port {
        name: Cow<'a, str>,
        answer: serde_json::Value,
    },
    /// A kind of a later version.
    #[serde(other, rename = "unknown")]
    Unknown,
}
