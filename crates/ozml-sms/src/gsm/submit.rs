//! From a message to its SMS-SUBMIT TPDUs.

use std::time::Duration;

use ozml_session::{OutgoingSms, SmsRefusal};

use super::pdu::{Address, Submit, Validity};
use crate::cut::{cut, write_reference};
use crate::text::Encoding;

/// How modems send. A sender is not among it: the number of the SIM card is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ModemSubmitOptions {
    /// Whether a status report is asked for, of each part.
    pub receipts: bool,
}

impl Default for ModemSubmitOptions {
    /// With status reports.
    fn default() -> Self {
        Self { receipts: true }
    }
}

/// A message ready for a modem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModemSubmits {
    /// The alphabet of all parts.
    pub encoding: Encoding,
    /// The parts in order, to be sent one after the other; 1 to 255. TP-MR and TP-RD are left to the sender.
    pub parts: Vec<Submit>,
}

impl ModemSubmits {
    /// The same, of no use to the centre after so many milliseconds: at least five minutes, at most 63 weeks, and
    /// never less than asked within them.
    #[must_use]
    pub fn valid_for(mut self, ms: u64) -> Self {
        let validity = Validity::at_least(Duration::from_millis(ms));
        for part in &mut self.parts {
            part.validity = Some(validity);
        }
        self
    }
}

impl ModemSubmitOptions {
    /// Writes a message; every number can be written. `reference` is asked only when the message is sent in several
    /// parts.
    pub fn submits(
        &self,
        sms: &OutgoingSms,
        reference: impl FnOnce() -> u8,
    ) -> Result<ModemSubmits, SmsRefusal> {
        let encoding = Encoding::choose(sms.text.as_str());
        let mut segments = cut(sms, encoding)?;
        write_reference(&mut segments, reference);
        let destination = Address::from(&sms.to);
        let submit = |part| {
            let mut submit = Submit::new(destination.clone(), part);
            submit.status_report = self.receipts;
            submit
        };
        Ok(ModemSubmits {
            encoding,
            parts: segments.parts.iter().map(submit).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gsm::pdu::Frame;
    use ozml_session::{EffectKey, PhoneNumber, RunId, SmsText};

    fn sms(to: &str, text: &str) -> OutgoingSms {
        let key = EffectKey::new(RunId::new("r").unwrap(), 1);
        OutgoingSms::new(key, PhoneNumber::new(to).unwrap(), SmsText::new(text).unwrap())
    }

    fn lines(submits: &ModemSubmits) -> Vec<String> {
        let frames = submits.parts.iter().map(Frame::from);
        frames.map(|frame| frame.to_hex()).collect()
    }

    #[test]
    fn one_part_is_one_line() {
        let message = sms("+36301234567", "hello");
        let submits = ModemSubmitOptions::default();
        let submits = submits.submits(&message, || panic!("not asked")).unwrap();
        // Sixteen hours and a half fit the half hours exactly.
        let submits = submits.valid_for(33 * 30 * 60 * 1_000);
        assert_eq!(lines(&submits), ["0031000B916303214365F700009805E8329BFD06"]);
    }

    #[test]
    fn every_part_asks_for_a_report_and_has_the_reference() {
        let message = sms("1234", &"ű".repeat(71));
        let submits = ModemSubmitOptions::default().submits(&message, || 0x2A).unwrap();
        assert_eq!((submits.encoding, submits.parts.len()), (Encoding::Ucs2, 2));
        let lines = lines(&submits);
        assert!(
            lines[0].starts_with("0061000481214300088C0500032A02010171"),
            "{}",
            lines[0]
        );
        assert_eq!(lines[1], "0061000481214300080E0500032A02020171017101710171");
    }

    #[test]
    fn without_reports_none_is_asked_for() {
        let options = ModemSubmitOptions { receipts: false };
        let submits = options.submits(&sms("1234", "hello"), || 0).unwrap();
        assert_eq!(lines(&submits), ["00010004812143000005E8329BFD06"]);
    }

    #[test]
    fn what_does_not_fit_is_refused_and_takes_no_reference() {
        let message = sms("1", &"x".repeat(1_600));
        let refusal = ModemSubmitOptions::default().submits(&message, || panic!("not asked"));
        assert_eq!(
            refusal.unwrap_err().to_string(),
            "Message: the text needs 11 parts, the limit `sms_segments` is 10"
        );
    }
}
