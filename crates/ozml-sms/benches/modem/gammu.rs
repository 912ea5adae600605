//! gammu: a process for each message, and its daemon with the backend of files.

use std::path::Path;
use std::process::Command;

use super::figure::Figure;
use super::modem::Modem;
use super::program::{Daemon, Folder, run};

const NUMBER: &str = "+36301234567";
const FOLDERS: [&str; 4] = ["inbox", "outbox", "sent", "error"];

fn line(port: &Path) -> String {
    format!("[gammu]\ndevice = {}\nconnection = at115200\n", port.display())
}

/// `gammu sendsms` once for each message.
pub(crate) async fn run_each(messages: u32) -> Figure {
    let modem = Modem::open();
    let folder = Folder::with("gammu", &FOLDERS);
    let file = folder.write("gammurc", &line(&modem.port()));
    let hand_over = |number: u32| {
        let text = format!("message {number}");
        let arguments = ["sendsms", "TEXT", NUMBER, "-text", &text];
        run(Command::new("gammu").arg("-c").arg(&file).args(arguments));
    };
    modem
        .time("gammu sendsms", messages, hand_over, || modem.taken())
        .await
}

/// `gammu-smsd`, fed by `gammu-smsd-inject`.
pub(crate) async fn run_daemon(messages: u32) -> Figure {
    let modem = Modem::open();
    let folder = Folder::with("gammu-smsd", &FOLDERS);
    let service = "[smsd]\nservice = files\nlogfile = FOLDER/log\ndebuglevel = 0\ninboxpath = FOLDER/inbox/\n\
                   outboxpath = FOLDER/outbox/\nsentsmspath = FOLDER/sent/\nerrorsmspath = FOLDER/error/\n\
                   checksecurity = 0\n";
    let file = folder.write("smsdrc", &(line(&modem.port()) + service));
    let _daemon = Daemon::start(Command::new("gammu-smsd").arg("-c").arg(&file));
    let hand_over = |number: u32| {
        let text = format!("message {number}");
        let arguments = ["TEXT", NUMBER, "-text", &text];
        run(Command::new("gammu-smsd-inject")
            .arg("-c")
            .arg(&file)
            .args(arguments));
    };
    modem
        .time("gammu-smsd", messages, hand_over, || folder.count("sent"))
        .await
}
