//! The log on standard error: a line an event, for people or as JSON.
//!
//! Only our own crates are heard. What libraries log nobody has masked: it may hold addresses and secrets.

mod diagnostics;
mod line;

use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::{Registry, fmt};

pub use self::diagnostics::log_diagnostics;
use self::line::Lines;
use crate::config::{LogFormat, LogLevel, LogSection};

/// The variable of the environment whose level goes over the one of the configuration.
pub const LEVEL_VARIABLE: &str = "OZML_LOG";

/// How the names of our crates begin.
const OURS: &str = "ozml";

/// Writes the log of this process from now on. Where one is written already, that one stays.
///
/// `level` is a word such as `debug` and goes over the one of the section; another word is warned about.
pub fn begin(section: LogSection, level: Option<&str>) {
    let given = level.map(|word| (word, read_level(word)));
    let filter = match given {
        Some((_, Some(level))) => level,
        _ => filter(section.level),
    };
    let subscriber = subscriber(section.format, filter, std::io::stderr);
    // A host that has its own log keeps it.
    let _ = tracing::subscriber::set_global_default(subscriber);
    if let Some((word, None)) = given {
        tracing::warn!(
            word,
            "`{LEVEL_VARIABLE}` is none of error, warn, info, debug and trace"
        );
    }
}

fn subscriber<W>(format: LogFormat, level: LevelFilter, writer: W) -> Box<dyn Subscriber + Send + Sync>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let ours = Targets::new().with_target(OURS, level);
    let lines = fmt::layer()
        .with_ansi(false)
        .with_writer(Lines::new(format, writer));
    match format {
        LogFormat::Text => Box::new(Registry::default().with(ours).with(lines)),
        LogFormat::Json => {
            let lines = lines.json().flatten_event(true).with_current_span(false);
            Box::new(Registry::default().with(ours).with(lines.with_span_list(false)))
        }
    }
}

fn read_level(word: &str) -> Option<LevelFilter> {
    let levels = [
        LogLevel::Error,
        LogLevel::Warn,
        LogLevel::Info,
        LogLevel::Debug,
        LogLevel::Trace,
    ];
    let found = levels
        .into_iter()
        .find(|level| level.as_str().eq_ignore_ascii_case(word.trim()));
    found.map(filter)
}

fn filter(level: LogLevel) -> LevelFilter {
    match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    /// What is logged while `work` is done.
    fn logged(format: LogFormat, work: impl FnOnce()) -> String {
        #[derive(Clone, Default)]
        struct Kept(Arc<Mutex<Vec<u8>>>);
        impl std::io::Write for Kept {
            fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
                self.0.lock().unwrap().extend_from_slice(bytes);
                Ok(bytes.len())
            }
            fn flush(&mut self) -> std::io::Result<()> {
                Ok(())
            }
        }
        let kept = Kept::default();
        let writer = {
            let kept = kept.clone();
            move || kept.clone()
        };
        let subscriber = subscriber(format, LevelFilter::INFO, writer);
        tracing::subscriber::with_default(subscriber, work);
        String::from_utf8(kept.0.lock().unwrap().clone()).unwrap()
    }

    const HOSTILE: &str = "a\nb\u{1b}[2J\u{9b}31m\u{202e}c\u{2028}d";

    #[test]
    fn an_event_is_one_line_whatever_strangers_send() {
        let text = logged(LogFormat::Text, || tracing::info!(to = %HOSTILE, "{HOSTILE}"));
        assert_eq!(text.matches('\n').count(), 1, "{text}");
        assert!(
            text.trim_end().ends_with("\\u{202e}c\\u{2028}d")
                && !text.trim_end().chars().any(ozml_parser::is_unprintable),
            "{text}"
        );
    }

    #[test]
    fn json_stays_json_and_keeps_what_was_said() {
        let text = logged(LogFormat::Json, || tracing::info!(to = %HOSTILE, "said"));
        assert_eq!(text.matches('\n').count(), 1, "{text}");
        assert!(
            !text.trim_end().chars().any(ozml_parser::is_unprintable),
            "{text}"
        );
        let event: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            (&event["to"], &event["message"]),
            (&HOSTILE.into(), &"said".into())
        );
        assert_eq!(event["level"], "INFO");
    }

    #[test]
    fn libraries_and_lower_levels_are_not_heard() {
        let text = logged(LogFormat::Text, || {
            tracing::info!(target: "reqwest::connect", "http://user:secret@host");
            tracing::debug!("too low");
            tracing::info!(target: "ozml_sms::gateway", "heard");
        });
        assert!(
            text.ends_with("ozml_sms::gateway: heard\n") && text.lines().count() == 1,
            "{text}"
        );
    }

    #[test]
    fn levels_are_words() {
        assert_eq!(read_level(" Debug"), Some(LevelFilter::DEBUG));
        assert_eq!(read_level("ozml=debug"), None);
    }
}
