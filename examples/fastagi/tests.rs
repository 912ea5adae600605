//! The session against an Asterisk of our own, over real sockets.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use ozml::host::SystemClock;
use ozml::session::contract::{CallDriver, Case, FarEnd, OfferedCall, Step, call_session};
use ozml::session::{
    CallError, CallSession, Cause, FileName, Key, MediaFault, Prompt, Rejection, SessionEvent, SoundFile,
    Speech, StopOn, Tone,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;

use crate::peer::{Act, Peer, Seen, environment};
use crate::session::AgiSession;

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

/// Runs a case on a runtime of its own; one that waits for ever fails.
fn block_on(case: Case<'_>) {
    let limited = async { tokio::time::timeout(Duration::from_secs(60), case).await };
    runtime().block_on(limited).expect("no case waits for ever");
}

/// Both ends of a connection.
async fn connection() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (near, far) = tokio::join!(listener.accept(), TcpStream::connect(address));
    (near.unwrap().0, far.unwrap())
}

/// A call, its caller and the task of its Asterisk.
async fn call() -> (AgiSession, Caller, JoinHandle<()>) {
    let (near, far) = connection().await;
    let (acts, received) = mpsc::unbounded_channel();
    let (sender, seen) = watch::channel(Seen::default());
    let peer = Peer::open(far, received, sender).await;
    let peer = tokio::spawn(peer.run());
    let session = AgiSession::open(near, Arc::new(SystemClock::new()), "ozml")
        .await
        .unwrap();
    let heard = Cell::default();
    (session, Caller { acts, seen, heard }, peer)
}

#[derive(Default)]
struct Driver(Rc<RefCell<Vec<JoinHandle<()>>>>);

struct Caller {
    acts: mpsc::UnboundedSender<Act>,
    seen: watch::Receiver<Seen>,
    /// How many prompts have been noticed.
    heard: Cell<u64>,
}

impl CallDriver for Driver {
    fn offer(&self) -> Step<'_, OfferedCall> {
        Box::pin(async {
            let (session, far, peer) = call().await;
            self.0.borrow_mut().push(peer);
            OfferedCall {
                session: Box::new(session),
                far: Box::new(far),
            }
        })
    }

    fn long_prompt(&self) -> Prompt {
        Prompt::Speech(Speech::new("And so on"))
    }

    fn left(&self) -> Step<'_, usize> {
        Box::pin(async {
            let peers: Vec<_> = self.0.borrow_mut().drain(..).collect();
            for peer in peers {
                peer.await.unwrap();
            }
            tokio::runtime::Handle::current().metrics().num_alive_tasks()
        })
    }
}

impl Caller {
    async fn sees(&self, wanted: impl FnMut(&Seen) -> bool) -> Seen {
        *self.seen.clone().wait_for(wanted).await.unwrap()
    }
}

impl FarEnd for Caller {
    fn press(&self, key: Key) -> Step<'_> {
        Box::pin(async move {
            let (sender, heard) = oneshot::channel();
            let _over = self.acts.send(Act::Press(key, sender));
            let _over = heard.await;
        })
    }

    fn hang_up(&self) -> Step<'_> {
        let _over = self.acts.send(Act::HangUp);
        Box::pin(async {
            self.sees(|seen| seen.over).await;
        })
    }

    fn hears(&self) -> Step<'_> {
        Box::pin(async {
            let heard = self.heard.get();
            let seen = self.sees(|seen| seen.plays || seen.begun > heard).await;
            self.heard.set(seen.begun);
        })
    }

    fn hears_nothing(&self) -> Step<'_> {
        Box::pin(async {
            self.sees(|seen| !seen.plays).await;
        })
    }

    fn is_over(&self) -> Step<'_> {
        Box::pin(async {
            self.sees(|seen| seen.over).await;
        })
    }
}

#[test]
fn the_contract_is_kept() {
    let report = call_session(Driver::default, block_on);
    assert_eq!((report.run.len(), report.skipped), (23, Vec::new()));
}

