//! A scenario at work: the same engine as for live calls, on virtual time.

use std::sync::Arc;
use std::time::Duration;

use ozml_engine::{Engine, Program, RunOptions, RunReport, Trace, TraceEvent, Variable, Variables};
use ozml_parser::Span;
use ozml_session::{CallInfo, Ids, Ports};

use super::follow::follow;
use super::verdict::Verdict;
use super::world::{World, WorldFetcher, WorldFiles, WorldMessenger};
use super::{Scenario, Step, compare};
use crate::inputs::Inputs;
use crate::speech::SpeechModel;
use crate::{Recorder, SimCall, SimClock, SimIds};

/// What came of one run, before it is judged.
pub(super) struct Played {
    pub(super) events: Vec<TraceEvent<'static>>,
    /// None when the run waits for something that never happens.
    pub(super) report: Option<RunReport>,
    /// What the caller did not get to do.
    pub(super) undone: Vec<Step>,
    /// Places of the outcomes that were prepared and never used.
    pub(super) unused: Vec<Span>,
    /// Waits of the clock that are left.
    pub(super) waits: usize,
    /// SMS that were handed over.
    pub(super) sends: usize,
    /// Effects that began and have no outcome.
    pub(super) open_effects: usize,
}

/// How a run differs from what the scenario says.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Twist {
    pub(super) hang_up_at: Option<Duration>,
    /// How much longer transport and web application take.
    pub(super) slower: Duration,
}

impl Scenario {
    /// Plays the scenario and compares what happened with what it expects. The program must have been made by
    /// [`check`](Self::check).
    pub fn run(&self, engine: &Engine, program: &Arc<Program>) -> Verdict {
        compare::judge(self, program, self.play(engine, program, Twist::default()))
    }

    pub(super) fn play(&self, engine: &Engine, program: &Arc<Program>, twist: Twist) -> Played {
        let clock = self.start.map_or_else(SimClock::new, SimClock::starting_at);
        let (ids, recorder) = (SimIds::new(), Arc::new(Recorder::new()));
        let mut info = CallInfo::incoming(ids.call(), self.called.clone());
        info.caller.clone_from(&self.caller);
        let trace = Trace::new(ids.run(), &clock, recorder.clone()).on_call(info.id.clone());
        let world = Arc::new(World::new(clock.clone(), self, twist.slower));
        let call = SimCall::new(info, clock.clone())
            .speaking(self.speech())
            .with(self.inputs(twist));
        let ports = Ports::builder(clock.clone(), ids)
            .messenger(WorldMessenger(world.clone()))
            .fetcher(WorldFetcher(world.clone()))
            .files(WorldFiles(world.clone()))
            .build();
        let engine = self.engine(engine);
        let options = RunOptions::on_call(&call).variables(self.variables(&engine));
        let run = engine.run(options, program, &ports, &trace);
        let report = clock.run(follow(run, &world, &clock, &trace)).ok();
        let step = |number: usize| self.steps.get(number).cloned();
        Played {
            events: recorder.events(),
            report,
            undone: call
                .far_end()
                .left()
                .left()
                .into_iter()
                .filter_map(step)
                .collect(),
            unused: world.unused(),
            waits: clock.waits(),
            sends: world.sends.begun(),
            open_effects: world.sends.open().saturating_add(world.reports.open()),
        }
    }

    fn inputs(&self, twist: Twist) -> Inputs {
        let steps = self.steps.iter().fold(Inputs::new(), |inputs, step| {
            inputs.step(step.when.clone(), step.inputs.iter().copied())
        });
        match twist.hang_up_at {
            Some(time) => steps.hang_up_at(time),
            None => steps,
        }
    }

    fn speech(&self) -> SpeechModel {
        let mut model = SpeechModel::default();
        if let Some(rate) = self.characters_per_second {
            model.per_character = Duration::from_secs(1)
                .checked_div(rate.into())
                .unwrap_or_default();
        }
        model
    }

    fn variables(&self, engine: &Engine) -> Variables {
        let mut variables = Variables::default();
        for (name, value) in &self.variables {
            // A variable over a limit is left out, as no host could set it either.
            let _ = variables.set(name, Variable::text(value), engine.limits());
        }
        variables
    }
}
