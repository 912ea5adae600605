//! Parameters that several verbs share.

use ozml_engine::{CallAddress, Contexts, Fields, Param, Party, Provenance, Rules, ScriptAddress};
use ozml_parser::{Diagnostic, Span};
use ozml_session::CallId;

/// The call a verb of third-party control works on.
pub(crate) const CALL_ID: Param<CallId> =
    Param::new("CallId", "the call; that of the notification when it is left out").mandatory_in(Contexts::H);

/// Who hears a sound in third-party control.
pub(crate) const PARTY: Param<Party> =
    Param::new("Party", "who hears it, in third-party control only").mandatory_in(Contexts::T);

/// The extension a message is sent for.
pub(crate) const API_EXTENSION: Param<CallAddress> = Param::new(
    "ApiExtension",
    "the extension it is sent for; the script's own when it is left out",
);

/// The address of a script must be one that can be reached from where it stands.
pub(crate) fn address_that_can_be_reached(
    fields: &Fields<'_>,
    param: &Param<ScriptAddress>,
    rules: &mut Rules<'_>,
) {
    let Some((address, span)) = fields.literal(param) else {
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
        ScriptAddress::Sql(_) => rules.report(no_sql_source(span)),
        _ => {}
    }
}

/// A query where no SQL extension is.
pub(crate) fn no_sql_source(span: Span) -> Diagnostic {
    Diagnostic::error("no-sql-source", 302, span, "there is no SQL source here")
        .label(span, "a query in place of a URL")
        .help("give the URL of a web application that answers with the script")
}
