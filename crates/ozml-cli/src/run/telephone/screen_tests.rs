use std::num::NonZero;

use super::*;

const ROWS: NonZero<u16> = NonZero::new(12).unwrap();

/// A screen with a terminal behind it.
struct Bench {
    screen: Screen,
    terminal: vt100::Parser,
    written: String,
}

impl Bench {
    fn new(width: u16) -> Self {
        Self {
            screen: Screen::new(Look::default(), usize::from(width)),
            terminal: vt100::Parser::new(ROWS, NonZero::new(width).unwrap(), 0),
            written: String::new(),
        }
    }

    fn at(&mut self, ms: u64, kind: TraceKind<'_>) -> &mut Self {
        self.screen.event(&TraceEvent::new(1, ms, "run", kind));
        self.shown()
    }

    fn tick(&mut self, ms: u64) -> &mut Self {
        self.screen.tick(ms);
        self.shown()
    }

    fn resize(&mut self, width: u16, ms: u64) -> &mut Self {
        self.terminal
            .screen_mut()
            .set_size(ROWS, NonZero::new(width).unwrap());
        self.screen.resize(usize::from(width), ms);
        self.shown()
    }

    fn shown(&mut self) -> &mut Self {
        let output = self.screen.take_output();
        self.terminal.process(output.as_bytes());
        self.written.push_str(&output);
        self
    }

    fn picture(&self) -> String {
        let rows: Vec<String> = self
            .terminal
            .screen()
            .contents()
            .lines()
            .map(str::to_owned)
            .collect();
        rows.join("\n")
    }
}

fn says(text: &str) -> TraceKind<'_> {
    TraceKind::PromptSpoken {
        text: text.into(),
        language: None,
    }
}

fn key(key: char) -> TraceKind<'static> {
    TraceKind::KeyPressed { key }
}

