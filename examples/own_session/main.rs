//! A telephone of one's own: a call session from scratch (`phone.rs`), a person who follows its lines, and a script
//! that runs between them. The contract suite shows that the telephone is one.
#![allow(clippy::print_stdout, reason = "examples talk to a person")]

mod phone;
#[cfg(test)]
mod tests;

use std::error::Error;
use std::sync::Arc;

use ozml::engine::Unrecorded;
use ozml::host::{RandomIds, SystemClock};
use ozml::session::{CallInfo, CallSession, Ids, PhoneNumber, Ports};
use ozml::{CheckOptions, Source, Trace};
use phone::{Lines, Person, ring};

const SCRIPT: &str = r#"
<Response>
  <UserInput Timeout="60">
    <InitialCommands><Speak>Hello $CallerID! For the weather press 1.</Speak></InitialCommands>
    <Inputs><Input Key="1"><Speak>Sunny.</Speak><Beep/></Input></Inputs>
  </UserInput>
  <Speak>Good bye.</Speak>
</Response>"#;

/// Does what a person would: listens, presses 1 when asked to. What both said, line by line.
async fn follow(person: Person, mut lines: Lines) -> Vec<String> {
    let mut heard = Vec::new();
    while let Some(line) = lines.recv().await {
        let does = match line.as_str() {
            says if says.ends_with("press 1.") => Some("key 1"),
            says if says.starts_with("says ") || says == "beeps" => Some("heard"),
            _ => None,
        };
        let over = line == "hangs up";
        heard.push(format!("phone:  {line}"));
        if let Some(does) = does {
            heard.push(format!("person: {does}"));
            person.does(does);
        }
        if over {
            break;
        }
    }
    heard
}

/// One call of the script; what phone and person said.
async fn call() -> Result<Vec<String>, Box<dyn Error>> {
    let engine = ozml::standard();
    let checked = engine.check(&Source::new("weather.xml", SCRIPT), CheckOptions::default());
    let program = checked.program.ok_or("the script has faults")?;

    let clock = SystemClock::new();
    let info = CallInfo::incoming(RandomIds.call(), PhoneNumber::new("9994")?);
    let info = info.from(PhoneNumber::new("+36 20 999 8877")?);
    let (phone, person, lines) = ring(info, Arc::new(clock.clone()));
    let ports = Ports::builder(clock.clone(), RandomIds).build();
    let trace = Trace::new(RandomIds.run(), &clock, Arc::new(Unrecorded)).on_call(phone.info().id.clone());
    let run = engine.run_call(&program, &phone, &ports, &trace);
    let (_report, heard) = tokio::join!(run, follow(person, lines));
    Ok(heard)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    for line in call().await? {
        println!("{line}");
    }
    Ok(())
}
