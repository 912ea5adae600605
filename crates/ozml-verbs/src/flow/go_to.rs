//! `<GoTo>`: continue with a script from a web application.

use ozml_engine::{Contexts, Fields, Kind, Param, Provenance, Rules, ScriptAddress, VerbSpec};
use ozml_parser::Diagnostic;

const URL: Param<ScriptAddress> = Param::new("Url", "where the script is fetched from")
    .mandatory()
    .content()
    .leads_on();

/// The description of `GoTo`.
pub(crate) static GO_TO: VerbSpec = VerbSpec::new(
    "GoTo",
    "Continue with a script from a web application",
    "<Response><GoTo>http://app.example/menu2</GoTo></Response>",
)
.contexts(Contexts::E.and(Contexts::M))
.kind(Kind::Wait)
.params(&[URL.spec()])
.rules(an_address_that_can_be_reached)
.notes(&["The rest of this script is dropped. The new one is asked for with a POST, notification GoTo."])
.readings(&[
    "When the script cannot be fetched or has faults, the verbs after the GoTo run.",
    "A relative URL is resolved against that of the document; in a file given by hand it is an error.",
    "The limits `goto_per_call` and `goto_without_wait` bound circles.",
]);

fn an_address_that_can_be_reached(fields: &Fields<'_>, rules: &mut Rules<'_>) {
    let Some((address, span)) = fields.literal(&URL) else {
        return;
    };
    let by_hand = rules.options().provenance == Provenance::ByHand;
    match address {
        ScriptAddress::Relative(text) if by_hand => rules.report(
            Diagnostic::error(
                "relative-url",
                302,
                span,
                format!("`{text}` is a relative URL, and this file has no URL of its own"),
            )
            .label(span, "an absolute URL was expected")
            .help("write the whole address, beginning with `http://` or `https://`"),
        ),
        ScriptAddress::Sql(_) => rules.report(
            Diagnostic::error("no-sql-source", 302, span, "there is no SQL source here")
                .label(span, "a query in place of a URL")
                .help("give the URL of a web application that answers with the script"),
        ),
        _ => {}
    }
}
