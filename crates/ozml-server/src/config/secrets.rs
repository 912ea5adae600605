//! Passwords, PINs and certificates from where the configuration says they are.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use ozml_host::web::{Secret, Secrets, WebConfig};
use ozml_parser::{Diagnostic, Span};
use ozml_session::ConnectionName;
use ozml_sms::config::{
    ConnectionOptions, ConnectionSection, EnvironmentVariable, ModemDefaults, ModemSection, SmppDefaults,
    SmppSection,
};
use ozml_sms::gsm::{ModemConfig, Pin};
use ozml_sms::smpp::{Password, SmppConfig, Window};

use super::place::Places;
use super::{Config, Connection};

/// Where secrets come from.
pub trait SecretSource {
    /// The value of an environment variable, if it is set and a text.
    fn variable(&self, name: &EnvironmentVariable) -> Option<String>;

    /// A file.
    ///
    /// # Errors
    /// As the system gives them.
    fn file(&self, path: &Path) -> io::Result<SecretFile>;
}

/// The content of a file, which may be secret: Debug does not show it.
#[non_exhaustive]
pub struct SecretFile {
    /// What stands in it.
    pub bytes: Vec<u8>,
    /// Whether others than its owner and group may read it.
    pub readable_by_others: bool,
}

impl SecretFile {
    /// A file that nobody else reads.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            bytes: bytes.into(),
            readable_by_others: false,
        }
    }

    /// The same file, readable by everybody.
    #[must_use]
    pub fn readable_by_others(self) -> Self {
        Self {
            readable_by_others: true,
            ..self
        }
    }
}

impl std::fmt::Debug for SecretFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SecretFile")
            .field("readable_by_others", &self.readable_by_others)
            .finish_non_exhaustive()
    }
}

/// The environment and the files of this process.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemSecrets;

impl SecretSource for SystemSecrets {
    fn variable(&self, name: &EnvironmentVariable) -> Option<String> {
        std::env::var(name.as_str()).ok()
    }

    fn file(&self, path: &Path) -> io::Result<SecretFile> {
        /// A bundle of all certificates of the world has a quarter of that.
        const MOST_BYTES: u64 = 1 << 20;
        let file = open_regular(path)?;
        let metadata = file.metadata()?;
        let mut bytes = Vec::new();
        file.take(MOST_BYTES.saturating_add(1)).read_to_end(&mut bytes)?;
        if u64::try_from(bytes.len()).is_ok_and(|read| read > MOST_BYTES) {
            return Err(io::Error::other("it has more than 1 MiB"));
        }
        Ok(SecretFile {
            bytes,
            readable_by_others: is_readable_by_others(&metadata),
        })
    }
}

/// Opens a file that ends: a pipe would be waited for, and everything with it.
pub(super) fn open_regular(path: &Path) -> io::Result<std::fs::File> {
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is no regular file"));
    }
    std::fs::File::open(path)
}

#[cfg(unix)]
fn is_readable_by_others(metadata: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    metadata.permissions().mode() & 0o004 != 0
}

#[cfg(not(unix))]
fn is_readable_by_others(_: &std::fs::Metadata) -> bool {
    false
}

/// Connections with everything they need to be opened. Equal ones need not be opened anew.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ResolvedConnection {
    /// What routes call it.
    pub name: ConnectionName,
    /// What it is.
    pub transport: ResolvedTransport,
}

/// What a connection needs to be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResolvedTransport {
    /// A message centre.
    Smpp {
        /// What each session is told.
        config: Box<SmppConfig>,
        /// What the gateway does with it.
        options: Box<ConnectionOptions>,
    },
    /// GSM modems.
    Modem {
        /// What each session is told.
        config: Box<ModemConfig>,
        /// What the gateway does with it.
        options: Box<ConnectionOptions>,
    },
    /// Messages are shown.
    Console,
}

/// The enabled connections in the order of the file, and what was noticed on the way.
#[derive(Debug)]
#[non_exhaustive]
pub struct Resolved {
    /// The connections.
    pub connections: Vec<ResolvedConnection>,
    /// What a web client is made from.
    pub web: WebConfig,
    /// Files with secrets that others may read.
    pub warnings: Vec<Diagnostic>,
}

