//! Who is on the other side.

use super::super::at::{Command, Fields, Reply};

/// Characters of a word that a modem says of itself.
const LONGEST: usize = 64;

/// What a modem says of itself; empty where it says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ModemIdentity {
    /// Manufacturer (`AT+CGMI`).
    pub manufacturer: String,
    /// Model (`AT+CGMM`).
    pub model: String,
    /// Revision of its software (`AT+CGMR`).
    pub revision: String,
    /// The network it is registered with (`AT+COPS?`).
    pub operator: String,
    /// A short name of the SIM card that stays the same in any port of any machine: a hash of its IMSI, or of its
    /// ICCID where the modem does not tell the IMSI.
    pub sim: String,
}

/// What is asked, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum IdentityQuestion {
    Manufacturer,
    Model,
    Revision,
    Subscriber,
    Card,
    Operator,
}

impl IdentityQuestion {
    pub(super) fn command(self) -> Command {
        match self {
            Self::Manufacturer => Command::MANUFACTURER,
            Self::Model => Command::MODEL,
            Self::Revision => Command::REVISION,
            Self::Subscriber => Command::SUBSCRIBER,
            Self::Card => Command::CARD,
            Self::Operator => Command::OPERATOR,
        }
    }
}

impl ModemIdentity {
    /// Takes an answer, `None` for one that was refused; what is asked next.
    pub(super) fn on_reply(
        &mut self,
        question: IdentityQuestion,
        reply: Option<&Reply>,
    ) -> Option<IdentityQuestion> {
        let line = reply.and_then(Reply::line).unwrap_or_default();
        match question {
            IdentityQuestion::Manufacturer => {
                self.manufacturer = word(line, "+CGMI:");
                Some(IdentityQuestion::Model)
            }
            IdentityQuestion::Model => {
                self.model = word(line, "+CGMM:");
                Some(IdentityQuestion::Revision)
            }
            IdentityQuestion::Revision => {
                self.revision = word(line, "+CGMR:");
                Some(IdentityQuestion::Subscriber)
            }
            IdentityQuestion::Subscriber => {
                self.sim = short_name(&word(line, "+CIMI:"), 6..=15);
                let is_told = !self.sim.is_empty();
                Some(if is_told {
                    IdentityQuestion::Operator
                } else {
                    IdentityQuestion::Card
                })
            }
            IdentityQuestion::Card => {
                self.sim = short_name(&word(line, "+CCID:"), 18..=22);
                Some(IdentityQuestion::Operator)
            }
            IdentityQuestion::Operator => {
                let operator = Fields::of(line, "+COPS:").and_then(|fields| fields.text(2));
                self.operator = word(operator.unwrap_or_default(), "");
                None
            }
        }
    }
}

fn word(line: &str, prefix: &str) -> String {
    let said = line.strip_prefix(prefix).unwrap_or(line);
    said.trim().trim_matches('"').chars().take(LONGEST).collect()
}

/// Empty for what cannot be the number of a card.
fn short_name(number: &str, lengths: std::ops::RangeInclusive<usize>) -> String {
    let is_number = number.bytes().all(|octet| octet.is_ascii_hexdigit()) && lengths.contains(&number.len());
    if !is_number {
        return String::new();
    }
    format!("{:08x}", crc32c::crc32c(number.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_has_a_short_name_that_stays() {
        assert_eq!(short_name("216301234567890", 6..=15), "ba6c1b21");
        for wrong in ["", "ERROR", "2163", "2163012345678901234"] {
            assert_eq!(short_name(wrong, 6..=15), "", "{wrong}");
        }
    }

    #[test]
    fn words_are_told_with_or_without_their_prefix() {
        for line in ["Quectel", "+CGMI: \"Quectel\"", "+CGMI:Quectel"] {
            assert_eq!(word(line, "+CGMI:"), "Quectel");
        }
    }
}
