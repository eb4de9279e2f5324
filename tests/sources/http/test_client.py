"""The HTTP client: limits, redirects, credentials, private networks, errors and downloads."""

from __future__ import annotations