impl Config {
    /// Fetches what enabled connections need. Relative paths are as they are: see [`Config::seen_from`].
    ///
    /// # Errors
    /// All variables that are not set, files that cannot be read, and secrets of a wrong form. No message
    /// repeats a secret.
    pub fn resolve(&self, source: &dyn SecretSource) -> Result<Resolved, Vec<Diagnostic>> {
        let mut resolver = Resolver::new(self, source);
        let enabled = self
            .connections
            .iter()
            .filter(|connection| connection.section.enabled());
        let connections: Vec<_> = enabled
            .filter_map(|connection| {
                Some(ResolvedConnection {
                    name: connection.name().clone(),
                    transport: resolver.transport(connection)?,
                })
            })
            .collect();
        let web = resolver.web(self);
        match web {
            Some(web) if !resolver.told.iter().any(Diagnostic::is_error) => Ok(Resolved {
                connections,
                web,
                warnings: resolver.told,
            }),
            _ => Err(resolver.told),
        }
    }

    /// Fetches what a web client needs, and nothing else. The second value is what was noticed on the way.
    ///
    /// # Errors
    /// As [`resolve`](Self::resolve) has them.
    pub fn resolve_web(
        &self,
        source: &dyn SecretSource,
    ) -> Result<(WebConfig, Vec<Diagnostic>), Vec<Diagnostic>> {
        let mut resolver = Resolver::new(self, source);
        match resolver.web(self) {
            Some(web) => Ok((web, resolver.told)),
            None => Err(resolver.told),
        }
    }

    fn smpp_defaults(&self) -> SmppDefaults {
        let limits = &self.limits.server;
        let window = u16::try_from(limits.smpp_window).ok();
        SmppDefaults {
            window: window.and_then(|size| Window::new(size).ok()).unwrap_or_default(),
            response: limits.submit_response,
            max_length: usize::try_from(limits.smpp_pdu_bytes).unwrap_or(usize::MAX),
        }
    }

    fn modem_defaults(&self) -> ModemDefaults {
        let limits = &self.limits.server;
        ModemDefaults {
            max_line: usize::try_from(limits.modem_line_bytes).unwrap_or(usize::MAX),
            max_reply: usize::try_from(limits.modem_reply_bytes).unwrap_or(usize::MAX),
        }
    }
}

/// Whose secret it is.
#[derive(Clone, Copy)]
struct Owner<'c> {
    name: &'c str,
    places: &'c Places,
}

impl<'c> Owner<'c> {
    fn connection(connection: &'c Connection) -> Self {
        Self {
            name: connection.name().as_str(),
            places: &connection.places,
        }
    }
}

struct Resolver<'s> {
    source: &'s dyn SecretSource,
    smpp: SmppDefaults,
    modem: ModemDefaults,
    told: Vec<Diagnostic>,
}

impl<'s> Resolver<'s> {
    fn new(config: &Config, source: &'s dyn SecretSource) -> Self {
        Self {
            source,
            smpp: config.smpp_defaults(),
            modem: config.modem_defaults(),
            told: Vec::new(),
        }
    }

    /// Nothing after a fault, which was told.
    fn transport(&mut self, connection: &Connection) -> Option<ResolvedTransport> {
        match &connection.section {
            ConnectionSection::Console(_) => Some(ResolvedTransport::Console),
            ConnectionSection::Smpp(smpp) => {
                let password = self.password(smpp, connection);
                let ca = self.certificates(smpp, connection);
                Some(ResolvedTransport::Smpp {
                    config: Box::new(smpp.smpp_config(password?, ca?, self.smpp)),
                    options: Box::new(smpp.options()),
                })
            }
            ConnectionSection::Modem(modem) => Some(ResolvedTransport::Modem {
                config: Box::new(modem.modem_config(self.pin(modem, connection)?, self.modem)),
                options: Box::new(modem.options()),
            }),
            // There is no other type.
            _ => None,
        }
    }

    /// The outer `None` is a fault, the inner one no PIN.
    fn pin(&mut self, modem: &ModemSection, connection: &Connection) -> Option<Option<Pin>> {
        let owner = Owner::connection(connection);
        let keys = ["pin_env", "pin_file"];
        match self.secret(modem.pin_env.as_ref(), modem.pin_file.as_deref(), keys, owner)? {
            Some((key, secret)) => {
                let pin = Pin::new(&secret).map_err(|fault| fault.to_string());
                self.taken(pin, key, owner).map(Some)
            }
            None => Some(modem.pin.clone()),
        }
    }

    fn password(&mut self, smpp: &SmppSection, connection: &Connection) -> Option<Password> {
        let owner = Owner::connection(connection);
        let keys = ["password_env", "password_file"];
        match self.secret(
            smpp.password_env.as_ref(),
            smpp.password_file.as_deref(),
            keys,
            owner,
        )? {
            Some((key, secret)) => {
                let password = Password::new(&secret).map_err(|fault| fault.to_string());
                self.taken(password, key, owner)
            }
            None => {
                let written = smpp.password.as_ref().or(smpp.url.password.as_ref());
                Some(written.cloned().unwrap_or_default())
            }
        }
    }

