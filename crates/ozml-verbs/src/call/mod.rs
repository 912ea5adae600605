//! Verbs that steer the call.

mod attended_transfer;
mod blind_transfer;
#[allow(clippy::module_inception, reason = "the verb is called so")]
mod call;
mod call_setup;
mod forward_call;
mod hangup;
mod hold;
mod receive_alarm_notification;
mod reject;
mod request;
mod route;
mod send_alarm_notification;
mod send_dtmf;
mod unhold;
mod user_input;

pub(crate) use attended_transfer::ATTENDED_TRANSFER;
pub(crate) use blind_transfer::BLIND_TRANSFER;
pub(crate) use call::CALL;
pub(crate) use call_setup::CALL_SETUP;
pub(crate) use forward_call::FORWARD_CALL;
pub(crate) use hangup::HANGUP;
pub(crate) use hold::HOLD;
pub(crate) use receive_alarm_notification::RECEIVE_ALARM_NOTIFICATION;
pub(crate) use reject::REJECT;
pub(crate) use request::REQUEST;
pub(crate) use route::ROUTE;
pub(crate) use send_alarm_notification::SEND_ALARM_NOTIFICATION;
pub(crate) use send_dtmf::SEND_DTMF;
pub(crate) use unhold::UNHOLD;
pub(crate) use user_input::USER_INPUT;
