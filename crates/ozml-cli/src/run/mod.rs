//! `ozml run`: one incoming call on this terminal.

mod console;
mod follow;
mod inputs;
mod interrupt;
mod lines;
mod modem;
mod script;
mod settings;
mod sinks;
mod telephone;
mod transport;
mod world;

pub(crate) use interrupt::{Signals, signal};
pub(crate) use telephone::ask_password;

use std::future::Future;
use std::io::IsTerminal;
use std::sync::Arc;

use ozml::engine::{RunOptions, Variables};
use ozml::host::{RandomIds, SystemClock};
use ozml::session::{CallInfo, CallSession, Clock, Ids, Messenger, Ports};
use ozml::sim::{Held, Inputs, SimCall, SimClock, SimIds, Stuck};
use ozml::{Engine, Program, RunOutcome, RunReport, Trace};

use crate::args::RunArgs;
use crate::configuration::{Loaded, failed};
use crate::exit::{Exit, Stop};
use crate::output::{Output, complain};
use crate::run::follow::Follower;
use crate::run::interrupt::Interrupt;
use crate::run::sinks::Sinks;
use crate::run::telephone::OnTheLine;
use crate::run::transport::Transport;
use crate::run::world::{Time, World};
use crate::sms_via::SmsVia;

/// Checks the script, then runs it: on virtual time, or as a telephone on the terminal.
pub(crate) fn run(args: &RunArgs, output: Output) -> Result<Exit, Stop> {
    let via = SmsVia::read(&args.sms_via).map_err(|fault| Stop::usage(format!("--sms-via: {fault}")))?;
    settings::transport(args, &via)?;
    let loaded = settings::configuration(args, output)?;
    let limits = settings::limits(args, loaded.as_ref())?;
    let variables = settings::variables(args, &limits)?;
    let world = World::new(args, loaded.as_ref(), output)?;
    let engine = ozml::standard()
        .with_limits(limits)
        .with_host_names(variables.names().cloned());
    let program = match script::check(&engine, args, output)? {
        Ok(program) => program,
        Err(exit) => return Ok(exit),
    };
    let inputs = inputs::inputs(args)?;
    let fast = args.fast || !std::io::stdin().is_terminal();
    let sinks = Sinks::new(args, output, !fast)?;
    let job = Job {
        args,
        loaded,
        engine,
        program,
        variables,
        world,
        sinks,
        inputs,
    };
    if fast && matches!(via, SmsVia::Console) && !job.world.is_real() {
        job.without_runtime()
    } else {
        runtime()?.block_on(job.with_runtime(&via, output, fast))
    }
}

/// What a run is made of.
struct Job<'a> {
    args: &'a RunArgs,
    loaded: Option<Loaded>,
    engine: Engine,
    program: Arc<Program>,
    variables: Variables,
    world: World,
    sinks: Sinks,
    inputs: Inputs,
}

