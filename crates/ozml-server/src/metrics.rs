//! What is measured, as Prometheus asks for it. A page is made from what the parts count themselves: nothing is global.
//! Labels are names of the configuration and words of ours, never numbers or texts of messages.

mod modems;
mod page;

use std::fmt;

use ozml_host::web::NotifierCounts;
use ozml_sms::gateway::{ConnectionStatus, Counters, GatewayStatus, LATENCY_BOUNDS};
use ozml_sms::smpp::Status;
use ozml_sms::store::{FLUSH_BOUNDS_MICROS, StoreStats};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::DescriptorEncoder;
use prometheus_client::encoding::text::encode;
use prometheus_client::registry::Registry;

use self::modems::Modems;
use self::page::Page;
use crate::assemble::Running;

/// What the names of all metrics begin with, then those of the gateway and those of its modems.
const PREFIX: &str = "ozml";
const GATEWAY: &str = "sms";
const MODEM: &str = "modem";

/// Everything that is measured, at one moment.
#[derive(Debug)]
pub(crate) struct Measured {
    /// `None`: the gateway is closed.
    pub(crate) status: Option<GatewayStatus>,
    /// `None`: the store is in memory.
    pub(crate) store: Option<StoreStats>,
    pub(crate) reports: NotifierCounts,
    pub(crate) policy_alarms: u64,
}

impl Measured {
    pub(crate) async fn now(running: &Running) -> Self {
        Self {
            status: running.gateway().status().await,
            store: running.store_stats(),
            reports: running.reports(),
            policy_alarms: running.policy_alarms(),
        }
    }

    /// The page in the text format OpenMetrics 1.0.
    pub(crate) fn page(self) -> Result<String, fmt::Error> {
        let mut registry = Registry::with_prefix(PREFIX);
        let connections = self.status.iter().flat_map(|status| &status.connections);
        let modems = Modems::of(connections);
        let gateway = registry.sub_registry_with_prefix(GATEWAY);
        gateway.register_collector(Box::new(self));
        let modem = registry.sub_registry_with_prefix(MODEM);
        modem.register_collector(Box::new(modems));
        let mut page = String::new();
        encode(&mut page, &registry)?;
        Ok(page)
    }
}

impl Collector for Measured {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let mut page = Page(encoder);
        if let Some(status) = &self.status {
            messages(&mut page, status)?;
            parts(&mut page, &status.counters)?;
            queue(&mut page, status)?;
            connections(&mut page, &status.connections)?;
        }
        if let Some(store) = &self.store {
            flushes(&mut page, store)?;
        }
        reports(&mut page, &self.reports)?;
        let alarms = self.policy_alarms;
        page.counter("policy_alarms", "Alarms of the destination policy", alarms)
    }
}

fn messages(page: &mut Page<'_>, status: &GatewayStatus) -> fmt::Result {
    let counters = &status.counters;
    page.counter("accepted", "Messages accepted", counters.accepted)?;
    let refused = status.refused.iter().map(|(reason, count)| (*reason, *count));
    page.counters("refused", "Messages refused, by reason", "reason", refused)?;
    let ended = counters.ended.iter().map(|(state, count)| (*state, *count));
    page.counters("ended", "Messages that ended, by state", "state", ended)?;
    page.counter("retried", "Tries again after a refusal for now", counters.retried)?;
    page.counter(
        "possible_duplicates",
        "Messages handed over once more though they may have been sent",
        counters.possible_duplicates,
    )?;
    let help = "Messages given up, which wait for a person";
    page.counter("parked", help, counters.parked)?;
    let help = "Receipts whose message was never found";
    page.counter("uncorrelated_receipts", help, counters.uncorrelated_receipts)?;
    page.counter("received", "Messages that came in", counters.received)?;
    page.counter(
        "received_again",
        "Messages and receipts that came in again",
        counters.received_again,
    )
}

