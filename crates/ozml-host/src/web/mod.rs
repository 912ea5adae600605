//! The web: requests that are answered, and reports that are queued. All outbound HTTP goes through here.

mod address;
mod allow;
mod client;
mod config;
mod failure;
mod fetcher;
mod gate;
mod limits;
mod origin;
mod resolve;
mod secret;
mod section;
mod signature;

pub use allow::AddressRules;
pub use config::{WebConfig, WebConfigError};
pub use fetcher::WebFetcher;
pub use limits::WebLimits;
pub use origin::OriginPattern;
pub use resolve::{Resolve, ResolveError, SystemResolver};
pub use secret::{Secret, Secrets};
pub use section::{FetchSection, FetchSectionFault};
pub use signature::{SIGNATURE_HEADER, SIGNATURE_TOLERANCE, SignatureError, sign, verify};
