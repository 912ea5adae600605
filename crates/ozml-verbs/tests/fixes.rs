//! What the checker offers as a fix mends the fault.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use ozml_engine::{CheckOptions, Contexts, EXPLANATIONS, Engine, PlannedVerbs};
use ozml_parser::{Diagnostic, Source};

fn check(script: &str) -> Vec<Diagnostic> {
    let engine = Engine::new(ozml_verbs::standard().unwrap());
    let context = if script.contains("<Request") {
        Contexts::M
    } else {
        Contexts::E
    };
    let options = CheckOptions::new(context)
        .planned(PlannedVerbs::Known)
        .hints(true);
    engine
        .check(&Source::new("script.xml", script), options)
        .diagnostics
}

/// The script with every fix applied; of two that overlap the outer one waits for the next round.
fn mended(script: &str, found: &[Diagnostic]) -> String {
    let mut fixes: Vec<_> = found.iter().filter_map(|fault| fault.fix.as_deref()).collect();
    fixes.sort_by_key(|fix| (fix.span.len(), fix.span));
    let mut applied: Vec<&_> = Vec::new();
    for fix in fixes {
        let apart =
            |other: &&ozml_parser::Fix| other.span.end <= fix.span.start || fix.span.end <= other.span.start;
        if applied.iter().all(apart) {
            applied.push(fix);
        }
    }
    applied.sort_by_key(|fix| std::cmp::Reverse(fix.span));
    let mut text = script.to_owned();
    for fix in applied {
        text.replace_range(fix.span.range(), &fix.text);
    }
    text
}

/// Applies fixes until there are none, and gives what is still reported.
fn mend(script: &str) -> (String, Vec<Diagnostic>) {
    let mut text = script.to_owned();
    for _ in 0..10 {
        let found = check(&text);
        if found.iter().all(|fault| fault.fix.is_none()) {
            return (text, found);
        }
        text = mended(&text, &found);
    }
    panic!("the fixes come to no end: {text}");
}

#[test]
fn a_script_of_slips_is_mended_whole() {
    let script = r#"<Response>
  <Speek Languag="en-UK">Hello <b>Ann</b>, <i/>it is <em>about <u>noon</u></em>.</Speek>
  <SendSm Recipent="1" Sendr="2" sendeer="3">Hi</SendSm>
  <SendSms RECIPIENT="2" recipient="3">Hi</SendSms>
  <Exitt now="1" then="2"/>
  <sendmsg ToConnection="admin @localhost">a</sendmsg>
  <Userinpt Repeet="ture">
    <InitialComands><Speek>Press 1.</Speek></InitialComands>
    <Inputs><Inputt Key="1"><Delai>1</Delai></Inputt></Inputs>
  </Userinpt>
  <Var ID="stop">Oak</Var>
  <Speak>$stpo and $stop</Speak>
  <ReceiveMessage Action="receivemessage" ResponseFormat="xml" ID="mail"/>
  <ForEach Source="mial"><Speak>$item.from</Speak></ForEach>
</Response>"#;
    let before = check(script);
    let mendable = before.iter().filter(|fault| fault.fix.is_some()).count();
    assert!(mendable >= 15, "{before:#?}");
    let (text, left) = mend(script);
    let left: Vec<_> = left
        .iter()
        .map(|fault| (fault.code.as_str(), fault.message.as_str()))
        .collect();
    let expected = [
        // `Sendr` has become `Sender`: a second one would be no XML any more.
        ("unknown-attribute", "`SendSms` has no attribute `sendeer`"),
        ("never-reached", "nothing after `Exit` is run"),
    ];
    assert_eq!(left, expected, "{text}");
}

#[test]
fn no_fix_of_an_example_leaves_its_fault() {
    for known in EXPLANATIONS {
        if check(known.example_wrong).iter().all(|fault| fault.fix.is_none()) {
            continue;
        }
        let (text, left) = mend(known.example_wrong);
        let same = left.iter().any(|fault| fault.code == known.code);
        assert!(!same, "{}: {text}", known.code);
    }
}

#[test]
fn a_fix_changes_what_it_should_and_nothing_else() {
    for (script, expected) in [
        (
            "<Response><Speek>Hi</Speek ></Response>",
            "<Response><Speak>Hi</Speak ></Response>",
        ),
        (
            "<Response><Speak>Hello <b c='>'>Ann</b>.</Speak></Response>",
            "<Response><Speak>Hello Ann.</Speak></Response>",
        ),
        (
            "<Response><ReceiveMessage ID=\"mail\"/><ForEach Source=\"$mial\"/></Response>",
            "<Response><ReceiveMessage ID=\"mail\"/><ForEach Source=\"mail\"/></Response>",
        ),
        // What is written is not what is read here, so a person has to look.
        (
            "<Response><ReceiveMessage ID=\"mail\"/><ForEach Source=\"m&#105;al\"/></Response>",
            "<Response><ReceiveMessage ID=\"mail\"/><ForEach Source=\"m&#105;al\"/></Response>",
        ),
        (
            "<Response><Var ID=\"stop\">Oak</Var><Speak>$st&#112;o</Speak></Response>",
            "<Response><Var ID=\"stop\">Oak</Var><Speak>$st&#112;o</Speak></Response>",
        ),
    ] {
        assert_eq!(mended(script, &check(script)), expected);
    }
}

#[test]
fn an_element_too_long_to_be_changed_in_one_piece_is_left_alone() {
    let script = format!("<Response><Speek>{}</Speek></Response>", "x".repeat(2_001));
    let found = check(&script);
    assert_eq!(found.len(), 1);
    assert_eq!(mended(&script, &found), script);
}
