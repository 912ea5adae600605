//! `ozml test`: scenario files, run on virtual time.

mod args;
mod case;
mod junit;
pub(crate) mod manual;
mod reached;
mod side_by_side;

use std::io::IsTerminal;
use std::num::NonZeroUsize;

use self::case::{Outcome, try_case};
use self::reached::Reached;
use self::side_by_side::side_by_side;
use crate::exit::{Exit, Stop};
use crate::output::{Output, complain, counted, print, shown};
use crate::own_fault::caught;
use crate::scripts::{Found, Kind, Place, find};

pub(crate) use self::args::TestArgs;

/// Runs every scenario, whatever the others come to, and reports in the order of the files.
pub(crate) fn test(args: &TestArgs, output: Output) -> Result<Exit, Stop> {
    let Found { mut places, faults } = find(&args.paths, Kind::Scenarios);
    if let Some(text) = &args.filter {
        places.retain(|place| place.name().contains(text.as_str()));
    }
    for fault in &faults {
        complain(&format!("error: {}\n", shown(fault)));
    }
    if places.is_empty() && faults.is_empty() {
        return Err(Stop::usage("no scenario has this text in its path"));
    }
    let outcomes = run_all(&places, args, output);
    let refused = if faults.is_empty() {
        Exit::Done
    } else {
        Exit::Usage
    };
    let exit = outcomes
        .iter()
        .map(|outcome| outcome.exit)
        .fold(refused, Exit::max);
    if let Some(path) = &args.junit {
        std::fs::write(path, junit::junit(&outcomes))
            .map_err(|fault| Stop::usage(format!("cannot write `{}`: {fault}", path.display())))?;
    }
    finish(&outcomes, args, output);
    Ok(exit)
}

fn run_all(places: &[Place], args: &TestArgs, output: Output) -> Vec<Outcome> {
    let engine = ozml::standard();
    let style = output.stdout_style();
    let processors = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let progress = Progress {
        all: places.len(),
        shown: std::io::stderr().is_terminal() && !output.quiet,
    };
    let mut outcomes = Vec::with_capacity(places.len());
    side_by_side(
        places,
        args.jobs.unwrap_or(processors),
        |place| one(place, || try_case(place, &engine, args, style)),
        |outcome: Outcome| {
            progress.clear();
            report(&outcome, output);
            outcomes.push(outcome);
        },
        |through| progress.show(through),
    );
    progress.clear();
    outcomes
}

/// What one scenario breaks must not hide what comes of the others.
fn one(place: &Place, work: impl FnOnce() -> Outcome) -> Outcome {
    let mut outcome = None;
    let _ = caught(|| {
        outcome = Some(work());
        Ok::<_, ()>(Exit::Done)
    });
    outcome.unwrap_or_else(|| Outcome::broken(place.name(), Exit::Internal, "the test broke down"))
}

fn report(outcome: &Outcome, output: Output) {
    let failed = outcome.exit != Exit::Done;
    let name = shown(&outcome.name);
    let text = match (failed, outcome.report.is_empty()) {
        (true, _) => format!("FAILED {name}\n{}\n", outcome.report),
        (false, true) if output.verbose => format!("ok {name}\n"),
        (false, false) if !output.quiet => format!("ok {name}\n{}\n", outcome.report),
        _ => return,
    };
    let _ = print(&text);
}

fn finish(outcomes: &[Outcome], args: &TestArgs, output: Output) {
    let mut reached = Reached::default();
    let engine = ozml::standard();
    outcomes.iter().for_each(|outcome| reached.add(outcome, &engine));
    if args.coverage {
        let _ = print(&shown_lines(&reached.missed()));
    }
    if !output.quiet && !outcomes.is_empty() {
        complain(&summary(outcomes, args, reached.counts()));
    }
}

fn shown_lines(text: &str) -> String {
    text.lines().map(|line| shown(line) + "\n").collect()
}

/// One line about all of them.
fn summary(outcomes: &[Outcome], args: &TestArgs, (all, reached): (usize, usize)) -> String {
    let failed = outcomes
        .iter()
        .filter(|outcome| outcome.exit != Exit::Done)
        .count();
    let passed = outcomes.len().saturating_sub(failed);
    let scenarios = counted(outcomes.len(), "scenario");
    let result = match failed {
        0 => format!("{scenarios}, all passed"),
        _ => format!("{scenarios}: {passed} passed, {failed} failed"),
    };
    if args.hang_up_everywhere || args.hang_up_at.is_some() {
        let tried = outcomes.iter().map(|outcome| outcome.hang_ups).sum();
        return format!("{result}; {} tried\n", counted(tried, "hang-up"));
    }
    if all == 0 {
        return format!("{result}\n");
    }
    format!("{result}; {reached} of {all} verbs and branches reached\n")
}

/// How far it is, in one line that is written over again; on a terminal only.
struct Progress {
    all: usize,
    shown: bool,
}

impl Progress {
    fn show(&self, through: usize) {
        if self.shown {
            complain(&format!("\r{through} of {} scenarios", self.all));
        }
    }

    fn clear(&self) {
        if self.shown {
            let width = format!("{} of {} scenarios", self.all, self.all).len();
            complain(&format!("\r{:width$}\r", ""));
        }
    }
}
