//! Which addresses and ports are public: the special-purpose registries of IANA, and what clouds hide.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Networks of IPv4 that are not public, with the length of their prefix.
const NOT_PUBLIC: &[(Ipv4Addr, u32)] = &[
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    // Carrier NAT.
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    // The metadata service of Azure, in an ordinary range.
    (Ipv4Addr::new(168, 63, 129, 16), 32),
    // Link-local, and the metadata services of most clouds.
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    // Relays of 6to4.
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    // Benchmarks.
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    // Multicast, reserved, broadcast.
    (Ipv4Addr::new(224, 0, 0, 0), 3),
];

/// Networks of IPv6 that lie in the global range `2000::/3` and are not public.
const NOT_PUBLIC_6: &[(Ipv6Addr, u32)] = &[
    // Protocol assignments: Teredo, benchmarks, ORCHID.
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

const GLOBAL_6: (Ipv6Addr, u32) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);
const SIX_TO_FOUR: (Ipv6Addr, u32) = (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16);
/// Forms of IPv6 whose last four bytes are an address of IPv4: mapped, compatible, NAT64.
///
/// The local NAT64 prefix `64:ff9b:1::/48` is not among them: it lies outside of `2000::/3` and is refused whole.
const EMBEDDING: &[(Ipv6Addr, u32)] = &[
    (Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0, 0), 96),
    (Ipv6Addr::new(0, 0, 0, 0, 0, 0, 0, 0), 96),
    (Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 96),
];

/// Ports above 1023 that belong to well-known services other than the web.
const SERVICES: &[u16] = &[
    1433,  // SQL Server
    1521,  // Oracle
    2049,  // NFS
    2375,  // Docker
    2376,  // Docker
    2379,  // etcd
    2380,  // etcd
    2775,  // SMPP
    3306,  // MySQL
    3389,  // RDP
    5038,  // Asterisk manager
    5060,  // SIP
    5061,  // SIP
    5432,  // PostgreSQL
    5672,  // AMQP
    5900,  // VNC
    6000,  // X11
    6379,  // Redis
    6443,  // Kubernetes
    6667,  // IRC
    8021,  // FreeSWITCH
    8500,  // Consul
    9042,  // Cassandra
    9092,  // Kafka
    9200,  // Elasticsearch
    9300,  // Elasticsearch
    10250, // Kubernetes
    11211, // Memcached
    27017, // MongoDB
];

/// Whether an address belongs to the public internet. Forms of IPv6 that embed an address of IPv4 count as
/// that address.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_4(address),
        IpAddr::V6(address) => match embedded(address) {
            Some(address) => is_public_4(address),
            None => lies_in_6(address, GLOBAL_6) && !NOT_PUBLIC_6.iter().any(|net| lies_in_6(address, *net)),
        },
    }
}

/// Whether a web server is usual at a port.
pub(super) fn is_web_port(port: u16) -> bool {
    matches!(port, 80 | 443 | 1024..) && !SERVICES.contains(&port)
}

fn is_public_4(address: Ipv4Addr) -> bool {
    let lies_in = |(net, length): &(Ipv4Addr, u32)| {
        let differing = address.to_bits() ^ net.to_bits();
        differing.leading_zeros() >= *length
    };
    !NOT_PUBLIC.iter().any(lies_in)
}

fn lies_in_6(address: Ipv6Addr, (net, length): (Ipv6Addr, u32)) -> bool {
    (address.to_bits() ^ net.to_bits()).leading_zeros() >= length
}

fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [.., a, b, c, d] = address.octets();
    if EMBEDDING.iter().any(|net| lies_in_6(address, *net)) {
        return Some(Ipv4Addr::new(a, b, c, d));
    }
    let [_, _, a, b, c, d, ..] = address.octets();
    lies_in_6(address, SIX_TO_FOUR).then(|| Ipv4Addr::new(a, b, c, d))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn public(address: &str) -> bool {
        is_public(address.parse().unwrap())
    }

    #[test]
    fn the_internet_is_public() {
        for address in [
            "8.8.8.8",
            "1.1.1.1",
            "100.63.255.255",
            "100.128.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.167.255.255",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "168.63.129.17",
            "2606:4700::1111",
            "2001:4860:4860::8888",
            "2001:200::1",
        ] {
            assert!(public(address), "{address}");
        }
    }

    #[test]
    fn what_has_a_special_purpose_is_not() {
        for address in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.255",
            "168.63.129.16",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "100::1",
            "2001:db8::1",
            "2001:2::1",
            "2001:10::1",
            "3fff::1",
            "4000::1",
            "5f00::1",
        ] {
            assert!(!public(address), "{address}");
        }
    }

    #[test]
    fn embedded_addresses_count_as_what_they_embed() {
        for form in ["::ffff:", "::", "64:ff9b::"] {
            assert!(public(&format!("{form}8.8.8.8")), "{form}");
            for private in ["127.0.0.1", "10.0.0.1", "169.254.169.254"] {
                assert!(!public(&format!("{form}{private}")), "{form}{private}");
            }
        }
        assert!(public("2002:808:808::1"), "6to4 of 8.8.8.8");
        assert!(!public("2002:7f00:1::1"), "6to4 of 127.0.0.1");
        assert!(!public("2002:a00:1::1"), "6to4 of 10.0.0.1");
        // Teredo and the local prefix of NAT64 are refused, whatever they embed.
        assert!(!public("2001:0:808:808:0:0:80ff:fffe"));
        assert!(!public("64:ff9b:1::8.8.8.8"));
        assert!(!public("::ffff:0:127.0.0.1"), "translated");
    }

    #[test]
    fn web_servers_have_web_ports() {
        for port in [80, 443, 1024, 3000, 8080, 8443, 65535] {
            assert!(is_web_port(port), "{port}");
        }
        for port in [0, 1, 22, 25, 81, 110, 1023, 2775, 5060, 6379] {
            assert!(!is_web_port(port), "{port}");
        }
    }
}
