"""Which addresses and hosts are on the public internet."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_reader.model.networks import is_private_host, is_public

# The blocks of IANA's registries of special-purpose addresses (IPv4, IPv6), and multicast.
SPECIAL = """
0.0.0.0/8 0.0.0.0/32 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.0.0/29
192.0.0.8/32 192.0.0.9/32 192.0.0.10/32 192.0.0.170/32 192.0.0.171/32 192.0.2.0/24 192.31.196.0/24 192.52.193.0/24
192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4
255.255.255.255/32 ::1/128 ::/128 64:ff9b:1::/48 100::/64 100:0:0:1::/64 2001::/23 2001::/32 2001:1::1/128
2001:1::2/128 2001:1::3/128 2001:2::/48 2001:3::/32 2001:4:112::/48 2001:10::/28 2001:20::/28 2001:30::/28
2001:db8::/32 2620:4f:8000::/48 3fff::/20 5f00::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8
"""


@pytest.mark.parametrize("block", SPECIAL.split())
def test_no_special_purpose_block_is_public(block: str) -> None:
    network = ipaddress.ip_network(block)
    for address in (network[0], network[-1], network[network.num_addresses // 2]):
        assert not is_public(str(address))


@pytest.mark.parametrize(
    "address",
    ["1.1.1.1", "9.255.255.255", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "192.0.1.0",
     "192.167.1.1", "198.17.255.255", "198.20.0.1", "203.0.112.1", "223.255.255.255",
     "2606:4700::1111", "2001:200::1", "2a00::1"],
)  # fmt: skip
def test_the_neighbours_of_those_blocks_are_public(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_an_embedded_address_decides(inner: ipaddress.IPv4Address) -> None:
    number = int(inner)
    for outer in (
        ipaddress.IPv6Address(0xFFFF << 32 | number),  # mapped
        ipaddress.IPv6Address(0x64FF9B << 96 | number),  # NAT64
        ipaddress.IPv6Address(0x2002 << 112 | number << 80 | 1),  # 6to4
    ):
        assert is_public(str(outer)) == is_public(str(inner))
    assert not is_public(str(ipaddress.IPv6Address(0x20010000 << 96 | number ^ 0xFFFFFFFF)))  # Teredo
    assert not is_public(str(ipaddress.IPv6Address(number)))  # "compatible", long out of use


PRIVATE = """
0.0.0.0 10.1.2.3 100.64.0.1 127.0.0.1 127.9.9.9 169.254.169.254 172.16.0.1 192.0.2.1 192.168.1.1 198.18.0.1
224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255 :: ::1 ::127.0.0.1 fe80::1 fe80::1%1 fec0::1 fc00::1 fd12::1 ff02::1
2001:db8::1 2001::1 ::ffff:10.0.0.1 ::ffff:127.0.0.1 64:ff9b::7f00:1 64:ff9b::a00:1 64:ff9b:1::1 2002:7f00:1::
2002:c0a8:101:: news.example
"""


@pytest.mark.parametrize("address", PRIVATE.split())
def test_private_addresses(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "::ffff:1.1.1.1", "64:ff9b::101:101"])
def test_public_addresses(address: str) -> None:
    assert is_public(address)


def test_an_address_with_a_zone_is_not_public() -> None:
    assert not is_public("fe80::1%eth0")
    assert not is_public("2606:4700::1111%1")


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.1", "0x7f.1", "2130706433", "0x7f000001", "017700000001", "0177.0.0.1", "127.0.0.1.", "0",
     "[::1]", "::1", "[::ffff:10.0.0.1]", "[fe80::1%25eth0]", "localhost", "LOCALHOST.", "a.localhost", "router",
     "nas.local", "box.lan", "wiki.internal", "x.home.arpa", "192.0.0.8", "１２７.0.0.1", "ＬＯＣＡＬhost"],
)  # fmt: skip
def test_private_hosts_in_every_spelling(host: str) -> None:
    assert is_private_host(host)


@pytest.mark.parametrize(
    "host",
    ["example.org", "local.example.org", "mylocalhost.org", "1.1.1.1", "16843009", "[2606:4700::1111]", "xn--a.de"],
)
def test_public_hosts(host: str) -> None:
    assert not is_private_host(host)
