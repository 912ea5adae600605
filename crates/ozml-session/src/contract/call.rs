//! The contract of [`CallSession`](crate::CallSession), played through a driver.

mod ends;
mod keys;
mod line;
mod prompts;

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{Case, Step};
use crate::{CallSession, Capabilities, Clock, Key, Prompt, Speech};

/// Makes calls and plays their far ends, for [`call_session`].
pub trait CallDriver {
    /// A new incoming call that is not answered yet.
    fn offer(&self) -> Step<'_, OfferedCall>;

    /// The number of tasks, sockets and timers that there are, once those of calls which are over had the
    /// chance to end. A driver that cannot count declares a [`Skip`] of `many_calls_leave_nothing`.
    fn left(&self) -> Step<'_, usize>;

    /// The clock, where it is a virtual one: then the suite measures how quickly a session ends what runs.
    fn virtual_clock(&self) -> Option<&dyn Clock> {
        None
    }

    /// Cases that these sessions cannot show. Each must name a case of the suite.
    fn skips(&self) -> &[Skip] {
        &[]
    }

    /// A prompt that soon comes to its end.
    fn short_prompt(&self) -> Prompt {
        Prompt::Speech(Speech::new("Hi"))
    }

    /// A prompt that lasts longer than any case takes.
    fn long_prompt(&self) -> Prompt {
        Prompt::Speech(Speech::new("and so on, ".repeat(100)))
    }
}

/// The far end of one call. Each step resolves when it is done; none waits a fixed time in hope.
pub trait FarEnd {
    /// Presses a key.
    fn press(&self, key: Key) -> Step<'_>;

    /// Hangs up.
    fn hang_up(&self) -> Step<'_>;

    /// Resolves while a prompt is heard.
    fn hears(&self) -> Step<'_>;

    /// Resolves while no prompt is heard.
    fn hears_nothing(&self) -> Step<'_>;

    /// Resolves once the far end knows that the call is over.
    fn is_over(&self) -> Step<'_>;
}

/// Both ends of a call.
pub struct OfferedCall {
    /// What is tested.
    pub session: Box<dyn CallSession>,
    /// Who calls.
    pub far: Box<dyn FarEnd>,
}

/// A case that a driver leaves out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Skip {
    /// Its name.
    pub case: &'static str,
    /// Why these sessions cannot show it.
    pub why: &'static str,
}

/// What the suite did, to be compared with what was meant to be done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallReport {
    /// The cases that were run.
    pub run: Vec<&'static str>,
    /// The cases that were left out: declared by the driver, or for want of a capability.
    pub skipped: Vec<Skip>,
}

type RunCase = for<'a> fn(&'a dyn CallDriver, OfferedCall) -> Case<'a>;

/// A row of the suite.
struct CallCase {
    name: &'static str,
    needs: Capabilities,
    run: RunCase,
}

/// Makes the table of cases out of async functions; before the bar stands what they need.
macro_rules! cases {
    ($($needs:ident | $module:ident :: $name:ident),* $(,)?) => {
        &[$(CallCase {
            name: stringify!($name),
            needs: Capabilities::$needs,
            run: |driver, call| Box::pin($module::$name(driver, call)),
        }),*]
    };
}

static CASES: &[CallCase] = cases![
    NONE | ends::answer_play_hang_up,
    NONE | ends::the_far_end_hangs_up_in_a_prompt,
    NONE | ends::the_far_end_hangs_up_while_nothing_runs,
    NONE | ends::the_far_end_hangs_up_before_the_answer,
    NONE | ends::we_hang_up_in_a_prompt,
    NONE | ends::hanging_up_twice,
    NONE | ends::everything_after_the_end,
    NONE | ends::a_call_is_refused,
    NONE | ends::a_refusal_comes_too_late,
    NONE | ends::a_session_is_dropped,
    NONE | ends::what_is_not_offered,
    NONE | ends::many_calls_leave_nothing,
    NONE | prompts::a_prompt_before_the_answer,
    NONE | prompts::prompts_follow_one_another,
    NONE | prompts::a_prompt_is_dropped,
    KEYS_IN | prompts::a_key_stops_a_prompt,
    KEYS_IN | prompts::another_key_does_not,
    KEYS_IN | prompts::no_key_stops_a_prompt_that_listens_to_none,
    KEYS_IN | keys::keys_before_between_and_after_prompts,
    KEYS_IN | keys::every_key_of_the_keypad,
    KEYS_IN | keys::sixty_five_keys,
    KEYS_IN | keys::sixty_five_keys_in_a_prompt,
    KEYS_IN | keys::keys_before_a_hang_up,
];

/// The contract of [`CallSession`], case by case; `make` gives a new driver for each. Run it with a limit
/// of time around it where time is real: a session that never answers makes it wait for ever.
///
/// # Panics
/// When the contract is broken, or a [`Skip`] names no case.
pub fn call_session<D: CallDriver>(make: impl Fn() -> D, block_on: impl Fn(Case<'_>)) -> CallReport {
    let mut report = CallReport::default();
    let declared = make().skips().to_vec();
    for skip in &declared {
        let known = CASES.iter().any(|case| case.name == skip.case);
        assert!(known, "the driver skips `{}`, which is no case", skip.case);
    }
    for case in CASES {
        match declared.iter().find(|skip| skip.case == case.name) {
            Some(skip) => report.skipped.push(*skip),
            None if run(case, &make(), &block_on) => report.run.push(case.name),
            None => report.skipped.push(Skip {
                case: case.name,
                why: "the session reports no keys",
            }),
        }
    }
    report
}

/// Runs a case; false when the session does not offer what it needs.
fn run(case: &CallCase, driver: &impl CallDriver, block_on: &impl Fn(Case<'_>)) -> bool {
    let offered = Cell::new(true);
    let run = Box::pin(async {
        let call = driver.offer().await;
        offered.set(call.session.capabilities().has(case.needs));
        if offered.get() {
            (case.run)(driver, call).await;
        }
    });
    let kept = catch_unwind(AssertUnwindSafe(|| block_on(run)));
    assert!(kept.is_ok(), "the case `{}` failed, as said above", case.name);
    offered.get()
}
