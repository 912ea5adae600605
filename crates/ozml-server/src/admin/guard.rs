//! Who is answered.

use std::net::IpAddr;

use axum::extract::Request;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

/// Refuses requests with a body, and those a web page of elsewhere makes through a name of its own.
pub(super) async fn local_names_only(request: Request, next: Next) -> Response {
    if names_another_host(request.uri(), request.headers()) {
        let text = "this server is asked for as localhost or 127.0.0.1\n";
        return (StatusCode::MISDIRECTED_REQUEST, text).into_response();
    }
    next.run(request).await
}

/// Refuses requests with a body: nothing here reads one.
pub(super) async fn no_body(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let length = headers.get(header::CONTENT_LENGTH);
    let is_empty = length.is_none_or(|length| length.as_bytes() == b"0");
    if !is_empty || headers.contains_key(header::TRANSFER_ENCODING) {
        return (StatusCode::PAYLOAD_TOO_LARGE, "a request here has no body\n").into_response();
    }
    next.run(request).await
}

/// Whether a host is named that is not this machine. HTTP/1.0 need not name any, and no browser speaks it.
fn names_another_host(uri: &Uri, headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    let named = uri.authority().map(|authority| is_loopback(authority.host()));
    let all_local = hosts.all(|host| {
        let authority = host.to_str().ok().and_then(|host| host.parse::<Authority>().ok());
        authority.is_some_and(|authority| is_loopback(authority.host()))
    });
    !(all_local && named.unwrap_or(true))
}

fn is_loopback(host: &str) -> bool {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let address = bare.unwrap_or(host).parse::<IpAddr>();
    address.map_or_else(
        |_| host.eq_ignore_ascii_case("localhost"),
        |address| address.is_loopback(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_refused(host: &str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        names_another_host(&Uri::from_static("/metrics"), &headers)
    }

    #[test]
    fn only_names_of_this_machine_are_answered() {
        for host in [
            "localhost",
            "LocalHost:9510",
            "127.0.0.1:9510",
            "127.1.2.3",
            "[::1]:9510",
        ] {
            assert!(!is_refused(host), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "localhost.evil.example",
            "10.0.0.1:9510",
            "[2001:db8::1]",
            "a b",
            "user@localhost:1:2",
        ] {
            assert!(is_refused(host), "{host}");
        }
    }

    #[test]
    fn a_request_without_a_host_is_answered_and_one_with_two_must_mean_it() {
        let uri = Uri::from_static("/metrics");
        assert!(!names_another_host(&uri, &HeaderMap::new()));
        let mut headers = HeaderMap::new();
        headers.append(header::HOST, "localhost".parse().unwrap());
        headers.append(header::HOST, "evil.example".parse().unwrap());
        assert!(names_another_host(&uri, &headers));
        let absolute = Uri::from_static("http://evil.example/metrics");
        assert!(names_another_host(&absolute, &HeaderMap::new()));
    }
}
