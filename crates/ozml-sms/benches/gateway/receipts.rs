//! Receipts whose ids are written otherwise than those of the answers.

use ozml_session::SmsState;
use ozml_sms::smsc::Behaviour;
use ozml_sms::store::{ListFilter, Mode};

use super::bench::{Bench, Links};
use super::counts::Counts;
use super::send::{message, send_all, until_left};

const COUNT: u64 = 2_000;
const OUTSTANDING: usize = 64;
const LINKS: Links = Links {
    window: 100,
    sessions: 2,
    receipts: true,
};
/// What a centre does, as options. An id such as 0x10000000 is a number in both bases.
const FORMS: [&str; 9] = [
    "receipt-id=text",
    "receipt-id=text,receipt-digits=12",
    "receipt-id=resp-hex",
    "receipt-id=resp-hex,id-case=lower",
    "receipt-id=resp-hex,receipt-digits=12",
    "receipt-id=resp-dec-receipt-hex",
    "receipt-id=resp-dec-receipt-hex,id-case=lower",
    "receipt-id=resp-dec-receipt-hex,id-case=lower,receipt-digits=12",
    "receipt-id=resp-hex,answer-delay=20ms",
];
const FIRST_IDS: [u64; 2] = [0x1000_0000, 0x9A41_F0C2];

pub(crate) async fn run(bench: &mut Bench) {
    for form in FORMS {
        for first_id in FIRST_IDS {
            one(bench, form, first_id).await;
        }
    }
    println!("bar: 100 % matched without configuration");
}

async fn one(bench: &mut Bench, form: &str, first_id: u64) {
    let behaviour: Behaviour = form.parse().unwrap();
    let pair = bench
        .pair(Mode::Memory, LINKS, behaviour.first_id(first_id))
        .await;
    send_all(&pair.gateway, 0..COUNT, OUTSTANDING, message).await;
    until_left(&pair.gateway, 0).await;
    let mut filter = ListFilter::default();
    filter.rows = u32::MAX;
    filter.state = Some(SmsState::Delivered);
    let delivered = pair.gateway.list(filter).await.unwrap().messages.len() as u64;
    let astray = pair
        .gateway
        .status()
        .await
        .unwrap()
        .counters
        .uncorrelated_receipts;
    println!("{form}, from id {first_id}: {delivered} of {COUNT} matched, {astray} receipts of nobody");
    if delivered != COUNT || astray != 0 {
        bench.fault(format!("receipts: {form}: {delivered} of {COUNT} matched"));
    }
    bench.judge(&Counts::of("receipts", &pair, COUNT).await);
    pair.gateway.close().await;
}
