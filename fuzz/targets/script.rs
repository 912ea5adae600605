//! Parser, checker, formatter and fixes: whatever comes is answered, and a layout changes nothing.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use ozml_engine::{CheckOptions, Checked, Engine, PlannedVerbs, Profile};
use ozml_parser::{Diagnostic, Fix, Format, ReadingLimits, Report, Source, Style, format, render};

static ENGINE: LazyLock<Engine> =
    LazyLock::new(|| Engine::new(ozml_verbs::standard().expect("our verbs have distinct names")));

fuzz_target!(|bytes: &[u8]| {
    match Source::from_bytes("script.xml", bytes) {
        Ok(source) => answer(&source),
        Err(refused) => look(&refused.source, &[refused.diagnostic]),
    }
});

fn answer(source: &Source) {
    let lenient = check(source, Profile::Lenient);
    look(source, &lenient.diagnostics);
    let strict = check(source, Profile::Strict);
    look(source, &strict.diagnostics);
    for fix in strict.diagnostics.iter().filter_map(|fault| fault.fix.as_deref()) {
        mend(source, fix, strict.is_readable());
    }
    match format(source, &ReadingLimits::default()) {
        Ok(formatted) => same(source, &strict, &Source::new("script.xml", formatted)),
        Err(fault) => assert!(!strict.is_readable() || fault.limit.is_some(), "{fault}"),
    }
}

fn check(source: &Source, profile: Profile) -> Checked {
    let options = CheckOptions::default().planned(PlannedVerbs::Known).hints(true);
    ENGINE.check(source, options.profile(profile))
}

/// Every message has a place and can be shown in every form.
fn look(source: &Source, diagnostics: &[Diagnostic]) {
    for fault in diagnostics {
        assert!(fault.labels.iter().any(|label| label.primary), "{fault}");
        for label in &fault.labels {
            assert!(source.text().get(label.span.range()).is_some(), "{fault}");
        }
    }
    let shown = render(diagnostics, source, Style::Plain);
    assert_eq!(shown.is_empty(), diagnostics.is_empty());
    let mut report = Report::new(Format::Json);
    report.add(source, diagnostics);
    assert!(!report.finish().is_empty());
}

/// A fix keeps a document that can be read readable.
fn mend(source: &Source, fix: &Fix, readable: bool) {
    let mut text = source.text().to_owned();
    text.replace_range(fix.span.range(), &fix.text);
    let mended = check(&Source::new("script.xml", text), Profile::Strict);
    assert!(mended.is_readable() || !readable, "{fix:?}");
}

/// A layout says the same as the script, and is its own layout.
fn same(source: &Source, before: &Checked, formatted: &Source) {
    assert!(before.is_readable());
    let again = format(formatted, &ReadingLimits::default()).expect("a layout can be laid out");
    assert_eq!(again, formatted.text());
    let after = check(formatted, Profile::Strict);
    let words = |checked: &Checked| -> Vec<(&str, String)> {
        let said = |fault: &Diagnostic| (fault.code.0, fault.message.clone());
        checked.diagnostics.iter().map(said).collect()
    };
    assert_eq!(words(before), words(&after), "{}", source.text());
    assert_eq!(before.omitted, after.omitted);
    let verbs = |checked: &Checked| {
        checked
            .program
            .as_ref()
            .map(|program| format!("{:?}", program.body()))
    };
    assert_eq!(verbs(before), verbs(&after));
}
