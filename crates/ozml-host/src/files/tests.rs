use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;
use std::task::{Context, Poll, Waker};

use super::*;

/// A folder with a root `static` and something beside it that nobody may see.
struct Bench {
    folder: PathBuf,
    roots: FileRoots,
}

impl Bench {
    fn new(name: &str) -> Self {
        let process = std::process::id();
        let folder = std::env::temp_dir().join(format!("ozml-files-{name}-{process}"));
        let _from_an_earlier_run = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("audio/deep")).unwrap();
        fs::create_dir_all(folder.join("voicemail")).unwrap();
        fs::write(folder.join("secret.wav"), "secret").unwrap();
        fs::write(folder.join("audio/hold.wav"), "hold").unwrap();
        fs::write(folder.join("audio/deep/hold.wav"), "deeper").unwrap();
        fs::write(folder.join("voicemail/1.wav"), "message").unwrap();
        let folder = folder.canonicalize().unwrap();
        let roots = [
            ("static", folder.join("audio")),
            ("voicemail", folder.join("voicemail")),
        ];
        let roots = FileRoots::open(roots).unwrap();
        Self { folder, roots }
    }

    fn read(&self, name: &str) -> Result<String, FileError> {
        let bytes = self.roots.read(&FileName::new(name).unwrap(), 100)?;
        Ok(String::from_utf8(bytes).unwrap())
    }

    fn refused(&self, name: &str) -> String {
        match self.read(name) {
            Err(FileError::Forbidden(why)) => why,
            other => panic!("`{name}`: {other:?}"),
        }
    }

    fn absolute(&self, path: &str) -> String {
        self.folder.join(path).to_str().unwrap().to_owned()
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        let _nothing_left = fs::remove_dir_all(&self.folder);
    }
}

/// The port answers at once.
fn now<T>(future: PortFuture<'_, T, FileError>) -> Result<T, FileError> {
    let mut future = future;
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => panic!("the port waits"),
    }
}

#[test]
fn a_file_is_found_in_its_root() {
    let bench = Bench::new("found");
    for (name, text) in [
        ("hold.wav", "hold"),
        ("./hold.wav", "hold"),
        ("deep//hold.wav", "deeper"),
        ("static:deep/hold.wav", "deeper"),
        ("voicemail:1.wav", "message"),
        (&bench.absolute("voicemail/1.wav"), "message"),
    ] {
        assert_eq!(bench.read(name).unwrap(), text, "{name}");
    }
    assert_eq!(bench.read("nothing.wav"), Err(FileError::Missing));
    assert_eq!(bench.read("nothing/hold.wav"), Err(FileError::Missing));
    let info = now(bench.roots.info(&FileName::new("hold.wav").unwrap())).unwrap();
    assert_eq!(info, FileInfo::new(4, None));
    assert!(bench.roots.has("voicemail") && !bench.roots.has("uploads"));
}

#[test]
fn nothing_outside_the_roots_is_seen() {
    let bench = Bench::new("outside");
    assert_eq!(bench.refused("uploads:x.wav"), "there is no root `uploads`");
    assert_eq!(bench.refused("C:x.wav"), "there is no root `C`");
    assert_eq!(
        bench.refused(&bench.absolute("secret.wav")),
        "the path lies in no root"
    );
    assert_eq!(
        bench.refused(&bench.absolute("audio-of-others/x")),
        "the path lies in no root"
    );
    assert_eq!(bench.refused("/etc/passwd"), "the path lies in no root");
    assert!(
        bench
            .refused("static:/etc/passwd")
            .contains("does not begin with `/`")
    );
    assert!(FileName::new("../secret.wav").is_err(), "`..` has no name at all");
    assert_eq!(bench.refused("deep"), "the path names a folder");
    assert_eq!(bench.refused("deep/"), "the path names a folder");
    assert_eq!(bench.refused("."), "the path names a folder");
    let none = FileRoots::new();
    let hold = FileName::new("hold.wav").unwrap();
    let refused = FileError::Forbidden("there is no root `static`".to_owned());
    assert_eq!(now(none.info(&hold)), Err(refused));
}

