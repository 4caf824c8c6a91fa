"""A page as its tree, taken apart once for all who look at it."""

from __future__ import annotations

from functools import lru_cache

import html5lib

NS = "{http://www.w3.org/1999/xhtml}"


@lru_cache(maxsize=16)
def parsed(text):
    """``(root, errors)`` of a page by the HTML standard; the tree is to be read only."""
    parser = html5lib.HTMLParser()
    return parser.parse(text), parser.errors
