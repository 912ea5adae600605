//! `<SendAlarmNotification>`: send an alarm message in a call.

use ozml_engine::{CallAddress, Contexts, EventQualifier, HexCode, Kind, Param, VerbSpec};
use ozml_session::HttpUrl;

use crate::params::API_EXTENSION;

const NUMBER: Param<CallAddress> = Param::new("PhoneNumber", "the alarm receiver").mandatory();
const ACCOUNT: Param<HexCode<4>> = Param::new("AccountNumber", "the account, up to 4 digits").mandatory();
const EVENT: Param<HexCode<3>> = Param::new("EventCode", "what happened, up to 3 digits").mandatory();
const PARTITION: Param<HexCode<2>> =
    Param::new("PartitionNumber", "the partition, up to 2 digits").mandatory();
const ZONE: Param<HexCode<3>> = Param::new("ZoneNumber", "the zone, up to 3 digits").mandatory();
const QUALIFIER: Param<EventQualifier> =
    Param::new("EventQualifier", "whether it began, ended or goes on").default("NewEvent");
const RESULT: Param<HttpUrl> = Param::new("ResultUrl", "is told of success or failure");

/// The description of `SendAlarmNotification`.
pub(crate) static SEND_ALARM_NOTIFICATION: VerbSpec = VerbSpec::new(
    "SendAlarmNotification",
    "Send an alarm message in a call",
    r#"<Response><SendAlarmNotification PhoneNumber="700" AccountNumber="1234" EventCode="131" PartitionNumber="1" ZoneNumber="15"/></Response>"#,
)
.contexts(Contexts::E.and(Contexts::M).and(Contexts::H))
.kind(Kind::Effect)
.params(&[
    NUMBER.spec(),
    ACCOUNT.spec(),
    EVENT.spec(),
    PARTITION.spec(),
    ZONE.spec(),
    QUALIFIER.spec(),
    API_EXTENSION.spec(),
    RESULT.spec(),
])
.notes(&["It is an Ademco Contact ID message. The script goes on at once; ResultUrl is told the outcome."])
.readings(&["The digits may be hexadecimal; short values are filled up with zeros."]);
