//! Mutation tests: whether the tests notice when the reader or the checker does something else.

use std::fs;
use std::path::Path;

use crate::command::{Chore, target_folder};
use crate::tools;

/// Code that must be held by tests, and the tests that hold it.
struct Area {
    name: &'static str,
    /// Of the files to change.
    files: &'static str,
    /// Arguments of `cargo test` besides the package of the files. The tests of the command line would build a
    /// release binary for every change.
    tests: &'static str,
}

const AREAS: [Area; 2] = [
    Area {
        name: "reader",
        files: "crates/ozml-parser/src/read/{prescan,scan,declaration,encoding,build}.rs",
        tests: "--package=ozml-tests --lib --test=conformance --test=document --test=faults --test=format --test=hostile --test=properties --test=suite",
    },
    Area {
        name: "checker",
        files: "crates/ozml-engine/src/check/**/*.rs",
        tests: "--package=ozml-tests --package=ozml-verbs --lib --test=explanations --test=fixes --test=hostile --test=suite",
    },
];

/// Of a hundred changes so many must be noticed.
const LEAST_CAUGHT: usize = 85;

/// Changes the code in every way cargo-mutants knows, one after the other, in a copy of the tree; `shard` (such as
/// `0/4`) tries a part of them.
pub(crate) fn run(shard: Option<&str>) -> Chore {
    tools::install_mutants()?;
    let areas: Vec<Chore> = AREAS.iter().map(|area| area.run(shard)).collect();
    areas.into_iter().collect()
}

impl Area {
    fn run(&self, shard: Option<&str>) -> Chore {
        let folder = target_folder().join("mutants").join(self.name);
        if folder.is_dir() {
            fs::remove_dir_all(&folder).map_err(|fault| format!("{}: {fault}", folder.display()))?;
        }
        fs::create_dir_all(&folder).map_err(|fault| format!("{}: {fault}", folder.display()))?;
        let mut mutants = tools::installed("cargo-mutants", "mutants")
            .arguments("--jobs 1 --timeout 40 --build-timeout 600 --sharding round-robin --file")
            .argument(self.files)
            .argument("--output")
            .argument(&folder.to_string_lossy());
        if let Some(shard) = shard {
            mutants = mutants.argument("--shard").argument(shard);
        }
        // For building, too: in one go with the run the first build would take longer than a test may.
        for argument in self.tests.split_whitespace() {
            mutants = mutants.argument(&format!("--cargo-arg={argument}"));
        }
        let ended = mutants
            .env("CARGO_TARGET_DIR", target_folder().join("mutants/build"))
            .env("CARGO_PROFILE_DEV_DEBUG", "none")
            .env("CARGO_PROFILE_TEST_DEBUG", "none")
            .run();
        // It fails when one change was missed; how many may be is said here.
        judge(self.name, &folder.join("mutants.out")).map_err(|fault| match ended {
            Ok(()) => fault,
            Err(ended) => format!("{ended}\n{fault}"),
        })
    }
}

/// Whether enough was caught; a change after which the tests hang was noticed, too.
fn judge(name: &str, output: &Path) -> Chore {
    let lines = |file: &str| {
        let text = fs::read_to_string(output.join(file)).unwrap_or_default();
        text.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let missed = lines("missed.txt");
    let caught = lines("caught.txt").len() + lines("timeout.txt").len();
    let tried = caught + missed.len();
    let figure = format!("{name}: {caught} of {tried} changes caught");
    println!("{figure}; not caught:\n{}", missed.join("\n"));
    if tried > 0 && caught * 100 >= tried * LEAST_CAUGHT {
        Ok(())
    } else {
        Err(format!(
            "{figure}, {LEAST_CAUGHT} % were expected: see {}",
            output.display()
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enough_must_be_caught_of_something() {
        let folder = std::env::temp_dir().join(format!("ozml-xtask-mutants-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        assert!(judge("none", &folder).is_err());
        for (missed, enough) in [("a\n", true), ("a\nb\n", false)] {
            fs::write(folder.join("caught.txt"), "c\n".repeat(9)).unwrap();
            fs::write(folder.join("missed.txt"), missed).unwrap();
            assert_eq!(judge("some", &folder).is_ok(), enough);
        }
        fs::remove_dir_all(&folder).unwrap();
    }
}
