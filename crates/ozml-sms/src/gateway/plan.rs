//! From a message to what the outbox takes: policy, route, parts.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ozml_dialplan::{
    AcceptedMessage, Explanation, MessageFacts, OnUnknown, Outcome, PolicyExplanation, Routed, Router,
    SharedPolicy, SpreadState, TextHash,
};
use ozml_session::{
    Action, ConnectionName, EffectKey, Ids, MessageId, OutgoingSms, Refusal, RunId, SmsRefusal, SmsState,
    WallTime, Who,
};

use super::ConnectionConfig;
use super::transport::Transport;
use crate::smpp::lock;
use crate::store::{MessageNumber, Priority, Progress, SmsRecord};
use crate::text;

/// How long a message is worth sending where nothing else is said (limit `message_life`).
const VALIDITY: Duration = Duration::from_secs(24 * 60 * 60);

/// Which connection a message takes, and whether it may be sent at all.
#[derive(Debug)]
#[non_exhaustive]
pub struct GatewayRules {
    /// The routes.
    pub router: Router,
    /// The destination policy and its budgets.
    pub policy: SharedPolicy,
    /// How long a message is worth sending where neither it, its route nor its connection says so.
    pub validity: Duration,
}

impl GatewayRules {
    /// With a validity of 24 hours.
    pub fn new(router: Router, policy: SharedPolicy) -> Self {
        Self {
            router,
            policy,
            validity: VALIDITY,
        }
    }
}

/// What a sender may say about a message besides what [`OutgoingSms`] holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct SendOptions {
    /// Whose message it is: budgets and rules know accounts.
    pub account: Option<String>,
    /// The extension or HTTP user it comes from.
    pub source: Option<String>,
    /// How urgent it is; `None`: as its route says, else 0.
    pub priority: Option<Priority>,
    /// How long it is worth sending; `None`: as its route says.
    pub validity: Option<Duration>,
    /// Whether it may be sent twice; `None`: as its route or its connection says.
    pub on_unknown: Option<OnUnknown>,
}

/// A message for the outbox, and its copies.
#[derive(Debug)]
pub(crate) struct Planned {
    pub(crate) main: (SmsRecord, Progress),
    pub(crate) copies: Vec<(SmsRecord, Progress)>,
}

/// What a connection does with a message, as far as its acceptance needs it.
#[derive(Debug)]
struct Manner {
    transport: Transport,
    on_unknown: OnUnknown,
    validity: Option<Duration>,
    max_segments: Option<u8>,
}

/// Routes, policy and the manners of connections, with the turns of the routes.
#[derive(Debug)]
pub struct Planner {
    rules: GatewayRules,
    spread: Mutex<SpreadState>,
    manners: HashMap<ConnectionName, Manner>,
}

/// What a message is planned with.
struct Asked<'a> {
    now: WallTime,
    sms: &'a OutgoingSms,
    options: &'a SendOptions,
    id: MessageId,
}

impl Planner {
    pub(crate) fn new(rules: GatewayRules, connections: &[ConnectionConfig]) -> Self {
        let manner = |config: &ConnectionConfig| {
            let manner = Manner {
                transport: config.transport.clone(),
                on_unknown: config.on_unknown,
                validity: config.validity,
                max_segments: config.max_segments,
            };
            (config.name.clone(), manner)
        };
        Self {
            rules,
            spread: Mutex::default(),
            manners: connections.iter().map(manner).collect(),
        }
    }

    /// Goes on with the turns of another one; true when the budgets are the same, too.
    pub(crate) fn take_turns(&self, other: &Self) -> bool {
        *lock(&self.spread) = lock(&other.spread).clone();
        self.rules.policy.is_same(&other.rules.policy)
    }

    /// Counts messages that were accepted before against the budgets.
    pub(crate) fn remember(&self, accepted: &[SmsRecord]) {
        for record in accepted.iter().filter(|record| record.parent.is_none()) {
            let who = who(&record.key, record.account.as_deref());
            let mut message = AcceptedMessage::new(record.accepted_at, &record.to, &who);
            message.text = Some(TextHash::of(record.text.as_str()));
            self.rules.policy.replay(&message);
        }
    }

    /// Routes and policy.
    pub fn rules(&self) -> &GatewayRules {
        &self.rules
    }

    /// What each rule would do with a message, and what the policy says; nothing is counted.
    pub fn explain(&self, now: WallTime, message: &MessageFacts<'_>) -> (PolicyExplanation, Explanation) {
        let mut asker = Who::unknown();
        asker.account = message.account.map(ToOwned::to_owned);
        let policy = self.rules.policy.explain(Action::Sms, message.to, &asker);
        (
            policy,
            self.rules.router.explain(message, now, &lock(&self.spread)),
        )
    }

    pub(crate) fn plan(
        &self,
        now: WallTime,
        sms: &OutgoingSms,
        options: &SendOptions,
        ids: &dyn Ids,
    ) -> Result<Planned, SmsRefusal> {
        let asked = Asked {
            now,
            sms,
            options,
            id: ids.message(),
        };
        self.admit(sms, options)?;
        let count = text::count(sms.text.as_str());
        let mut facts = MessageFacts::new(&sms.to, sms.text.as_str());
        facts.from = sms.from.as_ref();
        facts.account = options.account.as_deref();
        facts.source = options.source.as_deref();
        facts.encoding = count.encoding.into();
        facts.parts = u8::try_from(count.parts).unwrap_or(u8::MAX);
        let decision = self.rules.router.route(&facts, now, &mut lock(&self.spread));
        let main = match decision.original {
            Outcome::Move(routed) => self.routed(&asked, routed)?,
            Outcome::Drop { rule } => asked.dropped(&rule),
            Outcome::Reject { rule } => {
                let rule = rule.to_string();
                return Err(SmsRefusal::Policy(Refusal::Rule { rule }));
            }
            _ => {
                let reason = "Destination of the SMS is not found".to_owned();
                return Err(SmsRefusal::NoRoute(reason));
            }
        };
        let copies = (1..).zip(decision.copies);
        let copies = copies.map(|(copy, routed)| self.copy(&asked, copy, routed, ids));
        Ok(Planned {
            main,
            copies: copies.collect::<Result<_, _>>()?,
        })
    }

