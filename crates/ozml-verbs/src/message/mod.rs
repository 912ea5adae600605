//! Verbs that send and receive messages.

mod receive_message;
mod send_email;
mod send_message;
mod send_msg;
mod send_sms;
mod wait_for_msg;

pub(crate) use receive_message::RECEIVE_MESSAGE;
pub(crate) use send_email::SEND_EMAIL;
pub(crate) use send_message::SEND_MESSAGE;
pub(crate) use send_msg::SEND_MSG;
pub(crate) use send_sms::SEND_SMS;
pub(crate) use wait_for_msg::WAIT_FOR_MSG;
