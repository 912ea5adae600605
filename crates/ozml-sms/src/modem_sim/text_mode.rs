//! Messages in text mode (3GPP TS 27.005 3.1 and 3.4).

use super::charset::{Charset, from_hex, to_hex};
use super::memory::{Message, Status};
use super::settings::Settings;
use crate::gsm::ModemError;
use crate::gsm::pdu::{Address, StatusReport, Submit, Timestamp, TpUserData, Validity};
use crate::text::{Alphabet, Encoding, Reference, segment_as};

/// First octet of a SUBMIT: status report, header, and the form of the validity.
const STATUS_REPORT: u8 = 0x20;
const HEADER: u8 = 0x40;
const VALIDITY: u8 = 0x18;
const RELATIVE: u8 = 0x10;
/// Octets of a message.
const MAX_OCTETS: usize = 140;
/// +CMS: invalid text mode parameter.
const WRONG: ModemError = ModemError::Cms(305);

/// A text that was typed, as the message that AT+CSMP makes of it.
///
/// # Errors
/// A text that is not of the character set, or longer than one message.
pub(super) fn submit(settings: &Settings, to: Address, typed: &[u8]) -> Result<Submit, ModemError> {
    let [first, validity, protocol, data_coding] = settings.text_parameters;
    let user_data = match Alphabet::of_tp_dcs(data_coding) {
        Alphabet::Gsm7 => {
            let text = settings.charset.read(typed).ok_or(WRONG)?;
            let segments = segment_as(&text, Encoding::Gsm7, Reference::Bits8(0)).map_err(|_| WRONG)?;
            let [part] = segments.parts.as_slice() else {
                return Err(WRONG);
            };
            TpUserData::of(part)
        }
        _ => octets(typed, first & HEADER != 0).ok_or(WRONG)?,
    };
    Ok(Submit {
        reject_duplicates: false,
        status_report: first & STATUS_REPORT != 0,
        reference: 0,
        destination: to,
        protocol,
        data_coding,
        validity: (first & VALIDITY == RELATIVE).then_some(Validity::Relative(validity)),
        user_data,
    })
}

/// Other alphabets are typed in hexadecimal.
fn octets(typed: &[u8], has_header: bool) -> Option<TpUserData> {
    let octets = from_hex(typed).filter(|octets| octets.len() <= MAX_OCTETS)?;
    Some(TpUserData {
        has_header,
        length: u8::try_from(octets.len()).ok()?,
        octets,
    })
}

/// A number or name between quotes.
pub(super) fn quoted(charset: Charset, text: &str) -> String {
    format!("\"{}\"", charset.write(text))
}

/// What follows `+CMGR: ` and `+CMGL: <index>,`, with the text in a line of its own.
pub(super) fn stored(settings: &Settings, status: Status, message: &Message, in_list: bool) -> String {
    let name = status.name();
    match message {
        Message::Report(report) => format!("\"{name}\",{}", self::report(settings, report)),
        Message::Deliver(deliver) => {
            let details = Details {
                who: &deliver.source,
                first: 0x04,
                protocol: deliver.protocol,
                data_coding: deliver.data_coding,
                user_data: &deliver.user_data,
            };
            let sent_at = time(deliver.sent_at);
            details.line(settings, &format!("\"{name}\""), Some(&sent_at), in_list)
        }
        Message::Submit(submit) => {
            let details = Details {
                who: &submit.destination,
                first: 0x01,
                protocol: submit.protocol,
                data_coding: submit.data_coding,
                user_data: &submit.user_data,
            };
            details.line(settings, &format!("\"{name}\""), None, in_list)
        }
    }
}

/// What follows `+CMT: `.
pub(super) fn given(settings: &Settings, message: &Message) -> String {
    let line = stored(settings, Status::Unread, message, false);
    // `<oa>,[<alpha>],<scts>` without the state that a stored message has.
    line.split_once(',')
        .map_or(line.clone(), |(_, rest)| rest.to_owned())
}

/// `<fo>,<mr>,<ra>,<tora>,<scts>,<dt>,<st>` of a status report.
pub(super) fn report(settings: &Settings, report: &StatusReport) -> String {
    format!(
        "6,{},{},{},{},{},{}",
        report.reference,
        quoted(settings.charset, &report.recipient.to_string()),
        report.recipient.type_of_address(),
        time(report.sent_at),
        time(report.done_at),
        report.status.0
    )
}

/// What lists, reads and indications show of a message.
struct Details<'a> {
    who: &'a Address,
    first: u8,
    protocol: u8,
    data_coding: u8,
    user_data: &'a TpUserData,
}

impl Details<'_> {
    fn line(&self, settings: &Settings, status: &str, sent_at: Option<&str>, in_list: bool) -> String {
        let mut line = format!("{status},{},", quoted(settings.charset, &self.who.to_string()));
        if let Some(sent_at) = sent_at {
            line.push(',');
            line.push_str(sent_at);
        }
        if settings.all_fields == 1 {
            let length = self.user_data.length;
            let kind = self.who.type_of_address();
            if in_list {
                line.push_str(&format!(",{kind},{length}"));
            } else {
                let Self {
                    first,
                    protocol,
                    data_coding,
                    ..
                } = self;
                line.push_str(&format!(
                    ",{kind},{first},{protocol},{data_coding},\"\",0,{length}"
                ));
            }
        }
        line.push_str("\r\n");
        line.push_str(&self.text(settings.charset));
        line
    }

    fn text(&self, charset: Charset) -> String {
        let content = self.user_data.read(self.data_coding).ok();
        let gsm = content.filter(|content| content.alphabet == Alphabet::Gsm7);
        let text = gsm.and_then(|content| content.text());
        text.map_or_else(|| to_hex(&self.user_data.octets), |text| charset.write(&text))
    }
}

/// `"yy/MM/dd,hh:mm:ss±zz"`.
fn time(at: Timestamp) -> String {
    let [.., zone] = at.octets();
    let sign = if zone & 0x08 == 0 { '+' } else { '-' };
    let digits = |octet: u8| format!("{:X}{:X}", octet & 0x0F, octet >> 4);
    let [year, month, day, hour, minute, second, _] = at.octets().map(digits);
    let zone = digits(zone & !0x08);
    format!("\"{year}/{month}/{day},{hour}:{minute}:{second}{sign}{zone}\"")
}
