//! A verb of one's own, added from outside exactly as ours are: described once, then checked, explained and run.
#![allow(clippy::print_stdout, reason = "examples talk to a person")]

use std::error::Error;

use ozml::engine::TraceKind;
use ozml::sim::Simulation;
use ozml::{CheckOptions, Engine, Source};

/// `<Spell>`: say a text character by character.
mod spell {
    use ozml::engine::{
        Contexts, Kind, Milliseconds, Outcome, Param, RunCx, SpokenText, Value, Verb, VerbFuture, VerbSpec,
    };
    use ozml::session::{Prompt, Speech};

    const TEXT: Param<SpokenText> = Param::new("Text", "what is spelled").mandatory().content();
    const PAUSE: Param<Milliseconds> =
        Param::new("Pause", "how long to wait behind each character").default("200");

    /// The description of `Spell`: checker, manual and executor read it.
    pub(crate) static SPELL: VerbSpec = VerbSpec::new(
        "Spell",
        "Say a text character by character",
        "<Response><Spell Pause=\"300\">KX47</Spell></Response>",
    )
    .contexts(Contexts::E)
    .kind(Kind::Call)
    .params(&[TEXT.spec(), PAUSE.spec()])
    .answers(&["SpelledCharacters"])
    .compile(|p| {
        Some(Box::new(Spell {
            text: p.get(&TEXT)?,
            pause: p.get(&PAUSE)?,
        }))
    });

    struct Spell {
        text: Value<SpokenText>,
        pause: Value<Milliseconds>,
    }

    impl Verb for Spell {
        fn run<'a>(&'a self, cx: &'a mut RunCx<'_>) -> VerbFuture<'a> {
            Box::pin(async move {
                let text = self.text.eval(cx)?.as_arc().clone();
                let pause = self.pause.eval(cx)?.duration();
                let mut count = 0_u32;
                for character in text.chars().filter(|c| c.is_alphanumeric()) {
                    cx.play(&Prompt::Speech(Speech::new(character.to_string())))
                        .await?;
                    cx.wait(pause).await?;
                    count = count.saturating_add(1);
                }
                Ok(Outcome::next().field("SpelledCharacters", count.to_string()))
            })
        }
    }
}

/// An engine that knows the verbs of OzML and ours.
fn engine() -> Result<Engine, Box<dyn Error>> {
    let mut registry = ozml::verbs::standard()?;
    registry.add(&spell::SPELL)?;
    Ok(Engine::new(registry))
}

/// Checks a script and calls it; what was said, with its time, or what is wrong with it.
fn call(script: &str) -> Result<Vec<String>, Box<dyn Error>> {
    let engine = engine()?;
    let checked = engine.check(&Source::new("ticket.xml", script), CheckOptions::default());
    let Some(program) = checked.program else {
        let faults = checked.diagnostics.into_iter();
        return Ok(faults.map(|fault| format!("fault: {}", fault.message)).collect());
    };
    let simulation = Simulation::incoming("+36209998877", "9994")?;
    simulation.run(&engine, &program)?;
    let said = simulation
        .events()
        .into_iter()
        .filter_map(|event| match event.kind {
            TraceKind::PromptSpoken { text, .. } => Some(format!("{:>5} ms  {text}", event.at_ms)),
            _ => None,
        });
    Ok(said.collect())
}

const TICKET: &str = "<Response><Speak>Your ticket:</Speak><Spell>KX-47</Spell>\
                      <Speak>$SpelledCharacters characters.</Speak></Response>";
const SLIP: &str = "<Response><Spell Pauze=\"5\">KX-47</Spell></Response>";

fn main() -> Result<(), Box<dyn Error>> {
    for script in [TICKET, SLIP] {
        println!("{script}");
        for line in call(script)? {
            println!("  {line}");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_runs_as_ours_do() {
        let said = [
            "    0 ms  Your ticket:",
            "  720 ms  K",
            " 1220 ms  X",
            " 1720 ms  4",
            " 2220 ms  7",
            " 2720 ms  4 characters.",
        ];
        assert_eq!(call(TICKET).unwrap(), said);
        assert!(main().is_ok());
    }

    #[test]
    fn it_is_checked_as_ours_are() {
        assert_eq!(call(SLIP).unwrap(), ["fault: `Spell` has no attribute `Pauze`"]);
        assert!(!call(spell::SPELL.example).unwrap().is_empty());
    }
}
