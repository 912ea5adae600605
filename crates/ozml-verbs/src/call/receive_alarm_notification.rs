//! `<ReceiveAlarmNotification>`: receive an alarm message on the call.

use ozml_engine::{Children, Contexts, Kind, PartSpec, VerbSpec};

const RECEIVED: PartSpec = PartSpec::of_verbs("Received", "runs once for each message").inner_names(&[
    "account",
    "eventqualifier",
    "eventcode",
    "eventname",
    "partition",
    "zone",
]);

/// The description of `ReceiveAlarmNotification`.
pub(crate) static RECEIVE_ALARM_NOTIFICATION: VerbSpec = VerbSpec::new(
    "ReceiveAlarmNotification",
    "Receive an alarm message on the call",
    r#"<Response><ReceiveAlarmNotification><Received><SendSms Recipient="700">$eventname zone $zone</SendSms></Received></ReceiveAlarmNotification></Response>"#,
)
.contexts(Contexts::E)
.kind(Kind::Call)
.children(Children::Parts(&[RECEIVED]))
.notes(&[
    "It does the Contact ID handshake on the call and runs what stands in Received for each message.",
    "Inside Received there are `$account`, `$eventqualifier`, `$eventcode`, `$eventname`, `$partition` and `$zone`.",
])
.readings(&["When no message was received, Received is skipped."]);
