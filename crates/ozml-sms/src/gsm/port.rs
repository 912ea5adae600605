//! Where a modem is.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use ozml_session::Invalid;

/// The path of a serial device, such as `/dev/ttyUSB0`: absolute, without NUL.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SerialPort(PathBuf);

impl SerialPort {
    /// Checks the form of a path; whether there is a modem shows when it is opened.
    pub fn new(path: impl Into<PathBuf>) -> Result<Self, Invalid> {
        let path = path.into();
        let has_nul = path.as_os_str().as_encoded_bytes().contains(&0);
        if has_nul || !path.is_absolute() {
            return Err(Invalid::new(format!(
                "`{}` is no serial port: write its whole path, such as /dev/ttyUSB0",
                path.display().to_string().escape_debug()
            )));
        }
        Ok(Self(path))
    }

    /// The path.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl FromStr for SerialPort {
    type Err = Invalid;

    fn from_str(path: &str) -> Result<Self, Invalid> {
        Self::new(path)
    }
}

impl fmt::Display for SerialPort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.display().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_a_whole_path() {
        assert_eq!(
            SerialPort::new("/dev/ttyUSB0").unwrap().to_string(),
            "/dev/ttyUSB0"
        );
        for wrong in ["", "ttyUSB0", "/dev/tty\0", "COM3"] {
            let fault = SerialPort::new(wrong).unwrap_err().to_string();
            assert!(fault.ends_with("such as /dev/ttyUSB0"), "{fault}");
        }
    }
}
