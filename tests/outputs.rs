//! What programs of others read from us: logs for code scanners against the schema of OASIS, and our XML Schema
//! against scripts, with `xmllint` (package `libxml2-utils`).
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    reason = "a test runs programs, keeps files and fails by panicking"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use ozml_engine::{CheckOptions, Children, EXPLANATIONS, Engine, ParamSpec, PartSpec};
use ozml_parser::{Document, Element, ReadingLimits, Source};
use ozml_tests::markdown::cases;
use ozml_tests::{binary, repository};
use serde_json::Value;

/// A new folder for one test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _from_an_earlier_run = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder for the test");
    folder
}

/// The scripts of a suite.
fn scripts(suite: &Path) -> Vec<String> {
    let blocks = cases(&repository::read(suite))
        .into_iter()
        .flat_map(|case| case.blocks);
    blocks
        .filter(|block| block.kind == "xml")
        .map(|block| block.text)
        .collect()
}

fn suites() -> Vec<PathBuf> {
    repository::files(&repository::root().join("tests/suite"), "md")
}

fn ozml(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(binary::path());
    command.current_dir(folder).args(arguments);
    command.output().expect("ozml runs")
}

fn sarif_schema() -> jsonschema::Validator {
    let schema = repository::read(&repository::root().join("tests/schemas/sarif-schema-2.1.0.json"));
    // One pattern of the published schema has a bracket too many, which no strict reader takes.
    let schema = schema.replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}$");
    let schema: Value = serde_json::from_str(&schema).expect("the schema is JSON");
    let options = jsonschema::options().should_validate_formats(true);
    options.build(&schema).expect("the schema is one")
}

#[test]
fn every_log_for_code_scanners_follows_the_standard() {
    let schema = sarif_schema();
    let (mut results, mut fixes) = (0, 0);
    for suite in suites() {
        let folder = folder("sarif");
        for (number, script) in scripts(&suite).iter().enumerate() {
            fs::write(folder.join(format!("árak {number}.xml")), script).expect("a script");
        }
        let printed = ozml(&folder, &["check", "--format", "sarif", "."]).stdout;
        let log: Value = serde_json::from_slice(&printed).expect("a log is JSON");
        let faults: Vec<_> = schema.iter_errors(&log).map(|fault| fault.to_string()).collect();
        assert_eq!(faults, [] as [&str; 0], "{}", suite.display());
        let run = &log["runs"][0];
        let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
        assert!(
            rules.iter().all(|rule| rule["fullDescription"].is_object()),
            "{rules:?}"
        );
        for result in run["results"].as_array().expect("results") {
            results += 1;
            fixes += result["fixes"].as_array().map_or(0, Vec::len);
        }
    }
    assert!(results > 50 && fixes > 5, "{results} results, {fixes} fixes");
}

#[test]
fn the_schema_of_the_standard_refuses_what_is_no_log() {
    let schema = sarif_schema();
    for wrong in [r#"{"version":"2.1.0"}"#, r#"{"version":"2.0.0","runs":[]}"#] {
        let log: Value = serde_json::from_str(wrong).expect("JSON");
        assert!(!schema.is_valid(&log), "{wrong}");
    }
}

/// Keeps our schema in a folder.
fn xsd(folder: &Path) -> PathBuf {
    let path = folder.join("ozml.xsd");
    let printed = ozml(folder, &["verbs", "--format", "xsd"]);
    assert!(printed.status.success());
    fs::write(&path, printed.stdout).expect("the schema is kept");
    path
}

/// Validates files of a folder; gives what `xmllint` says where one does not fit.
fn validate(xsd: &Path, files: &[PathBuf]) -> Result<(), String> {
    let mut command = Command::new("xmllint");
    command
        .args(["--noout", "--nonet", "--schema"])
        .arg(xsd)
        .args(files);
    let output = command
        .output()
        .expect("`xmllint` runs: `cargo xtask ci` installs it, or the package `libxml2-utils` has it");
    let said = String::from_utf8_lossy(&output.stderr);
    let said: String = said
        .split_inclusive('\n')
        .filter(|line| !line.ends_with(" validates\n"))
        .collect();
    if output.status.success() {
        Ok(())
    } else {
        Err(said)
    }
}

