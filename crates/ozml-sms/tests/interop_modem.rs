//! Programs for modems that know nothing of us take the emulator for one: `gammu` and the `smsd` of smstools. Run it
//! with `tests/interop/run.sh`.

#![cfg(unix)]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "helpers of a test fail the test"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use ozml_session::{SenderId, SmsText};
use ozml_sms::modem_sim::{Event, Events, ModemSim, SentSms};

/// Guards against what never comes.
const PATIENCE: Duration = Duration::from_secs(60);

/// A folder for one test, empty.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("interop_modem")
        .join(name);
    let _from_an_earlier_run = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Waits for an event.
async fn until(events: &mut Events, is_it: impl Fn(&Event) -> bool) {
    let found = async { while !is_it(&events.next().await.expect("the modem runs")) {} };
    tokio::time::timeout(PATIENCE, found)
        .await
        .expect("an event in time");
}

fn text(sms: &SentSms) -> &str {
    sms.text.as_deref().unwrap()
}

/// Runs `gammu` with a configuration; what it prints. It ends with 0.
async fn gammu(configuration: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("gammu");
    command
        .env("LC_ALL", "C.UTF-8")
        .arg("--config")
        .arg(configuration)
        .args(arguments);
    let output = tokio::task::spawn_blocking(move || command.output())
        .await
        .unwrap()
        .unwrap();
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{arguments:?}: {printed}");
    printed
}

#[tokio::test]
async fn gammu_takes_it_for_a_modem() {
    let folder = folder("gammu");
    let link = folder.join("modem");
    let modem = ModemSim::open_at("manufacturer=Shop".parse().unwrap(), &link).unwrap();
    let configuration = folder.join("gammurc");
    fs::write(
        &configuration,
        format!("[gammu]\ndevice = {}\nconnection = at115200\n", link.display()),
    )
    .unwrap();

    let identity = gammu(&configuration, &["identify"]).await;
    assert!(
        identity.contains("Shop") && identity.contains("001010123456789"),
        "{identity}"
    );
    let network = gammu(&configuration, &["networkinfo"]).await;
    assert!(network.contains("home network"), "{network}");

    let long = "A long text with @ and € in it. ".repeat(8);
    for arguments in [
        &["sendsms", "TEXT", "+36301234567", "-text", "Hello", "-report"][..],
        &[
            "sendsms",
            "TEXT",
            "+36301234567",
            "-autolen",
            "400",
            "-text",
            &long,
        ],
        &[
            "sendsms",
            "TEXT",
            "+36301234567",
            "-unicode",
            "-text",
            "Árvíztűrő",
        ],
    ] {
        gammu(&configuration, arguments).await;
    }
    let sent = modem.sent();
    let texts: Vec<_> = sent.iter().map(text).collect();
    assert_eq!((texts.len(), texts[0], texts[3]), (4, "Hello", "Árvíztűrő"));
    assert_eq!(format!("{}{}", texts[1], texts[2]).trim_end(), long.trim_end());

    let from = SenderId::new("+36209998877").unwrap();
    modem
        .incoming(&from, &SmsText::new("Árvíztűrő to you").unwrap())
        .unwrap();
    let read = gammu(&configuration, &["getsms", "1", "1"]).await;
    assert!(
        read.contains("+36209998877") && read.contains("Árvíztűrő to you"),
        "{read}"
    );
    gammu(&configuration, &["deletesms", "1", "1"]).await;
    assert_eq!(modem.counters().cleared, 1);
    modem.shutdown().await;
    assert!(!link.is_symlink(), "the link goes with the modem");
}

/// `smsd` of smstools, ended by dropping it.
struct Smsd(Child);

impl Smsd {
    fn start(folder: &Path, modem: &Path) -> Self {
        for name in ["outgoing", "checked", "incoming", "report", "sent", "failed"] {
            fs::create_dir(folder.join(name)).unwrap();
        }
        let at = |name: &str| folder.join(name).display().to_string();
        let queues = ["outgoing", "checked", "incoming", "report", "sent", "failed"];
        let queues: String = queues
            .iter()
            .map(|name| format!("{name} = {}\n", at(name)))
            .collect();
        let configuration = format!(
            "devices = GSM1\nlogfile = {}\nloglevel = 7\ndelaytime = 1\n{queues}\
             [GSM1]\ndevice = {}\nincoming = yes\nreport = yes\ninit = AT+CNMI=2,1,0,2,0\n",
            at("log"),
            modem.display(),
        );
        let file = folder.join("smsd.conf");
        fs::write(&file, configuration).unwrap();
        let mut command = Command::new("smsd");
        command.arg(format!("-c{}", file.display()));
        command
            .arg(format!("-p{}", at("pid")))
            .arg(format!("-i{}", at("info")))
            .arg("-t");
        Self(
            command
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .spawn()
                .expect("smsd runs"),
        )
    }
}

impl Drop for Smsd {
    fn drop(&mut self) {
        use rustix::process::{Pid, Signal, kill_process};
        let _ended = kill_process(Pid::from_child(&self.0), Signal::TERM);
        let _waited = self.0.wait();
    }
}

/// Puts a message into the queue; the name appears when it is complete.
fn queue(folder: &Path, name: &str, text: &str) {
    let new = folder.join(name);
    fs::write(&new, format!("To: 36301234567\n\n{text}")).unwrap();
    fs::rename(&new, folder.join("outgoing").join(name)).unwrap();
}

/// The texts of the files of a queue.
fn files(folder: &Path, queue: &str) -> Vec<String> {
    let files = fs::read_dir(folder.join(queue)).unwrap();
    files
        .map(|file| String::from_utf8_lossy(&fs::read(file.unwrap().path()).unwrap()).into_owned())
        .collect()
}

/// The modem answers while `smsd` is waited for.
#[tokio::test(flavor = "multi_thread")]
async fn smstools_sends_three_messages_and_receives_one() {
    let folder = folder("smstools");
    let link = folder.join("modem");
    let modem = ModemSim::open_at("".parse().unwrap(), &link).unwrap();
    let mut events = modem.events();
    let smsd = Smsd::start(&folder, &link);
    let long = "x".repeat(200);
    queue(&folder, "first", "Hello");
    queue(&folder, "second", &long);
    queue(&folder, "third", "and the end");
    for _ in 0..4 {
        until(&mut events, |event| matches!(event, Event::Sms(_))).await;
    }
    let sent = modem.sent();
    let mut texts: Vec<_> = sent.iter().map(text).collect();
    texts.sort_by_key(|text| text.len());
    assert_eq!(texts[..2], ["Hello", "and the end"]);
    assert_eq!(texts[2].len() + texts[3].len(), 200);

    let from = SenderId::new("+36209998877").unwrap();
    modem
        .incoming(&from, &SmsText::new("Hello, smsd").unwrap())
        .unwrap();
    // Four reports and the message are read, written down and deleted.
    for _ in 0..5 {
        until(&mut events, |event| matches!(event, Event::Deleted { .. })).await;
    }
    drop(smsd);
    let came = files(&folder, "incoming");
    assert!(
        came.len() == 1 && came[0].contains("From: 36209998877") && came[0].contains("Hello, smsd"),
        "{came:?}"
    );
    let reports = files(&folder, "report");
    assert!(
        reports.len() == 4 && reports.iter().all(|report| report.contains("0,Ok")),
        "{reports:?}"
    );
    assert_eq!(
        (files(&folder, "sent").len(), files(&folder, "failed").len()),
        (3, 0)
    );
    assert_eq!(modem.counters().doubled, 0);
}
