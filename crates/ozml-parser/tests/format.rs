//! The formatter: how scripts look afterwards, and that nothing is lost.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking, in its helpers too"
)]
#![allow(clippy::disallowed_methods, reason = "the scripts of the repository are read")]

mod generated_documents;
mod worst_documents;

use std::path::{Path, PathBuf};

use generated_documents::document;
use ozml_parser::{Diagnostic, Document, Element, Node, ReadingLimits, Source, format};
use proptest::prelude::*;

fn formatted(text: &str) -> Result<String, Diagnostic> {
    format(&Source::new("t.xml", text), &ReadingLimits::default())
}

/// Formats twice, and looks at what must be the same before and after.
#[track_caller]
fn check(text: &str) -> String {
    let once = formatted(text).unwrap_or_else(|fault| panic!("{fault}: {text:?}"));
    assert_eq!(formatted(&once).unwrap(), once, "formatted again: {text:?}");
    assert_eq!(
        content(&once),
        content(text),
        "the document of {text:?}\nformatted as {once:?}"
    );
    assert_eq!(
        notes(&once),
        notes(text),
        "the notes of {text:?}\nformatted as {once:?}"
    );
    assert_eq!(text.starts_with('\u{feff}'), once.starts_with('\u{feff}'));
    assert!(once.ends_with(">\n") || once.ends_with(">\r\n"), "{once:?}");
    once
}

/// Elements, attributes and texts in their order, values and texts both as they are written and as they are
/// read. A text that is blank, with the elements around it, does not count.
fn content(text: &str) -> Vec<String> {
    let source = Source::new("t.xml", text);
    let document = Document::parse(&source, &ReadingLimits::default()).unwrap();
    let mut found = Vec::new();
    collect(document.root(), &source, &mut found);
    found
}

fn collect(element: Element<'_>, source: &Source, found: &mut Vec<String>) {
    found.push(format!("<{}", element.name()));
    for attribute in element.attributes() {
        let written = source.slice(attribute.value_span());
        found.push(format!("{}={:?} {written}", attribute.name(), attribute.value()));
    }
    let all_of_it = element.text();
    let is_text = source.slice(all_of_it.span()).contains(|c: char| !blank(c));
    if !blank_only(all_of_it.value()) {
        found.push(format!("{:?}", all_of_it.value()));
    }
    for child in element.children() {
        match child {
            Node::Element(child) => collect(child, source, found),
            Node::Text(text) if is_text && !blank_only(source.slice(text.span())) => {
                found.push(source.slice(text.span()).to_owned());
            }
            _ => {}
        }
    }
    found.push(">".to_owned());
}

fn blank(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\n')
}

fn blank_only(text: &str) -> bool {
    text.chars().all(blank)
}

/// Comments and instructions as another reader finds them, each with the number of elements begun before it.
fn notes(text: &str) -> Vec<(usize, String)> {
    let text = text.trim_start_matches(|c| c == '\u{feff}' || blank(c));
    let tree = roxmltree::Document::parse(text).unwrap();
    let mut elements = 0;
    let mut notes = Vec::new();
    for node in tree.root().descendants() {
        elements += usize::from(node.is_element());
        if node.is_comment() || node.is_pi() {
            notes.push((elements, text[node.range()].to_owned()));
        }
    }
    notes
}

/// `PROPTEST_CASES` asks for more.
fn configuration() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok());
    ProptestConfig {
        cases: cases.unwrap_or(500),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(configuration())]

    #[test]
    fn nothing_is_lost_and_twice_is_once(text in document()) {
        check(&text);
    }

    #[test]
    fn what_cannot_be_read_is_not_formatted(text in document(), cut in any::<prop::sample::Index>()) {
        let at = cut.index(text.len());
        let cut = (0..=at).rev().find(|&at| text.is_char_boundary(at)).unwrap();
        let source = Source::new("t.xml", &text[..cut]);
        let limits = ReadingLimits::default();
        match (Document::parse(&source, &limits), format(&source, &limits)) {
            (Ok(_), Ok(_)) => {}
            (Err(expected), Err(found)) => prop_assert_eq!(expected, found),
            (parsed, formatted) => prop_assert!(false, "{:?} but {:?}", parsed, formatted),
        }
    }
}

