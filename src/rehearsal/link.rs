//! Addresses: what the server takes for one, and how it writes it.

use super::entity::EntityKind;

/// What a link leads to; `None` when it is no address, and then the text stays plain, without an error.
pub(super) fn link_to(address: &str) -> Option<EntityKind> {
    let address = address.trim();
    let lower = address.to_ascii_lowercase();
    if let Some(rest) = lower.strip_prefix("tg:") {
        let rest = rest.trim_start_matches('/');
        if let Some(query) = rest
            .strip_prefix("user/?id=")
            .or_else(|| rest.strip_prefix("user?id="))
        {
            let digits: String = query.chars().take_while(char::is_ascii_digit).collect();
            return digits
                .parse()
                .ok()
                .filter(|id| *id > 0)
                .map(|id| EntityKind::Person { id });
        }
        return Some(EntityKind::Link {
            url: address.to_owned(),
        });
    }
    let (scheme, rest) = match lower.find("://") {
        Some(end) if matches!(&lower[..end], "http" | "https" | "ftp" | "ton" | "tonsite") => {
            (&lower[..end], &address[end + 3..])
        }
        Some(_) => return None,
        None => ("http", address),
    };
    let host_end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(host_end);
    let name = host.split(':').next().unwrap_or_default();
    if !name.contains('.')
        || name.starts_with('.')
        || name.ends_with('.')
        || host.contains(char::is_whitespace)
    {
        return None;
    }
    let slash = if path.starts_with('/') { "" } else { "/" };
    Some(EntityKind::Link {
        url: format!("{scheme}://{}{slash}{path}", host.to_ascii_lowercase()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_written_the_servers_way() {
        let url = |address| match link_to(address) {
            Some(EntityKind::Link { url }) => url,
            other => format!("{other:?}"),
        };
        assert_eq!(url("telegram.org"), "http://telegram.org/");
        assert_eq!(
            url("https://T.me/duban_bot?start=x"),
            "https://t.me/duban_bot?start=x"
        );
        assert_eq!(url("javascript://a.b"), "None");
        assert_eq!(url("asd"), "None");
    }
}
