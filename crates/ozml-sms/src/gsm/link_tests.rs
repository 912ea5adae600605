//! Links with the test modem on a virtual clock.

use std::time::Duration;

use ozml_session::{PhoneNumber, SenderId, SmsText};
use tokio::io::duplex;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::*;
use crate::gsm::pdu::Address;
use crate::link::Arrival;
use crate::modem_sim::{Event, ModemSim};
use crate::store::MessageNumber;
use crate::text::{Reference, segment};

/// Longer than anything here takes, in virtual time.
const GUARD: Duration = Duration::from_secs(60 * 60);
const SESSION: SessionId = SessionId {
    connection: 1,
    session: 0,
};

fn port(path: &str) -> SerialPort {
    path.parse().unwrap()
}

/// A link, what it says, and the task at its other end.
struct Line {
    link: Link,
    heard: mpsc::Receiver<LinkEvents>,
    task: JoinHandle<()>,
    modem: ModemSim,
}

/// With a modem that behaves like this.
fn line(behaviour: &str) -> Line {
    let (ours, theirs) = duplex(64);
    let modem = ModemSim::over(behaviour.parse().unwrap(), theirs);
    let (sender, heard) = mpsc::channel(100);
    let (link, channels) = Link::new(SESSION, sender);
    let config = DialogueConfig::new(ModemConfig::new(port("/dev/ttyUSB0")));
    let traffic = LinkTraffic::new(channels, port("/dev/ttyUSB0"), Dialogue::open(0, config));
    let task = tokio::spawn(talk(ours, traffic));
    Line {
        link,
        heard,
        task,
        modem,
    }
}

async fn next(heard: &mut mpsc::Receiver<LinkEvents>) -> Vec<LinkEvent> {
    let turn = timeout(GUARD, heard.recv()).await.expect("something is told");
    turn.map(|turn| turn.events).unwrap_or_default()
}

/// Everything up to an event that `is_last` takes.
async fn until(
    heard: &mut mpsc::Receiver<LinkEvents>,
    is_last: impl Fn(&LinkEvent) -> bool,
) -> Vec<LinkEvent> {
    let mut events = Vec::new();
    while !events.iter().any(&is_last) {
        let told = next(heard).await;
        assert!(!told.is_empty(), "it ended after {events:?}");
        // How the modem is is told when that changes.
        events.extend(
            told.into_iter()
                .filter(|event| !matches!(event, LinkEvent::Health(_))),
        );
    }
    events
}

async fn bound(behaviour: &str) -> Line {
    let mut line = line(behaviour);
    let told = until(&mut line.heard, |event| matches!(event, LinkEvent::Bound { .. })).await;
    assert_eq!(told.len(), 1);
    line
}

fn is_end(event: &LinkEvent) -> bool {
    matches!(event, LinkEvent::Ended(_))
}

fn token(number: u64) -> PartToken {
    PartToken {
        number: MessageNumber(number),
        part: 0,
    }
}

fn submit(number: u64) -> LinkCommand {
    let to = Address::from(&PhoneNumber::new("+36301234567").unwrap());
    let segments = segment("Hello", Reference::Bits8(0)).unwrap();
    let mut submit = Submit::new(to, &segments.parts[0]);
    submit.status_report = true;
    LinkCommand::Submit {
        token: token(number),
        pdu: PartPdu::Gsm(Box::new(submit)),
    }
}

fn answer(sequence: u32, taken: bool) -> LinkCommand {
    LinkCommand::AnswerArrival { sequence, taken }
}

fn closed() -> LinkEvent {
    LinkEvent::Ended(LinkEnd::Modem(ModemEnd::Closed))
}

