//! The options of a test peer as flags, made from the library's own list.

use clap::{Arg, ArgMatches, Command, Error, FromArgMatches};
use ozml::sms::options::OptionSet;

/// How a test peer behaves, one flag for each option the library knows.
#[derive(Debug, Clone, Default)]
pub(crate) struct BehaviourArgs<B>(pub(crate) B);

impl<B: OptionSet> clap::Args for BehaviourArgs<B> {
    fn augment_args(command: Command) -> Command {
        B::option_help().fold(command, |command, option| {
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

impl<B: OptionSet> FromArgMatches for BehaviourArgs<B> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let mut args = Self::default();
        args.update_from_arg_matches(matches)?;
        Ok(args)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        for option in B::option_help() {
            if let Some(value) = matches.get_one::<String>(option.name) {
                let set = std::mem::take(&mut self.0).with_option(option.name, value);
                self.0 = set.map_err(|fault| Error::raw(clap::error::ErrorKind::ValueValidation, fault))?;
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
