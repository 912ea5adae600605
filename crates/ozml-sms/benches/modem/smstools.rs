//! smstools3: its daemon, fed by files in a folder.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::figure::Figure;
use super::modem::Modem;
use super::program::{Daemon, Folder};

const FOLDERS: [&str; 6] = ["made", "outgoing", "checked", "incoming", "failed", "sent"];

/// What is not named has the value it has without us; the spool is looked at as often as it can be.
fn settings(port: &Path) -> String {
    format!(
        "devices = GSM1\noutgoing = FOLDER/outgoing\nchecked = FOLDER/checked\nincoming = FOLDER/incoming\n\
         failed = FOLDER/failed\nsent = FOLDER/sent\ninfofile = FOLDER/info\npidfile = FOLDER/pid\n\
         logfile = FOLDER/log\nloglevel = 4\ndelaytime = 1\n\n\
         [GSM1]\ndevice = {}\nincoming = no\nbaudrate = 115200\n",
        port.display()
    )
}

pub(crate) async fn run(messages: u32) -> Figure {
    let modem = Modem::open();
    let folder = Folder::with("smstools", &FOLDERS);
    let file = folder.write("smsd.conf", &settings(&modem.port()));
    // `-t`: it stays in the foreground.
    let _daemon = Daemon::start(Command::new("smsd").arg("-t").arg("-c").arg(file));
    let hand_over = |number: u32| {
        let name = number.to_string();
        let made = folder.write(
            &format!("made/{name}"),
            &format!("To: 36301234567\n\nmessage {number}\n"),
        );
        fs::rename(made, folder.path().join("outgoing").join(name)).unwrap();
    };
    modem
        .time("smstools3 (smsd)", messages, hand_over, || folder.count("sent"))
        .await
}
