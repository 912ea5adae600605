//! What is typed, and what comes of it.

mod basics;
mod faults;
mod receiving;
mod sending;
