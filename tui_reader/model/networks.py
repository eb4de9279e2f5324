"""Tells which IP addresses and hosts are not on the public internet."""

from __future__ import annotations

import ipaddress
import re
import socket
import unicodedata
from functools import cache
from typing import TypeAlias

_Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

# IANA's registry of IPv4 special-purpose addresses, and multicast. Python's own
# list is older, and lacks most of 192.0.0.0/24. The blocks that the registry
# calls globally reachable (AS112, AMT, anycast for NAT) are here too: no site is in them.
_IPV4 = (
    "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 "
    "192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 "
    "203.0.113.0/24 224.0.0.0/4 240.0.0.0/4"
)
# The same for IPv6, within the only block that has public sites. 2001::/23 has
# Teredo, benchmarks and identifiers that are no addresses.
_IPV6_PUBLIC = "2000::/3"
_IPV6 = "2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20"
_NAT64 = "64:ff9b::/96"

# Names that the public DNS does not have: reserved (RFC 6761, 6762, 8375, and
# .internal by ICANN) or usual in home and company networks.
_LOCAL_NAMES = re.compile(
    r"(?:^|\.)(?:localhost|local|internal|home\.arpa|localdomain|lan|home|corp|intranet|private|test|invalid)$"
)
_NUMBERS = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)(?:\.(?:0x[0-9a-f]*|[0-9]+)){0,3}")


def is_public(address: str) -> bool:
    """Return whether an IP address is on the public internet, by IANA's registries (RFC 6890).

    For an IPv6 address that embeds an IPv4 address (mapped, NAT64, 6to4), the
    embedded address decides.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is None and ip in _network(_NAT64):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is None:
            return ip.scope_id is None and ip in _network(_IPV6_PUBLIC) and not _is_in(ip, _IPV6)
        ip = inner
    return not _is_in(ip, _IPV4)


def is_private_host(host: str) -> bool:
    """Return whether a host is in a private network by its name alone: an IP address, or a name for home use.

    Other names can lead there too; that shows when they are resolved.
    """
    host = unicodedata.normalize("NFKC", host).lower().strip("[]").rstrip(".")
    if _NUMBERS.fullmatch(host):
        # All the spellings that systems accept, such as 0x7f.1 and 2130706433.
        try:
            return not is_public(socket.inet_ntoa(socket.inet_aton(host)))
        except OSError:
            return False  # no address: it cannot be reached either
    if ":" in host:
        return not is_public(host)
    return "." not in host or _LOCAL_NAMES.search(host) is not None


@cache
def _network(text: str) -> _Network:
    return ipaddress.ip_network(text)


def _is_in(ip: ipaddress.IPv4Address | ipaddress.IPv6Address, blocks: str) -> bool:
    return any(ip in _network(block) for block in blocks.split())
