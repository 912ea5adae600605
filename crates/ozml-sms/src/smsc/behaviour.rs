//! What a test centre does, as data.

use std::num::{NonZeroU32, NonZeroU64};
use std::time::Duration;

use ozml_session::PhoneNumber;

use super::ids::IdForm;
use super::receipt::FinalState;
use super::status;
use crate::share::Share;
use crate::smpp::{Password, SystemId};
use crate::text::DefaultCharset;

/// Characters of a message id (SMPP 3.4 5.2.23).
const MAX_ID: u8 = 64;

/// What a test centre does. The default is a good centre: any system_id and password, answers at once
/// and in order, never refuses, sends a receipt for every message that asks for one.
///
/// ```
/// use std::time::Duration;
/// use ozml_sms::smsc::{Behaviour, FinalState};
///
/// let slow = Behaviour::new().answer_delay(Duration::from_millis(50)).receipts(Some(FinalState::Expired));
/// let read: Behaviour = "answer-delay=50ms,receipts=expired".parse().unwrap();
/// assert_eq!(slow, read);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Behaviour {
    pub(super) system_id: Option<SystemId>,
    pub(super) password: Option<Password>,
    pub(super) answer_delay: Duration,
    pub(super) answers: Answers,
    pub(super) error_share: Share,
    pub(super) error_every: Option<NonZeroU64>,
    pub(super) refuse_to: Option<PhoneNumber>,
    pub(super) error_status: u32,
    pub(super) seed: u64,
    pub(super) throttle: Option<NonZeroU32>,
    pub(super) cut_every: Option<NonZeroU64>,
    pub(super) cut_to: Option<PhoneNumber>,
    pub(super) cut_after: Option<Duration>,
    pub(super) receipts: Option<FinalState>,
    pub(super) receipt_delay: Duration,
    pub(super) receipt_form: ReceiptForm,
    pub(super) ids: IdForm,
    pub(super) first_id: u64,
    pub(super) charset: DefaultCharset,
    pub(super) enquire_link: Duration,
    pub(super) allow_remote: bool,
    pub(super) limits: Limits,
}

/// How the answers to messages come. Answers to other requests always come at once and once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Answers {
    /// One each, in the order of the messages.
    #[default]
    InOrder,
    /// In groups of so many, the last message of a group first. A group that does not fill goes out
    /// 50 ms after its first answer was due.
    Reversed(NonZeroU32),
    /// Every n-th message is taken and never answered.
    MissingEvery(NonZeroU64),
    /// Every n-th message is answered twice.
    TwiceEvery(NonZeroU64),
}

/// Where a receipt carries its message's id and state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ReceiptForm {
    /// In the text of appendix B of SMPP 3.4 and in the TLVs `receipted_message_id` and `message_state`.
    #[default]
    Both,
    /// In the text only, as old centres do.
    Text,
    /// In the TLVs only; the text is empty.
    Tlvs,
}

/// How message ids are written. The names are those of the connection option `receipt_id`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ReceiptId {
    /// `text`: decimal in the answer and in the receipt.
    #[default]
    Text,
    /// `resp-hex`: hexadecimal in the answer, decimal in the receipt.
    RespHex,
    /// `resp-dec-receipt-hex`: decimal in the answer, hexadecimal in the receipt.
    RespDecReceiptHex,
}

/// How much a test centre takes on. Nothing grows beyond these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Octets of one PDU, at least 4,096; a longer one ends the session with ESME_RINVCMDLEN.
    pub pdu: usize,
    /// Connections at one time; one more is closed at once.
    pub connections: usize,
    /// Messages of one session without an answer; one more is refused with ESME_RMSGQFUL.
    pub unanswered: usize,
    /// Receipts that wait, in all; beyond them messages that ask for one are refused with ESME_RMSGQFUL.
    pub receipts: usize,
    /// Receipts of one session sent and not yet answered.
    pub receipt_window: usize,
    /// The newest messages kept for [`received`](super::TestSmsc::received) and `query_sm`.
    pub kept: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            pdu: 64 * 1024,
            connections: 256,
            unanswered: 10_000,
            receipts: 100_000,
            receipt_window: 1_000,
            kept: 10_000,
        }
    }
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            system_id: None,
            password: None,
            answer_delay: Duration::ZERO,
            answers: Answers::InOrder,
            error_share: Share::NONE,
            error_every: None,
            refuse_to: None,
            error_status: status::RSYSERR,
            seed: 1,
            throttle: None,
            cut_every: None,
            cut_to: None,
            cut_after: None,
            receipts: Some(FinalState::Delivered),
            receipt_delay: Duration::ZERO,
            receipt_form: ReceiptForm::Both,
            ids: IdForm::default(),
            first_id: 1_000_000_001,
            charset: DefaultCharset::Gsm7,
            enquire_link: Duration::from_secs(30),
            allow_remote: false,
            limits: Limits::default(),
        }
    }
}

impl Behaviour {
    /// The good centre that [`Behaviour`] describes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only this system_id may bind; others get ESME_RINVSYSID.
    #[must_use]
    pub fn system_id(mut self, system_id: SystemId) -> Self {
        self.system_id = Some(system_id);
        self
    }

