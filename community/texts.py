"""What people write: Markdown, turned into HTML that cannot do harm, once, when it is written."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from html import escape, unescape
from typing import Any, Final

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock, blockquote, list_block, table
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from community.names import BLANKS
from community.refusals import WrongInput
from community.words import say

LONGEST: Final = 20_000
"""Characters of a text."""
PICTURE: Final = re.compile(r"/files/[0-9a-z-]{1,60}")
"""The address of a picture of ours; no other is shown, since whoever owns it would learn who reads."""
DEEPEST: Final = 12
"""How deep a text is nested: a quotation counts as one, a list as two. What lies deeper would fall away."""
QUOTES, LISTS = 6, 10
"""How deep a quotation or a list may begin."""
COLUMNS: Final = 50
CELLS: Final = 4000
"""Of all tables of a text: a short row has as many as the head, so that few characters could become very many."""
TAGS: Final = {
    "a", "blockquote", "br", "code", "del", "em", "h3", "h4", "h5", "h6", "hr", "img", "li", "ol", "p", "pre", "s",
    "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip


def html_of(text: str, people: Mapping[str, str] | None = None, called: set[str] | None = None) -> str:
    """The HTML of a Markdown text: only harmless tags, links to http, https and mail, none of them followed blindly.

    `people` are those who are mentioned, their ids (empty: nobody for sure) by what is written after the @. The
    ids of those who are called in it indeed (not in code, not in a link) are added to `called`.
    """
    return nh3.clean(
        _markdown.render(text, {"people": people or {}, "called": set() if called is None else called}),
        tags=TAGS,
        attributes={"a": {"href"}, "img": {"src", "alt", "loading"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener nofollow ugc",
    )


def html_shown(text: str, people: Mapping[str, str] | None = None, called: set[str] | None = None) -> str:
    """The same of a text in which there must be something to see: a picture, or a sign. Raises WrongInput."""
    html = html_of(text, people, called)
    plain = BLANKS.sub("", plain_of(html))
    if "<img " not in html and not any(sign.isprintable() and not sign.isspace() for sign in plain):
        raise WrongInput(text=say("内容里没有可以看见的字或图片。"))
    return html


def html_as_typed(text: str) -> str:
    """The HTML of a text that is no Markdown: what was typed, line by line."""
    return f"<p>{'<br>'.join(escape(line) for line in text.splitlines())}</p>" if text.strip() else ""


def html_listed(lines: Sequence[str]) -> str:
    """The HTML of a list of what is no Markdown, such as the names of files."""
    return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>" if lines else ""


def beginning_of(words: str, most: int) -> str:
    """The words, or how they begin where they are longer than so many characters."""
    return words if len(words) <= most else f"{words[:most]}…"


def plain_of(html: str) -> str:
    """What remains of the HTML of a text when all markup is taken away."""
    return unescape(nh3.clean(html, tags=set())).strip()


def quoted(text: str) -> str:
    """The text as a quotation, without what it quotes itself; at most some lines of it."""
    lines = [line for line in text.splitlines() if not line.startswith(">")]
    while lines and not lines[0].strip():
        lines.pop(0)
    # Whoever was called in what is quoted is not called again.
    lines = [line.replace("@", "＠") for line in lines]
    kept = lines[:QUOTED] + (["", "…"] if len(lines) > QUOTED else [])
    return "\n".join(f"> {line}" for line in kept)


QUOTED: Final = 12
"""Lines of a quotation."""


def _mention(state: StateInline, silent: bool) -> bool:
    """@ and a name of those who are mentioned: a link, unless it stands within one."""
    if state.src[state.pos] != "@" or state.linkLevel or (state.pos and BEFORE.match(state.src[state.pos - 1])):
        return False
    rest = state.src[state.pos + 1 : state.pos + 100].translate(NARROW)
    people = state.env["people"]
    name = max((name for name in people if rest.startswith(name)), key=len, default="")
    if not name or not people[name]:
        return False
    if not silent:
        state.env["called"].add(people[name])
        state.push("link_open", "a", 1).attrs = {"href": f"/people/{people[name]}"}
        state.push("text", "", 0).content = f"@{name}"
        state.push("link_close", "a", -1)
    state.pos += 1 + len(name)
    return True


BEFORE: Final = re.compile(r"[A-Za-z0-9_.@/-]")
NARROW: Final = {ord("（"): "(", ord("）"): ")"}


def _nested(
    rule: Callable[[StateBlock, int, int, bool], bool], most: int, state: StateBlock, start: int, end: int,
    silent: bool,
) -> bool:  # fmt: skip
    """A quotation or a list; too deep it stays as it is written."""
    return state.level < most and rule(state, start, end, silent)


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A table; what goes beyond the columns and cells that a text may have stays as it is written."""
    if start + 2 > end:
        return False
    line = slice(state.bMarks[start + 1], state.eMarks[start + 1])
    columns, left = state.src[line].count("|") + 1, state.env.setdefault("cells", CELLS)
    if columns > COLUMNS or left < 2 * columns:
        return False
    found = table(state, start, min(end, start + 1 + left // columns), silent)
    if found and not silent:
        state.env["cells"] = left - columns * (state.line - start - 1)
    return found


def _lower_headings(state: StateCore) -> None:
    """The page has the first two levels for itself."""
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + 2)}"


def _image(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    token = tokens[index]
    alt = renderer.renderInlineAsText(token.children, options, env) if token.children else ""
    if PICTURE.fullmatch(str(token.attrs["src"])):
        token.attrs = {"src": token.attrs["src"], "alt": alt, "loading": "lazy"}
        return renderer.renderToken(tokens, index, options, env)
    return nh3.clean_text(alt)


def _made() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": DEEPEST})
    made.enable(["table", "strikethrough"])
    before: Any = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    made.block.ruler.at("blockquote", partial(_nested, blockquote, QUOTES), before)
    made.block.ruler.at("list", partial(_nested, list_block, LISTS), {"alt": before["alt"][:3]})
    made.block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})
    made.inline.ruler.push("mention", _mention)
    made.core.ruler.push("lower_headings", _lower_headings)
    made.add_render_rule("image", _image)
    return made


_markdown: Final = _made()
