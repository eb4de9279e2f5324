"""The HTTP client: limits, private-network checks, decoding, caching and errors."""
