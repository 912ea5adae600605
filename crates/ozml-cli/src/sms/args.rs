//! The arguments of `ozml sms`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand};
use ozml::session::{
    ConnectionName, HttpUrl, Invalid, MessageId, PhoneNumber, RunId, SenderId, SmsState, WallTime,
    parse_duration,
};
use ozml::sms::store::Priority;

use crate::args::{PageFormat, number, time};

#[derive(Debug, Args)]
#[command(
    after_help = "These commands talk to the running server of the configuration. Without one they open its store \
                  themselves: to look at it, or to send and close it again."
)]
pub(crate) struct SmsArgs {
    /// The configuration
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        default_value = "ozml.toml",
        display_order = 100
    )]
    pub(crate) config: PathBuf,

    /// How it is shown
    #[arg(long, global = true, value_enum, default_value_t = PageFormat::Text, value_name = "FORMAT", display_order = 101)]
    pub(crate) format: PageFormat,

    #[command(subcommand)]
    pub(crate) command: SmsCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SmsCommand {
    /// Send a message, and show what becomes of it
    Send(Box<SendArgs>),
    /// Show how the gateway is, or one message
    Status {
        /// The message; without it, the gateway
        #[arg(value_parser = MessageId::new)]
        id: Option<MessageId>,
    },
    /// List messages, newest first
    List(ListArgs),
    /// Send a message once more that was not delivered, or waits for its next try
    Retry(RetryArgs),
    /// Give nothing more to a connection of the running server
    Pause {
        /// The connection
        #[arg(value_parser = ConnectionName::new)]
        connection: ConnectionName,
    },
    /// Go on with a connection of the running server
    Resume {
        /// The connection
        #[arg(value_parser = ConnectionName::new)]
        connection: ConnectionName,
    },
    /// Accept nothing more, and wait until everything is sent
    Drain(DrainArgs),
    /// Forget messages that ended
    Purge {
        /// Those accepted before this time, `2026-01-31T08:00:00Z`, or longer ago than this, `30d`
        #[arg(long, value_name = "TIME", value_parser = Before::read)]
        before: Before,
    },
    /// Show the rules in the order in which they are tried
    Routes(SourceArgs),
    /// Show where a message would go, and why: nothing is sent; ends with 1 if it would be refused
    RouteExplain(ExplainArgs),
}

#[derive(Debug, Args)]
pub(crate) struct SendArgs {
    /// The recipient
    #[arg(value_parser = number)]
    pub(crate) to: PhoneNumber,

    /// What the message says, or `-` for standard input
    pub(crate) text: String,

    /// The sender shown: a number, or up to 11 letters; without it, the connection's own; a modem always
    /// sends from its own number
    #[arg(long, value_name = "SENDER", value_parser = SenderId::new)]
    pub(crate) from: Option<SenderId>,

    /// How urgent it is: 0 to 3, higher first
    #[arg(long, value_name = "0-3", value_parser = priority)]
    pub(crate) priority: Option<Priority>,

    /// How long it is worth sending, such as `1h`
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) validity: Option<Duration>,

    /// Never send it twice: when nobody can tell whether it was sent, it waits for `ozml sms retry`
    #[arg(long)]
    pub(crate) hold: bool,

    /// Whose message it is: rules and budgets know accounts
    #[arg(long, value_name = "NAME")]
    pub(crate) account: Option<String>,

    /// The web address that is told its end
    #[arg(long, value_name = "URL", value_parser = HttpUrl::new)]
    pub(crate) report: Option<HttpUrl>,

    /// A name of your own for this message: the same key again sends nothing and shows the first one
    #[arg(long, value_name = "KEY", value_parser = RunId::new)]
    pub(crate) key: Option<RunId>,

    /// How long to wait for what becomes of it; 0: until it is accepted
    #[arg(long, value_name = "TIME", value_parser = time, default_value = "10s")]
    pub(crate) wait: Duration,
}

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Only those in this state
    #[arg(long, value_name = "STATE", value_parser = str::parse::<SmsState>, conflicts_with = "incoming")]
    pub(crate) state: Option<SmsState>,

    /// Only those that have not ended
    #[arg(long, conflicts_with = "incoming")]
    pub(crate) unfinished: bool,

    /// Only those to numbers that begin so
    #[arg(long, value_name = "PREFIX", value_parser = number, conflicts_with = "incoming")]
    pub(crate) to: Option<PhoneNumber>,

    /// Messages that came in and were not handed on; TO of one that came over a modem is a short name of its SIM card
    #[arg(long)]
    pub(crate) incoming: bool,

    /// Most messages, 1 to 1000
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=1000), default_value_t = 100)]
    pub(crate) rows: u32,

    /// Only those with a smaller number: the rest of a long list
    #[arg(long, value_name = "NUMBER", conflicts_with = "incoming")]
    pub(crate) below: Option<u64>,
}

