//! What holds for every text.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panicking, in its helpers too"
)]

use ozml_parser::{Document, Element, Node, ReadingLimits, Source, Style, render};
use proptest::prelude::*;

const SCRIPT: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response>\n  <!-- ünï -->\n  \
    <UserInput Timeout='5' Digits=\"4\">\n    <Prompt><Speak Language=\"hu\">Jó napot &amp; &#x41;</Speak></Prompt>\n    \
    <Inputs><Input Key=\"1\"><SendSms Recipient=\"+36201234567\"><![CDATA[a < b]]></SendSms></Input></Inputs>\n  \
    </UserInput>\n  <GoTo Url=\"http://a/?b=1&amp;c=2\"/>\n  <?pi x?><Exit/>\n</Response>\n";

const FRAGMENTS: [&str; 24] = [
    "<",
    ">",
    "&",
    "\"",
    "'",
    "=",
    "/>",
    "</",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?",
    "?>",
    "&#xD800;",
    "&nbsp;",
    "<!DOCTYPE a>",
    "xmlns:x=''",
    "x:",
    "é“",
    "\u{feff}",
    "\r",
    "\0",
    "<?xml version='1.0'?>",
];

/// Reads a text and looks at everything that comes out of it.
fn read(text: &str) {
    let source = Source::new("t.xml", text);
    match Document::parse(&source, &ReadingLimits::default()) {
        Ok(document) => check(&document),
        Err(fault) => {
            assert_eq!(fault.status, 300);
            assert!(fault.help.is_some(), "{text:?}: {}", fault.message);
            let places = fault
                .labels
                .iter()
                .map(|label| label.span)
                .chain(fault.fix.iter().map(|fix| fix.span));
            for span in places {
                assert!(
                    text.get(span.range()).is_some(),
                    "{text:?}: {span:?} of {}",
                    fault.message
                );
            }
            assert!(render(&[fault], &source, Style::Plain).contains("t.xml:"));
        }
    }
}

fn check(document: &Document) {
    let slice = |span| document.source().slice(span);
    let mut open = vec![document.root()];
    while let Some(element) = open.pop() {
        assert_eq!(slice(element.name_span()), element.name());
        let written = slice(element.span());
        assert!(written.starts_with('<') && written.ends_with('>'), "{written}");
        for attribute in element.attributes() {
            assert_eq!(slice(attribute.name_span()), attribute.name());
            assert_eq!(unescaped(slice(attribute.value_span()), true), attribute.value());
        }
        for node in element.children() {
            if let Node::Text(text) = node {
                check_text(slice(text.span()), text.value());
            }
        }
        assert!(slice(element.text().span()).len() <= written.len());
        open.extend(element.elements());
    }
}

/// Sections and what lies between the pieces of a text are not read again here. Neither is a lone CR beside a
/// reference, which roxmltree leaves as it is.
fn check_text(written: &str, value: &str) {
    if !written.contains('<') && !written.contains('\r') {
        assert_eq!(unescaped(written, false), value);
    }
}

/// A plain reading of XML 1.0, 2.11, 3.3.3 and 4.1.
fn unescaped(written: &str, attribute: bool) -> String {
    let written = written.replace("\r\n", "\n").replace('\r', "\n");
    let written = if attribute {
        written.replace(['\n', '\t'], " ")
    } else {
        written
    };
    let mut pieces = written.split('&');
    let mut output = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, rest) = piece.split_once(';').expect("a reference ends");
        output.push(match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            _ => {
                let number = name.strip_prefix('#').expect("a character reference");
                let code = match number.strip_prefix('x') {
                    Some(digits) => u32::from_str_radix(digits, 16),
                    None => number.parse(),
                };
                char::from_u32(code.unwrap()).unwrap()
            }
        });
        output.push_str(rest);
    }
    output
}

/// A place in a text, moved to the next boundary of a character.
fn boundary(text: &str, at: usize) -> usize {
    (at % (text.len() + 1)..=text.len())
        .find(|&at| text.is_char_boundary(at))
        .unwrap_or_default()
}

/// An element as it is written, with the text and the value of the attribute it should give.
fn element() -> impl Strategy<Value = (String, String, String)> {
    let characters = "[ -~\\t\\n\\réß日😀]{0,20}";
    ("[A-Za-z_é][A-Za-z0-9_.-]{0,8}", characters, characters).prop_map(|(name, value, text)| {
        let value = value.replace(['\t', '\n', '\r'], " ");
        let text = text.replace('\r', "\n");
        let escaped = |text: &str| {
            text.replace('&', "&amp;")
                .replace('<', "&#x3c;")
                .replace('>', "&gt;")
        };
        let written = format!(
            "<{name} a=\"{}\">{}</{name}>",
            escaped(&value).replace('"', "&quot;"),
            escaped(&text)
        );
        (written, value, text)
    })
}

fn texts(elements: &[Element<'_>]) -> Vec<(String, String)> {
    elements
        .iter()
        .map(|element| {
            let value = element
                .attributes()
                .next()
                .map(|attribute| attribute.value().to_owned());
            (
                value.unwrap_or_default(),
                element.text().into_value().into_owned(),
            )
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_answered(text in any::<String>()) {
        read(&text);
    }

    #[test]
    fn any_markup_is_answered(pieces in prop::collection::vec(prop::sample::select(&FRAGMENTS[..]), 0..12)) {
        read(&pieces.concat());
        read(&format!("<a>{}</a>", pieces.concat()));
        read(&format!("<a b={}/>", pieces.concat()));
    }

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        match Source::from_bytes("t.xml", &bytes) {
            Ok(source) => read(source.text()),
            Err(refused) => {
                let shown = render(&[refused.diagnostic], &refused.source, Style::Plain);
                prop_assert!(shown.contains("t.xml:"), "{}", shown);
            }
        }
    }

    #[test]
    fn a_damaged_script_is_answered(
        damages in prop::collection::vec((any::<usize>(), 0_usize..40, prop::sample::select(&FRAGMENTS[..])), 1..4)
    ) {
        let mut text = SCRIPT.to_owned();
        for (at, length, fragment) in damages {
            let start = boundary(&text, at);
            let end = boundary(&text, start + length.min(text.len() - start)).max(start);
            text.replace_range(start..end, fragment);
            read(&text);
        }
    }

    #[test]
    fn what_is_written_is_read(elements in prop::collection::vec(element(), 0..8)) {
        let body: String = elements.iter().map(|(written, ..)| written.as_str()).collect();
        let source = Source::new("t.xml", format!("<Response>{body}</Response>"));
        let document = Document::parse(&source, &ReadingLimits::default()).map_err(|fault| TestCaseError::fail(fault.message))?;
        check(&document);
        let found = texts(&document.root().elements().collect::<Vec<_>>());
        let expected: Vec<_> = elements.into_iter().map(|(_, value, text)| (value, text)).collect();
        prop_assert_eq!(found, expected);
    }
}

#[test]
fn the_script_itself_is_read() {
    let source = Source::new("t.xml", SCRIPT);
    let document = Document::parse(&source, &ReadingLimits::default()).unwrap();
    check(&document);
    assert_eq!(document.root().elements().count(), 3);
}
