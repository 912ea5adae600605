use crate::gateway::{PartToken, SessionId};
use crate::link::PartPdu;
use ozml_session::{
    AcceptedSms, ConnectionName, MessageId, Notification, ReceivedSms, SmsRefusal, SmsStatus, WallTime,
};

/// The present, on both clocks: milliseconds for waiting, the date for records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Now {
    pub(crate) ms: u64,
    pub(crate) wall: WallTime,
}

impl Now {
    /// When a date comes, on the clock for waiting. From here on a jump of the date changes nothing.
    pub(crate) fn moment_of(self, date: WallTime) -> u64 {
        let left = date.as_unix_millis().saturating_sub(self.wall.as_unix_millis());
        self.ms.saturating_add(u64::try_from(left).unwrap_or(0))
    }

    /// The date after so many milliseconds.
    pub(crate) fn date_after(self, ms: u64) -> WallTime {
        let ms = i64::try_from(ms).unwrap_or(i64::MAX);
        WallTime::from_unix_millis(self.wall.as_unix_millis().saturating_add(ms))
    }
}

/// The answer of a send.
pub(crate) type SendResult = Result<AcceptedSms, SmsRefusal>;

/// Something to be done now. `R` carries an answer back to its asker.
#[derive(Debug)]
pub(crate) enum Effect<R> {
    /// A part leaves through a session.
    Submit {
        session: SessionId,
        token: PartToken,
        pdu: PartPdu,
    },
    /// A part is to come back from a session, if it has not left.
    Withdraw { session: SessionId, token: PartToken },
    /// What came in has its answer: whether it is ours.
    AnswerArrival {
        session: SessionId,
        sequence: u32,
        taken: bool,
    },
    /// A send has its answer.
    Answer { asker: R, result: SendResult },
    /// A message reached a state, durably; through this connection, if one took part.
    State(SmsStatus, Option<ConnectionName>),
    /// A web application is to be told the end of a message.
    Report(Notification),
    /// A message that came in is to be handed on.
    Receive(ReceivedSms),
    /// A session is of no use any more and is bound anew.
    Rebind(SessionId),
    /// Something an operator wants to know.
    Log(LogEvent),
}

/// What the log tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LogEvent {
    /// A message was handed over once more and may arrive twice.
    PossibleDuplicate { id: MessageId },
    /// A receipt whose message is not known.
    Uncorrelated { connection: String, ids: Vec<String> },
    /// The base of a connection's receipt ids is settled.
    ReceiptBase { connection: String, base: String },
    /// A modem called a TPDU invalid: how long it is, and its first octets.
    InvalidPdu {
        connection: String,
        octets: usize,
        beginning: Vec<u8>,
    },
    /// A connection takes nothing for a while.
    Unhealthy { connection: String, reason: String },
}
