//! How long messages took.

use std::fs;
use std::process::ExitCode;
use std::time::Duration;

/// What ours may take beside the modem.
const BAR: Duration = Duration::from_millis(10);

/// What the figures were taken on, and what else it does.
pub(crate) fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or_default();
    format!("{cores} cores, load {load}")
}

/// How long so many messages took with one program, from the first hand-over to the last answer.
pub(crate) struct Figure {
    pub(crate) name: String,
    pub(crate) messages: u32,
    pub(crate) took: Duration,
    /// Whether it is ours and so has a bar.
    pub(crate) is_ours: bool,
}

impl Figure {
    fn each(&self) -> Duration {
        self.took / self.messages
    }
}

/// All figures of a run, and what the modem takes by itself.
pub(crate) struct Figures {
    raw: Duration,
    faults: Vec<String>,
}

impl Figures {
    /// `raw` is what a loop took that does nothing but write and wait.
    pub(crate) fn beside(raw: Figure) -> Self {
        let figures = Self {
            raw: raw.each(),
            faults: Vec::new(),
        };
        figures.print(&raw, Duration::ZERO);
        figures
    }

    pub(crate) fn add(&mut self, figure: Figure) {
        let overhead = figure.each().saturating_sub(self.raw);
        self.print(&figure, overhead);
        if figure.is_ours && overhead > BAR {
            self.faults.push(format!(
                "{}: {overhead:.2?} a message, the bar is {BAR:?}",
                figure.name
            ));
        }
    }

    fn print(&self, figure: &Figure, overhead: Duration) {
        let millis = |time: Duration| (time.as_secs_f64() * 1e6).round() / 1e3;
        let line = serde_json::json!({
            "program": figure.name, "messages": figure.messages, "ms_each": millis(figure.each()),
            "ms_raw": millis(self.raw), "ms_overhead": millis(overhead),
        });
        println!("{line}");
    }

    pub(crate) fn judge(self) -> ExitCode {
        println!("bar: ours {BAR:?} of overhead a message");
        for fault in &self.faults {
            println!("FAULT: {fault}");
        }
        ExitCode::from(u8::from(!self.faults.is_empty()))
    }
}
