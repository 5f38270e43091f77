//! The client's address: the socket's, unless the peer is a proxy we trust.

use std::{net::IpAddr, str::FromStr};

use http::HeaderMap;

/// A range of addresses, as `10.0.0.0/8` or `::1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    base: u128,
    mask: u128,
    v4: bool,
}

/// A text that is not a range of addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotANetwork(String);

impl std::fmt::Display for NotANetwork {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} is not an address or a range; write 10.0.0.7, 10.0.0.0/8 or fd00::/8", self.0)
    }
}

impl std::error::Error for NotANetwork {}

fn bits(address: IpAddr) -> (u128, bool) {
    match address.to_canonical() {
        IpAddr::V4(v4) => (u128::from(u32::from(v4)), true),
        IpAddr::V6(v6) => (u128::from(v6), false),
    }
}

impl FromStr for Network {
    type Err = NotANetwork;
    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let fail = || NotANetwork(text.chars().take(64).collect());
        let (address, length) = text.split_once('/').map_or((text, None), |(address, length)| (address, Some(length)));
        let address: IpAddr = address.parse().map_err(|_| fail())?;
        let (base, v4) = bits(address);
        let width: u32 = if v4 { 32 } else { 128 };
        let length = length.map_or(Ok(width), str::parse).map_err(|_| fail())?;
        if length > width {
            return Err(fail());
        }
        let host_bits = u128::MAX.checked_shr(128 - (width - length)).unwrap_or(0);
        let mask = !host_bits;
        Ok(Self { base: base & mask, mask, v4 })
    }
}

impl Network {
    /// Whether `address` lies in the range. An IPv4 address written as IPv6 counts as IPv4.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        let (bits, v4) = bits(address);
        v4 == self.v4 && bits & self.mask == self.base
    }
}

/// The client's address: the peer's; when the peer is trusted, the last address in `X-Forwarded-For` that is not.
#[must_use]
pub fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    if trusted.is_empty() || !is_trusted(peer) {
        return peer.to_canonical();
    }
    let mut client = peer;
    let forwarded = headers.get_all("x-forwarded-for").iter().rev().filter_map(|value| value.to_str().ok());
    for hop in forwarded.flat_map(|list| list.rsplit(',')) {
        // What cannot be read was not written by a proxy of ours; what stands before it can be anything.
        let Ok(address) = hop.trim().parse::<IpAddr>() else { break };
        client = address;
        if !is_trusted(address) {
            break;
        }
    }
    client.to_canonical()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    fn forwarded(values: &[&str]) -> HeaderMap {
        values.iter().map(|v| (http::HeaderName::from_static("x-forwarded-for"), v.parse().expect("a value"))).collect()
    }

    #[test]
    fn nobody_untrusted_chooses_an_address() {
        let headers = forwarded(&["1.2.3.4"]);
        assert_eq!(client(ip("9.9.9.9"), &headers, &[]), ip("9.9.9.9"));
        assert_eq!(client(ip("9.9.9.9"), &headers, &["10.0.0.0/8".parse().expect("a range")]), ip("9.9.9.9"));
    }

    #[test]
    fn behind_trusted_proxies_the_last_untrusted_hop_counts() {
        let trusted = ["10.0.0.0/8".parse().expect("a range")];
        assert_eq!(client(ip("10.0.0.1"), &forwarded(&["6.6.6.6, 1.2.3.4, 10.0.0.2"]), &trusted), ip("1.2.3.4"));
        assert_eq!(client(ip("10.0.0.1"), &forwarded(&["6.6.6.6", "1.2.3.4"]), &trusted), ip("1.2.3.4"));
        assert_eq!(client(ip("10.0.0.1"), &forwarded(&["1.2.3.4, nonsense"]), &trusted), ip("10.0.0.1"));
        assert_eq!(client(ip("::ffff:10.0.0.1"), &forwarded(&["1.2.3.4"]), &trusted), ip("1.2.3.4"));
    }

    #[test]
    fn ranges_are_read_and_nonsense_is_not() {
        assert!("fd00::/8".parse::<Network>().expect("a range").contains(ip("fd12::1")));
        assert!("0.0.0.0/0".parse::<Network>().expect("a range").contains(ip("8.8.8.8")));
        assert!(!"0.0.0.0/0".parse::<Network>().expect("a range").contains(ip("::1")));
        assert!("127.0.0.1".parse::<Network>().expect("an address").contains(ip("127.0.0.1")));
        for text in ["", "10.0.0.0/33", "10.0.0/8", "10.0.0.0/x", "::/129"] {
            assert!(text.parse::<Network>().is_err(), "{text}");
        }
    }
}
