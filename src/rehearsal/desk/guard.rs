//! Who may use the room: pages of its own host alone, so that no page elsewhere acts in it through somebody's browser.

use std::net::IpAddr;

use axum::http::{HeaderMap, header};

/// Whether the request names this machine as a browser on it does. A name other than `localhost` may be anybody's that points here
/// (DNS rebinding); a number cannot. A room on loopback is called by loopback numbers alone.
pub(super) fn is_our_host(headers: &HeaderMap, loopback_only: bool) -> bool {
    let Some(host) = text(headers, &header::HOST) else {
        return false;
    };
    let name = without_port(host);
    if name.eq_ignore_ascii_case("localhost") {
        return true;
    }
    let number = name.trim_start_matches('[').trim_end_matches(']');
    number
        .parse::<IpAddr>()
        .is_ok_and(|address| !loopback_only || address.is_loopback())
}

/// Whether a request that acts comes from our own page, or from no page at all.
pub(super) fn is_own_origin(headers: &HeaderMap) -> bool {
    let sites = headers.get("sec-fetch-site").map(|site| site.as_bytes());
    if matches!(sites, Some(b"cross-site" | b"same-site")) {
        return false;
    }
    match (headers.get(header::ORIGIN), text(headers, &header::HOST)) {
        (None, _) => true,
        (Some(origin), Some(host)) => origin
            .to_str()
            .is_ok_and(|origin| origin.eq_ignore_ascii_case(&format!("http://{host}"))),
        (Some(_), None) => false,
    }
}

/// Whether the body is said to be of this type.
pub(super) fn is_of_type(headers: &HeaderMap, wanted: &str) -> bool {
    text(headers, &header::CONTENT_TYPE).is_some_and(|kind| {
        let kind = kind.split(';').next().unwrap_or_default();
        kind.trim().eq_ignore_ascii_case(wanted)
    })
}

fn text<'a>(headers: &'a HeaderMap, name: &header::HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn without_port(host: &str) -> &str {
    match host.rfind(':') {
        Some(at) if !host[at..].contains(']') => &host[..at],
        Some(_) | None => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn only_names_that_cannot_be_anybody_elses_are_ours() {
        for (host, loopback, anywhere) in [
            ("127.0.0.1:8090", true, true),
            ("localhost:8091", true, true),
            ("[::1]:8090", true, true),
            ("127.0.0.1", true, true),
            ("192.168.1.5:8090", false, true),
            ("evil.example:8090", false, false),
            ("localhost.evil.example", false, false),
            ("127.0.0.1.evil.example", false, false),
            ("", false, false),
        ] {
            let headers = headers(&[("host", host)]);
            assert_eq!(is_our_host(&headers, true), loopback, "{host}");
            assert_eq!(is_our_host(&headers, false), anywhere, "{host}");
        }
    }

    #[test]
    fn a_page_from_elsewhere_is_known_by_its_origin() {
        let host = ("host", "127.0.0.1:8090");
        for (origin, ours) in [
            ("http://127.0.0.1:8090", true),
            ("http://127.0.0.1:9999", false),
            ("https://127.0.0.1:8090", false),
            ("http://evil.example", false),
            ("null", false),
        ] {
            assert_eq!(is_own_origin(&headers(&[host, ("origin", origin)])), ours);
        }
        assert!(is_own_origin(&headers(&[host])));
        let fetched = headers(&[host, ("sec-fetch-site", "cross-site")]);
        assert!(!is_own_origin(&fetched));
    }
}
