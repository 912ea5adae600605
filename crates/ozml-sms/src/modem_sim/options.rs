//! The options of a [`Behaviour`].

use std::time::Duration;

use ozml_session::PhoneNumber;

use super::behaviour::{
    Behaviour, Card, Echo, ReferenceFrom, Registration, ReportRoute, ReportState, Unacknowledged,
};
use crate::options::{OptionSet, Setting, named, parsed, time, yes};

/// Sets one field to what is read of the value.
macro_rules! set {
    ($field:ident, $read:expr) => {
        |mut behaviour: Behaviour, value: &str| {
            behaviour.$field = $read(value)?;
            Some(behaviour)
        }
    };
}

const ABOVE_0: &str = "a number above 0";
const TIME: &str = "a time such as 50ms";
const TIME_ABOVE_0: &str = "a time above 0 such as 50ms";
const NUMBER: &str = "a phone number";
const WORD: &str = "1 to 32 plain characters";

const SETTINGS: [Setting<Behaviour>; 44] = [
    Setting::new(
        "manufacturer",
        WORD,
        "what AT+CGMI answers",
        set!(manufacturer, parsed),
    ),
    Setting::new("model", WORD, "what AT+CGMM answers", set!(model, parsed)),
    Setting::new(
        "number",
        NUMBER,
        "the SIM card's own number (AT+CNUM)",
        set!(number, some_number),
    ),
    Setting::new(
        "imei",
        "15 digits",
        "the modem's identity (AT+CGSN)",
        set!(imei, parsed),
    ),
    Setting::new(
        "imsi",
        "15 digits",
        "the SIM card's identity (AT+CIMI)",
        set!(imsi, parsed),
    ),
    Setting::new(
        "operator",
        WORD,
        "the name of the network (AT+COPS)",
        set!(operator, parsed),
    ),
    Setting::new(
        "service-centre",
        "a phone number or none",
        "the service centre that the SIM card names",
        set!(service_centre, number_or_none),
    ),
    Setting::new(
        "sim",
        "ready, none or failed",
        "what is in the SIM slot",
        set!(card, |v| named(
            v,
            &[
                ("ready", Card::Ready),
                ("none", Card::None),
                ("failed", Card::Failed)
            ]
        )),
    ),
    Setting::secret(
        "pin",
        "4 to 8 digits",
        "lock the SIM card; three wrong ones ask for the PUK",
        |mut b, v| {
            b.pin = Some(parsed(v)?);
            Some(b)
        },
    ),
    Setting::secret(
        "puk",
        "8 digits",
        "what unlocks it then, 00000000 if not given",
        |mut b, v| {
            b.puk = Some(parsed(v).filter(|_| v.len() == 8)?);
            Some(b)
        },
    ),
    Setting::new(
        "slots",
        "a number to 65535",
        "messages the SIM card holds",
        set!(slots, parsed),
    ),
    Setting::new(
        "phone-slots",
        "a number to 65535",
        "messages the modem itself holds, 0 for no such memory",
        set!(phone_slots, parsed),
    ),
    Setting::new(
        "filled",
        "a number to 65535",
        "begin with so many read messages on the SIM card, full at the most",
        set!(filled, parsed),
    ),
    Setting::new(
        "signal",
        "0 to 31, or 99 for unknown",
        "the strength that AT+CSQ tells",
        set!(signal, |v| parsed(v)
            .filter(|signal| *signal <= 31 || *signal == 99)),
    ),
    Setting::new(
        "registration",
        "home, roaming, searching or denied",
        "what the network says to the modem",
        set!(registration, registration),
    ),
    Setting::new(
        "registration-delay",
        TIME,
        "search for the network so long after each start",
        set!(registration_delay, time),
    ),
    Setting::new(
        "echo",
        "on, off or always",
        "send back what is typed: until ATE0, after ATE1 only, or whatever ATE says",
        set!(echo, |v| named(
            v,
            &[("on", Echo::On), ("off", Echo::Off), ("always", Echo::Always)]
        )),
    ),
    Setting::new(
        "answer-delay",
        TIME,
        "let each command wait for its answer",
        set!(answer_delay, time),
    ),
    Setting::new(
        "prompt-delay",
        TIME,
        "let each PDU wait for its prompt",
        set!(prompt_delay, time),
    ),
    Setting::new(
        "network-delay",
        TIME,
        "let each message wait so long for the network's answer",
        set!(network_delay, time),
    ),
    Setting::new(
        "octet-pause",
        TIME,
        "write octet by octet with this pause",
        set!(octet_pause, time),
    ),
    Setting::new(
        "line-split",
        TIME,
        "write each answer in two pieces, so long apart",
        set!(line_split, time),
    ),
    Setting::new(
        "noise-every",
        ABOVE_0,
        "put an unsolicited line into the answer to every n-th command",
        set!(noise_every, some),
    ),
    Setting::new(
        "lose-answer-every",
        ABOVE_0,
        "take every n-th message and never answer it",
        set!(lose_answer_every, some),
    ),
    Setting::new(
        "lose-prompt-every",
        ABOVE_0,
        "leave out every n-th prompt",
        set!(lose_prompt_every, some),
    ),
    Setting::new(
        "error-every",
        ABOVE_0,
        "refuse every n-th message",
        set!(error_every, some),
    ),
    Setting::new(
        "error-share",
        "a percentage such as 2%",
        "refuse this share of the messages",
        set!(error_share, parsed),
    ),
    Setting::new(
        "refuse-to",
        NUMBER,
        "refuse every message to this recipient",
        set!(refuse_to, some_number),
    ),
    Setting::new(
        "error-code",
        "an error such as 500, CME 100 or ERROR",
        "the error of messages refused by error-every, error-share and refuse-to",
        set!(error_code, parsed),
    ),
    Setting::new(
        "hang-after",
        ABOVE_0,
        "say nothing any more after so many commands",
        set!(hang_after, some),
    ),
    Setting::new(
        "hang-for",
        TIME,
        "start anew so long after that; for ever if not given",
        set!(hang_for, |v| time(v).map(Some)),
    ),
    Setting::new(
        "unplug-after",
        ABOVE_0,
        "be pulled out at every n-th message, which is taken and not answered",
        set!(unplug_after, some),
    ),
    Setting::new(
        "unplug-for",
        TIME,
        "be plugged in again so long after that",
        set!(unplug_for, time),
    ),
    Setting::new(
        "restart-time",
        TIME,
        "be silent so long after AT+CFUN=1,1",
        set!(restart_time, time),
    ),
    Setting::new(
        "reference",
        "own or pdu",
        "whose message reference (TP-MR) messages have: the modem's own count or that of the PDU",
        set!(reference, |v| named(
            v,
            &[("own", ReferenceFrom::Own), ("pdu", ReferenceFrom::Pdu)]
        )),
    ),
    Setting::new(
        "reject-duplicates",
        "yes or no",
        "refuse a message that asks for it (TP-RD) and repeats reference and number, with error 197",
        set!(reject_duplicates, yes),
    ),
    Setting::new(
        "reports",
        "none, delivered, unconfirmed, trying, expired or failed",
        "what status reports tell",
        set!(reports, |v| named(v, &ReportState::NAMES)),
    ),
    Setting::new(
        "report-delay",
        TIME,
        "send status reports so long after the answer",
        set!(report_delay, time),
    ),
    Setting::new(
        "report-route",
        "any, direct or stored",
        "the ways of status reports that AT+CNMI offers",
        set!(report_route, report_route),
    ),
    Setting::new(
        "incoming-every",
        TIME_ABOVE_0,
        "let a message come in so often",
        set!(incoming_every, |v| time_above_0(v).map(Some)),
    ),
    Setting::new(
        "acknowledge-time",
        TIME_ABOVE_0,
        "wait so long for AT+CNMA in phase 2+",
        set!(acknowledge_time, time_above_0),
    ),
    Setting::new(
        "unacknowledged",
        "repeat or store",
        "what follows without AT+CNMA: the message again, or +CNMI reset and the message stored",
        set!(unacknowledged, |v| named(
            v,
            &[
                ("repeat", Unacknowledged::Repeat),
                ("store", Unacknowledged::Store)
            ]
        )),
    ),
    Setting::new(
        "seed",
        "a number",
        "choose other messages and places by chance",
        set!(seed, parsed),
    ),
    Setting::new(
        "kept",
        ABOVE_0,
        "remember so many messages",
        set!(kept, |v| parsed(v).filter(|kept| *kept > 0)),
    ),
];

