use ozml_parser::{Diagnostic, Source};

/// Logs what is wrong with a configuration: an event for each fault, with its place in the file.
pub fn log_diagnostics(source: &Source, diagnostics: &[Diagnostic]) {
    for diagnostic in diagnostics {
        let place = diagnostic.span().map(|span| source.position(span.start as usize));
        let (line, column) = (place.map(|place| place.line), place.map(|place| place.column));
        let (file, code) = (source.name(), diagnostic.code.as_str());
        let help = diagnostic.help.as_deref();
        if diagnostic.is_error() {
            tracing::error!(file, line, column, code, help, "{}", diagnostic.message);
        } else {
            tracing::warn!(file, line, column, code, help, "{}", diagnostic.message);
        }
    }
}
