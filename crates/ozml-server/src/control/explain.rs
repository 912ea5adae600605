use ozml_dialplan::{Explanation, MessageFacts, PolicyExplanation, SpreadState};
use ozml_session::{Action, WallTime, Who};
use ozml_sms::gateway::GatewayRules;
use ozml_sms::text::count;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ExplainRequest;

/// Where a message would go, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Explained {
    /// Whether it would be sent.
    pub admitted: bool,
    /// What the policy says.
    pub policy: Value,
    /// What each rule says.
    pub rules: Value,
    /// Both for people, in lines.
    pub text: String,
}

impl Explained {
    pub(super) fn new((policy, explanation): (PolicyExplanation, Explanation)) -> Self {
        let is_admitted = matches!(policy.verdict, ozml_dialplan::PolicyVerdict::Admitted { .. });
        let outcome = &explanation.decision.original;
        let is_routed = matches!(
            outcome,
            ozml_dialplan::Outcome::Move(_) | ozml_dialplan::Outcome::Drop { .. }
        );
        Self {
            admitted: is_admitted && is_routed,
            text: format!("destination policy\n{policy}\nrules\n{explanation}"),
            policy: serde_json::to_value(policy).unwrap_or_default(),
            rules: serde_json::to_value(explanation.rules).unwrap_or_default(),
        }
    }
}

/// Where a message would go by these rules at a time. No turn of a rule that spreads is taken into account.
pub fn explain(rules: &GatewayRules, now: WallTime, request: &ExplainRequest) -> Explained {
    let mut who = Who::unknown();
    who.account.clone_from(&request.account);
    let policy = rules.policy.explain(Action::Sms, &request.to, &who);
    let explanation = rules.router.explain(
        &facts(request),
        request.at.unwrap_or(now),
        &SpreadState::default(),
    );
    Explained::new((policy, explanation))
}

/// The message as the rules see it.
pub(super) fn facts(request: &ExplainRequest) -> MessageFacts<'_> {
    let text = request.text.as_ref().map_or("", |text| text.as_str());
    let count = count(text);
    let mut facts = MessageFacts::new(&request.to, text);
    facts.from = request.from.as_ref();
    facts.account = request.account.as_deref();
    facts.source = request.source.as_deref();
    facts.encoding = count.encoding.into();
    facts.parts = u8::try_from(count.parts).unwrap_or(u8::MAX);
    facts
}