#[test]
fn the_scripts_of_the_repository_are_formatted() {
    let scripts = scripts_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ozml-scripts"));
    assert!(scripts.len() >= 4, "{scripts:?}");
    for script in scripts {
        let text = std::fs::read_to_string(&script).unwrap();
        assert_eq!(check(&text), text, "{} is not formatted", script.display());
    }
}

fn scripts_in(folder: &Path) -> Vec<PathBuf> {
    let mut folders = vec![folder.to_owned()];
    let mut scripts = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "xml") {
                scripts.push(path);
            }
        }
    }
    scripts
}

#[test]
fn elements_get_lines_and_indentation() {
    let text = "<?xml version='1.0'?><Response><UserInput Digits=\"1\"><Prompt><Speak>Press 1</Speak></Prompt>\
        <Inputs>\n\t\t<Input Key='1'>\n<Exit/></Input></Inputs></UserInput></Response>";
    let expected = "\
<?xml version='1.0'?>
<Response>
  <UserInput Digits=\"1\">
    <Prompt>
      <Speak>Press 1</Speak>
    </Prompt>
    <Inputs>
      <Input Key='1'>
        <Exit/>
      </Input>
    </Inputs>
  </UserInput>
</Response>
";
    assert_eq!(check(text), expected);
}

#[test]
fn texts_stay_byte_for_byte() {
    let text = "<Response><SendSms Recipient=\"1\">\n  Dear Ann,\n     come at 5.\n\n\n\t Bob </SendSms>\
        <Speak>a<!-- b -->  <![CDATA[ c ]]></Speak><Speak> &#32; </Speak></Response>";
    let expected = "\
<Response>
  <SendSms Recipient=\"1\">
  Dear Ann,
     come at 5.


\t Bob </SendSms>
  <Speak>a<!-- b -->  <![CDATA[ c ]]></Speak>
  <Speak> &#32; </Speak>
</Response>
";
    assert_eq!(check(text), expected);
}

#[test]
fn an_element_with_text_keeps_what_is_inside() {
    let text = "<Response>\n<Speak >Hello <b  a = '1' >x</b > <i></i>\n  </Speak ><Exit /></Response>";
    let expected = "\
<Response>
  <Speak>Hello <b  a = '1' >x</b > <i></i>
  </Speak>
  <Exit/>
</Response>
";
    assert_eq!(check(text), expected);
}

#[test]
fn stray_text_keeps_the_lines_of_its_element_only() {
    let text = "<Response>\n<Call><Exit/> oops <Exit/></Call>\n<Inputs><Exit/></Inputs></Response>";
    let expected = "\
<Response>
  <Call><Exit/> oops <Exit/></Call>
  <Inputs>
    <Exit/>
  </Inputs>
</Response>
";
    assert_eq!(check(text), expected);
}

#[test]
fn a_blank_section_or_reference_is_text() {
    let text = "<a>\n<b><![CDATA[]]></b><c><![CDATA[ ]]>\n<d/></c><e>&#10;<f/></e><g>\u{a0}<h/></g>\n</a>";
    let expected = "<a>\n  <b><![CDATA[]]></b>\n  <c><![CDATA[ ]]>\n<d/></c>\n  <e>&#10;<f/></e>\n  <g>\u{a0}<h/></g>\n</a>\n";
    assert_eq!(check(text), expected);
}

#[test]
fn empty_elements_close_themselves() {
    let text = "<Response><Exit></Exit><Hangup>\n\n</Hangup ><Record  A='' > </Record><Delay/></Response>";
    let expected = "<Response>\n  <Exit/>\n  <Hangup/>\n  <Record A=''/>\n  <Delay/>\n</Response>\n";
    assert_eq!(check(text), expected);
    assert_eq!(check("<Response>\r\n</Response>"), "<Response/>\r\n");
}

