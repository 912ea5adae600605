//! Tests must not change the repository.

use crate::command::{Chore, program};

/// What git sees of the working tree at one moment; nothing outside a git repository.
pub(crate) struct Tree(Option<String>);

impl Tree {
    /// The working tree as it is now.
    pub(crate) fn now() -> Self {
        let inside = program("git").arguments("rev-parse --git-dir").works();
        let seen = || Some(program("git").arguments("status --porcelain").output().ok()? + &contents()?);
        Self(if inside { seen() } else { None })
    }

    /// Whether it is still the same.
    pub(crate) fn is_unchanged(&self) -> Chore {
        match (&self.0, Self::now().0) {
            (None, _) => println!("not a git repository, not checked"),
            (Some(before), Some(after)) if *before == after => println!("the tests left no traces"),
            _ => {
                return Err("the stages before changed files of the repository, see `git status`".to_owned());
            }
        }
        Ok(())
    }
}

fn contents() -> Option<String> {
    program("git").arguments("diff HEAD").output().ok()
}
