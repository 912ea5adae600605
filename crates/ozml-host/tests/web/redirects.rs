//! Redirects: every hop passes all rules again.

use std::sync::Arc;

use ozml_host::web::{SIGNATURE_HEADER, Secret, Secrets, WebFetcher};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::server::{Names, Server, allowing, client_of, failed, get, page, post, redirect, rule};

#[tokio::test]
async fn a_post_stays_a_post_and_the_answer_says_where_it_came_from() {
    for status in [
        "301 Moved Permanently",
        "302 Found",
        "303 See Other",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ] {
        let mut server = Server::answering(move |request| match request.path() {
            "/a/1" => redirect(status, "2?x=y"),
            _ => page("there"),
        })
        .await;
        let web = client_of(&server, |_| {});
        let base = format!("http://127.0.0.1:{}", server.port);
        let answer = post(&web, &format!("{base}/a/1"), &[("k", "v")]).await.unwrap();
        assert_eq!(answer.url.as_str(), format!("{base}/a/2?x=y"));
        server.next().await;
        let second = server.next().await;
        assert!(
            second.head.starts_with("POST /a/2?x=y "),
            "{status}: {}",
            second.head
        );
        assert_eq!(second.body, "k=v");
    }
}

#[tokio::test]
async fn three_redirects_are_followed_and_a_fourth_is_not() {
    let mut server = Server::answering(|request| {
        let at: u32 = request.path().trim_start_matches('/').parse().unwrap();
        match at {
            0 => page("done"),
            at => redirect("302 Found", &format!("/{}", at - 1)),
        }
    })
    .await;
    let web = client_of(&server, |_| {});
    let base = format!("http://127.0.0.1:{}", server.port);
    assert_eq!(get(&web, &format!("{base}/3")).await.unwrap().body, b"done");
    let refused = failed(get(&web, &format!("{base}/4")).await);
    assert_eq!(refused, "limit `redirects` of 3 is reached");
    let paths: Vec<_> = std::iter::from_fn(|| server.try_next())
        .map(|request| request.path().to_owned())
        .collect();
    assert_eq!(paths, ["/3", "/2", "/1", "/0", "/4", "/3", "/2", "/1"]);
}

#[tokio::test]
async fn a_redirect_to_what_is_refused_is_refused() {
    let mut inside = Server::always(page("secret")).await;
    let port = inside.port;
    for (location, expected) in [
        (format!("http://127.0.0.1:{port}/"), "private-address"),
        (format!("//0x7f.1:{port}/"), "private-address"),
        (format!("http://inside.example:{port}/"), "private-address"),
        ("http://8.8.8.8:22/".to_owned(), "port"),
        ("file:///etc/passwd".to_owned(), "scheme"),
        (format!("http://user:word@127.0.0.1:{port}/"), "user-info"),
    ] {
        let server = Server::always(redirect("302 Found", &location)).await;
        let names = Names::default().with("inside.example", &[&["127.0.0.1"]]);
        let allowed = allowing(&[&format!("http://127.0.0.1:{}", server.port)]);
        let web = WebFetcher::with_resolver(allowed, names).unwrap();
        let refused = get(&web, &format!("http://127.0.0.1:{}/", server.port)).await;
        assert_eq!(rule(refused), expected, "{location}");
    }
    assert!(inside.try_next().is_none());
}

#[tokio::test]
async fn a_signature_goes_to_the_first_origin_only() {
    let mut other = Server::always(page("there")).await;
    let away = format!("http://app.example:{}/", other.port);
    let mut first = Server::answering(move |request| match request.path() {
        "/" => redirect("307 Temporary Redirect", "/again"),
        _ => redirect("307 Temporary Redirect", &away),
    })
    .await;
    let web = client_of(&other, |config| {
        let origin = format!("http://127.0.0.1:{}", first.port);
        config.rules = config.rules.clone().allow([origin.parse().unwrap()]);
        config.secrets = Some(Secrets::new(Secret::new("sixteen letters.").unwrap()));
    });
    let address = format!("http://127.0.0.1:{}/", first.port);
    assert_eq!(post(&web, &address, &[("k", "v")]).await.unwrap().status, 200);
    assert!(first.next().await.header(SIGNATURE_HEADER).is_some());
    assert!(first.next().await.header(SIGNATURE_HEADER).is_some());
    assert!(other.next().await.header(SIGNATURE_HEADER).is_none());
}

#[tokio::test]
async fn https_is_spoken_with_who_is_trusted_and_never_falls_to_http() {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["secure.example".to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(signing_key.serialize_der().into());
    let tls = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    let server = Server::start(
        |request| match request.path() {
            "/down" => redirect("302 Found", "http://secure.example/"),
            _ => page("sealed"),
        },
        Some(TlsAcceptor::from(Arc::new(tls))),
    )
    .await;
    let origin = format!("https://secure.example:{}", server.port);
    let names = Names::default().with("secure.example", &[&["127.0.0.1"]]);
    let trusting = |authorities| {
        let mut config = allowing(&[&origin, "http://secure.example"]);
        config.authorities = authorities;
        WebFetcher::with_resolver(config, names.clone()).unwrap()
    };
    let web = trusting(Some(cert.pem().into_bytes()));
    assert_eq!(get(&web, &format!("{origin}/")).await.unwrap().body, b"sealed");
    assert_eq!(rule(get(&web, &format!("{origin}/down")).await), "https-to-http");
    let unknown = failed(get(&trusting(None), &format!("{origin}/")).await);
    assert!(
        unknown.starts_with("no connection: invalid peer certificate"),
        "{unknown}"
    );
}
