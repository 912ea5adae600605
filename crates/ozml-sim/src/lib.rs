//! A simulated phone system on virtual time: hours of calls in microseconds, the same every time.
//!
//! [`SimClock`] drives a run: it polls until nothing is ready, then jumps to the next wake-up. [`SimCall`]
//! is a telephone whose far end is scripted or played by hand, [`SimMessenger`] an SMS transport that
//! takes everything, [`SimFetcher`] a web application that is not there. With a real clock in place of the virtual one the same call is a terminal telephone.

mod call;
mod clock;
mod fetcher;
mod held;
mod ids;
mod inputs;
mod messenger;
mod parts;
mod prepared;
mod recorder;
pub mod scenario;
mod simulation;
mod speech;

pub use call::{FarEnd, SimCall};
pub use clock::{Drive, SimClock, Stuck};
pub use fetcher::{SimAnswer, SimFetcher};
pub use held::Held;
pub use ids::SimIds;
pub use inputs::{Input, Inputs, When};
pub use messenger::{SimMessenger, SmsAnswer};
pub use recorder::Recorder;
pub use simulation::Simulation;
pub use speech::SpeechModel;
