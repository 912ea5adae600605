//! The benchmarks, and the lines of their table.

use crate::command::{Chore, cargo};

/// Runs every benchmark and collects the lines that begin with `| `, as BENCHMARKS.md holds them.
pub(crate) fn run() -> Chore {
    let printed = cargo("bench --workspace --all-features --locked --bench *").output()?;
    print!("{printed}");
    println!("\nfor BENCHMARKS.md:\n");
    println!("| what | figure | bar |\n| --- | --- | --- |");
    printed
        .lines()
        .filter(|line| line.starts_with("| "))
        .for_each(|line| println!("{line}"));
    Ok(())
}
