//! Stages that run one after the other; the first that fails ends the chore.

use std::time::{Duration, Instant};

use crate::command::Chore;

/// The stages so far and how long each took.
#[derive(Default)]
pub(crate) struct Stages(Vec<(&'static str, Duration)>);

impl Stages {
    /// Runs a stage.
    pub(crate) fn run(&mut self, name: &'static str, stage: impl FnOnce() -> Chore) -> Chore {
        println!("\n==> {name}");
        let begin = Instant::now();
        stage().map_err(|fault| format!("stage `{name}`: {fault}"))?;
        let took = begin.elapsed();
        println!("<== {name}: {:.1} s", took.as_secs_f64());
        self.0.push((name, took));
        Ok(())
    }

    /// Shows how long the stages took.
    pub(crate) fn report(&self) {
        println!("\nall stages passed");
        for (name, took) in &self.0 {
            println!("{:>8.1} s  {name}", took.as_secs_f64());
        }
        let total: Duration = self.0.iter().map(|(_, took)| *took).sum();
        println!("{:>8.1} s  in all", total.as_secs_f64());
    }
}
