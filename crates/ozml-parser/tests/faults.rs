//! Every fault of XML is explained at its place, with a way to mend it.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panicking, in its helpers too"
)]

use ozml_parser::{Diagnostic, Document, ReadingLimits, Source};

fn fault(text: &str) -> (Source, Diagnostic) {
    let source = Source::new("t.xml", text);
    let fault = Document::parse(&source, &ReadingLimits::default()).expect_err(text);
    (source, fault)
}

/// Text, code, what the fault points at, a part of the message, a part of the help.
type Case = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

const CASES: &[Case] = &[
    // Slips of vendor texts.
    (
        "<R><Play a ='b'digits ='1'/></R>",
        "attribute",
        "digits",
        "no blank before",
        "part attributes",
    ),
    (
        "<R><arrayid=\"x\"></Array></R>",
        "tag",
        "arrayid",
        "followed by `=`",
        "put a blank",
    ),
    (
        "<R><ForEach source'x'/></R>",
        "attribute",
        "source",
        "no `=`",
        "write `source=`",
    ),
    (
        "<R><Hangup CallId=23Xdz7/></R>",
        "attribute",
        "23Xdz7",
        "not in quotes",
        "write `CallId=\"23Xdz7\"`",
    ),
    (
        "<R>\n<SendDTMF>1<SendDTMF></R>",
        "unclosed-element",
        "SendDTMF",
        "of line 2",
        "instead of the second",
    ),
    // Tags and attributes.
    (
        "<R><Call Dialed=“12”/></R>",
        "attribute",
        "“12”",
        "between `“`",
        "write `Dialed=\"12\"`",
    ),
    (
        "<R><Call Dialed=/></R>",
        "attribute",
        "",
        "not in quotes",
        "write `Dialed=\"\"`",
    ),
    (
        "<R><Call Dialed/></R>",
        "attribute",
        "Dialed",
        "has no value",
        "write `Dialed=",
    ),
    (
        "<R><Speak Text=\"Hi></Speak></R>",
        "attribute",
        "\"",
        "not closed",
        "close it",
    ),
    (
        "<R><Speak Text=\"1 < 2\"/></R>",
        "attribute",
        "<",
        "`<` in the value",
        "write `&lt;`",
    ),
    (
        "<R><Speak Text=\"a\" Text=\"b\"/></R>",
        "duplicate-attribute",
        "Text",
        "given twice",
        "keep one",
    ),
    (
        "<R><Speak Text=\"a\"\"/></R>",
        "tag",
        "\"",
        "in a tag",
        "a quote too many",
    ),
    ("<R><Speak / ></R>", "tag", "/", "in a tag", "ends with `/>`"),
    ("<R><Speak <Hangup/></R>", "tag", "Speak", "no `>`", "write `>`"),
    (
        "<R></R x>",
        "tag",
        "x",
        "in an end tag",
        "name of its element only",
    ),
    ("<R></R", "tag", "R", "`</R` is not closed", "write `>`"),
    (
        "<R></></R>",
        "tag",
        "</",
        "end tag without a name",
        "write the name",
    ),
    ("<R><1a/></R>", "name", "1a", "is no name", "begins with a letter"),
    ("<R>1 < 2</R>", "tag", "<", "begins no tag", "write `&lt;`"),
    (
        "<R><![cdata[x]]></R>",
        "tag",
        "<![cdata[x]]",
        "neither a comment",
        "in capitals",
    ),
    (
        "<R><!- x --></R>",
        "tag",
        "<!-",
        "neither a comment",
        "two hyphens",
    ),
    ("<R><!-- x</R>", "tag", "<!--", "never closed", "write `-->`"),
    (
        "<R><![CDATA[x</R>",
        "tag",
        "<![CDATA[",
        "never closed",
        "write `]]>`",
    ),
    (
        "<R><!-- a -- b --></R>",
        "comment",
        "--",
        "in a comment",
        "one hyphen",
    ),
    ("<R>a]]>b</R>", "cdata-end", "]]>", "in a text", "write `]]&gt;`"),
    // Elements.
    (
        "<R><Speak>Hi</R>",
        "unclosed-element",
        "Speak",
        "never closed",
        "write `</Speak>`",
    ),
    (
        "<R><Speak>Hi</speak></R>",
        "end-tag",
        "speak",
        "does not close",
        "in the same way",
    ),
    (
        "<R><Speak>Hi</Spek></R>",
        "end-tag",
        "Spek",
        "does not close",
        "write `</Speak>`",
    ),
    (
        "<R>\n<Speak>Hi",
        "unclosed-element",
        "Speak",
        "of line 2",
        "write `</Speak>`",
    ),
    ("<R/></R>", "end-tag", "R", "closes nothing", "remove it"),
    (
        "<R/><R/>",
        "several-roots",
        "R",
        "second root",
        "put both into one",
    ),
    (
        "<R/> x",
        "text-outside-root",
        "x",
        "outside of the root",
        "remove it",
    ),
    (
        "Notice: x\n<R/>",
        "text-outside-root",
        "Notice: x",
        "before the first",
        "web application",
    ),
    // References and characters.
    ("<R>a & b</R>", "ampersand", "&", "no reference", "write `&amp;`"),
    (
        "<R a=\"?x=1&y=2\"/>",
        "ampersand",
        "&",
        "no reference",
        "write `&amp;`",
    ),
    (
        "<R>a&nbsp;b</R>",
        "entity",
        "&nbsp;",
        "entity `&nbsp;`",
        "write `&#160;`",
    ),
    (
        "<R>a&foo;b</R>",
        "entity",
        "&foo;",
        "entity `&foo;`",
        "write `&amp;`",
    ),
    (
        "<R>&#xD800;</R>",
        "character-reference",
        "&#xD800",
        "surrogate",
        "remove it",
    ),
    (
        "<R a='&#0;'/>",
        "character-reference",
        "&#0",
        "control",
        "remove it",
    ),
    ("<R>\u{1}</R>", "character", "\u{1}", "U+0001", "remove it"),
    ("<R>\u{ffff}</R>", "character", "\u{ffff}", "U+FFFF", "remove it"),
    // Documents of another kind.
    ("", "empty-script", "", "empty", "`<Response/>`"),
    (" \r\n", "empty-script", "", "empty", "`<Response/>`"),
    ("<!-- x -->", "empty-script", "", "no element", "`<Response/>`"),
    (
        "<!doctype html>\n<p>",
        "html-page",
        "<!doctype",
        "HTML page",
        "what the address answers",
    ),
    (
        "<!DOCTYPE HTML PUBLIC 'x'><html/>",
        "html-page",
        "<!DOCTYPE",
        "HTML page",
        "what the address",
    ),
    (
        "<html><p></html>",
        "html-page",
        "<html><p></html>",
        "HTML page",
        "what the address answers",
    ),
    (
        "&lt;R/&gt;",
        "escaped-script",
        "&lt;R/&gt;",
        "escaped",
        "without escaping",
    ),
    // Declarations.
    (
        "<!DOCTYPE R><R/>",
        "dtd",
        "<!DOCTYPE",
        "DTDs are not supported",
        "remove everything",
    ),
    (
        "<R><!DOCTYPE R></R>",
        "dtd",
        "<!DOCTYPE",
        "DTDs are not supported",
        "remove everything",
    ),
    (
        "<R/><?xml version='1.0'?>",
        "xml-declaration",
        "<?xml version='1.0'?>",
        "only at the start",
        "remove it",
    ),
    (
        "<?XML version='1.0'?><R/>",
        "xml-declaration",
        "<?XML version='1.0'?>",
        "only at the start",
        "remove it",
    ),
    (
        "<?xml version='2.0'?><R/>",
        "xml-declaration",
        "2.0",
        "version `2.0`",
        "write `version",
    ),
    (
        "<?xml version='1.0' encoding='latin1'?><R/>",
        "encoding",
        "latin1",
        "`latin1`",
        "as UTF-8",
    ),
    (
        "<?a+b?><R/>",
        "instruction",
        "<?a+b?>",
        "no processing instruction",
        "remove it",
    ),
    // Namespaces.
    (
        "<R><x:Speak/></R>",
        "namespace",
        "x",
        "`x` is not declared",
        "remove `x:`",
    ),
    (
        "<R xmlns:a=''/>",
        "namespace",
        "xmlns:a",
        "not allowed",
        "remove it",
    ),
];

