//! Which addresses a server may be sent to by somebody else's URL: those of the public Internet and no others, so that a webhook never
//! reaches what stands behind our own walls (OWASP: server-side request forgery).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether an address is one of the public Internet. An IPv4 address written as IPv6 counts as IPv4; the ranges are those of IANA's
/// special-purpose registries (RFC 6890).
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    !matches!(
        address.octets(),
        // This network, private use, shared by carriers (RFC 6598), loopback, link-local (with the clouds' metadata).
        [0 | 10 | 127, ..] | [100, 64..=127, ..] | [169, 254, ..] | [172, 16..=31, ..] | [192, 168, ..]
        // Protocol assignments, 6to4 relays, documentation, benchmarks.
        | [192, 0, 0 | 2, _] | [192, 88, 99, _] | [198, 18..=19, ..] | [198, 51, 100, _] | [203, 0, 113, _]
        // Multicast, reserved, broadcast.
        | [224..=255, ..]
    )
}

/// Only global unicast, and of that nothing that carries another address within it.
fn is_public_v6(address: Ipv6Addr) -> bool {
    match address.segments() {
        // Teredo, benchmarks, ORCHID and other protocol assignments; documentation; 6to4; documentation again.
        [0x2001, 0..=0x1ff, ..] | [0x2001, 0xdb8, ..] | [0x2002, ..] | [0x3fff, 0..=0xfff, ..] => false,
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

/// Whether the host of a URL may be one of the public Internet, as far as can be told without asking who has that name. `host` is as it
/// stands in the URL, an IPv6 address in its brackets.
#[must_use]
pub fn may_be_public(host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    if let Some(v6) = host.strip_prefix('[') {
        return v6.strip_suffix(']').and_then(|v6| v6.parse().ok()).is_some_and(|v6| is_public(IpAddr::V6(v6)));
    }
    if let Ok(v4) = host.parse() {
        return is_public(IpAddr::V4(v4));
    }
    let last = host.rsplit('.').next().unwrap_or_default();
    // Resolvers read `2130706433`, `0x7f000001` and `127.1` as IPv4 addresses too. No name ends like that.
    let is_number = last.bytes().all(|byte| byte.is_ascii_digit())
        || last.strip_prefix("0x").is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_hexdigit()));
    !is_number && last != "localhost"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_on_the_public_internet_is_refused() {
        for address in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "239.255.255.250",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
            "fc00::1",
            "fd00::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn the_public_internet_is_reached() {
        for address in [
            "1.1.1.1",
            "8.8.8.8",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "193.0.0.1",
            "223.255.255.255",
            "::ffff:8.8.8.8",
            "2001:4860:4860::8888",
            "2606:4700:4700::1111",
            "2a02:9000::1",
        ] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn a_host_that_is_an_address_in_disguise_is_refused_before_anybody_resolves_it() {
        for host in [
            "127.0.0.1",
            "127.0.0.1.",
            "127.1",
            "2130706433",
            "0x7f000001",
            "0X7F.1",
            "0177.0.0.1",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[::1",
            "[fe80::1%25eth0]",
            "localhost",
            "LOCALHOST",
            "localhost.",
            "api.localhost",
            "169.254.169.254",
            "",
            ".",
            "8.8.8.8.8",
        ] {
            assert!(!may_be_public(host), "{host}");
        }
        for host in ["example.com", "shop.example.com.", "8.8.8.8", "[2a02:9000::1]", "0x.example", "xn--caf-dma.es", "127.example"] {
            assert!(may_be_public(host), "{host}");
        }
    }
}
