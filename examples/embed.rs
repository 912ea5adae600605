//! A whole call in ten lines: a script, a simulated phone, no runtime.
#![allow(clippy::print_stdout, reason = "examples talk to a person")]

use ozml::session::{CallInfo, Ids, PhoneNumber, Ports};
use ozml::sim::{Recorder, SimCall, SimClock, SimIds, SimMessenger};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let engine = ozml::standard();
    let script = ozml::Source::new("hi.xml", "<Response><Speak>Hello $CallerID!</Speak></Response>");
    let program = engine
        .check(&script, Default::default())
        .program
        .ok_or("the script has faults")?;

    let (clock, ids, events) = (
        SimClock::new(),
        SimIds::new(),
        std::sync::Arc::new(Recorder::new()),
    );
    let caller = PhoneNumber::new("+36 20 999 8877")?;
    let call = SimCall::new(
        CallInfo::incoming(ids.call(), PhoneNumber::new("9994")?).from(caller),
        clock.clone(),
    );
    let trace = ozml::Trace::new(ids.run(), &clock, events.clone());
    let ports = Ports::builder(clock.clone(), ids)
        .messenger(SimMessenger::default())
        .build();

    let report = clock.run(engine.run_call(&program, &call, &ports, &trace))?;
    println!("{}{:?}", events.json_lines(), report.outcome);
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn it_runs() {
        assert!(super::main().is_ok());
    }
}
