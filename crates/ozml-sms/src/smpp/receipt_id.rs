//! Finding the message a receipt speaks of: a centre may give an id in hexadecimal and its receipt in
//! decimal, or the reverse, with or without leading zeros, in either case of letters.

use std::fmt;

/// Most octets of an id that are kept: a field has 65 (SMPP 3.4, 5.2.23), some centres write more, and a hostile
/// one as many as fit into a PDU.
pub(crate) const MAX_ID: usize = 255;

/// How a centre writes the id of a message in its answer and in its receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum ReceiptIdForm {
    /// The same in both.
    Text,
    /// Hexadecimal in the answer, decimal in the receipt.
    RespHex,
    /// Decimal in the answer, hexadecimal in the receipt.
    RespDecReceiptHex,
}

impl ReceiptIdForm {
    pub(crate) const ALL: [Self; 3] = [Self::Text, Self::RespHex, Self::RespDecReceiptHex];

    /// The name in the configuration.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::RespHex => "resp-hex",
            Self::RespDecReceiptHex => "resp-dec-receipt-hex",
        }
    }
}

impl fmt::Display for ReceiptIdForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What is known of a connection's form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum ReceiptIdTrust {
    /// Nothing: each id is read in all forms.
    #[default]
    None,
    /// The latest receipts had this one: of several messages it decides before age does.
    Likely(ReceiptIdForm),
    /// It is this one and no other; an id that is no number of its base stands for itself.
    Sure(ReceiptIdForm),
}

/// An id as it is compared: case folded, leading zeros dropped.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct CanonicalId(String);

impl CanonicalId {
    pub(crate) fn new(id: &str) -> Self {
        let folded = id.trim().to_ascii_lowercase();
        let short = folded.trim_start_matches('0');
        Self(if short.is_empty() && !folded.is_empty() {
            "0".to_owned()
        } else {
            short.to_owned()
        })
    }

    /// The answer's ids this receipt's id may speak of, each with the form that says so, text first.
    pub(crate) fn readings(&self) -> impl Iterator<Item = (ReceiptIdForm, Self)> + use<> {
        let form = |form| Some((form, self.reading(form)?));
        let [first, second, third] = ReceiptIdForm::ALL.map(form);
        [first, second, third].into_iter().flatten()
    }

    /// The answer's id this receipt's id speaks of in one form; `None`: it is no such number.
    pub(crate) fn reading(&self, form: ReceiptIdForm) -> Option<Self> {
        match form {
            ReceiptIdForm::Text => Some(self.clone()),
            ReceiptIdForm::RespHex => self.number(10).map(|number| Self(format!("{number:x}"))),
            ReceiptIdForm::RespDecReceiptHex => self.number(16).map(|number| Self(number.to_string())),
        }
    }

    fn number(&self, radix: u32) -> Option<u128> {
        let digits = self.0.bytes().all(|octet| char::from(octet).is_digit(radix));
        u128::from_str_radix(&self.0, radix).ok().filter(|_| digits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_leading_zeros_do_not_count() {
        assert_eq!(CanonicalId::new("00A1b"), CanonicalId::new("a1B"));
        assert_eq!(CanonicalId::new("000"), CanonicalId::new("0"));
        assert_ne!(CanonicalId::new(""), CanonicalId::new("0"));
    }

    #[test]
    fn ids_are_read_in_both_bases() {
        for (receipt, response) in [
            ("2588012738", "9A41F0C2"),
            ("9a41f0c2", "2588012738"),
            ("0010", "A"),
            ("7", "07"),
        ] {
            let response = CanonicalId::new(response);
            assert!(
                CanonicalId::new(receipt).readings().any(|(_, id)| id == response),
                "{receipt}"
            );
        }
        let readings: Vec<_> = CanonicalId::new("msg-1").readings().collect();
        assert_eq!(readings, [(ReceiptIdForm::Text, CanonicalId::new("msg-1"))]);
        assert_eq!(CanonicalId::new(&"f".repeat(65)).readings().count(), 1);
        assert_eq!(CanonicalId::new("+1").readings().count(), 1);
    }
}
