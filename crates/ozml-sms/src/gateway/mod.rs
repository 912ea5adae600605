//! The SMS gateway's rules, each of them pure: time is passed in.

#![cfg_attr(
    not(test),
    expect(dead_code, unused_imports, reason = "the runtime will use them")
)]

mod incoming;
mod receipts;
mod supervisor;
mod throttle;

pub use receipts::ReceiptIdMode;