impl OptionSet for Behaviour {
    const WHOSE: &'static str = "a modem";
    const EXAMPLE: &'static str = "answer-delay=50ms";

    fn settings() -> &'static [Setting<Self>] {
        &SETTINGS
    }
}

fn some<T: std::str::FromStr>(written: &str) -> Option<Option<T>> {
    parsed(written).map(Some)
}

/// What comes again after no time would come for ever.
fn time_above_0(written: &str) -> Option<Duration> {
    time(written).filter(|time| !time.is_zero())
}

fn some_number(written: &str) -> Option<Option<PhoneNumber>> {
    PhoneNumber::new(written).ok().map(Some)
}

fn number_or_none(written: &str) -> Option<Option<PhoneNumber>> {
    if written == "none" {
        Some(None)
    } else {
        some_number(written)
    }
}

fn registration(written: &str) -> Option<Registration> {
    let list = [
        ("home", Registration::Home),
        ("roaming", Registration::Roaming),
        ("searching", Registration::Searching),
        ("denied", Registration::Denied),
    ];
    named(written, &list)
}

fn report_route(written: &str) -> Option<ReportRoute> {
    let list = [
        ("any", ReportRoute::Any),
        ("direct", ReportRoute::Direct),
        ("stored", ReportRoute::Stored),
    ];
    named(written, &list)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::OptionError;

    #[test]
    fn options_change_the_behaviour_and_nothing_else() {
        let read: Behaviour = "pin=1234,registration=denied,unplug-after=3,reports=none"
            .parse()
            .unwrap();
        let expected = Behaviour {
            pin: parsed("1234"),
            registration: Registration::Denied,
            unplug_after: parsed("3"),
            reports: None,
            ..Behaviour::default()
        };
        assert_eq!(read, expected);
        assert_eq!("".parse(), Ok(Behaviour::default()));
    }

    #[test]
    fn messages_without_a_slot_are_counted() {
        for (written, count) in [("filled=99", 79), ("filled=20", 0), ("filled=3,slots=1", 2)] {
            assert_eq!(
                written.parse::<Behaviour>().unwrap().filled_in_vain(),
                count,
                "{written}"
            );
        }
    }

    #[test]
    fn every_option_refuses_what_it_cannot_read() {
        for help in Behaviour::option_help() {
            let result = Behaviour::default().with_option(help.name, "no such value, surely not");
            assert!(matches!(result, Err(OptionError::Value { .. })), "{}", help.name);
        }
    }

    #[test]
    fn wrong_options_say_what_was_expected_and_repeat_no_secret() {
        for (written, message) in [
            (
                "signal=32",
                "\"32\" is no value of signal: 0 to 31, or 99 for unknown was expected",
            ),
            (
                "pin=secret",
                "\"***\" is no value of pin: 4 to 8 digits was expected",
            ),
            (
                "pin",
                "\"pin\" is no option of a modem: write name=value, such as answer-delay=50ms",
            ),
        ] {
            assert_eq!(written.parse::<Behaviour>().unwrap_err().to_string(), message);
        }
        let unknown = "delay=1s".parse::<Behaviour>().unwrap_err().to_string();
        assert!(unknown.starts_with("a modem has no option \"delay\": it has manufacturer, model,"));
    }
}
