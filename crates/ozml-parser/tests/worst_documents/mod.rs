//! The worst documents of each kind below the default limit of bytes, for tests and for the benchmark.

const BYTES: usize = 1024 * 1024;

/// What reading a document should lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It is read.
    Read,
    /// The limit of this name is exceeded.
    Limit(&'static str),
    /// A fault with this code.
    Fault(&'static str),
}

/// Name, text and outcome of every document.
pub(crate) fn all() -> Vec<(&'static str, String, Outcome)> {
    let mut documents = floods();
    documents.extend(within_the_limits());
    documents.extend(faults());
    documents
}

/// `piece` as often as it fits between `begin` and `end`.
fn filled(begin: &str, piece: &str, end: &str) -> String {
    let count = (BYTES - begin.len() - end.len()) / piece.len();
    format!("{begin}{}{end}", piece.repeat(count))
}

fn numbered(count: usize, piece: impl Fn(usize) -> String) -> String {
    (0..count).map(piece).collect()
}

fn floods() -> Vec<(&'static str, String, Outcome)> {
    use Outcome::Limit;
    let attributes = numbered(100_000, |n| format!(" a{n}=''"));
    let namespaces = numbered(50_000, |n| format!(" xmlns:a{n}='u'"));
    let declarations = numbered(1_000, |n| format!("<a xmlns:b{n}='u'>"));
    vec![
        ("deep nesting", filled("", "<a>", ""), Limit("depth")),
        (
            "deep nesting, closed",
            format!("{}{}", "<a>".repeat(149_000), "</a>".repeat(149_000)),
            Limit("depth"),
        ),
        ("many elements", filled("<a>", "<a/>", "</a>"), Limit("elements")),
        (
            "many attributes",
            format!("<a{attributes}/>"),
            Limit("attributes"),
        ),
        (
            "many namespaces",
            format!("<a{namespaces}/>"),
            Limit("namespaces"),
        ),
        ("nested namespaces", declarations, Limit("namespaces")),
        ("long element name", filled("<", "a", "/>"), Limit("name_bytes")),
        (
            "long attribute name",
            filled("<a ", "b", "=''/>"),
            Limit("name_bytes"),
        ),
        ("long value", filled("<a b='", "c", "'/>"), Limit("value_bytes")),
        ("long text", filled("<a>", "b", "</a>"), Limit("value_bytes")),
        (
            "long CDATA",
            filled("<a><![CDATA[", "b", "]]></a>"),
            Limit("value_bytes"),
        ),
        (
            "text of many sections",
            filled("<a>", "<![CDATA[]]>", "</a>"),
            Limit("value_bytes"),
        ),
        (
            "text between comments",
            filled("<a>", "b<!---->", "</a>"),
            Limit("value_bytes"),
        ),
        (
            "one byte too many",
            format!("{} ", filled("<a>", " ", "</a>")),
            Limit("script_bytes"),
        ),
    ]
}

fn within_the_limits() -> Vec<(&'static str, String, Outcome)> {
    use Outcome::Read;
    let many = numbered(64, |n| format!(" a{n}=''"));
    let namespaces = numbered(32, |n| format!(" xmlns:p{n}='u{n}'"));
    let prefixed = numbered(13, |n| format!(" p{n}:a=''"));
    let tower = format!("{}{}", "<a>".repeat(62), "</a>".repeat(62));
    let references = format!("<a>{}</a>", "&#65;".repeat(13_000));
    let returns = format!("<a>{}</a>", "\r".repeat(65_000));
    let values = format!("<a b='{}' c='{}'/>", "&lt;".repeat(16_000), "\t".repeat(65_000));
    vec![
        ("comments", filled("<a>", "<!---->", "</a>"), Read),
        ("instructions", filled("<a>", "<?b?>", "</a>"), Read),
        ("comment of `=`", filled("<a><!--", "=", "--></a>"), Read),
        ("comment of `<`", filled("<a><!--", "<", "--></a>"), Read),
        ("blanks before the root", filled("", " ", "<a/>"), Read),
        (
            "elements at the limit",
            format!("<a>{}</a>", "<a b='&amp;'>c</a>".repeat(9_999)),
            Read,
        ),
        (
            "attributes at the limit",
            filled("<a>", &format!("<a{many}/>"), "</a>"),
            Read,
        ),
        (
            "namespaces at the limit",
            filled(
                &format!("<a{namespaces}>"),
                &format!("<p31:a{prefixed}/>"),
                "</a>",
            ),
            Read,
        ),
        ("towers", format!("<a>{}</a>", tower.repeat(161)), Read),
        ("references", filled("<a>", &references, "</a>"), Read),
        ("carriage returns", filled("<a>", &returns, "</a>"), Read),
        ("values to normalise", filled("<a>", &values, "</a>"), Read),
    ]
}

fn faults() -> Vec<(&'static str, String, Outcome)> {
    use Outcome::{Fault, Limit};
    let line = "<a>b</a>".repeat(9_998);
    let fat = format!("<a>{}</a>", "é".repeat(30_000)).repeat(17);
    let bomb = numbered(20_000, |n| format!("<!ENTITY a{n} '&b;&b;&b;&b;'>"));
    vec![
        ("only `<`", filled("", "<", ""), Fault("tag")),
        ("only `&`", filled("<a>", "&", "</a>"), Limit("value_bytes")),
        (
            "ampersands at the limit",
            format!("<a>{}</a>", "&".repeat(60_000)),
            Fault("ampersand"),
        ),
        ("no second quote", filled("<a b=\"", "c", ""), Fault("attribute")),
        ("endless comment", filled("<a><!--", "-", ""), Fault("tag")),
        ("endless tag", filled("<a", " ", ""), Fault("tag")),
        (
            "fault at the end of a line of many tags",
            format!("<a>{line}&</a>"),
            Fault("ampersand"),
        ),
        (
            "fault at the end of a line of a megabyte",
            format!("<a>{fat}<b></a>"),
            Fault("unclosed-element"),
        ),
        (
            "second root at the end",
            filled("<a/>", "\r", "<b/>"),
            Fault("several-roots"),
        ),
        (
            "entity bomb",
            format!("<!DOCTYPE a [{bomb}]><a>&a1;</a>"),
            Fault("dtd"),
        ),
        ("no XML", filled("", "x", ""), Fault("text-outside-root")),
    ]
}
