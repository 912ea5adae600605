//! Addresses of message centres, `smpp://SYSTEM_ID[:PASSWORD]@HOST:PORT`, and the checked values in them.

use std::fmt;
use std::str::FromStr;

use ozml_session::Invalid;

/// Where a message centre listens and who binds there.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SmppUrl {
    /// Whether the connection is wrapped in TLS (`smpps://`).
    pub tls: bool,
    /// Who binds.
    pub system_id: SystemId,
    /// The password, where the address has one.
    pub password: Option<Password>,
    /// A name or an address; IPv6 without its brackets.
    pub host: String,
    /// The TCP port.
    pub port: u16,
}

impl SmppUrl {
    /// Whether the host is this machine, judged by its written form.
    pub fn is_loopback(&self) -> bool {
        let address = self.host.parse::<std::net::IpAddr>();
        address.map_or_else(
            |_| self.host.eq_ignore_ascii_case("localhost"),
            |address| address.is_loopback(),
        )
    }

    /// `HOST:PORT` as it is written in an address.
    pub fn authority(&self) -> String {
        authority(&self.host, self.port)
    }
}

/// `HOST:PORT`, an IPv6 address in brackets.
pub(crate) fn authority(host: &str, port: u16) -> String {
    if host.contains(':') {
        format!("[{host}]:{port}")
    } else {
        format!("{host}:{port}")
    }
}

impl FromStr for SmppUrl {
    type Err = Invalid;

    /// Octets that have a meaning in an address are written `%XX`. No error repeats a password.
    fn from_str(written: &str) -> Result<Self, Invalid> {
        let (scheme, rest) = written.split_once("://").ok_or_else(form)?;
        let tls = match scheme.to_ascii_lowercase().as_str() {
            "smpp" => false,
            "smpps" => true,
            _ => return Err(form()),
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (user, authority) = rest.rsplit_once('@').ok_or_else(|| {
            Invalid::new("the address names no system_id: write smpp://SYSTEM_ID@HOST:PORT")
        })?;
        let (system_id, password) = match user.split_once(':') {
            Some((system_id, password)) => (system_id, Some(Password::new(&unescape(password)?)?)),
            None => (user, None),
        };
        let (host, port) = host_and_port(authority)?;
        Ok(Self {
            tls,
            system_id: SystemId::new(&unescape(system_id)?)?,
            password,
            host,
            port,
        })
    }
}

fn form() -> Invalid {
    Invalid::new("an address such as smpp://SYSTEM_ID[:PASSWORD]@HOST:PORT or smpps://... was expected")
}

fn host_and_port(authority: &str) -> Result<(String, u16), Invalid> {
    let no_port =
        || Invalid::new("the address needs a port from 1 to 65535, such as 2775 (smpps: often 3550)");
    let (host, port) = authority.rsplit_once(':').ok_or_else(no_port)?;
    let port = port.parse().ok().filter(|port| *port != 0).ok_or_else(no_port)?;
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let fits = match bare {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => {
            let name = |octet: u8| octet.is_ascii_alphanumeric() || matches!(octet, b'.' | b'-' | b'_');
            !host.is_empty() && host.bytes().all(name)
        }
    };
    if fits {
        Ok((bare.unwrap_or(host).to_owned(), port))
    } else {
        Err(Invalid::new(
            "the address needs a host name, an IPv4 address or an IPv6 address in brackets",
        ))
    }
}

/// Replaces `%XX`.
fn unescape(written: &str) -> Result<String, Invalid> {
    let fault =
        || Invalid::new("a `%` in an address stands before two hexadecimal digits; `%25` is the sign itself");
    let mut pieces = written.split('%');
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (digits, rest) = piece.split_at_checked(2).ok_or_else(fault)?;
        let both_digits = digits.bytes().all(|octet| octet.is_ascii_hexdigit());
        let octet = u8::from_str_radix(digits, 16).ok().filter(|_| both_digits);
        plain.push(char::from(octet.ok_or_else(fault)?));
        plain.push_str(rest);
    }
    Ok(plain)
}

impl fmt::Display for SmppUrl {
    /// Without the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.tls { "smpps" } else { "smpp" };
        write!(f, "{scheme}://{}@{}", self.system_id, self.authority())
    }
}

impl fmt::Debug for SmppUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SmppUrl({self})")
    }
}

/// The name a client binds with: 1 to 15 printable ASCII characters without blanks (SMPP 3.4, 5.2.1).
#[derive(Clone, PartialEq, Eq)]
pub struct SystemId(String);

