//! How diagnostics look.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panicking, in its helpers too"
)]

use ozml_parser::{Diagnostic, Document, ReadingLimits, Source, Span, Style, render};

/// The fault at `at`, a part of `text`.
fn shown(text: &str, at: &str) -> String {
    let source = Source::new("booking.xml", text);
    let start = text.find(at).unwrap();
    let span = Span::new(start, start + at.len());
    let fault = Diagnostic::error("x", 302, span, "fault").label(span, "here");
    render(&[fault], &source, Style::Plain)
}

#[test]
fn a_message_with_two_labels_and_help() {
    let text =
        "<Response>\n  <Speak>Hi</Speak>\n  <SendSms Recipent=\"+36201234567\">Hi</SendSms>\n</Response>";
    let source = Source::new("booking.xml", text);
    let verb = text.find("SendSms").unwrap();
    let name = Span::new(verb + 8, verb + 16);
    let fault = Diagnostic::error(
        "unknown-attribute",
        302,
        name,
        "`SendSms` has no attribute `Recipent`",
    )
    .label(name, "not an attribute of this verb")
    .label(Span::new(verb, verb + 7), "")
    .help("write `Recipient`");
    let expected = "\
error[unknown-attribute]: `SendSms` has no attribute `Recipent`
 --> booking.xml:3:12
  |
3 |   <SendSms Recipent=\"+36201234567\">Hi</SendSms>
  |    ------- ^^^^^^^^ not an attribute of this verb
help: write `Recipient`
";
    assert_eq!(render(&[fault], &source, Style::Plain), expected);
}

#[test]
fn labels_far_apart_have_excerpts_of_their_own() {
    let text = format!("<Response>\n{}</Respons>", "\n".repeat(20));
    let source = Source::new("t.xml", text.as_str());
    let fault = Document::parse(&source, &ReadingLimits::default()).unwrap_err();
    let expected = "\
error[end-tag]: `</Respons>` does not close `<Response>`
  --> t.xml:22:3
   |
 1 | <Response>
   |  -------- opened here
   |
  :::
22 | </Respons>
   |   ^^^^^^^
help: write `</Response>`
";
    assert_eq!(render(&[fault], &source, Style::Plain), expected);
}

#[test]
fn messages_are_parted_by_an_empty_line() {
    let source = Source::new("t.xml", "<a/>");
    let faults = [
        Diagnostic::error("one", 300, Span::new(0, 1), "first"),
        Diagnostic::warning("two", 302, Span::new(1, 2), "second"),
    ];
    let expected = "\
error[one]: first
 --> t.xml:1:1
  |
1 | <a/>
  | ^

warning[two]: second
 --> t.xml:1:2
  |
1 | <a/>
  |  ^
";
    assert_eq!(render(&faults, &source, Style::Plain), expected);
    assert_eq!(render(&[], &source, Style::Plain), "");
}

#[test]
fn tabs_line_ends_and_wide_characters_keep_the_mark_in_place() {
    let text = "\u{feff}<a>\r\n\t日本<b>\r\n</a>";
    let expected = "\
error[x]: fault
 --> booking.xml:2:4
  |
2 |     日本<b>
  |         ^^^ here
";
    assert_eq!(shown(text, "<b>"), expected);
    assert!(shown(text, "<a>").contains(":1:1\n  |\n1 | <a>\n  | ^^^ here\n"));
}

#[test]
fn controls_do_not_reach_the_terminal() {
    let text = "<a>\u{1b}[31m\u{202e}\u{9b}x\u{2028}</a>";
    let expected = "\
error[x]: fault
 --> booking.xml:1:11
  |
1 | <a>\\u{1b}[31m\\u{202e}\\u{9b}x\\u{2028}</a>
  |                            ^ here
";
    assert_eq!(shown(text, "x"), expected);
    let source = Source::new("a\u{1b}\n.xml", text);
    let fault = Diagnostic::error("x", 300, Span::default(), "m\u{1b}[1m\n").help("h\u{7}");
    let text = render(&[fault], &source, Style::Plain);
    assert!(
        text.lines().all(|line| !line.contains(char::is_control)),
        "{text:?}"
    );
}

#[test]
fn a_long_line_is_shown_around_the_fault() {
    let text = format!("{}X{}", "a".repeat(500_000), "b".repeat(500_000));
    let shown = shown(&text, "X");
    let excerpt = shown.lines().find_map(|line| line.strip_prefix("1 | ")).unwrap();
    assert_eq!(excerpt.chars().count(), 120, "{shown}");
    let mark = shown
        .lines()
        .find_map(|line| line.strip_prefix("  | ").filter(|line| line.contains('^')))
        .unwrap();
    assert_eq!(excerpt.find('X'), mark.find('^'), "{shown}");
    assert!(shown.contains("booking.xml:1:500001"), "{shown}");
}

#[test]
fn no_line_ends_with_a_blank() {
    let text = "<Response>\n   \n\n<Speak>Hi</speak>   \n</Response>";
    let source = Source::new("t.xml", text);
    let fault = Document::parse(&source, &ReadingLimits::default()).unwrap_err();
    let shown = render(&[fault.label(Span::new(13, 13), "")], &source, Style::Plain);
    assert!(shown.lines().all(|line| line == line.trim_end()), "{shown}");
}

#[test]
fn colours_are_for_terminals() {
    let source = Source::new("t.xml", "<a/>");
    let fault = Diagnostic::error("one", 300, Span::new(0, 1), "first");
    let shown = render(std::slice::from_ref(&fault), &source, Style::Ansi);
    assert!(shown.contains("\u{1b}["), "{shown:?}");
    assert!(!shown.contains(":::"), "{shown:?}");
}

#[test]
fn diagnostics_serialise() {
    let fault = Diagnostic::error("one", 300, Span::new(0, 1), "first")
        .fix(Span::new(0, 1), "x")
        .limit("depth");
    let json = serde_json::to_value(&fault).unwrap();
    assert_eq!(json["code"], "one");
    assert_eq!(json["severity"], "error");
    assert_eq!(json["labels"][0]["span"]["end"], 1);
    assert_eq!(json["fix"]["text"], "x");
    assert_eq!(json["limit"], "depth");
}