    fn admit(&self, sms: &OutgoingSms, options: &SendOptions) -> Result<(), SmsRefusal> {
        let who = who(&sms.key, options.account.as_deref());
        let text = TextHash::of(sms.text.as_str());
        let admission = self.rules.policy.admit_message(&sms.to, &who, text);
        admission.map(drop).map_err(SmsRefusal::Policy)
    }

    fn copy(
        &self,
        asked: &Asked<'_>,
        number: u32,
        routed: Routed,
        ids: &dyn Ids,
    ) -> Result<(SmsRecord, Progress), SmsRefusal> {
        let (mut record, progress) = self.routed(asked, routed)?;
        record.parent = Some(std::mem::replace(&mut record.id, ids.message()));
        record.key = copy_key(&asked.sms.key, number);
        record.report = None;
        Ok((record, progress))
    }

    fn routed(&self, asked: &Asked<'_>, routed: Routed) -> Result<(SmsRecord, Progress), SmsRefusal> {
        let Asked { sms, options, .. } = asked;
        let manner = routed.targets.first().and_then(|name| self.manners.get(name));
        let manner = manner
            .ok_or_else(|| SmsRefusal::NoRoute(format!("rule `{}` names no connection", routed.rule)))?;
        let mut outgoing = OutgoingSms::new(sms.key.clone(), routed.to.clone(), sms.text.clone());
        outgoing.from.clone_from(&routed.from);
        outgoing.max_segments = sms.max_segments.min(manner.max_segments.unwrap_or(u8::MAX));
        let (encoding, parts) = manner.transport.cut(&outgoing)?;
        let overrides = routed.overrides;
        let validity = options
            .validity
            .or(overrides.validity)
            .or(manner.validity)
            .unwrap_or(self.rules.validity);
        let mut record = asked.record();
        record.expires_at = later(asked.now, validity);
        record.priority = match (options.priority, overrides.message_priority) {
            (Some(priority), _) => priority,
            (None, Some(priority)) => Priority::new(priority).unwrap_or_default(),
            (None, None) => Priority::default(),
        };
        record.on_unknown = options
            .on_unknown
            .or(overrides.on_unknown)
            .unwrap_or(manner.on_unknown);
        record.when_down = overrides.when_down;
        record.segments = u8::try_from(parts).unwrap_or(u8::MAX);
        record.encoding = encoding.into();
        record.rule = routed.rule;
        record.targets = routed.targets;
        record.sent_to = routed.to;
        record.sent_from = routed.from;
        let progress = Progress::accepted(asked.now, record.segments);
        Ok((record, progress))
    }
}

impl Asked<'_> {
    fn record(&self) -> SmsRecord {
        let sms = self.sms;
        SmsRecord {
            number: MessageNumber(0),
            id: self.id.clone(),
            key: sms.key.clone(),
            parent: None,
            accepted_at: self.now,
            expires_at: self.now,
            priority: Priority::default(),
            on_unknown: OnUnknown::Resend,
            when_down: ozml_dialplan::WhenDown::default(),
            to: sms.to.clone(),
            from: sms.from.clone(),
            text: sms.text.clone(),
            report: sms.report.clone(),
            account: self.options.account.as_deref().map(Into::into),
            segments: 1,
            encoding: text::count(sms.text.as_str()).encoding.into(),
            rule: "".into(),
            targets: Vec::new(),
            sent_to: sms.to.clone(),
            sent_from: sms.from.clone(),
        }
    }

    /// A message that a rule throws away: accepted, and at its end.
    fn dropped(&self, rule: &Arc<str>) -> (SmsRecord, Progress) {
        let mut record = self.record();
        record.rule = Arc::clone(rule);
        let mut progress = Progress::accepted(self.now, record.segments);
        let reason: Arc<str> = format!("dropped by rule `{rule}`").into();
        progress.note(self.now, SmsState::Failed, Some(reason));
        (record, progress)
    }
}

/// The key of a copy: the same for the same message and rule, and no other message's.
fn copy_key(key: &EffectKey, copy: u32) -> EffectKey {
    let run = format!("copy{copy}:{}", key.run());
    match RunId::new(&run) {
        Ok(run) => EffectKey::new(run, key.number()),
        // The id of the run is as long as ids may be: it gives up its beginning.
        Err(_) => {
            let kept: String = run.chars().skip(run.len().saturating_sub(240)).collect();
            let run = RunId::new(&format!("copy{copy}:{kept}"));
            EffectKey::new(run.unwrap_or_else(|_| key.run().clone()), key.number())
        }
    }
}

/// Who asks for a message, as far as its budgets go.
fn who(key: &EffectKey, account: Option<&str>) -> Who {
    let mut who = Who::unknown();
    who.run = Some(key.run().clone());
    who.account = account.map(ToOwned::to_owned);
    who
}

fn later(now: WallTime, validity: Duration) -> WallTime {
    let ms = i64::try_from(validity.as_millis()).unwrap_or(i64::MAX);
    WallTime::from_unix_millis(now.as_unix_millis().saturating_add(ms))
}
