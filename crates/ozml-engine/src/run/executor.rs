//! The life of a run: answer, verbs one after the other, hang up, report.

use std::borrow::Cow;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use ozml_session::{CallSession, Cause, Direction, EndedBy, Ports, Rejection};

use super::control::Control;
use super::cx::RunCx;
use super::guard::{Guarded, Panicked};
use super::outcome::{Failure, Flow, Outcome, RunOutcome, RunReport, Stop};
use super::port_answers;
use crate::check::Known;
use crate::program::{Block, Program, Step};
use crate::trace::{Place, Trace, TraceKind};
use crate::variables::Variables;
use crate::verb::Contexts;

type BlockFuture<'a> = Pin<Box<dyn Future<Output = Result<Flow, Stop>> + Send + 'a>>;

/// What a run begins with.
pub(crate) struct Start<'p> {
    pub(crate) program: Arc<Program>,
    pub(crate) context: Contexts,
    pub(crate) session: Option<&'p dyn CallSession>,
    pub(crate) ports: &'p Ports,
    pub(crate) trace: &'p Trace,
    pub(crate) known: Known<'p>,
    pub(crate) variables: Variables,
    pub(crate) control: Option<&'p Control>,
}

/// Runs a program to its end.
pub(crate) fn run<'p>(start: Start<'p>) -> impl Future<Output = RunReport> + Send + use<'p> {
    let context = start.context;
    run_in(Box::new(RunCx::new(start)), context)
}

/// The context of the run lives outside the guarded futures, so that a panic leaves it whole: after one,
/// nothing of the session is polled again but a new hang-up.
async fn run_in(mut cx: Box<RunCx<'_>>, context: Contexts) -> RunReport {
    cx.record_start(context);
    let result = Guarded(Box::pin(cx.script())).await;
    if result.is_err() {
        cx.abandon();
    }
    let mut ending = cx.ending(result);
    cx.place = None;
    if let Err(panicked) = Guarded(Box::pin(cx.end_call(context, &ending))).await {
        cx.abandon();
        ending = cx.broke_down(panicked);
    }
    cx.report(ending.outcome)
}

