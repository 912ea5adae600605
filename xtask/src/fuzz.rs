//! The fuzz targets: hostile input found by machine.

use std::fs;
use std::path::{Path, PathBuf};

use crate::command::{Chore, Started, program, root, target_folder};
use crate::tools;

/// Where the random choices of a run begin.
#[derive(Clone, Copy)]
pub(crate) enum Choices {
    /// With the same ones each time: a change fails by its own fault only.
    TheSame,
    /// With others each time: something new is found.
    New,
}

/// Builds all targets and runs them at once, so that each gets its share of the cores, for so long.
pub(crate) fn run(seconds: u32, choices: Choices) -> Chore {
    let folder = target_folder().join("fuzz");
    let host = host()?;
    build(&folder, &host)?;
    let programs = folder.join(host).join("release");
    let mut started = Vec::new();
    for target in targets()? {
        let run = Run::new(&folder, &programs, target)?;
        let process = run.start(seconds, choices)?;
        started.push((run, process));
    }
    let ended: Vec<Chore> = started
        .into_iter()
        .map(|(run, process)| run.report(process.wait()))
        .collect();
    ended.into_iter().collect()
}

/// Without a sanitizer, as no code of ours is unsafe, and in many units: the build is the larger part of a
/// short run.
fn build(folder: &Path, host: &str) -> Chore {
    tools::installed("cargo-fuzz", "fuzz")
        .arguments("build --fuzz-dir fuzz --sanitizer none --debug-assertions --codegen-units 16 --target")
        .argument(host)
        .argument("--target-dir")
        .argument(&folder.to_string_lossy())
        .env("RUSTC_BOOTSTRAP", "1")
        .run()
}

/// The triple of this machine.
fn host() -> Result<String, String> {
    let version = program("rustc").argument("-vV").output()?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned)
        .ok_or_else(|| "`rustc -vV` names no host".to_owned())
}

/// The names of all targets, sorted.
fn targets() -> Result<Vec<String>, String> {
    let folder = root().join("fuzz/targets");
    let entries = fs::read_dir(&folder).map_err(|fault| format!("{}: {fault}", folder.display()))?;
    let paths = entries.flatten().map(|entry| entry.path());
    let mut names: Vec<String> = paths
        .filter_map(|path| Some(path.file_stem()?.to_string_lossy().into_owned()))
        .collect();
    names.sort();
    Ok(names)
}

/// One target and the files of its run.
struct Run {
    target: String,
    program: PathBuf,
    /// What was found to be worth keeping, from this run and those before.
    corpus: PathBuf,
    artifacts: PathBuf,
    log: PathBuf,
}

impl Run {
    fn new(folder: &Path, programs: &Path, target: String) -> Result<Self, String> {
        let run = Self {
            program: programs.join(&target),
            corpus: folder.join("corpus").join(&target),
            artifacts: folder.join("artifacts").join(&target),
            log: folder.join(format!("{target}.log")),
            target,
        };
        for folder in [&run.corpus, &run.artifacts] {
            fs::create_dir_all(folder).map_err(|fault| format!("{}: {fault}", folder.display()))?;
        }
        Ok(run)
    }

    fn start(&self, seconds: u32, choices: Choices) -> Result<Started, String> {
        let dictionary = root().join(format!("fuzz/dictionaries/{}.dict", self.target));
        let mut fuzzer = program(&self.program.to_string_lossy())
            .argument(&format!("-max_total_time={seconds}"))
            .arguments("-timeout=20 -rss_limit_mb=1024")
            .argument(&format!("-artifact_prefix={}/", self.artifacts.display()))
            .argument(&self.corpus.to_string_lossy())
            .argument(&format!("fuzz/seeds/{}", self.target));
        if matches!(choices, Choices::TheSame) {
            fuzzer = fuzzer.argument("-seed=1");
        }
        if dictionary.is_file() {
            fuzzer = fuzzer.argument(&format!("-dict={}", dictionary.display()));
        }
        fuzzer.start(&self.log)
    }

    /// Says how much was tried, or what was found and how to see it again.
    fn report(&self, ended: Chore) -> Chore {
        let log = fs::read(&self.log).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let tried = log.lines().rev().find_map(|line| line.strip_prefix("Done "));
        if let Some(tried) = tried.filter(|_| ended.is_ok()) {
            println!("{}: {tried}", self.target);
            return Ok(());
        }
        let input = log
            .lines()
            .rev()
            .find_map(|line| line.split("Test unit written to ").nth(1));
        let Some(input) = input else {
            return ended.and(Err(format!("see {}", self.log.display())));
        };
        Err(format!(
            "fuzz target `{}`: {}\nrun it again: {} {input}\nall it said: {}",
            self.target,
            fault(&log),
            self.program.display(),
            self.log.display(),
        ))
    }
}

/// What was wrong: the panic with its message, or what libFuzzer says.
fn fault(log: &str) -> String {
    let said = |part: &str| log.lines().position(|line| line.contains(part));
    let at = said("panicked at")
        .or_else(|| said("ERROR: libFuzzer"))
        .unwrap_or_default();
    log.lines().skip(at).take(4).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fault_is_the_panic() {
        let log = "INFO: Seed: 1\nthread '<unnamed>' panicked at targets/trace.rs:9:5:\nassertion failed\n";
        let said = "thread '<unnamed>' panicked at targets/trace.rs:9:5:\nassertion failed";
        assert_eq!(fault(log), said);
        assert_eq!(
            fault("a\n==7== ERROR: libFuzzer: timeout\n"),
            "==7== ERROR: libFuzzer: timeout"
        );
    }

    #[test]
    fn every_target_has_seeds_and_is_built() {
        let manifest = fs::read_to_string(root().join("fuzz/Cargo.toml")).unwrap_or_default();
        let targets = targets().unwrap_or_default();
        assert!(!targets.is_empty());
        for target in targets {
            let seeds = root().join("fuzz/seeds").join(&target);
            assert!(
                fs::read_dir(&seeds).is_ok_and(|mut seeds| seeds.next().is_some()),
                "{target}"
            );
            assert!(
                manifest.contains(&format!("path = \"targets/{target}.rs\"")),
                "{target}"
            );
        }
    }
}
