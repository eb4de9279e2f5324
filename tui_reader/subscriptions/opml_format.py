"""Names and rules shared by reading and writing OPML."""

from __future__ import annotations

import re

NAMESPACE = "urn:x-news-tui"
"""The namespace of what OPML has no attribute for: topics and their keywords, and the settings of a source."""

XML_NAMESPACE = "http://www.w3.org/XML/1998/namespace"
"""The namespace of the prefix ``xml``, which needs no declaration."""

QUALIFIED_NAME = re.compile(r"(?:\{([^{}]+)\})?([A-Za-z_][A-Za-z0-9._-]*)")
"""An attribute's ``{namespace}name`` or ``name``. XML allows more characters; no feed reader uses them."""

INVALID_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 does not allow (section 2.2)."""


def is_preserved_attribute(name: str) -> bool:
    """Return whether an unknown attribute, by its qualified name, is kept for export."""
    match = QUALIFIED_NAME.fullmatch(name)
    if match is None or match[1] in {NAMESPACE, "xmlns"}:
        return False
    return bool(match[1]) or not (name.lower() in {"text", "title"} or name.lower().startswith("xml"))