    /// Only this password binds; others get ESME_RINVPASWD.
    #[must_use]
    pub fn password(mut self, password: Password) -> Self {
        self.password = Some(password);
        self
    }

    /// How long each message waits for its answer.
    #[must_use]
    pub fn answer_delay(mut self, delay: Duration) -> Self {
        self.answer_delay = delay;
        self
    }

    /// Order and number of the answers.
    #[must_use]
    pub fn answers(mut self, answers: Answers) -> Self {
        self.answers = answers;
        self
    }

    /// Refuses this share of the messages, chosen by the [`seed`](Self::seed): the same seed refuses the
    /// same messages.
    #[must_use]
    pub fn error_share(mut self, share: Share) -> Self {
        self.error_share = share;
        self
    }

    /// Refuses every n-th message, counted over all sessions.
    #[must_use]
    pub fn error_every(mut self, every: NonZeroU64) -> Self {
        self.error_every = Some(every);
        self
    }

    /// Refuses every message to this recipient.
    #[must_use]
    pub fn refuse_to(mut self, recipient: PhoneNumber) -> Self {
        self.refuse_to = Some(recipient);
        self
    }

    /// The SMPP `command_status` of what [`error_share`](Self::error_share),
    /// [`error_every`](Self::error_every) and [`refuse_to`](Self::refuse_to) refuse; ESME_RSYSERR (8) by default. Not 0, which is no refusal.
    #[must_use]
    pub fn error_status(mut self, status: u32) -> Self {
        self.error_status = status;
        self
    }

    /// Where the chance behind [`error_share`](Self::error_share) begins; 1 by default.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Takes so many messages a second, over all sessions; the rest get ESME_RTHROTTLED. Bursts of a
    /// tenth of a second pass.
    #[must_use]
    pub fn throttle(mut self, messages_per_second: NonZeroU32) -> Self {
        self.throttle = Some(messages_per_second);
        self
    }

    /// Drops a connection without a word when its n-th message has come in. That message is taken; it
    /// and all others whose answers wait are not answered.
    #[must_use]
    pub fn cut_every(mut self, every: NonZeroU64) -> Self {
        self.cut_every = Some(every);
        self
    }

    /// Drops a connection without a word when a message to this recipient has come in. It is not taken; all
    /// others whose answers wait are not answered.
    #[must_use]
    pub fn cut_to(mut self, recipient: PhoneNumber) -> Self {
        self.cut_to = Some(recipient);
        self
    }

    /// Drops each connection without a word so long after it was made.
    #[must_use]
    pub fn cut_after(mut self, time: Duration) -> Self {
        self.cut_after = Some(time);
        self
    }

    /// The final state that receipts tell, `None` for no receipts at all. Messages that do not ask for a
    /// receipt (`registered_delivery`) never get one.
    #[must_use]
    pub fn receipts(mut self, state: Option<FinalState>) -> Self {
        self.receipts = state;
        self
    }

    /// How long after the message its receipt is sent. With a longer
    /// [`answer_delay`](Self::answer_delay) the receipt comes before the answer.
    #[must_use]
    pub fn receipt_delay(mut self, delay: Duration) -> Self {
        self.receipt_delay = delay;
        self
    }

    /// Where receipts carry id and state.
    #[must_use]
    pub fn receipt_form(mut self, form: ReceiptForm) -> Self {
        self.receipt_form = form;
        self
    }

    /// In which base message ids are written.
    #[must_use]
    pub fn receipt_id(mut self, form: ReceiptId) -> Self {
        self.ids.base = form;
        self
    }

    /// Least digits of an id in a receipt, with zeros in front; at most 64. 0 by default: none are put there.
    #[must_use]
    pub fn receipt_digits(mut self, digits: u8) -> Self {
        self.ids.receipt_digits = digits.min(MAX_ID);
        self
    }

    /// Writes hexadecimal ids in small letters; in capitals by default.
    #[must_use]
    pub fn lower_case_ids(mut self, lower_case: bool) -> Self {
        self.ids.lower_case = lower_case;
        self
    }

    /// The number of the first message; later ones count on. 1,000,000,001 by default.
    #[must_use]
    pub fn first_id(mut self, number: u64) -> Self {
        self.first_id = number;
        self
    }

    /// What `data_coding` 0 is read as.
    #[must_use]
    pub fn charset(mut self, charset: DefaultCharset) -> Self {
        self.charset = charset;
        self
    }

    /// The silence after which the centre asks whether its peer is still there (enquire_link), 30 s by
    /// default; zero never asks.
    #[must_use]
    pub fn enquire_link(mut self, silence: Duration) -> Self {
        self.enquire_link = silence;
        self
    }

    /// Lets [`TestSmsc::listen`](super::TestSmsc::listen) take an address that other machines reach.
    #[must_use]
    pub fn allow_remote(mut self, allow: bool) -> Self {
        self.allow_remote = allow;
        self
    }

    /// How much the centre takes on.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }
}
