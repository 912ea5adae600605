//! How message ids are written, in answers and in receipts.

use super::behaviour::ReceiptId;

/// The writing of message ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct IdForm {
    pub(super) base: ReceiptId,
    /// Digits of an id in a receipt, with zeros in front where it has fewer.
    pub(super) receipt_digits: u8,
    /// Whether hexadecimal digits are small letters.
    pub(super) lower_case: bool,
}

impl IdForm {
    /// The id of message `number` in its answer.
    pub(super) fn in_answer(self, number: u64) -> String {
        match self.base {
            ReceiptId::Text | ReceiptId::RespDecReceiptHex => number.to_string(),
            ReceiptId::RespHex => self.hexadecimal(number),
        }
    }

    /// The id of message `number` in its receipt.
    pub(super) fn in_receipt(self, number: u64) -> String {
        let id = match self.base {
            ReceiptId::Text | ReceiptId::RespHex => number.to_string(),
            ReceiptId::RespDecReceiptHex => self.hexadecimal(number),
        };
        format!("{id:0>digits$}", digits = usize::from(self.receipt_digits))
    }

    /// The number behind an id that an answer gave.
    pub(super) fn number_of_answer(self, id: &str) -> Option<u64> {
        let base = if self.base == ReceiptId::RespHex { 16 } else { 10 };
        u64::from_str_radix(id, base).ok()
    }

    fn hexadecimal(self, number: u64) -> String {
        if self.lower_case {
            format!("{number:x}")
        } else {
            format!("{number:X}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_differ_by_base_zeros_and_case() {
        let number = 0xAB_CDEF;
        let form = |base, receipt_digits, lower_case| IdForm {
            base,
            receipt_digits,
            lower_case,
        };
        for (form, answer, receipt) in [
            (form(ReceiptId::Text, 0, false), "11259375", "11259375"),
            (form(ReceiptId::Text, 10, false), "11259375", "0011259375"),
            (form(ReceiptId::RespHex, 0, false), "ABCDEF", "11259375"),
            (form(ReceiptId::RespHex, 9, true), "abcdef", "011259375"),
            (
                form(ReceiptId::RespDecReceiptHex, 8, true),
                "11259375",
                "00abcdef",
            ),
        ] {
            assert_eq!(
                (&*form.in_answer(number), &*form.in_receipt(number)),
                (answer, receipt)
            );
            assert_eq!(form.number_of_answer(answer), Some(number));
        }
    }
}