impl RunCx<'_> {
    fn record_start(&self, context: Contexts) {
        let program = &self.document.program;
        self.record(TraceKind::RunStarted {
            script: program.source().name().into(),
            sha256: program.sha256().into(),
            context: context.to_string().into(),
            started_at: self.ports.clock().wall().to_string().into(),
        });
        self.record_variables();
        if let Some(call) = self.call() {
            self.record_leg(TraceKind::CallStarted {
                caller: call.caller.as_ref().map(|caller| Cow::Borrowed(caller.as_str())),
                called: call.called.as_str().into(),
                direction: match call.direction {
                    Direction::Incoming => "incoming".into(),
                    Direction::Outgoing => "outgoing".into(),
                },
            });
        }
    }

    /// The whole script, over all programs that replace one another: a loop, not a recursion.
    async fn script(&mut self) -> Result<(), Stop> {
        let program = self.document.program.clone();
        self.record_found(program.source(), program.warnings(), 1);
        // Boxed: a call that is answered does not carry its size.
        Box::pin(self.open(&program.body)).await?;
        loop {
            let program = self.document.program.clone();
            match self.block(&program.body).await? {
                Flow::Replace(next) => {
                    self.enter(next);
                }
                _ => return Ok(()),
            }
        }
    }

    /// Answers an incoming call, unless the script is empty or its first verb works on an unanswered one.
    async fn open(&mut self, body: &Block) -> Result<(), Stop> {
        let incoming = self
            .call()
            .is_some_and(|call| call.direction == Direction::Incoming);
        let unanswered = body.steps().first().is_some_and(|step| step.spec.unanswered);
        if !incoming || unanswered {
            return Ok(());
        }
        if body.is_empty() {
            return self.reject(Rejection::Unavailable, Cause::Empty).await;
        }
        let answer = self.session()?.answer();
        self.call_operation(
            "session.answer",
            answer,
            |_, answer| port_answers::done(answer),
            |cx| {
                cx.record_leg(TraceKind::CallAnswered);
            },
        )
        .await
    }

    /// Refuses the call, which is not answered yet; `cause` is how its end is told.
    pub async fn reject(&mut self, why: Rejection, cause: Cause) -> Result<(), Stop> {
        let reject = self.session()?.reject(why);
        self.call_operation(
            "session.reject",
            reject,
            |_, answer| port_answers::done(answer),
            |cx| {
                cx.record_leg(TraceKind::CallRejected {
                    cause: cause.as_str().into(),
                });
                cx.rejected = Some(cause);
            },
        )
        .await
    }

    /// Runs the verbs inside a container. A container keeps the result, restores what it has set, and only
    /// then looks at it.
    pub fn run_block<'a>(&'a mut self, block: &'a Block) -> BlockFuture<'a> {
        Box::pin(self.block(block))
    }

    /// Verbs one after the other. No verb starts after the end of the call, and none of a prompt once a key
    /// waits. Afterwards the place is that of the verb around them.
    async fn block(&mut self, block: &Block) -> Result<Flow, Stop> {
        let around = self.place;
        for step in block.steps() {
            self.look_around().await?;
            if self.key_waits() {
                return Err(Stop::Cut);
            }
            self.enter_verb(step)?;
            let result = step.verb.run(self).await;
            self.place = Some(self.place_of(step));
            match self.finish_verb(step, result) {
                Ok(Flow::Next) => {}
                Ok(flow) => {
                    self.place = around;
                    return Ok(flow);
                }
                // What stopped the run is told with the place of the verb that met it.
                Err(stop) => return Err(stop),
            }
        }
        self.place = around;
        Ok(Flow::Next)
    }

    fn enter_verb(&mut self, step: &Step) -> Result<(), Stop> {
        self.place = Some(self.place_of(step));
        self.secrets.begin_verb();
        self.count_verb()?;
        self.record(TraceKind::VerbStarted {
            verb: step.spec.name.into(),
        });
        Ok(())
    }

    fn place_of(&self, step: &Step) -> Place {
        Place {
            doc: self.document.number,
            position: step.position,
        }
    }

    fn finish_verb(&mut self, step: &Step, result: Result<Outcome, Stop>) -> Result<Flow, Stop> {
        let verb = step.spec.name;
        let (word, next) = match result {
            Ok(outcome) => ("ok", self.provide_fields(outcome.fields).map(|()| outcome.flow)),
            Err(Stop::Failed(failure)) => {
                self.verb_failed(verb, &failure);
                ("failed", self.provide_failure(&failure).map(|()| Flow::Next))
            }
            Err(stop @ Stop::HungUp { .. }) => ("hung-up", Err(stop)),
            Err(Stop::Cut) => ("cut", Err(Stop::Cut)),
            Err(stop) => ("failed", Err(stop)),
        };
        let outcome = if matches!(next, Err(Stop::Limit(_))) {
            "failed"
        } else {
            word
        };
        self.record(TraceKind::VerbFinished {
            verb: verb.into(),
            outcome: outcome.into(),
        });
        next
    }

    fn verb_failed(&mut self, verb: &'static str, failure: &Failure) {
        self.failures = self.failures.saturating_add(1);
        self.record(TraceKind::VerbFailed {
            verb: verb.into(),
            code: failure.code,
            name: failure.name().into(),
            text: failure.text.as_str().into(),
        });
    }

    /// Ends the call in order, if it is still up and the script's end is its end.
    async fn end_call(&mut self, context: Contexts, ending: &Ending) {
        if let Some((by, cause)) = ending.hang_up
            && (context == Contexts::E || ending.outcome != RunOutcome::Done)
        {
            self.begin_end(by, cause);
        }
        self.await_hang_up().await;
    }

    /// Writes the last events.
    fn report(&mut self, outcome: RunOutcome) -> RunReport {
        if self.leg.as_mut().is_some_and(|leg| leg.take_untold_end()) {
            self.record_leg(TraceKind::LegState {
                state: "ended".into(),
            });
        }
        let ended = self.record_call_ended();
        let outcome = match outcome {
            RunOutcome::Done | RunOutcome::HungUp if self.failures > 0 => RunOutcome::Failed,
            outcome => outcome,
        };
        self.record(TraceKind::RunEnded {
            outcome: outcome.as_str().into(),
        });
        RunReport {
            run: self.trace.run().clone(),
            outcome,
            failures: self.failures,
            limits: self.limits_reached,
            ended,
        }
    }

    fn abandon(&mut self) {
        if let Some(leg) = &mut self.leg {
            leg.abandon();
        }
    }

    fn broke_down(&mut self, panicked: Panicked) -> Ending {
        self.record(TraceKind::Panic {
            text: panicked.0.into(),
        });
        Ending::new(RunOutcome::Panic, EndedBy::Host, Cause::Panic)
    }

    fn ending(&mut self, result: Result<Result<(), Stop>, Panicked>) -> Ending {
        match result {
            Err(panicked) => self.broke_down(panicked),
            Ok(_) if self.ended_by_limit => Ending::new(RunOutcome::Limit, EndedBy::Limit, Cause::Limit),
            Ok(Err(Stop::Limit(limit))) => {
                self.reached(limit);
                Ending::new(RunOutcome::Limit, EndedBy::Limit, Cause::Limit)
            }
            Ok(Err(Stop::Failed(failure))) => {
                self.failures = self.failures.saturating_add(1);
                self.warn("call-failed", &failure.text);
                Ending::new(RunOutcome::Failed, EndedBy::Host, Cause::Error)
            }
            Ok(Err(_)) => Ending::new(RunOutcome::HungUp, EndedBy::Host, Cause::Error),
            Ok(Ok(())) => Ending::new(RunOutcome::Done, EndedBy::Script, Cause::Normal),
        }
    }

    fn record_call_ended(&self) -> Option<ozml_session::Ended> {
        let leg = self.leg.as_ref()?;
        leg.ended()?;
        let mut end = leg.final_end();
        if let Some(cause) = self.rejected {
            (end.by, end.cause) = (EndedBy::Script, cause);
        }
        self.record_leg(TraceKind::CallEnded {
            cause: end.cause.as_str().into(),
            by: end.by.as_str().into(),
            ms: end.at.millis_since(leg.started),
        });
        Some(end)
    }
}

/// How a run ends, and who hangs up why if the call is still up.
struct Ending {
    outcome: RunOutcome,
    hang_up: Option<(EndedBy, Cause)>,
}

impl Ending {
    fn new(outcome: RunOutcome, by: EndedBy, cause: Cause) -> Self {
        Self {
            outcome,
            hang_up: Some((by, cause)),
        }
    }
}
