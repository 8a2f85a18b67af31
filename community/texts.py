"""What people write: Markdown, turned into HTML that cannot do harm, once, when it is written."""

from html import unescape
from typing import Final

import nh3
from markdown_it import MarkdownIt

LONGEST: Final = 20_000
"""Characters of a text."""

_markdown: Final = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
TAGS: Final = {
    "a", "blockquote", "br", "code", "del", "em", "h1", "h2", "h3", "h4", "hr", "li", "ol", "p", "pre", "s", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip


def html_of(text: str) -> str:
    """The HTML of a Markdown text: only harmless tags, links to http, https and mail, none of them followed blindly."""
    return nh3.clean(
        _markdown.render(text),
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener nofollow ugc",
    )


def plain_of(html: str) -> str:
    """What remains of the HTML of a text when all markup is taken away."""
    return unescape(nh3.clean(html, tags=set())).strip()
