//! The arguments of `ozml test`.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::args::time;

#[derive(Debug, Args)]
#[command(
    after_help = "`ozml explain scenario-files` shows what a scenario can say; `ozml new NAME` writes one."
)]
pub(crate) struct TestArgs {
    /// Scenarios, or folders with scenarios (`*.test.xml`)
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<String>,

    /// Only scenarios whose path has this text in it
    #[arg(long, value_name = "TEXT")]
    pub(crate) filter: Option<String>,

    /// How many scenarios run side by side; as many as there are processors
    #[arg(long, value_name = "COUNT")]
    pub(crate) jobs: Option<NonZeroUsize>,

    /// Write the results as JUnit XML, too; times are those of the simulated calls
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Option<PathBuf>,

    /// List the verbs and branches that no scenario reached
    #[arg(long, conflicts_with_all = ["hang_up_everywhere", "hang_up_at"])]
    pub(crate) coverage: bool,

    /// Let the caller hang up at every instant of each scenario, and look only at what must hold then
    #[arg(long)]
    pub(crate) hang_up_everywhere: bool,

    /// The same for one instant: a time after the answer
    #[arg(long, value_name = "TIME", value_parser = time, conflicts_with = "hang_up_everywhere")]
    pub(crate) hang_up_at: Option<Duration>,
}