#[tokio::test]
async fn without_a_port_everything_comes_back() {
    let config = Box::new(ModemConfig::new(port("/dev/ttyUSB99")));
    let (sender, mut heard) = mpsc::channel(1);
    let link = start(config, SESSION, true, sender);
    link.send(vec![submit(1)]);
    let told = until(&mut heard, is_end).await;
    let missing = "there is no `/dev/ttyUSB99`: is the modem plugged in and switched on?";
    assert_eq!(
        told,
        [
            LinkEvent::NotSent { token: token(1) },
            LinkEvent::Ended(LinkEnd::ConnectFailed(missing.to_owned()))
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_part_is_answered_and_its_report_has_the_same_id() {
    let mut line = bound("").await;
    line.link.send(vec![submit(1)]);
    let told = until(&mut line.heard, |event| {
        matches!(event, LinkEvent::Arrived { .. })
    })
    .await;
    let [
        LinkEvent::Answered {
            answer: Answer::Accepted { message_id },
            ..
        },
        LinkEvent::Arrived { sequence, arrival },
    ] = told.as_slice()
    else {
        panic!("{told:?}");
    };
    assert!(message_id.ends_with("-1234567"), "{message_id}");
    let Arrival::Receipt(arrived) = &**arrival else {
        panic!("{arrival:?}");
    };
    assert_eq!(arrived.receipt.ids, [message_id.as_str()]);
    line.link.send(vec![answer(*sequence, true)]);
    let told = until(&mut line.heard, |event| {
        matches!(event, LinkEvent::Cleared { .. })
    })
    .await;
    assert_eq!(told.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_message_stays_in_the_modem_until_it_is_taken() {
    let mut line = bound("").await;
    let from = SenderId::new("+36201112222").unwrap();
    let text = SmsText::new("Good morning").unwrap();
    line.modem.incoming(&from, &text).unwrap();
    let arrived = |event: &LinkEvent| matches!(event, LinkEvent::Arrived { .. });
    let told = until(&mut line.heard, arrived).await;
    let [LinkEvent::Arrived { sequence, arrival }] = told.as_slice() else {
        panic!("{told:?}");
    };
    let Arrival::Sms(part) = &**arrival else {
        panic!("{arrival:?}");
    };
    assert_eq!(part.content.text().as_deref(), Some("Good morning"));
    let fingerprint = part.fingerprint.unwrap();
    line.link.send(vec![answer(*sequence, false)]);
    let told = until(&mut line.heard, arrived).await;
    let Some(LinkEvent::Arrived { sequence, .. }) = told.first() else {
        panic!("it comes again: {told:?}");
    };
    line.link.send(vec![answer(*sequence, true)]);
    let told = until(&mut line.heard, |event| {
        matches!(event, LinkEvent::Cleared { .. })
    })
    .await;
    let sequence = *sequence;
    assert_eq!(
        told,
        [LinkEvent::Cleared {
            sequence,
            fingerprint
        }]
    );
}

#[tokio::test(start_paused = true)]
async fn an_orderly_end_waits_for_what_is_out() {
    let mut line = bound("network-delay=60s,reports=none").await;
    let mut events = line.modem.events();
    line.link.send(vec![submit(1)]);
    while !matches!(events.next().await, Some(Event::Command(line)) if line.starts_with("AT+CMGS")) {}
    line.link.close();
    line.link.send(vec![submit(2)]);
    let told = until(&mut line.heard, is_end).await;
    let answers = told
        .iter()
        .filter(|event| matches!(event, LinkEvent::Answered { .. }));
    assert_eq!(answers.count(), 1);
    assert!(told.contains(&LinkEvent::NotSent { token: token(2) }));
    assert_eq!(told.last(), Some(&closed()));
}

#[tokio::test(start_paused = true)]
async fn an_owner_who_goes_ends_it_in_good_order() {
    let mut line = bound("").await;
    drop(line.link);
    assert_eq!(until(&mut line.heard, is_end).await, [closed()]);
}

#[tokio::test(start_paused = true)]
async fn a_task_that_is_stopped_says_what_became_of_its_parts() {
    let mut line = bound("network-delay=60s,reports=none").await;
    let mut events = line.modem.events();
    line.link.send(vec![submit(1), submit(2)]);
    while !matches!(events.next().await, Some(Event::Command(line)) if line.starts_with("AT+CMGS")) {}
    // The PDU follows the prompt at once, the answer a minute later.
    tokio::time::sleep(Duration::from_secs(1)).await;
    line.task.abort();
    let told = until(&mut line.heard, is_end).await;
    let unknown = |event: &LinkEvent| matches!(event, LinkEvent::Answered { token: number, answer: Answer::Unknown(_) } if *number == token(1));
    assert!(told.iter().any(unknown), "{told:?}");
    assert!(told.contains(&LinkEvent::NotSent { token: token(2) }));
}

#[tokio::test(start_paused = true)]
async fn a_part_of_another_protocol_comes_back() {
    let mut line = bound("").await;
    line.link.send(vec![LinkCommand::Submit {
        token: token(1),
        pdu: PartPdu::Smpp(Box::default()),
    }]);
    let told = until(&mut line.heard, |event| {
        matches!(event, LinkEvent::NotSent { .. })
    })
    .await;
    assert_eq!(told, [LinkEvent::NotSent { token: token(1) }]);
}
