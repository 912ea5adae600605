//! A pseudo-terminal that programs take for a serial port.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};
use tokio::io::{Join, join};
use tokio::net::unix::pipe::{Receiver, Sender};

/// The modem's side of a pseudo-terminal, raw: octets pass as they are.
#[derive(Debug)]
pub(super) struct Pty {
    /// tokio has pipes for what can be read and written without waiting; they ask nothing else of it.
    pub(super) ends: Join<Receiver, Sender>,
    path: PathBuf,
    /// Held so that the line stays when a program closes it and another one opens it.
    _line: OwnedFd,
}

impl Pty {
    /// Makes one. Must be called inside a tokio runtime.
    pub(super) fn open() -> io::Result<Self> {
        let modem = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
        grantpt(&modem)?;
        unlockpt(&modem)?;
        let path = PathBuf::from(OsString::from_vec(ptsname(&modem, Vec::new())?.into_bytes()));
        let line = rustix::fs::open(
            &path,
            OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC,
            Mode::empty(),
        )?;
        let mut settings = tcgetattr(&line)?;
        settings.make_raw();
        tcsetattr(&line, OptionalActions::Now, &settings)?;
        rustix::io::ioctl_fionbio(&modem, true)?;
        let receiver = Receiver::from_owned_fd_unchecked(modem.try_clone()?)?;
        let sender = Sender::from_owned_fd_unchecked(modem)?;
        Ok(Self {
            ends: join(receiver, sender),
            path,
            _line: line,
        })
    }

    /// Where programs find it.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

/// A symbolic link to a pseudo-terminal; it goes when it is dropped.
#[derive(Debug)]
pub(super) struct Link {
    link: PathBuf,
    target: PathBuf,
}

impl Link {
    /// Makes the link. One to a pseudo-terminal, as a killed run leaves it, is replaced; nothing else is.
    pub(super) fn make(link: &Path, target: &Path) -> io::Result<Self> {
        if is_left_over(link) {
            fs::remove_file(link)?;
        }
        std::os::unix::fs::symlink(target, link)?;
        Ok(Self {
            link: link.to_owned(),
            target: target.to_owned(),
        })
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        // Somebody may have put another one there.
        if fs::read_link(&self.link).is_ok_and(|target| target == self.target) {
            let _ = fs::remove_file(&self.link);
        }
    }
}

/// The kernel gives the numbers of terminals again: that there is one does not say that it is still a modem's.
fn is_left_over(link: &Path) -> bool {
    fs::read_link(link).is_ok_and(|target| target.starts_with("/dev/pts"))
}