#[derive(Debug, Args)]
pub(crate) struct RetryArgs {
    /// The message
    #[arg(value_parser = MessageId::new)]
    pub(crate) id: MessageId,

    /// How long it is worth trying when its validity is over
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) validity: Option<Duration>,

    /// How long to wait for what becomes of it; 0: not at all
    #[arg(long, value_name = "TIME", value_parser = time, default_value = "10s")]
    pub(crate) wait: Duration,
}

#[derive(Debug, Args)]
pub(crate) struct DrainArgs {
    /// Accept messages again
    #[arg(long, conflicts_with = "wait")]
    pub(crate) resume: bool,

    /// How long to wait; without it, until everything is sent; 0: not at all
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) wait: Option<Duration>,
}

#[derive(Debug, Args)]
pub(crate) struct SourceArgs {
    /// Read the configuration alone, even when a server runs: what a changed file would do
    #[arg(long)]
    pub(crate) no_server: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// The recipient
    #[arg(value_parser = number)]
    pub(crate) to: PhoneNumber,

    /// What the message says
    #[arg(long)]
    pub(crate) text: Option<String>,

    /// The sender shown
    #[arg(long, value_name = "SENDER", value_parser = SenderId::new)]
    pub(crate) from: Option<SenderId>,

    /// Whose message it is
    #[arg(long, value_name = "NAME")]
    pub(crate) account: Option<String>,

    /// When it is sent, `2026-01-31T08:00:00Z`; without it, now
    #[arg(long, value_name = "TIME", value_parser = str::parse::<WallTime>)]
    pub(crate) at: Option<WallTime>,

    #[command(flatten)]
    pub(crate) source: SourceArgs,
}

/// A moment, given as such or as an age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Before {
    Moment(WallTime),
    Age(Duration),
}

impl Before {
    fn read(written: &str) -> Result<Self, Invalid> {
        let moment = written.parse().map(Self::Moment);
        moment.or_else(|fault| parse_duration(written).map(Self::Age).map_err(|_| fault))
    }

    /// The moment, as it is seen from now.
    pub(crate) fn moment(self, now: WallTime) -> WallTime {
        match self {
            Self::Moment(moment) => moment,
            Self::Age(age) => {
                let age = i64::try_from(age.as_millis()).unwrap_or(i64::MAX);
                WallTime::from_unix_millis(now.as_unix_millis().saturating_sub(age))
            }
        }
    }
}

fn priority(written: &str) -> Result<Priority, Invalid> {
    let number = written
        .parse()
        .map_err(|_| Invalid::new("a number from 0 to 3 was expected"))?;
    Priority::new(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_a_moment_or_an_age() {
        let now: WallTime = "2026-01-31T08:00:00Z".parse().unwrap();
        let before = |written| Before::read(written).unwrap().moment(now).to_string();
        assert_eq!(before("30d"), "2026-01-01T08:00:00Z");
        assert_eq!(before("2025-01-01T00:00:00+01:00"), "2024-12-31T23:00:00Z");
        assert!(Before::read("soon").is_err());
    }
}
