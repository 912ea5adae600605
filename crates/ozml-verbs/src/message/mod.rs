//! Verbs that send and receive messages.

mod send_sms;

pub(crate) use send_sms::SEND_SMS;
