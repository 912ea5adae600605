//! `--sms-via URL`.

use ozml::sms::smpp::SmppUrl;

/// Where the SMS of a run go.
#[derive(Debug, Clone)]
pub(crate) enum SmsVia {
    /// Shown on the console.
    Console,
    /// A test centre inside the process.
    TestSmsc,
    /// A message centre.
    Smpp(Box<SmppUrl>),
    /// Known, and not available yet.
    NotYet(&'static str),
}

impl SmsVia {
    /// Reads the URL.
    pub(crate) fn read(written: &str) -> Result<Self, String> {
        match written {
            "console:" => Ok(Self::Console),
            "smsc:" => Ok(Self::TestSmsc),
            "config:" => Ok(Self::NotYet("--sms-via config:")),
            _ if written.starts_with("modem:") => Ok(Self::NotYet("--sms-via modem:")),
            _ if written.starts_with("smpp://") || written.starts_with("smpps://") => written
                .parse()
                .map(|url| Self::Smpp(Box::new(url)))
                .map_err(|fault: ozml::session::Invalid| fault.to_string()),
            _ => Err("`console:`, `smsc:`, `smpp://…` or `smpps://…` was expected".to_owned()),
        }
    }
}
