//! `ozml new`: a small script and a scenario for it, to begin with.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use clap::Args;

use crate::exit::{Exit, Stop};
use crate::output::{Output, print, shown};

const SCRIPT: &str = include_str!("new/script.xml");
const SCENARIO: &str = include_str!("new/script.test.xml");

#[derive(Debug, Args)]
pub(crate) struct NewArgs {
    /// The name of the script, without `.xml`; a folder may stand before it
    pub(crate) name: String,
}

/// Writes both files; neither is written where one of them exists.
pub(crate) fn new(args: &NewArgs, output: Output) -> Result<Exit, Stop> {
    let name = args.name.strip_suffix(".xml").unwrap_or(&args.name);
    if name.is_empty() || name.ends_with(['/', '\\', '.']) {
        return Err(Stop::usage(format!(
            "`{}` is no name for a script, expected a name such as `menu`",
            shown(&args.name)
        )));
    }
    let (script, scenario) = (format!("{name}.xml"), format!("{name}.test.xml"));
    let taken = [&script, &scenario]
        .into_iter()
        .find(|path| Path::new(path).exists());
    if let Some(path) = taken {
        let path = shown(path);
        return Err(Stop::usage(format!("`{path}` exists already; take another name")));
    }
    write(&script, SCRIPT)?;
    write(&scenario, SCENARIO)?;
    if !output.quiet {
        let (script, scenario) = (shown(&script), shown(&scenario));
        let _ = print(&format!(
            "{script}: a menu that sends an SMS\n{scenario}: what must come of it\n\n\
             try it:        ozml run {script}\ntest it:       ozml test {scenario}\n\
             check it:      ozml check {script} {scenario}\nwhat it knows: ozml verbs, ozml explain scenario-files\n"
        ));
    }
    Ok(Exit::Done)
}

/// A file that was not there before, whatever happened since it was looked for.
fn write(path: &str, text: &str) -> Result<(), Stop> {
    let file = OpenOptions::new().write(true).create_new(true).open(path);
    file.and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|fault| Stop::usage(format!("cannot write `{}`: {fault}", shown(path))))
}
