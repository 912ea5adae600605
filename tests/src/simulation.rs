//! A script, checked and run on the simulated telephone.

use std::sync::Arc;

use ozml_engine::{Contexts, Engine, Program, RunOptions, RunReport, Trace};
use ozml_parser::{Source, Style, render};
use ozml_session::{CallInfo, Ids, PhoneNumber, Ports};
use ozml_sim::{Recorder, SimCall, SimClock, SimIds, SimMessenger};

use crate::setting::Setting;
use crate::trace_text::trace_text;
use crate::world::Late;

/// What became of a script.
#[derive(Debug)]
pub struct Simulated {
    /// The messages of the checker.
    pub diagnostics: String,
    /// The trace, when the script could run.
    pub trace: String,
    /// The end of the run, when the script could run.
    pub report: Option<RunReport>,
}

/// Checks a script and runs it where it can run: on a call, or without one in context M.
///
/// # Panics
/// When the run waits for something that can never happen, or leaves a timer.
pub fn simulate(name: &str, script: &str, setting: &Setting) -> Simulated {
    let verbs = ozml_verbs::standard().expect("our verbs have distinct names");
    let engine = Engine::new(verbs)
        .with_limits(setting.limits.clone())
        .with_host_names(setting.variables.names().cloned());
    let source = Source::new(name, script);
    let checked = engine.check(&source, setting.options);
    let diagnostics = render(&checked.diagnostics, &source, Style::Plain);
    let runs_here = [Contexts::E, Contexts::M].contains(&setting.options.context);
    match checked.program.filter(|_| runs_here) {
        Some(program) => {
            let (report, trace) = run(&engine, &program, setting);
            Simulated {
                diagnostics,
                trace,
                report: Some(report),
            }
        }
        None => Simulated {
            diagnostics,
            trace: String::new(),
            report: None,
        },
    }
}

fn run(engine: &Engine, program: &Arc<Program>, setting: &Setting) -> (RunReport, String) {
    let (clock, ids, recorder) = (SimClock::new(), SimIds::new(), Arc::new(Recorder::new()));
    let mut info = CallInfo::incoming(ids.call(), PhoneNumber::new("100").expect("a number"));
    info.caller.clone_from(&setting.caller);
    let trace = Trace::new(ids.run(), &clock, recorder.clone());
    let messenger = Late::new(&clock, setting.sms_takes, SimMessenger::new(setting.sms.clone()));
    let fetcher = Late::new(&clock, setting.web_takes, setting.web.clone());
    let mut ports = Ports::builder(clock.clone(), ids)
        .messenger(messenger)
        .fetcher(fetcher);
    if let Some(sounds) = &setting.sounds {
        ports = ports.files(sounds.clone());
    }
    let ports = ports.build();
    let report = if setting.options.context == Contexts::M {
        clock.run(engine.run_messaging(program, &ports, &trace))
    } else {
        let call = SimCall::new(info.clone(), clock.clone()).with(setting.inputs.clone());
        let trace = trace.on_call(info.id);
        let options = RunOptions::on_call(&call).variables(setting.variables.clone());
        clock.run(engine.run(options, program, &ports, &trace))
    };
    assert_eq!(clock.waits(), 0, "no timer is left");
    (
        report.expect("the run comes to its end"),
        trace_text(&recorder.events()),
    )
}
