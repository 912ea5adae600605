//! What must hold for any octets, in any pieces.

use proptest::prelude::*;

use super::testing::*;
use crate::smpp::frame;

/// A bind, messages, an enquire_link, garbage in a frame, an unknown request, an answer to nothing.
fn conversation() -> Vec<u8> {
    let mut octets = bind_request(TRANSCEIVER, 1);
    for sequence in 2..5 {
        octets.extend(request(sequence, message("hello")));
    }
    octets.extend(bare(0x15, 0, 5));
    octets.extend([0, 0, 0, 20, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 6, 1, 2, 3, 4]);
    octets.extend(bare(0x0777, 0, 7));
    octets.extend(bare(0x8000_0005, 0, 99));
    octets
}

#[test]
fn every_split_gives_the_same_conversation() {
    let octets = conversation();
    let run = |pieces: &[&[u8]]| {
        let mut centre = centre("error-every=3");
        let mut peer = Peer::connected(&mut centre);
        let mut output = Vec::new();
        for piece in pieces {
            peer.session.on_bytes(&mut centre, at(0), piece);
            output.extend(peer.session.take_output());
        }
        // Receipts go out when octets came, so their place among the answers depends on the pieces.
        let mut headers = headers(&frames(&output));
        headers.sort_unstable();
        (headers, centre.counters())
    };
    let expected = run(&[&octets]);
    assert_eq!(expected.0.len(), 9);
    for cut in 0..=octets.len() {
        let (head, tail) = octets.split_at(cut);
        assert_eq!(run(&[head, tail]), expected, "cut at {cut}");
    }
    let single: Vec<_> = octets.chunks(1).collect();
    assert_eq!(run(&single), expected);
}

fn anything() -> impl Strategy<Value = Vec<u8>> {
    let ids = prop::sample::select(vec![
        1u32,
        2,
        3,
        4,
        5,
        6,
        7,
        8,
        9,
        0x15,
        0x103,
        0x8000_0000,
        0x8000_0005,
    ]);
    let body = prop::collection::vec(any::<u8>(), 0..80);
    let framed = (ids, any::<u32>(), any::<u32>(), body).prop_map(|(id, status, sequence, body)| {
        let mut octets = bare(id, status, sequence);
        octets.extend(body);
        octets[3] = u8::try_from(octets.len()).unwrap();
        octets
    });
    prop_oneof![
        4 => framed,
        4 => (2..9u32).prop_map(|sequence| request(sequence, message("hello"))),
        1 => Just(bind_request(TRANSCEIVER, 1)),
        1 => prop::collection::vec(any::<u8>(), 0..40),
    ]
}

proptest! {
    #[test]
    fn no_octets_make_it_panic_or_spin(
        pieces in prop::collection::vec((anything(), 0..20_000u64), 1..20),
        options in prop::sample::select(vec![
            "", "answer-delay=3s,receipt-delay=1s", "answers=reversed:3,error-share=30%", "cut-every=5",
            "throttle=1,receipt-id=resp-hex,receipt-form=text", "answers=twice:2,kept=1,receipts=deleted",
        ]),
    ) {
        let mut centre = centre(options);
        let mut peer = Peer::connected(&mut centre);
        let mut now = 0;
        for (octets, pause) in pieces {
            now += pause;
            peer.session.on_bytes(&mut centre, at(now), &octets);
            peer.session.on_tick(&mut centre, at(now));
            if peer.session.closed().is_some() {
                break;
            }
            let wake = peer.session.next_wake(&centre);
            prop_assert!(wake.is_none_or(|wake| wake > at(now)), "{wake:?} at {now}");
        }
        let mut framer = frame::Framer::default();
        framer.push(&peer.session.take_output());
        while let Some(frame) = framer.next_frame().unwrap() {
            prop_assert!(frame.body.len() < 1_000);
        }
        prop_assert!(centre.received().len() <= 10_000);
        peer.session.end(&mut centre, at(now));
    }
}
