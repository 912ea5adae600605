//! SMPP 3.4, the client's side. Everything but `tcp` and `messenger` is pure: bytes and the time go in,
//! bytes and events come out.

mod bind;
mod deliver;
mod event;
pub mod frame;
mod octets;
mod receipt;
mod receipt_id;
mod requests;
mod session;
mod status;
mod timers;
mod url;

pub use bind::{Bind, BindMode};
pub use deliver::Deliver;
pub use event::{Answer, Closed, Counters, Event, SubmitError, Ticket};
pub use receipt::{Receipt, ReceiptState};
pub use requests::Window;
pub use session::{Session, SessionConfig, SessionState};
pub use status::{Status, StatusClass, StatusClasses};
pub use timers::Timers;
pub use url::{Password, SmppUrl, SystemId};
