//! `ozml run` against a real web server on loopback, which only `--allow-url` opens.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::expect_used,
    clippy::panic,
    reason = "a test runs programs, listens on a socket and fails by panicking"
)]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use ozml_tests::binary;

/// A web application: what it answers to `METHOD PATH BODY`, as status line and headers, and body.
type Application = fn(&str, u16) -> (String, Vec<u8>);

/// Serves until the test ends; the port.
fn serve(application: Application) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            answer(stream.expect("a connection"), application, port);
        }
    });
    port
}

fn answer(mut stream: TcpStream, application: Application, port: u16) {
    let mut reader = BufReader::new(stream.try_clone().expect("a second handle"));
    let (mut first, mut length) = (String::new(), 0);
    reader.read_line(&mut first).expect("a request line");
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).expect("a header");
        if let Some(written) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = written.trim().parse().expect("a length");
        }
        if line.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).expect("a body");
    let target = first.trim_end().trim_end_matches(" HTTP/1.1");
    let (head, body) = application(&format!("{target} {}", String::from_utf8_lossy(&body)), port);
    let length = body.len();
    let head = format!("HTTP/1.1 {head}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n");
    // A client may have refused the answer by its head.
    let _gone = stream.write_all(&[head.as_bytes(), &body].concat());
}

/// What a run prints, with `PORT` for the port of the server, and how it ends.
fn run(name: &str, script: &str, port: u16, more: &[&str]) -> (String, i32) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _from_an_earlier_run = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder for the test");
    fs::write(folder.join("a.xml"), script.replace("PORT", &port.to_string())).expect("a script");
    fs::write(
        folder.join("told.xml"),
        "<Response><Speak>Told.</Speak></Response>",
    )
    .expect("a script");
    let more = more.iter().map(|one| one.replace("PORT", &port.to_string()));
    let output = Command::new(binary::path())
        .args(["run", "a.xml"])
        .args(more)
        .current_dir(&folder)
        .env_remove("OZML_LOG")
        .env_remove("no_proxy")
        // Nobody listens there: proxies of the environment are not used.
        .envs(["http_proxy", "all_proxy", "HTTP_PROXY"].map(|name| (name, "http://127.0.0.1:9")))
        .stdin(Stdio::null())
        .output()
        .expect("ozml runs");
    let shown = String::from_utf8_lossy(&output.stdout).replace(&port.to_string(), "PORT");
    let faults = String::from_utf8_lossy(&output.stderr);
    assert_eq!(faults, "", "{shown}");
    (shown, output.status.code().expect("an exit code"))
}

const ALLOWED: [&str; 2] = ["--allow-url", "http://127.0.0.1:PORT"];

fn shop(request: &str, port: u16) -> (String, Vec<u8>) {
    let ok = || "200 OK".to_owned();
    let page = |script: &str| (ok(), script.replace("PORT", &port.to_string()).into_bytes());
    match request {
        request if request.starts_with("POST /menu NotificationName=GoTo&CallId=") => page(
            r#"<Response>
              <Play>http://127.0.0.1:PORT/hold.wav</Play>
              <UserInput ForwardToUrl="/keys" Digits="1" Timeout="5"/>
            </Response>"#,
        ),
        "GET /hold.wav " => (ok(), b"no sound that has a length".to_vec()),
        request if request.starts_with("POST /keys ") && request.contains("DtmfDigits=7") => {
            page("<Response><Speak>Seven.</Speak></Response>")
        }
        "GET /moved.wav " => ("302 Found\r\nLocation: /hold.wav".to_owned(), Vec::new()),
        "GET /inside.wav " => (
            "302 Found\r\nLocation: http://localhost:9/hold.wav".to_owned(),
            Vec::new(),
        ),
        _ => ("404 Not Found".to_owned(), Vec::new()),
    }
}

#[test]
fn scripts_and_sounds_come_from_an_allowed_origin() {
    let script = "<Response><GoTo>http://127.0.0.1:PORT/menu</GoTo></Response>";
    let more = [&ALLOWED[..], &["--keys", "7"]].concat();
    let (shown, exit) = run("web-allowed", script, serve(shop), &more);
    assert_eq!(
        shown.trim_start(),
        "\
  0.000 s  call      from a withheld number to 100
  0.000 s  answered
  0.000 s  asks      POST http://127.0.0.1:PORT/menu (200)
  0.000 s  script    document 2 from http://127.0.0.1:PORT/menu
  0.000 s  asks      GET http://127.0.0.1:PORT/hold.wav (200)
  0.000 s  plays     http://127.0.0.1:PORT/hold.wav
  2.000 s  listens
  2.000 s  key       7
  2.000 s  entered   7
  2.000 s  asks      POST http://127.0.0.1:PORT/keys (200)
  2.000 s  script    document 3 from http://127.0.0.1:PORT/keys
  2.000 s  says      Seven.
  2.360 s  ended     by the script (normal)
"
    );
    assert_eq!(exit, 0);
}

#[test]
fn another_origin_and_a_redirect_to_one_are_refused() {
    let script = "<Response>
  <Play>http://127.0.0.1:PORT/moved.wav</Play>
  <Play>http://127.0.0.1:PORT/inside.wav</Play>
  <Play>http://localhost:PORT/hold.wav</Play>
  <Play>http://127.0.0.1:PORT/none.wav</Play>
</Response>";
    let (shown, exit) = run("web-refused", script, serve(shop), &ALLOWED);
    assert_eq!(
        shown.trim_start(),
        "\
  0.000 s  call      from a withheld number to 100
  0.000 s  answered
  0.000 s  asks      GET http://127.0.0.1:PORT/moved.wav (200)
  0.000 s  plays     http://127.0.0.1:PORT/moved.wav
  2.000 s  asks      GET http://127.0.0.1:PORT/inside.wav (no answer)
  2.000 s  policy    http://127.0.0.1:PORT/inside.wav is refused by `--allow-url`
  2.000 s  failed    Play (line 3): AudioFile: http://127.0.0.1:PORT/inside.wav: the address is refused by rule `--allow-url` (302 InvalidParameter)
  2.000 s  asks      GET http://localhost:PORT/hold.wav (no answer)
  2.000 s  policy    http://localhost:PORT/hold.wav is refused by `--allow-url`
  2.000 s  failed    Play (line 4): AudioFile: http://localhost:PORT/hold.wav: the address is refused by rule `--allow-url` (302 InvalidParameter)
  2.000 s  asks      GET http://127.0.0.1:PORT/none.wav (404)
  2.000 s  failed    Play (line 5): AudioFile: http://127.0.0.1:PORT/none.wav answered with status 404 (302 InvalidParameter)
  2.000 s  ended     by the script (normal)
"
    );
    assert_eq!(exit, 4);
}

#[test]
fn what_is_told_comes_before_the_web() {
    let script = "<Response><GoTo>http://127.0.0.1:PORT/menu</GoTo></Response>";
    let answer = ["--answer", "http://127.0.0.1:PORT/menu=told.xml"];
    let (shown, exit) = run("web-told", script, serve(shop), &[&ALLOWED[..], &answer].concat());
    assert!(shown.contains("says      Told.\n"), "{shown}");
    assert_eq!(exit, 0);
}

#[test]
fn limits_of_the_web_are_set_like_others() {
    let script = "<Response><Play>http://127.0.0.1:PORT/moved.wav</Play></Response>";
    let more = [&ALLOWED[..], &["--limit", "redirects=0"]].concat();
    let (shown, exit) = run("web-limit", script, serve(shop), &more);
    assert!(shown.contains("limit `redirects` of 0 is reached"), "{shown}");
    assert_eq!(exit, 1);
}