#[test]
fn a_call_is_described() {
    runtime().block_on(async {
        let (session, _caller, _peer) = call().await;
        let info = session.info();
        assert_eq!((info.called.as_str(), info.id.as_str()), ("100", "1764019200.1"));
        assert_eq!(info.caller.as_ref().unwrap().as_str(), "+36209998877");
        assert_eq!(session.script(), "menu");
    });
}

#[test]
fn refusals_reach_the_phone() {
    runtime().block_on(async {
        for (why, cause) in [
            (Rejection::Busy, 17),
            (Rejection::Declined, 21),
            (Rejection::Code(404), 1),
        ] {
            let (session, caller, _peer) = call().await;
            session.reject(why).await.unwrap();
            assert_eq!(caller.sees(|seen| seen.over).await.cause, Some(cause));
        }
    });
}

fn file(name: &str) -> Prompt {
    Prompt::File(SoundFile::new(FileName::new(name).unwrap(), None))
}

#[test]
fn files_and_tones_are_heard_and_missing_ones_told() {
    runtime().block_on(async {
        let (session, _caller, _peer) = call().await;
        session.answer().await.unwrap();
        let beep = Prompt::Tone(Tone::new(440, Duration::from_millis(20)));
        assert_eq!(session.play(&beep, StopOn::ANY).await.unwrap().by, None);
        assert_eq!(
            session
                .play(&file("menu:hello.wav"), StopOn::ANY)
                .await
                .unwrap()
                .by,
            None
        );
        let missing = |name: &str| Err(CallError::Media(MediaFault::Missing(name.to_owned())));
        assert_eq!(
            session.play(&file("none.wav"), StopOn::ANY).await,
            missing("none")
        );
        let text = Prompt::Speech(Speech::new("None!"));
        assert_eq!(session.play(&text, StopOn::ANY).await, missing("ozml/none"));
        let nothing = Prompt::Speech(Speech::new("…"));
        assert!(matches!(
            session.play(&nothing, StopOn::ANY).await,
            Err(CallError::Speech(_))
        ));
        session.hang_up(Cause::Normal).await.unwrap();
    });
}

#[test]
fn a_lost_connection_ends_the_call() {
    runtime().block_on(async {
        let (near, mut far) = connection().await;
        far.write_all(environment("unknown").as_bytes()).await.unwrap();
        let session = AgiSession::open(near, Arc::new(SystemClock::new()), "ozml")
            .await
            .unwrap();
        assert!(session.info().caller.is_none());
        drop(far);
        let lost = session.next_event().await;
        assert!(matches!(lost, Err(CallError::Transport(_))), "{lost:?}");
        assert_eq!(session.ended().unwrap().cause, Cause::Error);
        session.hang_up(Cause::Normal).await.unwrap();
    });
}

#[test]
fn a_peer_that_talks_nonsense_is_an_error() {
    runtime().block_on(async {
        for greeting in [
            "GET / HTTP/1.1\r\n\r\n".to_owned(),
            "agi_network: yes\n".repeat(1_000),
            "x".repeat(1 << 20),
            "agi_uniqueid: 1\nagi_extension: s\n\n".to_owned(),
            "agi_extension: 100\n\n".to_owned(),
            String::new(),
        ] {
            let (near, mut far) = connection().await;
            let send = async {
                let _refused = far.write_all(greeting.as_bytes()).await;
                let _closed = far.shutdown().await;
                let _rest = far.read_to_end(&mut Vec::new()).await;
            };
            let open = async {
                AgiSession::open(near, Arc::new(SystemClock::new()), "ozml")
                    .await
                    .err()
            };
            assert!(tokio::join!(open, send).0.is_some(), "{}", greeting.len());
        }
        for answer in [
            "nonsense\n",
            "200 result=\n",
            "510 no\n",
            "520-x\n520 y\n",
            "\0\u{7f}\n",
        ] {
            let (near, mut far) = connection().await;
            far.write_all(environment("").as_bytes()).await.unwrap();
            let session = AgiSession::open(near, Arc::new(SystemClock::new()), "ozml")
                .await
                .unwrap();
            far.write_all(answer.as_bytes()).await.unwrap();
            let event = session.next_event().await;
            assert!(
                matches!(event, Err(CallError::Transport(_)) | Ok(SessionEvent::Ended(_))),
                "{event:?}"
            );
        }
    });
}
