//! What may be reached, and what never is.

use std::io::ErrorKind;
use std::net::TcpListener;

use ozml_host::web::{AddressRules, WebConfig, WebFetcher};
use ozml_session::FetchError;

use crate::server::{Names, Server, allowing, client_of, failed, get, page, rule};

/// Public by its range, and nobody answers there.
const SOMEWHERE: &str = "192.31.196.1";

/// Listens on loopback and must never be connected to.
struct Canary(TcpListener);

impl Canary {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        Self(listener)
    }

    fn port(&self) -> u16 {
        self.0.local_addr().unwrap().port()
    }

    fn assert_silent(&self) {
        let fault = self.0.accept().unwrap_err();
        assert_eq!(fault.kind(), ErrorKind::WouldBlock, "somebody came");
    }
}

#[tokio::test]
async fn no_way_to_write_loopback_reaches_it_while_the_allowed_origin_works() {
    let canary = Canary::new();
    let server = Server::always(page("allowed")).await;
    let web = client_of(&server, |_| {});
    for host in [
        "127.0.0.1",
        "127.1",
        "0x7f.1",
        "0x7f000001",
        "2130706433",
        "017700000001",
        "127.0.0.1.",
        "１２７.０.０.１",
        "0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[64:ff9b:1::7f00:1]",
        "[2002:7f00:1::1]",
        "[2001:0:7f00:1::80ff:fffe]",
    ] {
        let address = format!("http://{host}:{}/", canary.port());
        assert_eq!(rule(get(&web, &address).await), "private-address", "{host}");
    }
    canary.assert_silent();
    let allowed = format!("http://app.example:{}/", server.port);
    assert_eq!(get(&web, &allowed).await.unwrap().body, b"allowed");
}

#[tokio::test(start_paused = true)]
async fn a_name_that_was_public_and_becomes_loopback_is_asked_once_a_request() {
    let canary = Canary::new();
    let names = Names::default().with("moving.example", &[&[SOMEWHERE], &["127.0.0.1"]]);
    let web = WebFetcher::with_resolver(WebConfig::default(), names.clone()).unwrap();
    let address = format!("http://moving.example:{}/", canary.port());
    let first = get(&web, &address).await;
    assert!(
        matches!(first, Err(FetchError::Failed(_) | FetchError::Timeout)),
        "{first:?}"
    );
    assert_eq!(names.asked("moving.example"), 1);
    assert_eq!(rule(get(&web, &address).await), "private-address");
    canary.assert_silent();
}

#[tokio::test]
async fn one_internal_address_among_public_ones_is_enough() {
    let canary = Canary::new();
    let names = Names::default()
        .with("mixed.example", &[&[SOMEWHERE, "10.0.0.1"]])
        .with("mapped.example", &[&["::ffff:127.0.0.1"]]);
    let web = WebFetcher::with_resolver(WebConfig::default(), names).unwrap();
    for host in ["mixed.example", "mapped.example"] {
        let refused = get(&web, &format!("http://{host}:{}/", canary.port())).await;
        let text = refused.clone().unwrap_err().to_string();
        assert_eq!(rule(refused), "private-address");
        assert!(
            !text.contains("10.0.0.1") && !text.contains("127.0.0.1"),
            "{text}"
        );
    }
    canary.assert_silent();
}

#[tokio::test]
async fn an_allowed_name_is_allowed_at_its_port_only() {
    let canary = Canary::new();
    let server = Server::always(page("allowed")).await;
    let web = client_of(&server, |_| {});
    let elsewhere = get(&web, &format!("http://app.example:{}/", canary.port())).await;
    assert_eq!(rule(elsewhere), "private-address");
    canary.assert_silent();
}

#[tokio::test]
async fn what_the_host_does_not_allow_is_refused_by_its_rule() {
    let server = Server::always(page("allowed")).await;
    let web = client_of(&server, |config| {
        config.rules = config.rules.clone().only_allowed("--allow-url");
    });
    assert_eq!(rule(get(&web, "http://other.example/").await), "--allow-url");
    assert_eq!(rule(get(&web, "http://8.8.8.8/").await), "--allow-url");
    let allowed = get(&web, &format!("http://127.0.0.1:{}/", server.port)).await;
    assert_eq!(allowed.unwrap().status, 200);
}

#[tokio::test]
async fn a_name_that_is_not_there_and_a_server_that_does_not_listen() {
    let gone = Canary::new().port();
    let names = Names::default()
        .with("gone.example", &[&["127.0.0.1"]])
        .with("empty.example", &[&[]]);
    let config = allowing(&[&format!("http://gone.example:{gone}")]);
    let web = WebFetcher::with_resolver(config, names).unwrap();
    for host in ["nowhere.example", "empty.example"] {
        let lost = failed(get(&web, &format!("http://{host}/")).await);
        assert_eq!(lost, "the name of the host was not found");
    }
    let refused = failed(get(&web, &format!("http://gone.example:{gone}/?pin=1234")).await);
    assert!(refused.starts_with("no connection: "), "{refused}");
    assert!(
        !refused.contains("127.0.0.1") && !refused.contains("1234"),
        "{refused}"
    );
}

#[tokio::test]
async fn a_proxy_gets_the_request_and_the_rules_hold_before_it() {
    let mut proxy = Server::always(page("by proxy")).await;
    let names = Names::default().with("proxy.example", &[&["127.0.0.1"]]);
    let mut config = WebConfig::default();
    config.rules = AddressRules::new();
    config.proxy = Some(crate::server::url(&format!(
        "http://proxy.example:{}",
        proxy.port
    )));
    let web = WebFetcher::with_resolver(config, names).unwrap();
    let answer = get(&web, "http://app.example/menu").await.unwrap();
    assert_eq!(answer.body, b"by proxy");
    assert_eq!(proxy.next().await.path(), "http://app.example/menu");
    for internal in ["http://127.0.0.1/", "http://localhost/", "http://a.localhost./"] {
        assert_eq!(rule(get(&web, internal).await), "private-address", "{internal}");
    }
    assert!(proxy.try_next().is_none());
}
