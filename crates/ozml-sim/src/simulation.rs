use std::sync::Arc;

use ozml_engine::{Engine, Program, RunOptions, RunReport, Trace, TraceEvent, Variables};
use ozml_session::{CallInfo, CallSession, Ids, Invalid, OutgoingSms, PhoneNumber, Ports};

use crate::{Inputs, Recorder, SimCall, SimClock, SimFetcher, SimIds, SimMessenger, SmsAnswer, Stuck};

/// One simulated call with everything around it: a virtual clock, a telephone, an SMS transport and a
/// recorder of the trace. For tests of scripts and of verbs of one's own.
pub struct Simulation {
    clock: SimClock,
    call: SimCall,
    messenger: SimMessenger,
    fetcher: SimFetcher,
    ports: Ports,
    recorder: Arc<Recorder>,
    trace: Trace,
}

impl Simulation {
    /// A call from one number to another, whose far end only listens.
    pub fn incoming(caller: &str, called: &str) -> Result<Self, Invalid> {
        let (clock, ids, recorder) = (SimClock::new(), SimIds::new(), Arc::new(Recorder::new()));
        let info = CallInfo::incoming(ids.call(), PhoneNumber::new(called)?).from(PhoneNumber::new(caller)?);
        let trace = Trace::new(ids.run(), &clock, recorder.clone()).on_call(info.id.clone());
        let call = SimCall::new(info, clock.clone());
        let (messenger, fetcher) = (SimMessenger::default(), SimFetcher::new());
        let ports = ports(&clock, &messenger, &fetcher);
        Ok(Self {
            clock,
            call,
            messenger,
            fetcher,
            ports,
            recorder,
            trace,
        })
    }

    /// The same with a far end that does something by itself.
    #[must_use]
    pub fn with(mut self, inputs: Inputs) -> Self {
        self.call = self.call.with(inputs);
        self
    }

    /// The same with another answer to every SMS.
    #[must_use]
    pub fn answering_sms(mut self, answer: SmsAnswer) -> Self {
        self.messenger = SimMessenger::new(answer);
        self.ports = ports(&self.clock, &self.messenger, &self.fetcher);
        self
    }

    /// The same with a web application that answers.
    #[must_use]
    pub fn with_fetcher(mut self, fetcher: SimFetcher) -> Self {
        self.fetcher = fetcher;
        self.ports = ports(&self.clock, &self.messenger, &self.fetcher);
        self
    }

    /// Runs a program on the call, to its end.
    pub fn run(&self, engine: &Engine, program: &Arc<Program>) -> Result<RunReport, Stuck> {
        self.run_with(engine, program, Variables::default())
    }

    /// The same with variables that are set before the first verb.
    pub fn run_with(
        &self,
        engine: &Engine,
        program: &Arc<Program>,
        variables: Variables,
    ) -> Result<RunReport, Stuck> {
        let options = RunOptions::on_call(&self.call).variables(variables);
        self.clock
            .run(engine.run(options, program, &self.ports, &self.trace))
    }

    /// What happened so far.
    pub fn events(&self) -> Vec<TraceEvent<'static>> {
        self.recorder.events()
    }

    /// The SMS that were taken so far.
    pub fn sms(&self) -> Vec<OutgoingSms> {
        self.messenger.taken()
    }

    /// The clock of the simulation.
    pub fn clock(&self) -> &SimClock {
        &self.clock
    }

    /// The call.
    pub fn call(&self) -> &dyn CallSession {
        &self.call
    }
}

fn ports(clock: &SimClock, messenger: &SimMessenger, fetcher: &SimFetcher) -> Ports {
    Ports::builder(clock.clone(), SimIds::new())
        .messenger(messenger.clone())
        .fetcher(fetcher.clone())
        .build()
}
