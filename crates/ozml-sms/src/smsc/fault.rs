//! Which field of a body the codec refused is at fault.

use super::status;

enum Field {
    /// A C-octet string of at most so many octets, NUL included, and the status for a wrong one.
    Text(usize, u32),
    /// So many single octets.
    Octets(usize),
    /// A length octet and what it counts.
    Counted(u32),
}

/// SMPP 3.4 4.4.1.
const SUBMIT_SM: [Field; 10] = [
    Field::Text(6, status::RINVSERTYP),
    Field::Octets(2),
    Field::Text(21, status::RINVSRCADR),
    Field::Octets(2),
    Field::Text(21, status::RINVDSTADR),
    Field::Octets(3),
    Field::Text(17, status::RINVSCHED),
    Field::Text(17, status::RINVEXPIRY),
    Field::Octets(4),
    Field::Counted(status::RINVMSGLEN),
];

/// SMPP 3.4 4.1.1, as far as its fields have a status of their own.
const BIND: [Field; 2] = [
    Field::Text(16, status::RINVSYSID),
    Field::Text(9, status::RINVPASWD),
];

/// The status for a `submit_sm` that cannot be decoded.
pub(super) fn of_submit_sm(body: &[u8]) -> u32 {
    walk(body, &SUBMIT_SM).unwrap_or(status::RINVTLVSTREAM)
}

/// The status for a bind that cannot be decoded.
pub(super) fn of_bind(body: &[u8]) -> u32 {
    walk(body, &BIND).unwrap_or(status::RBINDFAIL)
}

fn walk(mut body: &[u8], fields: &[Field]) -> Option<u32> {
    for field in fields {
        let (length, fault) = match field {
            Field::Text(max, fault) => (text_length(body, *max), *fault),
            Field::Octets(count) => (Some(*count), status::RINVCMDLEN),
            Field::Counted(fault) => (body.first().map(|count| usize::from(*count) + 1), *fault),
        };
        match length.and_then(|length| body.get(length..)) {
            Some(rest) => body = rest,
            None => return Some(fault),
        }
    }
    None
}

/// Octets of a text with its NUL. A time is empty or full, and all texts are ASCII.
fn text_length(body: &[u8], max: usize) -> Option<usize> {
    let length = body.iter().take(max).position(|octet| *octet == 0)?;
    let is_time = max == 17;
    let fits = !is_time || length == 0 || length == 16;
    let ascii = body.get(..length)?.is_ascii();
    (fits && ascii).then(|| length.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn submit(service: &[u8], from: &[u8], to: &[u8], validity: &[u8], rest: &[u8]) -> Vec<u8> {
        [
            service,
            &[0],
            &[1, 1],
            from,
            &[0],
            &[1, 1],
            to,
            &[0],
            &[0, 0, 0],
            &[0],
            validity,
            &[0],
            &[0; 4],
            rest,
        ]
        .concat()
    }

    #[test]
    fn the_first_wrong_field_is_named() {
        let long = [b'1'; 21];
        for (body, expected) in [
            (submit(b"toolong", b"1", b"2", b"", &[0]), status::RINVSERTYP),
            (submit(b"", b"caf\xE9", b"2", b"", &[0]), status::RINVSRCADR),
            (submit(b"", b"1", &long, b"", &[0]), status::RINVDSTADR),
            (submit(b"", b"1", b"2", b"tomorrow", &[0]), status::RINVEXPIRY),
            (submit(b"", b"1", b"2", b"", &[3, 1]), status::RINVMSGLEN),
            (
                submit(b"", b"1", b"2", b"", &[0, 4, 0x24, 0, 9]),
                status::RINVTLVSTREAM,
            ),
            (vec![0, 1], status::RINVCMDLEN),
            (vec![], status::RINVSERTYP),
        ] {
            assert_eq!(of_submit_sm(&body), expected, "{body:02X?}");
        }
        assert_eq!(of_bind(b"shop\0secretsecret\0"), status::RINVPASWD);
        assert_eq!(of_bind(b"sixteen octets ..\0"), status::RINVSYSID);
        assert_eq!(of_bind(b"shop\0secret\0"), status::RBINDFAIL);
    }
}
