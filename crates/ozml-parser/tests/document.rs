//! What a document tells about a script, and where.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panicking, in its helpers too"
)]

use std::borrow::Cow;

use ozml_parser::{Document, Element, Node, ReadingLimits, Source, Span};

fn parse(text: &str) -> Document {
    let source = Source::new("t.xml", text);
    Document::parse(&source, &ReadingLimits::default()).unwrap()
}

fn at(document: &Document, span: Span) -> &str {
    document.source().slice(span)
}

fn only(document: &Document) -> Element<'_> {
    document.root().elements().next().unwrap()
}

#[test]
fn elements_and_their_places() {
    let document = parse(
        "\u{feff}\n<?xml version=\"1.0\"?>\n<Response> <Speak>a</Speak><o:Exit xmlns:o='u' /></Response>",
    );
    let root = document.root();
    assert_eq!(
        (root.name(), root.depth(), root.parent().is_none()),
        ("Response", 0, true)
    );
    let names: Vec<_> = root.elements().map(Element::name).collect();
    assert_eq!(names, ["Speak", "Exit"]);
    for element in root.elements() {
        assert_eq!(at(&document, element.name_span()), element.name());
        assert_eq!(element.parent().map(Element::name), Some("Response"));
        assert_eq!(element.depth(), 1);
    }
    let spans: Vec<_> = root
        .elements()
        .map(|element| at(&document, element.span()))
        .collect();
    assert_eq!(spans, ["<Speak>a</Speak>", "<o:Exit xmlns:o='u' />"]);
}

#[test]
fn children_come_in_order() {
    let document = parse("<R>a<b>c<d/></b><!-- x -->e<?p q?>f<g/></R>");
    let shown: Vec<_> = document
        .root()
        .children()
        .map(|node| match node {
            Node::Element(element) => format!("<{}>", element.name()),
            Node::Text(text) => text.value().to_string(),
            _ => String::new(),
        })
        .collect();
    assert_eq!(shown, ["a", "<b>", "e", "f", "<g>"]);
}

#[test]
fn attributes_without_namespaces() {
    let document =
        parse("<R xmlns='u' xmlns:x='v' x:a='1' xml:lang='en' b = \"a &amp;\t&#x42;\"\nc\n=\n'' Text='x'/>");
    let attributes: Vec<_> = document
        .root()
        .attributes()
        .map(|a| (a.name(), a.value()))
        .collect();
    assert_eq!(attributes, [("b", "a & B"), ("c", ""), ("Text", "x")]);
    for attribute in document.root().attributes() {
        assert_eq!(at(&document, attribute.name_span()), attribute.name());
    }
    let raw: Vec<_> = document
        .root()
        .attributes()
        .map(|a| at(&document, a.value_span()))
        .collect();
    assert_eq!(raw, ["a &amp;\t&#x42;", "", "x"]);
}

#[test]
fn a_value_is_found_behind_many_blanks() {
    let blanks = " ".repeat(400);
    let document = parse(&format!("<R a{blanks}={blanks}\"it's 'it'\"/>"));
    let attribute = document.root().attributes().next().unwrap();
    assert_eq!(at(&document, attribute.value_span()), "it's 'it'");
    assert_eq!(at(&document, attribute.name_span()), "a");
}

#[test]
fn text_is_joined_over_what_does_not_count() {
    let document = parse("<R><S>\r\n  a &lt; <![CDATA[<b>]]><!-- c --> d<?e?>\n</S></R>");
    let text = only(&document).text();
    assert_eq!(*text.value(), "\n  a < <b> d\n");
    assert_eq!(at(&document, text.span()), "a &lt; <![CDATA[<b>]]>");
}

#[test]
fn text_in_one_piece_is_borrowed() {
    let document = parse("<R><S> Hello </S></R>");
    let text = only(&document).text();
    assert!(matches!(text.value(), Cow::Borrowed(" Hello ")));
    assert_eq!(at(&document, text.span()), "Hello");
    assert_eq!(text.into_value(), " Hello ");
}

#[test]
fn cdata_after_white_space_is_the_place_of_the_text() {
    let document = parse("<R><S>\n  <![CDATA[Hello]]>\n</S></R>");
    let text = only(&document).text();
    assert_eq!(text.value().trim(), "Hello");
    assert_eq!(at(&document, text.span()), "<![CDATA[Hello]]>");
    let document = parse("<R><S> <b/>x</S></R>");
    assert_eq!(at(&document, only(&document).text().span()), "x");
}

#[test]
fn empty_text_is_the_gap_between_the_tags() {
    for (text, gap) in [
        ("<R><S></S></R>", 6..6),
        ("<R><S><!--x--></S></R>", 14..14),
        ("<R><S>  </S></R>", 6..8),
    ] {
        let document = parse(text);
        let found = only(&document).text();
        assert_eq!(found.value().trim(), "");
        assert_eq!(found.span(), Span::from(gap), "{text}");
    }
    let document = parse("<R><S a='b'/></R>");
    assert_eq!(at(&document, only(&document).text().span()), "<S a='b'/>");
}

#[test]
fn a_document_can_be_shared() {
    fn shared<T: Send + Sync>() {}
    shared::<Document>();
    shared::<Source>();
    let document = parse("<R/>");
    let clone = document.source().clone();
    assert_eq!(clone.text().as_ptr(), document.source().text().as_ptr());
}