impl Job<'_> {
    /// Nothing of the real world takes part: no runtime is started.
    fn without_runtime(self) -> Result<Exit, Stop> {
        let clock = SimClock::new();
        let messenger = transport::console(self.args);
        let call = self.call(&clock, &SimIds::new());
        let ports = Ports::builder(clock.clone(), SimIds::new()).messenger(messenger.clone());
        let ports = self.world.fill(ports, Time::Virtual(&clock)).build();
        let trace = self.trace(&call, &ports);
        let mut follower = Follower::new(&trace, &clock, self.sinks.ledger(), messenger.states());
        let report = clock
            .run(follower.run(self.run(&call, &ports, &trace)))
            .map_err(stuck)?;
        // What a simulated transport knows it knows at once.
        clock
            .run(follower.settle(std::future::ready(())))
            .map_err(stuck)?;
        self.finish(&report)
    }

    /// A transport, a web or a terminal of the real world takes part.
    async fn with_runtime(self, via: &SmsVia, output: Output, fast: bool) -> Result<Exit, Stop> {
        let mut signals = Signals::listen(!fast)?;
        let transport = tokio::select! {
            transport = Transport::open(self.args, self.loaded.as_ref(), via, output) => transport?,
            () = signals.next() => return Err(failed("ended before the call began")),
        };
        let report = if fast {
            self.on_virtual_time(&transport, signals).await
        } else {
            self.on_the_terminal(&transport, signals).await
        };
        transport.close(output).await;
        let exit = self.finish(&report?)?;
        let open = self.sinks.ledger().open();
        // The console has no states to wait for.
        if open > 0 && !output.quiet && !matches!(via, SmsVia::Console) {
            complain(&format!(
                "no final state of {open} SMS within the time of `--wait`\n"
            ));
        }
        Ok(exit)
    }

    async fn on_virtual_time(&self, transport: &Transport, signals: Signals) -> Result<RunReport, Stop> {
        let clock = SimClock::new();
        let call = self.call(&clock, &RandomIds);
        let interrupt = self.interrupt(&call);
        let _signals = interrupt.on(signals);
        let held = Held::new(clock.clone(), transport.messenger());
        let ports = Ports::builder(clock.clone(), RandomIds).messenger(held);
        let ports = self.world.fill(ports, Time::Virtual(&clock)).build();
        let trace = self.trace(&call, &ports);
        let states = transport.messenger().states();
        let mut follower = Follower::new(&trace, &clock, self.sinks.ledger(), states);
        let run = follower.run(self.run(&call, &ports, &trace));
        let report = clock.drive(run).await.map_err(stuck)?;
        follower.settle(interrupt.sleep(self.args.wait)).await;
        Ok(report)
    }

    async fn on_the_terminal(&self, transport: &Transport, signals: Signals) -> Result<RunReport, Stop> {
        let clock = SystemClock::new();
        let call = self.call(&clock, &RandomIds);
        let interrupt = self.interrupt(&call);
        let _signals = interrupt.on(signals);
        let _line = OnTheLine::begin(self.sinks.shown(), &clock, call.far_end(), interrupt.clone())?;
        let ports = Ports::builder(clock.clone(), RandomIds).messenger(transport.messenger());
        let ports = self.world.fill(ports, Time::Real).build();
        let trace = self.trace(&call, &ports);
        let states = transport.messenger().states();
        let mut follower = Follower::new(&trace, &clock, self.sinks.ledger(), states);
        let report = follower.run(self.run(&call, &ports, &trace)).await;
        follower.settle(interrupt.sleep(self.args.wait)).await;
        Ok(report)
    }

    fn call(&self, clock: &(impl Clock + Clone + 'static), ids: &dyn Ids) -> SimCall {
        let mut info = CallInfo::incoming(ids.call(), self.args.called.clone());
        info.caller = self.args.caller.clone();
        SimCall::new(info, clock.clone()).with(self.inputs.clone())
    }

    fn interrupt(&self, call: &SimCall) -> Interrupt {
        let shown = self.sinks.shown().clone();
        Interrupt::new(call.far_end(), move || shown.hanging_up())
    }

    fn trace(&self, call: &SimCall, ports: &Ports) -> Trace {
        let trace = Trace::new(ports.ids().run(), ports.clock(), self.sinks.as_sink());
        let trace = trace.on_call(call.info().id.clone());
        if self.args.trace_full { trace.full() } else { trace }
    }

    fn run<'r>(
        &'r self,
        call: &'r SimCall,
        ports: &'r Ports,
        trace: &'r Trace,
    ) -> impl Future<Output = RunReport> + 'r {
        let options = RunOptions::on_call(call).variables(self.variables.clone());
        self.engine.run(options, &self.program, ports, trace)
    }

    fn finish(&self, report: &RunReport) -> Result<Exit, Stop> {
        self.sinks.finish()?;
        Ok(exit_of(report, self.sinks.ledger().has_failures()))
    }
}

fn stuck(stuck: Stuck) -> Stop {
    failed(&stuck.to_string())
}

fn exit_of(report: &RunReport, sms_failed: bool) -> Exit {
    match report.outcome {
        RunOutcome::Panic => Exit::Internal,
        _ if report.limits > 0 => Exit::Limit,
        RunOutcome::Failed => Exit::Failed,
        _ if report.failures > 0 || sms_failed => Exit::Failed,
        _ => Exit::Done,
    }
}

pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, Stop> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Stop {
            exit: Exit::Internal,
            text: format!("no runtime: {error}"),
        })
}