#[test]
fn space_that_is_to_be_preserved_is() {
    let text = "<a><b xml:space=\"preserve\">\n   <c></c>  </b><b xml:space='default'> <c/></b></a>";
    let expected = "\
<a>
  <b xml:space=\"preserve\">
   <c></c>  </b>
  <b xml:space='default'>
    <c/>
  </b>
</a>
";
    assert_eq!(check(text), expected);
}

#[test]
fn comments_at_the_end_of_a_line_stay_there() {
    let text = "<Response>    <!-- the menu -->\n<Exit/><!-- why -->   <!-- because -->
      <!-- what follows --><Exit/>  <!-- a\n  b -->\n\n<!-- last --></Response><!-- end -->";
    let expected = "\
<Response> <!-- the menu -->
  <Exit/>
  <!-- why --> <!-- because -->
  <!-- what follows -->
  <Exit/> <!-- a
  b -->

  <!-- last -->
</Response> <!-- end -->
";
    assert_eq!(check(text), expected);
}

#[test]
fn instructions_and_comments_around_the_root() {
    let text = " \n<?xml version=\"1.0\"?>\n\n\n\n<?style a='1'  ?><!-- x --><Response>\n<?note?></Response>\n<?end?>\n\n";
    let expected = "\
<?xml version=\"1.0\"?>

<?style a='1'  ?>
<!-- x -->
<Response>
  <?note?>
</Response>
<?end?>
";
    assert_eq!(check(text), expected);
}

#[test]
fn several_empty_lines_become_one() {
    let text = "<Response>\n \t\n\n<Exit/>\n<Exit/>\n\n<Exit/>\n\n\n\n<Exit/>\n\n\n</Response>\n\n\n";
    let expected = "\
<Response>

  <Exit/>
  <Exit/>

  <Exit/>

  <Exit/>

</Response>
";
    assert_eq!(check(text), expected);
}

#[test]
fn attributes_keep_order_quotes_and_values() {
    let text = "<Response>\n<SendSms\n  recipient = '\"Ann\" &#60;1>'\n\tSender=\"a&amp;b\n  c\"  ID=''>x</SendSms>\n</Response>";
    let expected = "\
<Response>
  <SendSms recipient='\"Ann\" &#60;1>' Sender=\"a&amp;b
  c\" ID=''>x</SendSms>
</Response>
";
    assert_eq!(check(text), expected);
}

/// `<Response>` around `<SendEmail …>`, whose tag with its indentation has as many characters as asked for.
fn with_tag_of(characters: usize, end: &str) -> (String, String) {
    let before = "  <SendEmail To=\"ann@example.com\" Subject=\"";
    let used = before.len() + "\"".len() + end.find('>').unwrap() + 1;
    let subject = "é".repeat(characters - used);
    let line = format!("{before}{subject}\"{end}");
    (subject, format!("<Response>\n{line}\n</Response>\n"))
}

#[test]
fn a_tag_of_100_characters_stays_on_its_line() {
    for end in ["/>", ">A text that does not count</SendEmail>"] {
        let (_, text) = with_tag_of(100, end);
        assert_eq!(check(&text), text);
    }
}

#[test]
fn attributes_of_a_longer_tag_get_their_own_lines() {
    for end in ["/>", ">Text</SendEmail>"] {
        let (subject, text) = with_tag_of(101, end);
        let expected = format!(
            "<Response>\n  <SendEmail\n      To=\"ann@example.com\"\n      Subject=\"{subject}\"{end}\n</Response>\n"
        );
        assert_eq!(check(&text), expected);
    }
}

#[test]
fn a_single_attribute_stays_with_its_tag() {
    let text = format!("<Response>\n  <GoTo Url=\"{}\"/>\n</Response>\n", "u".repeat(200));
    assert_eq!(check(&text), text);
}