#[test]
fn no_link_is_followed() {
    let bench = Bench::new("links");
    let audio = bench.folder.join("audio");
    symlink("../secret.wav", audio.join("link.wav")).unwrap();
    symlink("hold.wav", audio.join("inside.wav")).unwrap();
    symlink("..", audio.join("up")).unwrap();
    symlink("deep", audio.join("sideways")).unwrap();
    fs::hard_link(bench.folder.join("secret.wav"), audio.join("hard.wav")).unwrap();
    assert_eq!(bench.refused("link.wav"), "the path leads over a link");
    assert_eq!(bench.refused("inside.wav"), "the path leads over a link");
    for name in ["up/secret.wav", "sideways/hold.wav", "hold.wav/x"] {
        assert_eq!(
            bench.refused(name),
            "the path leads over a link or a file",
            "{name}"
        );
    }
    assert_eq!(bench.refused("hard.wav"), "the file has a second name");
}

#[test]
fn pipes_and_sockets_are_no_files_and_do_not_block() {
    let bench = Bench::new("devices");
    let audio = bench.folder.join("audio");
    let made = Command::new("mkfifo")
        .arg(audio.join("pipe.wav"))
        .status()
        .unwrap();
    assert!(made.success());
    let _socket = std::os::unix::net::UnixListener::bind(audio.join("socket.wav")).unwrap();
    assert_eq!(bench.refused("pipe.wav"), "the path names a device or a pipe");
    assert_eq!(bench.refused("socket.wav"), "the path names a device or a pipe");
    let devices = FileRoots::open([("static", "/dev")]).unwrap();
    let null = devices.read(&FileName::new("null").unwrap(), 9);
    assert!(matches!(null, Err(FileError::Forbidden(_))), "{null:?}");
}

#[test]
fn a_folder_that_turns_into_a_link_leads_nowhere() {
    let bench = Bench::new("races");
    let (audio, away) = (bench.folder.join("audio"), bench.folder.join("away"));
    fs::create_dir(bench.folder.join("outside")).unwrap();
    fs::write(bench.folder.join("outside/hold.wav"), "outside").unwrap();
    let swapped = audio.clone();
    let swapping = std::thread::spawn(move || {
        for _ in 0..2_000 {
            fs::rename(swapped.join("deep"), &away).unwrap();
            symlink("../outside", swapped.join("deep")).unwrap();
            fs::remove_file(swapped.join("deep")).unwrap();
            fs::rename(&away, swapped.join("deep")).unwrap();
        }
    });
    while !swapping.is_finished() {
        match bench.read("deep/hold.wav") {
            Ok(text) => assert_eq!(text, "deeper"),
            Err(fault) => assert!(
                matches!(fault, FileError::Missing | FileError::Forbidden(_)),
                "{fault}"
            ),
        }
    }
    swapping.join().unwrap();
    assert_eq!(bench.read("deep/hold.wav").unwrap(), "deeper");
}

#[test]
fn a_root_stays_the_folder_it_was() {
    let bench = Bench::new("moved");
    fs::rename(bench.folder.join("audio"), bench.folder.join("elsewhere")).unwrap();
    symlink(".", bench.folder.join("audio")).unwrap();
    assert_eq!(bench.read("hold.wav").unwrap(), "hold");
    assert_eq!(bench.read("secret.wav"), Err(FileError::Missing));
}

#[test]
fn wrong_roots_are_refused_by_name() {
    let bench = Bench::new("roots");
    let text = |roots: &[(&str, PathBuf)]| FileRoots::open(roots.iter().cloned()).unwrap_err().to_string();
    let audio = bench.folder.join("audio");
    assert!(text(&[("a:b", audio.clone())]).starts_with("`a:b` names no root"));
    assert!(text(&[("a", audio.clone()), ("a", audio.clone())]).starts_with("there are two folders for `a`"));
    assert!(text(&[("a", audio.join("none"))]).contains("cannot be opened"));
    assert!(text(&[("a", audio.join("hold.wav"))]).contains("cannot be opened"));
    let large = bench.roots.read(&FileName::new("hold.wav").unwrap(), 3);
    assert!(matches!(large, Err(FileError::Forbidden(_))), "{large:?}");
}

#[test]
fn files_can_be_read_and_nothing_else() {
    let bench = Bench::new("rights");
    let key = EffectKey::new(ozml_session::RunId::new("r").unwrap(), 1);
    let (file, folder) = (FileName::new("hold.wav").unwrap(), FileName::new("deep").unwrap());
    for refused in [
        now(bench.roots.delete(&key, &file)),
        now(bench.roots.move_to(&key, &file, &folder)),
    ] {
        assert!(matches!(refused, Err(FileError::Forbidden(_))), "{refused:?}");
    }
    assert_eq!(bench.read("hold.wav").unwrap(), "hold");
}