    /// Nothing after a fault, which was told.
    fn web(&mut self, config: &Config) -> Option<WebConfig> {
        let section = &config.fetch.section;
        let owner = Owner {
            name: "[fetch]",
            places: &config.fetch.places,
        };
        let current = self.web_secret(
            section.secret_env.as_deref(),
            section.secret_file.as_deref(),
            ["secret_env", "secret_file"],
            owner,
        );
        let previous = self.web_secret(
            section.previous_secret_env.as_deref(),
            section.previous_secret_file.as_deref(),
            ["previous_secret_env", "previous_secret_file"],
            owner,
        );
        let secrets = match (current?, previous?) {
            (Some(current), Some(previous)) => Some(Secrets::new(current).previous(previous)),
            (current, _) => current.map(Secrets::new),
        };
        // Its faults were told when the file was read.
        let mut web = section.config().ok()?;
        web.secrets = secrets;
        web.limits = config.limits.web.clone();
        Some(web)
    }

    /// The outer `None` is a fault, the inner one no secret.
    fn web_secret(
        &mut self,
        variable: Option<&str>,
        file: Option<&Path>,
        keys: [&'static str; 2],
        owner: Owner<'_>,
    ) -> Option<Option<Secret>> {
        let variable = variable.and_then(|name| EnvironmentVariable::new(name).ok());
        let Some((key, secret)) = self.secret(variable.as_ref(), file, keys, owner)? else {
            return Some(None);
        };
        let secret = Secret::new(&secret).map_err(|fault| fault.to_string());
        self.taken(secret, key, owner).map(Some)
    }

    /// A secret and the key that says where it is. The outer `None` is a fault, the inner one no such key.
    fn secret(
        &mut self,
        variable: Option<&EnvironmentVariable>,
        file: Option<&Path>,
        [variable_key, file_key]: [&'static str; 2],
        owner: Owner<'_>,
    ) -> Option<Option<(&'static str, String)>> {
        let (key, secret) = match (variable, file) {
            (Some(name), _) => {
                let missing = || format!("the environment variable `{}` is not set", name.as_str());
                (variable_key, self.source.variable(name).ok_or_else(missing))
            }
            (None, Some(path)) => (file_key, self.secret_file(path, owner.places.of(file_key))),
            (None, None) => return Some(None),
        };
        let secret = self.taken(secret, key, owner)?;
        Some(Some((key, secret)))
    }

    /// What stands in a file but for the end of its last line.
    fn secret_file(&mut self, path: &Path, place: Span) -> Result<String, String> {
        let file = self.source.file(path);
        let file = file.map_err(|fault| cannot_read(path, &fault))?;
        if file.readable_by_others {
            let message = format!("everybody on this machine may read `{}`", path.display());
            self.told.push(
                Diagnostic::warning("readable-secret", 302, place, message)
                    .help("take the right away with `chmod o-r`"),
            );
        }
        let text = String::from_utf8(file.bytes);
        let text = text.map_err(|_| format!("`{}` is no text in UTF-8", path.display()))?;
        let line = text.strip_suffix('\n').unwrap_or(&text);
        Ok(line.strip_suffix('\r').unwrap_or(line).to_owned())
    }

    /// The outer `None` is a fault, the inner one a connection that trusts what the system trusts.
    fn certificates(&mut self, smpp: &SmppSection, connection: &Connection) -> Option<Option<Vec<u8>>> {
        let Some(path) = &smpp.ca else {
            return Some(None);
        };
        let read = self.source.file(path).map(|file| Some(file.bytes));
        let read = read.map_err(|fault| cannot_read(path, &fault));
        self.taken(read, "ca", Owner::connection(connection))
    }

    fn taken<T>(&mut self, read: Result<T, String>, key: &str, owner: Owner<'_>) -> Option<T> {
        let fault = match read {
            Ok(read) => return Some(read),
            Err(fault) => fault,
        };
        let message = format!("`{}`: {fault}", owner.name);
        let fault = Diagnostic::error("missing-secret", 302, owner.places.of(key), message);
        self.told.push(fault);
        None
    }
}

fn cannot_read(path: &Path, fault: &io::Error) -> String {
    format!("cannot read `{}`: {fault}", path.display())
}

/// The same path as it is seen from a folder.
pub(super) fn seen_from(folder: &Path, path: &mut PathBuf) {
    if path.is_relative() {
        *path = folder.join(&*path);
    }
}