#[test]
fn line_ends_are_those_of_the_file() {
    let text = "\u{feff}<?xml version=\"1.0\"?>\r\n<Response>\n<Speak>a\nb\r\nc</Speak><Exit/>\n</Response>";
    let expected = "\u{feff}<?xml version=\"1.0\"?>\r\n<Response>\r\n  <Speak>a\nb\r\nc</Speak>\r\n  <Exit/>\r\n</Response>\r\n";
    assert_eq!(check(text), expected);
    let only_in_a_text = "<a><b>x\r\ny</b></a>";
    assert_eq!(check(only_in_a_text), "<a>\r\n  <b>x\r\ny</b>\r\n</a>\r\n");
    assert_eq!(check("<a>\r<b/>\r\r<c/></a>"), "<a>\n  <b/>\n\n  <c/>\n</a>\n");
}

#[test]
fn blanks_before_the_declaration_go() {
    assert_eq!(
        check("\u{feff}\n <?xml version='1.0'?><a/>"),
        "\u{feff}<?xml version='1.0'?>\n<a/>\n"
    );
}

#[test]
fn names_keep_their_case_and_prefix() {
    let text = "<response>\n  <x:speak xmlns:x=\"urn:x\" x:A=\"1\" a=\"2\">b</x:speak>\n</response>\n";
    assert_eq!(check(text), text);
}

#[test]
fn a_fault_is_that_of_the_parser() {
    for text in [
        "",
        "<a><b></a>",
        "<!DOCTYPE a><a/>",
        "<a>&nbsp;</a>",
        "text",
        "<a/><a/>",
        "<a b=1/>",
    ] {
        let source = Source::new("t.xml", text);
        let expected = Document::parse(&source, &ReadingLimits::default()).unwrap_err();
        assert_eq!(formatted(text).unwrap_err(), expected, "{text}");
    }
}

#[test]
fn a_layout_beyond_a_limit_is_refused() {
    let many_comments = "<a><b>".to_owned() + &"<!---->\n".repeat(20) + "</b></a>";
    for (name, text, most) in [
        ("script_bytes", "<a><b/><b/></a>", 22),
        ("value_bytes", &many_comments, 80),
    ] {
        let source = Source::new("t.xml", text);
        let mut limits = ReadingLimits::default();
        assert!(limits.set(name, most));
        assert!(Document::parse(&source, &limits).is_ok());
        let fault = format(&source, &limits).unwrap_err();
        assert_eq!((fault.code.as_str(), fault.limit), ("reading-limit", Some(name)));
        assert_eq!(
            fault.message,
            format!("with its indentation the script would exceed the limit `{name}`")
        );
        assert!(fault.help.unwrap().contains(name));
        assert!(limits.set(name, 10 * most));
        assert!(format(&source, &limits).is_ok());
    }
}

#[test]
fn the_worst_documents_are_answered() {
    let limits = ReadingLimits::default();
    for (name, text, _) in worst_documents::all() {
        let source = Source::new("worst.xml", text);
        match (Document::parse(&source, &limits), format(&source, &limits)) {
            (Err(expected), Err(found)) => assert_eq!(found, expected, "{name}"),
            (Ok(_), Err(fault)) => assert!(
                fault.message.starts_with("with its indentation"),
                "{name}: {fault}"
            ),
            (parsed, output) => {
                assert!(parsed.is_ok(), "{name}");
                assert!(output.unwrap().len() <= limits.script_bytes, "{name}");
            }
        }
    }
}

#[test]
fn nesting_needs_no_stack() {
    let depth = 2_000;
    let limits = ReadingLimits {
        depth,
        script_bytes: usize::MAX,
        ..ReadingLimits::default()
    };
    let text = format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
    let thread = std::thread::Builder::new().stack_size(256 * 1024);
    let formatting = thread.spawn(move || format(&Source::new("t.xml", text), &limits));
    let output = formatting.unwrap().join().unwrap().unwrap();
    let innermost = format!("\n{}<a/>\n", "  ".repeat(depth - 1));
    assert!(output.contains(&innermost));
}