/// Whether all names of a script are in the vendor's spelling, and in no namespace.
fn is_canonical(script: &str, engine: &Engine) -> bool {
    let source = Source::new("script", script);
    let document = Document::parse(&source, &ReadingLimits::default()).expect("a clean script is readable");
    let root = document.root();
    match root.name() {
        _ if script.contains("xmlns") => false,
        "Response" | "OzML" => root.elements().all(|verb| verb_is_canonical(verb, engine)),
        _ => verb_is_canonical(root, engine),
    }
}

fn verb_is_canonical(element: Element<'_>, engine: &Engine) -> bool {
    let verb = engine.registry().get(element.name());
    verb.is_some_and(|verb| {
        verb.name == element.name() && inside_is_canonical(element, verb.params, verb.children, engine)
    })
}

fn inside_is_canonical(
    element: Element<'_>,
    params: &[ParamSpec],
    children: Children,
    engine: &Engine,
) -> bool {
    let named = |name: &str| params.iter().any(|param| param.name == name);
    let part = |child: Element<'_>| {
        let part: Option<&PartSpec> = children.parts().iter().find(|part| part.name == child.name());
        part.is_some_and(|part| inside_is_canonical(child, part.params, part.children, engine))
    };
    element.attributes().all(|attribute| named(attribute.name()))
        && element.elements().all(|child| match children {
            Children::Verbs => verb_is_canonical(child, engine),
            _ => part(child),
        })
}

#[test]
fn the_xml_schema_accepts_every_script_in_canonical_case() {
    let engine = Engine::new(ozml_verbs::standard().expect("our verbs have distinct names"));
    let folder = folder("xsd");
    let shipped = repository::files(&repository::root().join("ozml-scripts"), "xml");
    let suites = suites();
    let others = suites.iter().flat_map(|suite| scripts(suite));
    let others = others
        .chain(engine.registry().verbs().map(|verb| verb.example.to_owned()))
        .chain(EXPLANATIONS.iter().map(|known| known.example_right.to_owned()));
    let clean = |script: &String| {
        let checked = engine.check(&Source::new("script", script.as_str()), CheckOptions::default());
        checked.diagnostics.is_empty() && is_canonical(script, &engine)
    };
    let mut files: Vec<_> = shipped
        .into_iter()
        .filter(|path| !path.to_string_lossy().ends_with(".test.xml"))
        .collect();
    for (number, script) in others.filter(clean).enumerate() {
        let path = folder.join(format!("{number}.xml"));
        // What XML does not allow before its declaration, we do.
        fs::write(
            &path,
            script.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']),
        )
        .expect("a script");
        files.push(path);
    }
    assert!(files.len() > 50, "{} scripts", files.len());
    assert_eq!(validate(&xsd(&folder), &files), Ok(()));
}

#[test]
fn the_xml_schema_refuses_slips() {
    let folder = folder("xsd-slips");
    let xsd = xsd(&folder);
    for (number, wrong) in [
        "<Response><Speek/></Response>",
        "<Response>text</Response>",
        "<Script/>",
        r#"<Response><SendSms Sender="1">Hi</SendSms></Response>"#,
        r#"<Response><Speak Txt="Hi"/></Response>"#,
        "<Response><Exit>now</Exit></Response>",
        "<Response><Speak><b>Hi</b></Speak></Response>",
        r#"<Response><Play Repeat="often">a.wav</Play></Response>"#,
        r#"<Response><Input Key="1"/></Response>"#,
        "<Response><UserInput><Input Key=\"1\"/></UserInput></Response>",
        "<Response><UserInput><Inputs><Input/></Inputs></UserInput></Response>",
    ]
    .into_iter()
    .enumerate()
    {
        let path = folder.join(format!("{number}.xml"));
        fs::write(&path, wrong).expect("a script");
        let refused = validate(&xsd, &[path]).expect_err(wrong);
        assert!(refused.contains("validity error"), "{refused}");
    }
}
