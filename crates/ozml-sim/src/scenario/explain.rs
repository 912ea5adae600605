//! The codes of scenario files and of what comes of them.

use ozml_engine::Explanation;

const HALF: &str = r#"<Test Version="1">
  <Expect>
    <Spoken Contains="thank you"/>
  </Expect>
</Test>"#;

/// What the codes mean that a scenario can get besides those of scripts, sorted.
pub static EXPLANATIONS: &[Explanation] = &[
    Explanation::new(
        "both-given",
        "Two attributes that exclude each other",
        "Each of the two says the same thing in another way, such as `At` and `After`: when the caller does something. Only one of them can be meant.",
        r#"<Test Version="1"><Press Keys="1" At="2s" After="menu"/></Test>"#,
        r#"<Test Version="1"><Press Keys="1" After="menu"/></Test>"#,
    ),
    Explanation::new(
        "broke-down",
        "The run broke down",
        "The engine or a verb met a fault of its own. That is never the fault of a script, and no scenario can expect it.",
        "",
        "",
    ),
    Explanation::new(
        "ended-otherwise",
        "The call or the run ended in another way",
        "`<Ended>` says who ends the call (`By`), why (`Cause`), how long it takes at most (`Within`) and how the run ends (`Outcome`). One of these was not so.",
        r#"<Test Version="1"><Expect><Ended By="caller"/></Expect></Test>"#,
        r#"<Test Version="1"><HangUp At="1s"/><Expect><Ended By="caller"/></Expect></Test>"#,
    ),
    Explanation::new(
        "file-not-found",
        "A file that the scenario names is not there",
        "Script and answers are looked for from the folder in which the scenario lies. Without `Script` a scenario `menu.test.xml` belongs to `menu.xml`.",
        r#"<Test Version="1" Script="no-such-script.xml"/>"#,
        r#"<Test Version="1"/>"#,
    ),
    Explanation::new(
        "hang-up",
        "A hang-up that is not met in order",
        "`--hang-up-everywhere` lets the caller hang up at every instant of the call, and just before and after it. Whatever the instant: the call ends once, no verb starts after that, every effect that began has an outcome, and no timer is left. What breaks this is a fault of the engine, of a verb or of a session.",
        "",
        "",
    ),
    Explanation::new(
        "not-met",
        "Something that was expected did not happen",
        "What `<Expect>` names must happen in that order. Texts are an open list: others may be spoken in between. Texts are compared with the case they have; `Contains` looks for a part.",
        HALF,
        r#"<Test Version="1"><Expect><Spoken Contains="Thank you"/></Expect></Test>"#,
    ),
    Explanation::new(
        "spoken-anyway",
        "A text that should not be spoken was",
        "`<NotSpoken>` holds for the whole call.",
        r#"<Test Version="1"><Expect><NotSpoken Contains="Thank"/></Expect></Test>"#,
        r#"<Test Version="1"><Expect><NotSpoken Contains="sorry"/></Expect></Test>"#,
    ),
    Explanation::new(
        "step-not-taken",
        "Something the caller never got to do",
        "A key at a time when the call was over, after a text that was never spoken, or for an input that never came. Steps without `At` are done one after the other: one that is never done holds up those behind it.",
        r#"<Test Version="1"><Press Keys="1" At="1h"/></Test>"#,
        r#"<Test Version="1"/>"#,
    ),
    Explanation::new(
        "unexpected-effect",
        "An effect that nobody expected",
        "What reaches the world outside the call is a closed list: each SMS, mail, message, transfer, report and change of a file must be named in `<Expect>`, whatever its port answered. `<Expect Others=\"allowed\">` opens the list.",
        "",
        "",
    ),
    Explanation::new(
        "unexpected-failure",
        "A verb failed",
        "A verb that fails does not end a script, so it would go unnoticed. Expect it with `<Failed>` if it is meant. An SMS that is refused, or a request that the scenario lets fail, needs no `<Failed>`.",
        "",
        "",
    ),
    Explanation::new(
        "unexpected-limit",
        "A limit was reached",
        "A limit or the policy for destinations was reached. Expect it with `<Limit>` if it is meant. A menu that is repeated until a limit ends it often means that the scenario sends no key.",
        "",
        "",
    ),
    Explanation::new(
        "unused-outcome",
        "An outcome that was prepared and never used",
        "The scenario says what becomes of an SMS, or what the web application answers, and the script never asked for it. That is no failure: the call may have gone another way.",
        "",
        "",
    ),
    Explanation::new(
        "waits-for-ever",
        "The script waits for something that never comes",
        "Nothing can happen any more: the script waits, and the scenario has nothing left to send. Let the caller press a key or hang up.",
        "",
        "",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;
    use ozml_parser::Source;

    #[test]
    fn codes_are_sorted_and_explained_once() {
        assert!(EXPLANATIONS.is_sorted_by(|one, next| one.code < next.code));
        for known in EXPLANATIONS {
            let (title, text) = (known.title, known.text);
            assert!(
                !title.ends_with('.') && text.ends_with('.') && !text.contains('\n'),
                "{}",
                known.code
            );
        }
    }

    #[test]
    fn right_examples_are_read_and_wrong_ones_have_no_other_fault() {
        let codes = |text: &str| match Scenario::read(&Source::new("example.test.xml", text)) {
            Ok(_) => Vec::new(),
            Err(faults) => faults
                .diagnostics
                .iter()
                .map(|fault| fault.code.as_str())
                .collect(),
        };
        for known in EXPLANATIONS
            .iter()
            .filter(|known| !known.example_right.is_empty())
        {
            assert_eq!(codes(known.example_right), [""; 0], "{}", known.code);
            let wrong = codes(known.example_wrong);
            assert!(
                wrong.is_empty() || wrong == [known.code],
                "{}: {wrong:?}",
                known.code
            );
        }
    }
}