impl SystemId {
    /// Most characters; the field has a NUL behind them.
    pub const MAX: usize = 15;

    /// Checks length and characters.
    pub fn new(name: &str) -> Result<Self, Invalid> {
        if !name.bytes().all(|octet| octet.is_ascii_graphic()) {
            return Err(Invalid::new(
                "a system_id has printable ASCII characters and no blanks",
            ));
        }
        if !(1..=Self::MAX).contains(&name.len()) {
            return Err(Invalid::new(format!(
                "a system_id has 1 to {} characters, this one has {}",
                Self::MAX,
                name.len()
            )));
        }
        Ok(Self(name.to_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SystemId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for SystemId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SystemId({})", self.0)
    }
}

/// What a client proves itself with: at most 8 printable ASCII characters (SMPP 3.4, 5.2.2). A longer
/// one is refused, never cut. Debug and Display print `***`.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Password(String);

impl Password {
    /// Most characters; the field has a NUL behind them.
    pub const MAX: usize = 8;

    /// Checks length and characters; no error repeats the password.
    pub fn new(password: &str) -> Result<Self, Invalid> {
        if !password
            .bytes()
            .all(|octet| octet == b' ' || octet.is_ascii_graphic())
        {
            return Err(Invalid::new(
                "an SMPP password has printable ASCII characters only",
            ));
        }
        if password.len() > Self::MAX {
            return Err(Invalid::new(format!(
                "an SMPP password has at most {} characters, this one has {}: ask the centre for a shorter one",
                Self::MAX,
                password.len()
            )));
        }
        Ok(Self(password.to_owned()))
    }

    /// The password itself, for the bind request only.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(written: &str) -> String {
        written.parse::<SmppUrl>().unwrap_err().to_string()
    }

    #[test]
    fn addresses_are_read_as_written() {
        let url: SmppUrl = "smpp://shop:secret@smsc.example:2775".parse().unwrap();
        assert_eq!(url.system_id.as_str(), "shop");
        assert_eq!(url.password, Some(Password("secret".to_owned())));
        assert_eq!(
            (url.tls, url.host.as_str(), url.port),
            (false, "smsc.example", 2775)
        );
        let url: SmppUrl = "SMPPS://shop@[::1]:3550/".parse().unwrap();
        assert_eq!(
            (url.tls, url.password.is_none(), url.is_loopback()),
            (true, true, true)
        );
        assert_eq!(url.to_string(), "smpps://shop@[::1]:3550");
        let url: SmppUrl = "smpp://a%3ab:p@%25%40@127.0.0.1:1".parse().unwrap();
        assert_eq!(
            (url.system_id.as_str(), url.password.unwrap().reveal()),
            ("a:b", "p@%@")
        );
    }

    #[test]
    fn what_is_no_address_says_why() {
        for (written, why) in [
            ("shop@host:2775", "was expected"),
            ("http://shop@host:2775", "was expected"),
            ("smpp://host:2775", "no system_id"),
            ("smpp://@host:2775", "1 to 15 characters, this one has 0"),
            (
                "smpp://sixteen_chars_id@host:2775",
                "1 to 15 characters, this one has 16",
            ),
            ("smpp://a b@host:2775", "no blanks"),
            ("smpp://shop@host", "needs a port"),
            ("smpp://shop@host:0", "needs a port"),
            ("smpp://shop@host:65536", "needs a port"),
            ("smpp://shop@:2775", "host name"),
            ("smpp://shop@ho/st:2775", "host name"),
            ("smpp://shop@[::g]:2775", "host name"),
            ("smpp://sh%4@host:2775", "two hexadecimal digits"),
            ("smpp://sh%+4@host:2775", "two hexadecimal digits"),
        ] {
            let fault = fault(written);
            assert!(fault.contains(why), "{written}: {fault}");
        }
    }

    #[test]
    fn no_password_shows() {
        let url: SmppUrl = "smpp://shop:marker@host:2775".parse().unwrap();
        let shown = format!(
            "{url} {url:?} {:?} {}",
            url.password,
            url.password.clone().unwrap()
        );
        assert!(!shown.contains("marker") && shown.contains("***"), "{shown}");
        for written in ["smpp://shop:marker123@host:2775", "smpp://shop:märker@host:2775"] {
            let fault = fault(written);
            assert!(!fault.contains("rker"), "{fault}");
        }
        assert!(fault("smpp://shop:123456789@host:2775").contains("at most 8 characters, this one has 9"));
    }
}
