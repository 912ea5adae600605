//! Whether there is a network to send by (3GPP TS 27.007 7.2, 10.1.22).

use super::super::at::{Fields, Reply};

/// What a modem says of its registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Registration {
    /// At home or abroad, also for messages only.
    Registered,
    /// The network refuses the SIM card.
    Denied,
    /// None yet, or no more.
    None,
    /// It does not say.
    Untold,
}

impl Registration {
    /// Of the answer to `AT+CREG?` or `AT+CEREG?`.
    pub(super) fn of(reply: &Reply) -> Self {
        let fields = reply.line().and_then(|line| {
            let prefixes = ["+CREG:", "+CEREG:"];
            prefixes.into_iter().find_map(|prefix| Fields::of(line, prefix))
        });
        let state = fields.and_then(|fields| fields.number(1));
        state.map_or(Self::Untold, Self::of_state)
    }

    pub(super) fn of_state(state: u16) -> Self {
        match state {
            1 | 5 | 6 | 7 => Self::Registered,
            3 => Self::Denied,
            _ => Self::None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_have_their_meaning() {
        for (line, expected) in [
            ("+CREG: 0,1", Registration::Registered),
            ("+CREG: 2,5,\"00C3\",\"1A2B\"", Registration::Registered),
            ("+CEREG: 0,7", Registration::Registered),
            ("+CREG: 0,2", Registration::None),
            ("+CREG: 0,3", Registration::Denied),
            ("+CREG: 0", Registration::Untold),
        ] {
            let mut reply = Reply::of(Ok(()));
            reply.lines.push(line.to_owned());
            assert_eq!(Registration::of(&reply), expected, "{line}");
        }
    }
}