#[test]
fn faults_are_explained() {
    for &(text, code, at, message, help) in CASES {
        let (source, fault) = fault(text);
        assert_eq!(fault.code, code, "{text}: {}", fault.message);
        assert_eq!(fault.status, 300, "{text}");
        assert_eq!(
            source.slice(fault.span().unwrap()),
            at,
            "{text}: {}",
            fault.message
        );
        assert!(fault.message.contains(message), "{text}: {}", fault.message);
        let found = fault.help.unwrap_or_default();
        assert!(found.contains(help), "{text}: {found}");
        assert!(
            !fault.message.starts_with(char::is_uppercase) || fault.message.starts_with("XML"),
            "{text}"
        );
    }
}

#[test]
fn fixes_mend_the_script() {
    for text in [
        "<R><Play a ='b'digits ='1'/></R>",
        "<R><ForEach source'x'/></R>",
        "<R><Hangup CallId=23Xdz7/></R>",
        "<R>\n<SendDTMF>1<SendDTMF></R>",
        "<R><Call Dialed=“12”/></R>",
        "<R>1 < 2</R>",
        "<R a='1 < 2'/>",
        "<R>a & b</R>",
        "<R>a&nbsp;b</R>",
        "<R><Speak>Hi</speak></R>",
        "<R>a]]>b</R>",
        "<R>\u{1}</R>",
        "<?xml version='1.1'?><R/>",
        "<?xml version='1.0' encoding='utf8'?><R/>",
    ] {
        let (_, fault) = fault(text);
        let fix = fault.fix.expect(text);
        let mut mended = text.to_owned();
        mended.replace_range(fix.span.range(), &fix.text);
        let source = Source::new("t.xml", mended.as_str());
        assert!(
            Document::parse(&source, &ReadingLimits::default()).is_ok(),
            "{mended}"
        );
    }
}

#[test]
fn places_count_from_the_first_byte() {
    let (source, fault) = fault("\u{feff}\r\n\r\n <?xml version=\"1.0\"?>\r\n<R>\r\ná&b</R>");
    assert_eq!(fault.code, "ampersand");
    let position = source.position(fault.span().unwrap().start as usize);
    assert_eq!((position.line, position.column), (5, 2));
    assert_eq!(source.slice(fault.span().unwrap()), "&");
}

#[test]
fn the_unclosed_tag_and_what_came_instead_are_both_shown() {
    let (source, fault) = fault("<R>\n<Speak>Hi\n<Hangup/></R>");
    let places: Vec<_> = fault
        .labels
        .iter()
        .map(|label| (label.primary, source.slice(label.span)))
        .collect();
    assert_eq!(places, [(true, "Speak"), (false, "R")]);
}

#[test]
fn the_first_fault_wins() {
    assert_eq!(fault("<R>&x; <a b=1></R>").1.code, "entity");
    assert_eq!(fault("<R><a b=1>&x;</R>").1.code, "attribute");
    assert_eq!(fault("<R></S><a b=1>").1.code, "end-tag");
}
