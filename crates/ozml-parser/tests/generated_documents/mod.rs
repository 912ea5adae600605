//! Documents as nobody would lay them out: every construct that may stand in a script, anywhere it may stand.

use proptest::prelude::*;
use proptest::sample::select;

/// White space that may be missing.
const BLANKS: [&str; 12] = [
    "",
    "",
    " ",
    "\t",
    "\n",
    "\r\n",
    "\r",
    "\n  ",
    "\r\n\r\n\t",
    "\n\n\n    ",
    " \n \n",
    "\r\r\n\n",
];

const NAMES: [&str; 7] = [
    "Response",
    "speak",
    "SendSms",
    "x:Var",
    "UserInput",
    "été",
    "AnElementWhoseNameIsRatherLong",
];

/// A whole document, with or without a byte order mark and a declaration.
pub(crate) fn document() -> impl Strategy<Value = String> {
    let head = (
        select(&["", "\u{feff}"][..]),
        blank(),
        prop::option::of(declaration()),
    );
    (head, misc(), root(), misc()).prop_map(|((mark, blank, declaration), before, root, after)| {
        // The reader skips blanks, a declaration after them too.
        let declaration = declaration.unwrap_or_default();
        format!("{mark}{blank}{declaration}{before}{root}{after}")
    })
}

fn declaration() -> impl Strategy<Value = &'static str> {
    select(
        &[
            "<?xml version=\"1.0\"?>",
            "<?xml version='1.0'  encoding=\"utf-8\" ?>",
            "<?xml version=\"1.0\"\r\n encoding=\"UTF-8\" standalone='yes'?>",
        ][..],
    )
}

/// The prefix of some names must be declared.
fn root() -> impl Strategy<Value = String> {
    (attributes(), content()).prop_map(|(attributes, content)| {
        format!("<Response xmlns:x = 'urn:x'{attributes}>{content}</Response>")
    })
}

/// What may stand between two tags: other elements, laid out in any way, four deep at most.
fn content() -> impl Strategy<Value = String> {
    leaf().prop_recursive(4, 48, 6, |inner| {
        let element = element(inner);
        let child = prop_oneof![6 => element, 2 => note(), 1 => leaf()];
        let between = prop_oneof![9 => blank().prop_map(str::to_owned), 1 => text()];
        prop::collection::vec((between, child), 0..6).prop_flat_map(|children| {
            let children: String = children
                .into_iter()
                .map(|(between, child)| between + &child)
                .collect();
            blank().prop_map(move |end| format!("{children}{end}"))
        })
    })
}

/// Content without elements.
fn leaf() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => blank().prop_map(str::to_owned),
        3 => text(),
        1 => section(),
        1 => note(),
        1 => (blank(), note(), blank()).prop_map(|(before, note, after)| format!("{before}{note}{after}")),
        1 => (text(), note(), section(), blank()).prop_map(|(text, note, section, blank)| {
            format!("{text}{note}{blank}{section}")
        }),
    ]
}

fn element(content: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    let tag = (select(&NAMES[..]), attributes(), blank());
    (tag, content, any::<bool>()).prop_map(|((name, attributes, blank), content, closes)| {
        if closes {
            format!("<{name}{attributes}{blank}>{content}</{name}{blank}>")
        } else {
            format!("<{name}{attributes}{blank}/>")
        }
    })
}

/// Attributes with names of their own, each with the blank before it.
fn attributes() -> impl Strategy<Value = String> {
    let attribute = prop_oneof![
        40 => ("[a-zA-Zé]{1,12}", blank(), value())
            .prop_map(|(name, blank, value)| format!("{name}{{}}{blank}={blank}{value}")),
        1 => Just("xml:space=\"preserve\"".to_owned()),
    ];
    prop::collection::vec((needed_blank(), attribute), 0..5).prop_map(|attributes| {
        let mut preserves = false;
        let numbered = attributes
            .into_iter()
            .enumerate()
            .filter_map(|(number, (blank, attribute))| {
                let again = attribute.starts_with("xml:") && std::mem::replace(&mut preserves, true);
                let attribute = attribute.replacen("{}", &number.to_string(), 1);
                (!again).then(|| format!("{blank}{attribute}"))
            });
        numbered.collect()
    })
}

fn value() -> impl Strategy<Value = String> {
    let characters = "([ -%(-;=?-~\\t\\n\\réß日>]|\r\n|&amp;|&#10;|&#x20;|&lt;){0,24}";
    (characters, any::<bool>()).prop_map(|(value, double)| {
        let value = escaped(&value);
        match double {
            true => format!("\"{}\"", value.replace('"', "'")),
            false => format!("'{value}'"),
        }
    })
}

/// Characters and references, now and then nothing but blanks.
fn text() -> impl Strategy<Value = String> {
    let characters =
        "[ \\t\\r\\n]{0,3}([ -;=?-~\\t\\n\\r\u{a0}ß日😀]|\r\n|&amp;|&#10;|&#x20;){0,20}[ \\t\\r\\n]{0,3}";
    characters.prop_map(|text| escaped(&text).replace("]]>", "]] >"))
}

/// Leaves references alone.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for (at, character) in text.char_indices() {
        let refers = ["&amp;", "&#10;", "&#x20;", "&lt;"]
            .iter()
            .any(|reference| text[at..].starts_with(reference));
        match character {
            '&' if !refers => escaped.push_str("&amp;"),
            _ => escaped.push(character),
        }
    }
    escaped
}

fn section() -> impl Strategy<Value = String> {
    "[ -~\\t\\n\\ré]{0,12}".prop_map(|text| format!("<![CDATA[{}]]>", text.replace("]]>", "]] >")))
}

/// Comments and instructions, with the white space around them.
fn misc() -> impl Strategy<Value = String> {
    prop::collection::vec((blank(), note()), 0..4).prop_flat_map(|notes| {
        let notes: String = notes
            .into_iter()
            .map(|(blank, note)| format!("{blank}{note}"))
            .collect();
        blank().prop_map(move |end| format!("{notes}{end}"))
    })
}

fn note() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[ -,.-~\\t\\n\\ré]{0,16}".prop_map(|text| format!("<!--{text}-->")),
        1 => ("[a-wyz]{1,8}", "[ -=@-~\\n\\r]{0,12}").prop_map(|(target, text)| format!("<?{target} {text}?>")),
    ]
}

fn blank() -> impl Strategy<Value = &'static str> {
    select(&BLANKS[..])
}

fn needed_blank() -> impl Strategy<Value = &'static str> {
    select(&BLANKS[2..])
}
