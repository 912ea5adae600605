//! A whole call in ten lines: a script, a simulated phone, no runtime.
#![allow(clippy::print_stdout, reason = "examples talk to a person")]

use ozml::sim::Simulation;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let engine = ozml::standard();
    let script = ozml::Source::new("hi.xml", "<Response><Speak>Hello $CallerID!</Speak></Response>");
    let checked = engine.check(&script, Default::default());
    let program = checked.program.ok_or("the script has faults")?;

    let simulation = Simulation::incoming("+36 20 999 8877", "9994")?;
    let report = simulation.run(&engine, &program)?;
    for event in simulation.events() {
        println!("{}", event.to_json());
    }
    assert_eq!(report.outcome, ozml::RunOutcome::Done);
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn it_runs() {
        assert!(super::main().is_ok());
    }
}
