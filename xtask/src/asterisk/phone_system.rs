use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::RECORDINGS;
use super::caller::{free_port, read};
use super::process::Process;
use crate::command::{Chore, program, root};

/// The release of Debian that has Asterisk 22.
const RELEASE: &str = "forky";
/// How many ports sound may use.
const SOUND_PORTS: u16 = 100;

/// The folder in which Asterisk sees the root of its system.
fn system() -> PathBuf {
    root().join("target/asterisk/system")
}

/// Makes a small Debian with Asterisk in it, unless it is there: half a minute and 320 MB.
pub(super) fn install() -> Chore {
    let done = root().join("target/asterisk/installed");
    if done.is_file() {
        println!("{} is there", system().display());
        return Ok(());
    }
    if system().exists() {
        fs::remove_dir_all(system()).map_err(|fault| fault.to_string())?;
    }
    fs::create_dir_all(system()).map_err(|fault| fault.to_string())?;
    let mirrors = program("apt-get")
        .arguments("indextargets --format $(SITE)")
        .argument("Created-By: Packages")
        .argument("Origin: Debian")
        .argument("Label: Debian")
        .output()?;
    let mirror = mirrors.lines().next().ok_or("apt knows no mirror of Debian")?;
    // The release is a moving one: where this machine's clock runs ahead of its mirror the lists count as old. Their
    // signatures are checked all the same.
    program("mmdebstrap")
        .arguments("--variant=apt --include=asterisk")
        .argument("--aptopt=Acquire::Check-Valid-Until \"false\"")
        .argument("--aptopt=Acquire::Languages \"none\"")
        .arguments("--dpkgopt=path-exclude=/usr/share/doc/* --dpkgopt=path-exclude=/usr/share/man/*")
        .argument(RELEASE)
        .argument(&system().to_string_lossy())
        .argument(mirror)
        .run()?;
    write(&done, "")
}

fn write(path: &Path, content: impl AsRef<[u8]>) -> Chore {
    fs::write(path, content).map_err(|fault| format!("{}: {fault}", path.display()))
}

/// Asterisk on loopback.
pub(super) struct PhoneSystem {
    _process: Process,
    /// Where it takes calls.
    pub(super) port: u16,
}

impl PhoneSystem {
    /// Starts it with the scripts of a FastAGI server.
    pub(super) fn start(agi_port: u16) -> Result<Self, String> {
        let port = free_port()?;
        configure(port, agi_port)?;
        record()?;
        let mut command = Command::new("chroot");
        command
            .arg(system())
            .args(["asterisk", "-f", "-vvv", "-C", "/ozml/asterisk.conf"]);
        let mut process = Process::start("Asterisk", command)?;
        process.until(|line| line.contains("Asterisk Ready").then_some(()))?;
        Ok(Self {
            _process: process,
            port,
        })
    }
}

fn configure(port: u16, agi_port: u16) -> Chore {
    let host = program("hostname").output()?;
    // There is no name service inside: without its own name Asterisk does not start its phones.
    write(&system().join("etc/hosts"), format!("127.0.0.1 localhost {host}"))?;
    let target = system().join("ozml");
    fs::create_dir_all(&target).map_err(|fault| fault.to_string())?;
    let sound = free_port()?;
    let values = [
        ("@SIP_PORT@", port.to_string()),
        ("@AGI_PORT@", agi_port.to_string()),
        ("@SOUND_FIRST@", sound.to_string()),
        ("@SOUND_LAST@", sound.saturating_add(SOUND_PORTS).to_string()),
        ("@MODULES@", modules()?),
    ];
    for name in ["asterisk", "extensions", "logger", "modules", "pjsip", "rtp"] {
        let name = format!("{name}.conf");
        let text = values
            .iter()
            .fold(read(&name)?, |text, (mark, value)| text.replace(mark, value));
        write(&target.join(name), text)?;
    }
    Ok(())
}

/// Where the modules are, as Asterisk sees it: the folder is named after the processor.
fn modules() -> Result<String, String> {
    let libraries = fs::read_dir(system().join("usr/lib")).map_err(|fault| fault.to_string())?;
    let mut processors = libraries.flatten().map(|entry| entry.path());
    let found = processors.find(|path| path.join("asterisk/modules").is_dir());
    let name = found
        .as_ref()
        .and_then(|path| path.file_name())
        .ok_or("Asterisk has no modules")?;
    Ok(format!("/usr/lib/{}/asterisk/modules", name.to_string_lossy()))
}

/// Makes the recordings: silence, as nobody listens.
fn record() -> Chore {
    let sounds = system().join("usr/share/asterisk/sounds/ozml");
    fs::create_dir_all(&sounds).map_err(|fault| fault.to_string())?;
    RECORDINGS
        .iter()
        .try_for_each(|(name, ms)| write(&sounds.join(format!("{name}.sln")), vec![0; *ms as usize * 16]))
}
