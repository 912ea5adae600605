//! The options of the test centre as flags, made from the library's own list.

use clap::{Arg, ArgMatches, Command, Error, FromArgMatches};
use ozml::sms::smsc::Behaviour;

/// How a test centre behaves, one flag for each option the library knows.
#[derive(Debug, Clone, Default)]
pub(crate) struct BehaviourArgs(pub(crate) Behaviour);

impl clap::Args for BehaviourArgs {
    fn augment_args(command: Command) -> Command {
        Behaviour::option_help().fold(command, |command, option| {
            command.arg(
                Arg::new(option.name)
                    .long(option.name)
                    .value_name("VALUE")
                    .help(format!("{} ({})", capitalised(option.help), option.value)),
            )
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for BehaviourArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let mut args = Self::default();
        args.update_from_arg_matches(matches)?;
        Ok(args)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        for option in Behaviour::option_help() {
            if let Some(value) = matches.get_one::<String>(option.name) {
                let set = std::mem::take(&mut self.0).with_option(option.name, value);
                self.0 = set.map_err(|fault| {
                    Error::raw(clap::error::ErrorKind::ValueValidation, format!("{fault}\n"))
                })?;
            }
        }
        Ok(())
    }
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters
        .next()
        .map(|first| first.to_uppercase().chain(characters).collect())
        .unwrap_or_default()
}
