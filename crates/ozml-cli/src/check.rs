//! `ozml check`: all faults of all scripts, scenarios and configurations.

use ozml::engine::{PlannedVerbs, Profile};
use ozml::parser::{Format, Report, Rule, Tool};
use ozml::server::config::{Config, hide_secrets};
use ozml::{CheckOptions, Engine};

use crate::args::{CheckArgs, ReportFormat};
use crate::exit::{Exit, Stop};
use crate::explain::explanation;
use crate::output::{Output, complain, counted, print, shown};
use crate::own_fault::caught;
use crate::scenarios::{is_scenario, open};
use crate::scripts::{Found, Kind, Place, find};

/// Strict, or lenient where a flag says so.
pub(crate) fn profile(lenient: bool) -> Profile {
    if lenient {
        Profile::Lenient
    } else {
        Profile::Strict
    }
}

/// Checks every script, whatever the others are like, and prints one report about all of them.
pub(crate) fn check(args: &CheckArgs, output: Output) -> Result<Exit, Stop> {
    let Found { places, faults } = find(&args.paths, Kind::All);
    let mut check = Check {
        engine: ozml::standard(),
        options: CheckOptions::default()
            .profile(profile(args.lenient))
            .planned(PlannedVerbs::Known)
            .hints(true),
        report: Report::new(format(args.format, output)),
        checked: 0,
        files: "script",
        exit: Exit::Done,
    };
    for fault in &faults {
        check.cannot(Exit::Usage, fault);
    }
    for place in &places {
        check.place(place);
    }
    Ok(check.finish(args, output))
}

/// A check of any number of scripts.
struct Check {
    engine: Engine,
    options: CheckOptions,
    report: Report<'static>,
    /// Files that were read, and what they are.
    checked: usize,
    files: &'static str,
    exit: Exit,
}

impl Check {
    fn place(&mut self, place: &Place) {
        let name = place.name();
        // What one file breaks must not hide what is wrong with the others.
        match caught(|| {
            if is_configuration(&name) {
                self.try_configuration(place)
            } else if is_scenario(&name) {
                self.try_scenario(place)
            } else {
                self.try_script(place)
            }
        }) {
            Ok(Exit::Internal) => self.cannot(Exit::Internal, &format!("cannot check `{name}`")),
            Ok(exit) => self.exit = self.exit.max(exit),
            Err(fault) => self.cannot(Exit::Usage, &fault),
        }
    }

    fn try_script(&mut self, place: &Place) -> Result<Exit, String> {
        let read = place.read(self.engine.limits().reading.script_bytes)?;
        self.checked = self.checked.saturating_add(1);
        let source = match read {
            Ok(source) => source,
            Err(unreadable) => {
                self.report.add(&unreadable.source, &[unreadable.diagnostic]);
                return Ok(Exit::Unreadable);
            }
        };
        let checked = self.engine.check(&source, self.options);
        self.report.add(&source, &checked.diagnostics);
        Ok(Exit::of_check(&checked))
    }

    /// A scenario, and whether the files it names are there. What its script is like is another file's matter.
    fn try_scenario(&mut self, place: &Place) -> Result<Exit, String> {
        self.checked = self.checked.saturating_add(1);
        Ok(match open(place, &self.engine)? {
            Ok(opened) => {
                let scenario = &opened.scenario;
                self.report.add(scenario.source(), scenario.warnings());
                Exit::Done
            }
            Err(faulty) => {
                self.report.add(&faulty.source, &faulty.diagnostics);
                faulty.exit
            }
        })
    }

    /// A configuration. The report shows it without its secrets.
    fn try_configuration(&mut self, place: &Place) -> Result<Exit, String> {
        let read = place.read(Config::MOST_BYTES)?;
        self.files = "file";
        self.checked = self.checked.saturating_add(1);
        let source = match read {
            Ok(source) => source,
            Err(unreadable) => {
                let source = hide_secrets(&unreadable.source);
                self.report.add(&source, &[unreadable.diagnostic]);
                return Ok(Exit::Unreadable);
            }
        };
        let (config, faults) = Config::read(&source);
        self.report.add(&hide_secrets(&source), &faults);
        Ok(config.map_or(Exit::Wrong, |_| Exit::Done))
    }

    fn cannot(&mut self, exit: Exit, fault: &str) {
        complain(&format!("error: {}\n", shown(fault)));
        self.exit = self.exit.max(exit);
    }

    fn finish(self, args: &CheckArgs, output: Output) -> Exit {
        let (errors, warnings) = (self.report.errors(), self.report.warnings());
        let _ = print(&self.report.finish());
        if args.format == ReportFormat::Text && !output.quiet {
            complain(&summary(errors, warnings, &counted(self.checked, self.files)));
        }
        let denied = args.deny_warnings && warnings > 0;
        self.exit.max(if denied { Exit::Wrong } else { Exit::Done })
    }
}

/// One line about what was found; nothing if nothing was.
fn summary(errors: usize, warnings: usize, files: &str) -> String {
    let (errors_found, warnings_found) = (counted(errors, "error"), counted(warnings, "warning"));
    let found = match (errors, warnings) {
        (0, 0) => return String::new(),
        (_, 0) => errors_found,
        (0, _) => warnings_found,
        _ => format!("{errors_found} and {warnings_found}"),
    };
    format!("\n{found} in {files}\n")
}

/// Whether a file is named like a configuration.
fn is_configuration(name: &str) -> bool {
    name.ends_with(".toml")
}

fn format(format: ReportFormat, output: Output) -> Format<'static> {
    match format {
        ReportFormat::Text => Format::Text(output.stdout_style()),
        ReportFormat::Json => Format::Json,
        ReportFormat::Sarif => Format::Sarif(Tool {
            name: "ozml",
            version: env!("CARGO_PKG_VERSION"),
            rule,
        }),
    }
}

fn rule(code: &str) -> Option<Rule> {
    explanation(code).map(|known| Rule {
        title: known.title,
        text: known.text,
    })
}
