//! The web: requests that are answered, and reports that are queued. All outbound HTTP goes through here.

mod address;
mod allow;
mod client;
mod config;
mod deliver;
mod failure;
mod fetcher;
mod gate;
mod journal;
mod limits;
mod notifier;
mod origin;
mod outbox;
mod queue;
mod report;
mod resolve;
mod secret;
mod section;
mod signature;

pub use allow::AddressRules;
pub use config::{WebConfig, WebConfigError};
pub use fetcher::WebFetcher;
pub use journal::{JournalError, NoJournal, NotificationJournal};
pub use limits::WebLimits;
pub use notifier::{NotifierCounts, Undelivered, WebNotifier};
pub use origin::OriginPattern;
pub use resolve::{Resolve, ResolveError, SystemResolver};
pub use secret::{Secret, Secrets};
pub use section::{FetchSection, FetchSectionFault};
pub use signature::{SIGNATURE_HEADER, SIGNATURE_TOLERANCE, SignatureError, sign, verify};