fn finished(outcome: &'static str) -> TraceKind<'static> {
    TraceKind::VerbFinished {
        verb: "Speak".into(),
        outcome: outcome.into(),
    }
}

fn status(state: &'static str) -> TraceKind<'static> {
    TraceKind::SmsStatus {
        id: "m1".into(),
        state: state.into(),
        reason: None,
    }
}

fn ended() -> TraceKind<'static> {
    TraceKind::LegState {
        state: "ended".into(),
    }
}

#[test]
fn a_prompt_grows_above_the_clock_and_wraps() {
    let mut bench = Bench::new(40);
    bench
        .at(0, TraceKind::CallAnswered)
        .at(0, says("For tea press one, for coffee press two."));
    assert_eq!(
        bench.picture(),
        "00:00  answered\n00:00  says\n00:00  Ctrl-D hangs up"
    );
    bench.tick(7 * 60);
    assert_eq!(
        bench.picture(),
        "00:00  answered\n00:00  says      For tea\n00:00  Ctrl-D hangs up"
    );
    bench.tick(25 * 60);
    assert_eq!(
        bench.picture(),
        "00:00  answered\n00:00  says      For tea press one,\n                 for co\n00:01  Ctrl-D hangs up"
    );
    bench.at(2400, finished("ok"));
    assert_eq!(
        bench.picture(),
        "00:00  answered\n00:00  says      For tea press one,\n                 for coffee press two.\n00:02  Ctrl-D hangs up"
    );
}

#[test]
fn a_key_breaks_the_prompt_off_where_it_came() {
    let mut bench = Bench::new(40);
    bench
        .at(0, TraceKind::CallAnswered)
        .at(0, says("Press one."))
        .tick(300);
    bench
        .at(330, key('1'))
        .at(330, TraceKind::PromptCut { key: '1' })
        .at(330, finished("cut"));
    bench.at(330, TraceKind::InputCollected { digits: "1".into() });
    assert_eq!(
        bench.picture(),
        "00:00  answered\n00:00  says      Press—\n00:00  keys      1\n00:00  entered   1\n00:00  Ctrl-D hangs up"
    );
}

#[test]
fn a_key_that_stops_nothing_is_seen_at_once_and_written_down_later() {
    let mut bench = Bench::new(50);
    bench
        .at(0, TraceKind::CallAnswered)
        .at(0, says("Welcome."))
        .at(120, key('7'));
    assert_eq!(
        bench.picture(),
        "00:00  answered\n00:00  says      We\n00:00  Ctrl-D hangs up  pressed: 7"
    );
    bench.at(480, finished("ok")).at(480, TraceKind::Waited { ms: 0 });
    assert_eq!(
        bench.picture(),
        "00:00  answered\n00:00  says      Welcome.\n00:00  keys      7\n00:00  waited    0.000 s\n00:00  Ctrl-D hangs up"
    );
}

#[test]
fn states_of_an_sms_come_between_and_the_prompt_goes_on_below() {
    let mut bench = Bench::new(40);
    bench
        .at(0, says("It was sent."))
        .at(6 * 60, status("delivered"))
        .tick(12 * 60);
    assert_eq!(
        bench.picture(),
        "00:00  says      It was\n00:00  status    sms m1 delivered\n                 sent.\n00:00  ringing"
    );
}

#[test]
fn the_end_of_the_call_breaks_off_and_leaves_no_status_behind() {
    let mut bench = Bench::new(40);
    bench
        .at(0, TraceKind::CallAnswered)
        .at(0, says("Welcome."))
        .at(120, ended());
    bench.screen.settle(120);
    bench.shown();
    assert_eq!(bench.picture(), "00:00  answered\n00:00  says      We—");
    let (row, column) = bench.terminal.screen().cursor_position();
    assert_eq!((row, column), (2, 0), "the shell goes on in a row of its own");
}

#[test]
fn no_row_reaches_the_last_column_whatever_is_said() {
    let wide = "予約は一番を、".repeat(9);
    for text in ["x".repeat(200).as_str(), &wide, "one two ".repeat(30).trim()] {
        let mut bench = Bench::new(40);
        bench
            .at(0, says(text))
            .tick(5_000)
            .tick(9_000)
            .at(15_000, finished("ok"));
        let full = bench
            .terminal
            .screen()
            .rows(39, 1)
            .find(|last| !last.trim().is_empty());
        assert_eq!(full, None, "{text}");
    }
}

#[test]
fn another_width_leaves_what_is_there_and_goes_on() {
    let mut bench = Bench::new(80);
    bench
        .at(0, TraceKind::CallAnswered)
        .at(0, says("For tea press one, for coffee two."))
        .tick(8 * 60);
    bench.resize(40, 8 * 60).tick(26 * 60).at(2040, finished("ok"));
    assert_eq!(
        bench.picture(),
        "00:00  answered\n00:00  says      For tea\n                 press one, for coffee\n                 two.\n00:02  Ctrl-D hangs up"
    );
}

#[test]
fn a_narrow_terminal_gets_rows_and_no_status() {
    let mut bench = Bench::new(20);
    bench
        .at(0, TraceKind::CallAnswered)
        .at(0, says("Hi"))
        .tick(200)
        .at(300, finished("ok"));
    assert_eq!(bench.written, "00:00  answered\r\n00:00  says      Hi\r\n");
}

#[test]
fn nothing_is_written_when_nothing_changed() {
    let mut bench = Bench::new(40);
    bench.at(0, TraceKind::CallAnswered).tick(100);
    let before = bench.written.len();
    bench.tick(200).tick(999);
    assert_eq!(bench.written.len(), before);
    assert_eq!(bench.screen.next_change(999), 1000);
    bench.at(1000, says("Hi"));
    assert_eq!(bench.screen.next_change(1000), 1060);
}

#[test]
fn strangers_cannot_steer_the_terminal() {
    let mut bench = Bench::new(60);
    bench
        .at(0, says("a\u{1b}[2Jb\u{202e}c"))
        .tick(5000)
        .at(5000, finished("ok"));
    assert!(
        bench.picture().contains("a\\u{1b}[2Jb\\u{202e}c"),
        "{}",
        bench.picture()
    );
}
