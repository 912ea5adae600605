use std::sync::Arc;

use ozml_parser::Source;
use ozml_session::{CallSession, Ports};

use crate::check::{CheckOptions, Checked, Known, check};
use crate::limits::Limits;
use crate::program::Program;
use crate::registry::Registry;
use crate::run::{Control, RunReport, Start, run};
use crate::trace::Trace;
use crate::variables::Variables;
use crate::verb::Contexts;

/// Verbs and limits: checks scripts and runs them. One engine serves any number of calls.
#[derive(Debug, Clone)]
pub struct Engine {
    registry: Registry,
    limits: Limits,
    host_names: Vec<Arc<str>>,
}

impl Engine {
    /// An engine that knows the verbs of `registry`, with the default limits.
    pub fn new(registry: Registry) -> Self {
        Self {
            registry,
            limits: Limits::default(),
            host_names: Vec::new(),
        }
    }

    /// The same with other limits.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The same for a host that sets variables of these names before the first verb: scripts may use them
    /// without a warning. See [`RunOptions::variables`].
    #[must_use]
    pub fn with_host_names(mut self, names: impl IntoIterator<Item = impl Into<Arc<str>>>) -> Self {
        self.host_names = names.into_iter().map(Into::into).collect();
        self
    }

    /// The verbs it knows.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// The limits it runs with.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Reads and checks a script: all faults at once, and the program when there is no error.
    pub fn check(&self, source: &Source, options: CheckOptions) -> Checked {
        check(source, self.known(), options)
    }

    fn known(&self) -> Known<'_> {
        Known {
            registry: &self.registry,
            limits: &self.limits,
            host_names: &self.host_names,
        }
    }

    /// Runs a program on a call of its own to the end of the call and of every effect. An incoming call is
    /// answered first; at the end of the script the call is hung up.
    ///
    /// Dropping the future drops the effects that run: end a run through its [`Control`] or by hanging its
    /// call up instead.
    pub fn run_call<'r>(
        &'r self,
        program: &Arc<Program>,
        session: &'r dyn CallSession,
        ports: &'r Ports,
        trace: &'r Trace,
    ) -> impl Future<Output = RunReport> + Send + use<'r> {
        self.run(RunOptions::on_call(session), program, ports, trace)
    }

    /// Runs a program without a call, as a messaging script. Check it for context
    /// [`M`](Contexts::M).
    pub fn run_messaging<'r>(
        &'r self,
        program: &Arc<Program>,
        ports: &'r Ports,
        trace: &'r Trace,
    ) -> impl Future<Output = RunReport> + Send + use<'r> {
        self.run(RunOptions::messaging(), program, ports, trace)
    }

    /// Runs a program as the options say. Its time begins now; nothing happens before it is polled.
    pub fn run<'r>(
        &'r self,
        options: RunOptions<'r>,
        program: &Arc<Program>,
        ports: &'r Ports,
        trace: &'r Trace,
    ) -> impl Future<Output = RunReport> + Send + use<'r> {
        run(Start {
            program: program.clone(),
            context: options.context,
            session: options.session,
            ports,
            trace,
            known: self.known(),
            variables: options.variables,
            control: options.control,
        })
    }
}

/// How a program runs.
#[derive(Default)]
#[must_use]
pub struct RunOptions<'r> {
    context: Contexts,
    session: Option<&'r dyn CallSession>,
    variables: Variables,
    control: Option<&'r Control>,
}

impl<'r> RunOptions<'r> {
    /// On a call that an API extension handles (context E).
    pub fn on_call(session: &'r dyn CallSession) -> Self {
        Self {
            context: Contexts::E,
            session: Some(session),
            ..Self::default()
        }
    }

    /// Without a call (context M).
    pub fn messaging() -> Self {
        Self {
            context: Contexts::M,
            ..Self::default()
        }
    }

    /// In another context than the usual one.
    pub fn context(mut self, context: Contexts) -> Self {
        self.context = context;
        self
    }

    /// With variables that are set before the first verb.
    pub fn variables(mut self, variables: Variables) -> Self {
        self.variables = variables;
        self
    }

    /// With a control that can end the run from outside.
    pub fn control(mut self, control: &'r Control) -> Self {
        self.control = Some(control);
        self
    }
}
