//! Which destinations may be reached, and how often.

mod budgets;
mod counts;
mod explanation;
mod numbering;
mod policy;
mod rules;
mod section;
mod shared;
mod starter_deny;
#[cfg(test)]
mod tests;
mod text_hash;

pub use explanation::{BudgetUse, PolicyExplanation, PolicyVerdict};
pub use policy::{AcceptedMessage, Admission, Alarm, DestinationPolicy, Moment};
pub use section::{DestinationsSection, SmsPerAccount, SmsPerNeighbourhood, SmsPerRecipient};
pub use shared::SharedPolicy;
pub use starter_deny::{STARTER_DENY, StarterDeny};
pub use text_hash::TextHash;
