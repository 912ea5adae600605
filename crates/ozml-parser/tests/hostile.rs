//! Documents made to harm the reader: threats T1, T2 and T4.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panicking, in its helpers too"
)]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "threads with a small stack, and a listener that must stay silent"
)]

mod worst_documents;

use std::net::TcpListener;

use ozml_parser::{Diagnostic, Document, ReadingLimits, Source, Span, Style, render};
use worst_documents::Outcome;

const STACK_BYTES: usize = 256 * 1024;

/// Reads, walks, renders and drops a document.
fn read(text: String) -> (Outcome, String) {
    let source = Source::new("worst.xml", text);
    match Document::parse(&source, &ReadingLimits::default()) {
        Ok(document) => {
            let mut open = vec![document.root()];
            while let Some(element) = open.pop() {
                assert!(element.depth() < 64);
                assert!(element.text().span().end as usize <= source.text().len());
                open.extend(element.elements());
            }
            (Outcome::Read, String::new())
        }
        Err(fault) => {
            let outcome = fault
                .limit
                .map_or(Outcome::Fault(fault.code.as_str()), Outcome::Limit);
            (outcome, render(&[fault], &source, Style::Plain))
        }
    }
}

#[test]
fn the_worst_documents_need_little_stack_and_give_short_messages() {
    for (name, text, expected) in worst_documents::all() {
        assert!(text.len() <= 1024 * 1024 + 1, "{name}: {} bytes", text.len());
        let thread = std::thread::Builder::new().stack_size(STACK_BYTES);
        let (outcome, shown) = thread.spawn(|| read(text)).unwrap().join().unwrap();
        assert_eq!(outcome, expected, "{name}: {shown}");
        assert!(shown.len() < 2_000, "{name}: {} bytes", shown.len());
        assert!(
            shown.lines().all(|line| line.chars().count() < 500),
            "{name}: {shown}"
        );
    }
}

#[test]
fn each_limit_is_exact() {
    let cases = [
        ("script_bytes", "<a/>", 4),
        ("depth", "<a><b><c/></b><b/></a>", 3),
        ("elements", "<a><b/><b/></a>", 3),
        ("attributes", "<a b='' c='' xmlns:d='u'><b e=''/></a>", 3),
        ("namespaces", "<a xmlns='u' xmlns:b='u'><c xmlns:d='u'/></a>", 3),
        ("name_bytes", "<abc abcd=''/>", 4),
        ("value_bytes", "<a b='&lt;'>1<!---->2<b/>1234</a>", 4),
    ];
    for (name, text, least) in cases {
        for (value, fits) in [(least, true), (least - 1, false), (0, false)] {
            let mut limits = ReadingLimits::default();
            assert!(limits.set(name, value));
            let result = Document::parse(&Source::new("t", text), &limits);
            assert_eq!(result.is_ok(), fits, "{name} = {value}");
            if let Err(fault) = result {
                assert_eq!((fault.limit, fault.status), (Some(name), 300));
                assert!(
                    fault.message.contains(&format!("`{name}` of {value}")),
                    "{}",
                    fault.message
                );
            }
        }
    }
}

#[test]
fn nothing_is_fetched() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let url = format!("http://{}/x", listener.local_addr().unwrap());
    let refused = [
        "<!DOCTYPE a><a/>".to_owned(),
        "<!DOCTYPE a []><a/>".to_owned(),
        format!("<!DOCTYPE a SYSTEM '{url}'><a/>"),
        format!("<!DOCTYPE a PUBLIC '-//x' '{url}'><a/>"),
        format!("<!DOCTYPE a [<!ENTITY e SYSTEM '{url}'>]><a>&e;</a>"),
        format!("<!DOCTYPE a [<!ENTITY % e SYSTEM '{url}'> %e;]><a/>"),
        "<!DOCTYPE a [<!ENTITY b 'bb'><!ENTITY c '&b;&b;'>]><a>&c;</a>".to_owned(),
    ];
    for text in refused {
        let fault = Document::parse(&Source::new("t", text.as_str()), &ReadingLimits::default()).unwrap_err();
        assert_eq!(fault.code, "dtd", "{text}");
        assert!(
            fault.message.contains("DTDs are not supported"),
            "{}",
            fault.message
        );
        assert_eq!(fault.span(), Some(Span::new(0, 9)));
    }
    let read = [
        format!("<?xml-stylesheet href='{url}'?><a/>"),
        format!("<a xmlns:i='http://www.w3.org/2001/XInclude'><i:include href='{url}'/></a>"),
        format!("<a xmlns:s='http://www.w3.org/2001/XMLSchema-instance' s:schemaLocation='u {url}'/>"),
    ];
    for text in read {
        let document = Document::parse(&Source::new("t", text.as_str()), &ReadingLimits::default());
        assert!(document.is_ok(), "{text}");
    }
    let silence = listener.accept().unwrap_err();
    assert_eq!(silence.kind(), std::io::ErrorKind::WouldBlock);
}

#[test]
fn ten_thousand_messages_are_counted_not_shown() {
    let text = "<Spek>hello</Spek>\n".repeat(10_000);
    let source = Source::new("t.xml", text.as_str());
    let faults: Vec<_> = (0..10_000)
        .map(|n| {
            Diagnostic::error(
                "unknown-verb",
                301,
                Span::new(n * 19 + 1, n * 19 + 5),
                "no such verb",
            )
        })
        .chain([Diagnostic::warning("w", 302, Span::default(), "w")])
        .collect();
    let shown = render(&faults, &source, Style::Plain);
    assert_eq!(shown.matches("error[unknown-verb]").count(), 100);
    assert!(
        shown.ends_with("\n\nand 9900 more errors and 1 more warning\n"),
        "{shown}"
    );
}

#[test]
fn long_messages_stay_below_the_limit_of_bytes() {
    let source = Source::new("t.xml", "x\u{202e}".repeat(500_000));
    let fault = Diagnostic::error(
        "x",
        302,
        Span::new(1_000_000, 1_000_001),
        "\u{202e}".repeat(100_000),
    );
    let fault = fault
        .help("\u{1b}".repeat(100_000))
        .label(Span::new(5, 6), "\n".repeat(100_000));
    for style in [Style::Plain, Style::Ansi] {
        let shown = render(&vec![fault.clone(); 99], &source, style);
        assert!(shown.len() <= 64 * 1024, "{} bytes", shown.len());
        assert!(shown.contains(" more errors\n"), "{shown}");
    }
}
