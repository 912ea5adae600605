//! Limits of the web client.

use std::time::Duration;

use ozml_session::{Invalid, parse_duration};

/// What web requests and reports may take. The field names are the ones that errors and `[limits]` use.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WebLimits {
    /// Redirects that one request follows.
    pub redirects: usize,
    /// Longest wait for the address of a name, and again for a connection.
    pub fetch_connect: Duration,
    /// Longest wait for the head of an answer, from the beginning of the request or redirect.
    pub fetch_header: Duration,
    /// Longest request in all: waiting for its turn, redirects and body too.
    pub fetch_total: Duration,
    /// Headers of an answer.
    pub response_headers: usize,
    /// Bytes of the headers of an answer, names and values.
    pub response_header_bytes: usize,
    /// Requests at once; more wait. Reports have as many of their own.
    pub fetches: usize,
    /// Requests at once to one host; more wait.
    pub fetches_per_host: usize,
    /// How often a report is tried.
    pub webhook_tries: usize,
    /// How long a report is tried.
    pub webhook_life: Duration,
    /// Reports that wait for one server.
    pub webhook_queue: usize,
    /// Bytes of all reports that wait.
    pub webhook_queue_bytes: usize,
}

impl Default for WebLimits {
    fn default() -> Self {
        Self {
            redirects: 3,
            fetch_connect: Duration::from_secs(3),
            fetch_header: Duration::from_secs(5),
            fetch_total: Duration::from_secs(10),
            response_headers: 100,
            response_header_bytes: 32 * 1024,
            fetches: 256,
            fetches_per_host: 16,
            webhook_tries: 8,
            webhook_life: Duration::from_secs(24 * 3600),
            webhook_queue: 10_000,
            webhook_queue_bytes: 64 * 1024 * 1024,
        }
    }
}

enum Slot<'l> {
    Count(&'l mut usize),
    Time(&'l mut Duration),
}

impl WebLimits {
    /// The names [`set`](Self::set) knows.
    pub const NAMES: [&'static str; 12] = [
        "redirects",
        "fetch_connect",
        "fetch_header",
        "fetch_total",
        "response_headers",
        "response_header_bytes",
        "fetches",
        "fetches_per_host",
        "webhook_tries",
        "webhook_life",
        "webhook_queue",
        "webhook_queue_bytes",
    ];

    /// Sets the limit called `name` to a number, or to a time such as `3s`; false if no limit has that name.
    pub fn set(&mut self, name: &str, value: &str) -> Result<bool, Invalid> {
        match self.slot(name) {
            None => return Ok(false),
            Some(Slot::Time(time)) => *time = parse_duration(value)?,
            Some(Slot::Count(count)) => {
                *count = value.parse().map_err(|_| {
                    Invalid::new(format!(
                        "a whole number was expected, not `{}`",
                        value.escape_debug()
                    ))
                })?;
            }
        }
        Ok(true)
    }

    fn slot(&mut self, name: &str) -> Option<Slot<'_>> {
        Some(match name {
            "redirects" => Slot::Count(&mut self.redirects),
            "fetch_connect" => Slot::Time(&mut self.fetch_connect),
            "fetch_header" => Slot::Time(&mut self.fetch_header),
            "fetch_total" => Slot::Time(&mut self.fetch_total),
            "response_headers" => Slot::Count(&mut self.response_headers),
            "response_header_bytes" => Slot::Count(&mut self.response_header_bytes),
            "fetches" => Slot::Count(&mut self.fetches),
            "fetches_per_host" => Slot::Count(&mut self.fetches_per_host),
            "webhook_tries" => Slot::Count(&mut self.webhook_tries),
            "webhook_life" => Slot::Time(&mut self.webhook_life),
            "webhook_queue" => Slot::Count(&mut self.webhook_queue),
            "webhook_queue_bytes" => Slot::Count(&mut self.webhook_queue_bytes),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_set() {
        let mut limits = WebLimits::default();
        for name in WebLimits::NAMES {
            let is_time = limits.set(name, "7").is_err();
            let value = if is_time { "7s" } else { "7" };
            assert_eq!(limits.set(name, value), Ok(true), "{name}");
        }
        assert_eq!(limits.webhook_life, Duration::from_secs(7));
        assert_eq!(limits.fetches_per_host, 7);
        assert_eq!(limits.set("verbs", "7"), Ok(false));
        assert!(limits.set("redirects", "-1").is_err());
    }
}
