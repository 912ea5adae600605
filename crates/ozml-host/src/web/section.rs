//! The section `[fetch]` of a configuration.

use std::fmt;
use std::path::PathBuf;

use ozml_session::{HttpUrl, Invalid};
use serde::Deserialize;

use super::allow::AddressRules;
use super::config::WebConfig;
use super::origin::OriginPattern;

/// `[fetch]` as it is written. Whoever reads the file takes the secrets from where it says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct FetchSection {
    /// Origins that may be reached wherever they lie: `https://app.example`, `http://127.0.0.1:8080`,
    /// `https://*.app.example`.
    pub allow: Vec<String>,
    /// Origins that may not be reached, even if they are allowed.
    pub deny: Vec<String>,
    /// A proxy for all requests: `http://proxy.example:3128`. It is reached whatever the rules say.
    pub proxy: Option<String>,
    /// The variable of the environment with the secret that signs requests.
    pub secret_env: Option<String>,
    /// The file with the secret that signs requests.
    pub secret_file: Option<PathBuf>,
    /// The variable with the secret before it, still accepted.
    pub previous_secret_env: Option<String>,
    /// The file with the secret before it, still accepted.
    pub previous_secret_file: Option<PathBuf>,
}

/// What is wrong with a value of [`FetchSection`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FetchSectionFault {
    /// The key, such as `allow`.
    pub key: &'static str,
    /// Which entry, from 0, where the value is a list.
    pub index: Option<usize>,
    /// What is wrong.
    pub fault: Invalid,
}

impl fmt::Display for FetchSectionFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "fetch.{}", self.key)?;
        if let Some(index) = self.index {
            write!(f, "[{index}]")?;
        }
        write!(f, ": {}", self.fault)
    }
}

impl std::error::Error for FetchSectionFault {}

impl FetchSection {
    /// The configuration it stands for, without secrets and with the default limits; or all its faults.
    pub fn config(&self) -> Result<WebConfig, Vec<FetchSectionFault>> {
        let mut faults = Vec::new();
        let allow = patterns("allow", &self.allow, &mut faults);
        let deny = patterns("deny", &self.deny, &mut faults);
        let proxy = self.proxy.as_deref().map(HttpUrl::new).transpose();
        let proxy = proxy.unwrap_or_else(|fault| {
            faults.push(FetchSectionFault {
                key: "proxy",
                index: None,
                fault,
            });
            None
        });
        let config = WebConfig {
            rules: AddressRules::new().allow(allow).deny(deny),
            proxy,
            ..WebConfig::default()
        };
        if faults.is_empty() {
            Ok(config)
        } else {
            Err(faults)
        }
    }
}

fn patterns(
    key: &'static str,
    written: &[String],
    faults: &mut Vec<FetchSectionFault>,
) -> Vec<OriginPattern> {
    let mut patterns = Vec::new();
    for (index, written) in written.iter().enumerate() {
        match OriginPattern::new(written) {
            Ok(pattern) => patterns.push(pattern),
            Err(fault) => faults.push(FetchSectionFault {
                key,
                index: Some(index),
                fault,
            }),
        }
    }
    patterns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(written: &str) -> FetchSection {
        toml::from_str(written).unwrap()
    }

    #[test]
    fn all_faults_are_told_with_their_place() {
        let section = section(
            r#"
            allow = ["https://app.example", "app.example", "https://*.b.example"]
            deny = ["https://x.example/path"]
            proxy = "proxy.example:3128"
            "#,
        );
        let faults = section.config().unwrap_err();
        let places: Vec<_> = faults.iter().map(|fault| (fault.key, fault.index)).collect();
        assert_eq!(places, [("allow", Some(1)), ("deny", Some(0)), ("proxy", None)]);
        assert!(
            faults[0]
                .to_string()
                .starts_with("fetch.allow[1]: an origin such as"),
            "{}",
            faults[0]
        );
    }

    #[test]
    fn every_key_is_optional_and_others_are_refused() {
        assert_eq!(section(""), FetchSection::default());
        let config = section("proxy = \"http://proxy.example:3128\"\nsecret_env = \"S\"").config();
        assert!(config.unwrap().proxy.is_some());
        assert!(toml::from_str::<FetchSection>("alow = []").is_err());
    }
}