fn parts(page: &mut Page<'_>, counters: &Counters) -> fmt::Result {
    page.counter("submitted", "Parts handed to a session", counters.submitted)?;
    let answers = counters.answers.iter();
    let answers = answers.map(|(status, count)| (word(Status(*status)), *count));
    page.counters("answers", "Answers to parts, by status", "status", answers)?;
    let errors = counters.modem_errors.iter();
    let errors = errors.map(|(error, count)| (error.code(), *count));
    page.counters(
        "modem_errors",
        "Parts that modems refused, by error",
        "error",
        errors,
    )?;
    page.counter("unanswered", "Parts without an answer", counters.unanswered)?;
    let milliseconds = |count: u64| count as f64 / 1e3;
    page.histogram(
        "submit_seconds",
        "Time from handing a message over to its last answer",
        milliseconds(counters.latency_sum),
        LATENCY_BOUNDS.map(milliseconds),
        &counters.latency,
    )
}

fn word(status: Status) -> String {
    status.name().map_or_else(|| status.to_string(), str::to_owned)
}

fn queue(page: &mut Page<'_>, status: &GatewayStatus) -> fmt::Result {
    let queue = &status.queue;
    let gauges = [
        (
            "queue_unfinished",
            "Messages that have not ended",
            queue.unfinished as f64,
        ),
        (
            "queue_unsent",
            "Messages that wait to be sent",
            queue.unsent as f64,
        ),
        (
            "incoming_waiting",
            "Messages that came in and nobody took yet",
            queue.received as f64,
        ),
        (
            "store_set_aside",
            "Messages that were damaged when the store was opened, and are never sent",
            status.damaged as f64,
        ),
        (
            "queue_bytes",
            "Bytes of the texts of messages that have not ended",
            queue.bytes as f64,
        ),
        (
            "queue_oldest_seconds",
            "How long the oldest message has waited to be sent",
            queue.oldest_seconds as f64,
        ),
    ];
    for (name, help, value) in gauges {
        page.gauge(name, help, value)?;
    }
    let is_accepting = !status.is_draining && status.store_fault.is_none();
    page.gauge(
        "accepting",
        "Whether messages are accepted",
        f64::from(is_accepting),
    )?;
    let help = "Reports whose address is refused, so that nobody is told";
    page.counter("reports_refused", help, status.counters.lost_reports)?;
    let help = "Commits of the gateway that the store did not take";
    page.counter("store_failed_commits", help, status.counters.failed_commits)?;
    page.counter("reconnects", "Sessions begun again", status.reconnects)
}

fn connections(page: &mut Page<'_>, connections: &[ConnectionStatus]) -> fmt::Result {
    type Value = fn(&ConnectionStatus) -> f64;
    let gauges: [(&str, &str, Value); 4] = [
        ("connection_up", "Whether a connection takes messages", |one| {
            f64::from(one.state == "up")
        }),
        ("connection_sessions", "Sessions that are bound", |one| {
            one.up.0 as f64
        }),
        (
            "connection_waiting",
            "Messages that wait for a connection",
            |one| one.waiting as f64,
        ),
        ("connection_window_in_use", "Parts without an answer", |one| {
            one.window_in_use as f64
        }),
    ];
    for (name, help, value) in gauges {
        let values = connections.iter().map(|one| ([one.name.as_str()], value(one)));
        page.gauges(name, help, ["connection"], values)?;
    }
    Ok(())
}

fn flushes(page: &mut Page<'_>, store: &StoreStats) -> fmt::Result {
    page.counter("store_commits", "Commits that the store made", store.commits)?;
    page.counter("store_changes", "Changes in these commits", store.changes)?;
    page.histogram(
        "store_flush_seconds",
        "Time to write and flush what several commits share",
        store.flush_nanos as f64 / 1e9,
        FLUSH_BOUNDS_MICROS.map(|bound| bound as f64 / 1e6),
        &store.flush_counts,
    )?;
    page.gauge(
        "store_log_bytes",
        "Bytes in the write-ahead log",
        store.log_bytes as f64,
    )?;
    let help = "Damaged messages met since the start";
    page.counter("store_damaged", help, store.damaged)
}

fn reports(page: &mut Page<'_>, counts: &NotifierCounts) -> fmt::Result {
    let help = "Reports to web applications that are neither delivered nor given up";
    page.gauge("reports_queued", help, counts.queued as f64)?;
    page.counter(
        "reports_delivered",
        "Reports that were delivered",
        counts.delivered,
    )?;
    page.counter(
        "reports_undelivered",
        "Reports that were given up",
        counts.undelivered,
    )?;
    page.counter("reports_tries", "Requests made for reports", counts.tries)
}
