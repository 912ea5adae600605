//! What is sent, what is read, and how many at once.

use flate2::Compression;
use flate2::write::GzEncoder;
use ozml_host::web::{SIGNATURE_HEADER, Secret, Secrets, verify};
use ozml_session::{Clock, FetchError, FetchRequest, Fetcher};
use std::io::Write;

use crate::server::{Server, Step, answer, client_of, get, page, post, url};

#[tokio::test]
async fn a_post_is_a_form_in_the_order_of_its_fields() {
    let mut server = Server::always(page("<Response/>")).await;
    let secrets = Secrets::new(Secret::new("sixteen letters.").unwrap());
    let web = client_of(&server, |config| config.secrets = Some(secrets.clone()));
    let address = format!("http://127.0.0.1:{}/menu?lang=en", server.port);
    let fields = [
        ("NotificationName", "IncomingCall"),
        ("CallerID", "+36 1&=é"),
        ("", ""),
    ];
    let answer = post(&web, &address, &fields).await.unwrap();
    assert_eq!((answer.status, answer.url.as_str()), (200, &*address));
    let request = server.next().await;
    assert!(
        request.head.starts_with("POST /menu?lang=en HTTP/1.1"),
        "{}",
        request.head
    );
    assert_eq!(
        request.body,
        "NotificationName=IncomingCall&CallerID=%2B36+1%26%3D%C3%A9&="
    );
    assert_eq!(
        request.header("content-type"),
        Some("application/x-www-form-urlencoded")
    );
    let agent = format!("ozml/{}", env!("CARGO_PKG_VERSION"));
    assert_eq!(request.header("user-agent"), Some(&*agent));
    let now = ozml_host::SystemClock::new().wall();
    let signature = request.header(SIGNATURE_HEADER).unwrap();
    assert_eq!(verify(&secrets, now, signature, request.body.as_bytes()), Ok(()));
}

#[tokio::test]
async fn the_fields_of_a_get_go_behind_its_query() {
    let mut server = Server::always(answer("404 Not Found", "", "none")).await;
    let web = client_of(&server, |_| {});
    let mut request = FetchRequest::get(url(&format!("http://app.example:{}/x?a=b", server.port)), 10);
    request.fields = vec![("c".to_owned(), "d e".to_owned())];
    let answer = web.fetch(&request).await.unwrap();
    assert_eq!((answer.status, &*answer.body), (404, &b"none"[..]));
    let received = server.next().await;
    assert_eq!(received.path(), "/x?a=b&c=d+e");
    assert_eq!(
        received.header("host"),
        Some(&*format!("app.example:{}", server.port))
    );
}

/// Packs so many zeros.
fn packed(bytes: usize) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    let zeros = vec![0; 64 * 1024];
    for _ in 0..bytes / zeros.len() {
        packer.write_all(&zeros).unwrap();
    }
    packer.finish().unwrap()
}

#[tokio::test(start_paused = true)]
async fn packed_bodies_are_unpacked_and_measured_then() {
    let (fits, bomb) = (packed(1024 * 1024), packed(16 * 1024 * 1024));
    assert!(bomb.len() < 64 * 1024);
    let server = Server::answering(move |request| {
        let body = if request.path() == "/bomb" { &bomb } else { &fits };
        answer("200 OK", "Content-Encoding: gzip\r\n", body)
    })
    .await;
    let web = client_of(&server, |_| {});
    let base = format!("http://127.0.0.1:{}", server.port);
    assert_eq!(
        get(&web, &format!("{base}/")).await.unwrap().body.len(),
        1024 * 1024
    );
    assert_eq!(
        get(&web, &format!("{base}/bomb")).await,
        Err(FetchError::TooLarge { max: 1024 * 1024 })
    );
}

#[tokio::test(start_paused = true)]
async fn waiting_for_a_turn_counts_as_time_of_the_request() {
    let mut server = Server::always(vec![Step::Stall]).await;
    let web = client_of(&server, |config| {
        config.limits.fetches_per_host = 1;
        config.limits.fetch_header = config.limits.fetch_total * 2;
    });
    let address = format!("http://127.0.0.1:{}/", server.port);
    let (first, second) = tokio::join!(get(&web, &address), get(&web, &address));
    assert_eq!(
        (first, second),
        (Err(FetchError::Timeout), Err(FetchError::Timeout))
    );
    server.next().await;
    assert!(server.try_next().is_none(), "the second never had its turn");
}

#[tokio::test(start_paused = true)]
async fn a_host_that_hangs_does_not_hold_up_others() {
    let hanging = Server::always(vec![Step::Stall]).await;
    let quick = Server::always(page("here")).await;
    let web = client_of(&hanging, |config| {
        config.limits.fetches_per_host = 1;
        let origin = format!("http://127.0.0.1:{}", quick.port).parse().unwrap();
        config.rules = config.rules.clone().allow([origin]);
    });
    let stuck = format!("http://app.example:{}/", hanging.port);
    let good = format!("http://127.0.0.1:{}/", quick.port);
    let (_, _, answer) = tokio::join!(get(&web, &stuck), get(&web, &stuck), async {
        let begin = tokio::time::Instant::now();
        let answer = get(&web, &good).await;
        assert!(begin.elapsed() < time_of_a_head());
        answer
    });
    assert_eq!(answer.unwrap().body, b"here");
}

fn time_of_a_head() -> std::time::Duration {
    ozml_host::web::WebLimits::default().fetch_header
}
