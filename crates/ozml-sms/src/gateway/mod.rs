//! The SMS gateway's rules, each of them pure: time is passed in.

#![cfg_attr(not(test), expect(dead_code, reason = "the gateway's runtime will use them"))]

mod supervisor;
