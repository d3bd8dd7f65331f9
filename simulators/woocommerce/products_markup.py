"""Markup as WordPress lets it in (kses) and shows it (wpautop, wptexturize)."""

from __future__ import annotations

import html
import re
from html.entities import name2codepoint

_TAGS = frozenset((
    "a", "abbr", "address", "article", "aside", "audio", "b", "bdo", "big", "blockquote", "br", "button", "caption",
    "center", "cite", "code", "col", "colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "fieldset",
    "figcaption", "figure", "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "i", "img",
    "ins", "kbd", "label", "legend", "li", "main", "map", "mark", "menu", "nav", "object", "ol", "p", "pre", "q", "rb",
    "rp", "rt", "rtc", "ruby", "s", "samp", "section", "small", "span", "strike", "strong", "sub", "summary", "sup",
    "table", "tbody", "td", "textarea", "tfoot", "th", "thead", "time", "title", "tr", "track", "tt", "u", "ul", "var",
    "video",
))  # fmt: skip
_ATTRIBUTES = frozenset((
    "abbr", "align", "alt", "axis", "bgcolor", "border", "cellpadding", "cellspacing", "char", "charoff", "cite",
    "class", "clear", "color", "cols", "colspan", "controls", "coords", "datetime", "dir", "disabled", "download",
    "face", "for", "frame", "headers", "height", "hidden", "href", "hspace", "id", "lang", "loading", "longdesc",
    "loop", "muted", "name", "noshade", "nowrap", "open", "poster", "preload", "readonly", "rel", "rev", "reversed",
    "role", "rows", "rowspan", "rules", "scope", "shape", "size", "span", "src", "start", "style", "summary", "target",
    "title", "type", "usemap", "valign", "value", "vspace", "width", "wrap", "xml:lang",
))  # fmt: skip
_ADDRESSES = frozenset(("href", "src", "cite", "longdesc", "poster", "usemap"))
_PROTOCOLS = frozenset((
    "http", "https", "ftp", "ftps", "mailto", "news", "irc", "irc6", "ircs", "gopher", "nntp", "feed", "telnet", "mms",
    "rtsp", "sms", "svn", "tel", "fax", "xmpp", "webcal", "urn",
))  # fmt: skip
_BLOCKS = (
    "table|thead|tfoot|caption|col|colgroup|tbody|tr|td|th|div|dl|dd|dt|ul|ol|li|pre|form|map|area|blockquote|address|"
    "style|p|h[1-6]|hr|fieldset|legend|section|article|aside|hgroup|header|footer|nav|figure|figcaption|details|menu|"
    "summary"
)
_OPEN_END = re.compile(r"<[^>]*?(?:(?=<)|>|$)")
_ENTITY = re.compile(r"&(#0*\d{1,7};|#[xX]0*[0-9A-Fa-f]{1,6};|[A-Za-z][A-Za-z0-9]{0,19};)?")
_PIECE = re.compile(r"<!--.*?(?:-->|$)|<[^>]*(?:>|$)|>", re.DOTALL)
_TAG = re.compile(r"^<\s*(/\s*)?([a-zA-Z0-9-]+)([^>]*)>?$", re.DOTALL)
_ATTRIBUTE = re.compile(r"([_a-zA-Z][-_a-zA-Z0-9:.]*)(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?")
_SCHEME = re.compile(r"^\s*([a-zA-Z][a-zA-Z0-9+.\-]*)\s*:")
_STARTS_BLOCK = re.compile(rf"^</?(?:{_BLOCKS})\b", re.IGNORECASE)
_MARKUP = re.compile(r"(<!--.*?-->|<[^>]*>)", re.DOTALL)
_VERBATIM = frozenset(("pre", "code", "kbd", "style", "script", "tt"))


def kses(text: str) -> str:
    """Remove what WordPress allows in no post: unknown tags (their text stays, `products_simple[81]`), event attributes
    and addresses that run code; what is no entity and no tag becomes one that reads the same
    (`products_simple[78]`)."""
    if "<" in text:
        text = _OPEN_END.sub(lambda match: match[0] if match[0].endswith(">") else html.escape(match[0]), text)
    if "&" in text:
        text = _ENTITY.sub(_entity, text)
    return _PIECE.sub(_piece, text) if "<" in text or ">" in text else text


def _entity(match: re.Match[str]) -> str:
    name = match[1]
    known = name is not None and (name[0] == "#" or name[:-1] in name2codepoint or name == "apos;")
    return match[0] if known else f"&amp;{name or ''}"


def _piece(match: re.Match[str]) -> str:
    piece = match[0]
    if piece == ">":
        return "&gt;"
    if piece.startswith("<!--"):
        inner = re.sub(r"-$", "", re.sub(r"--+", "-", piece.removeprefix("<!--").removesuffix("-->")))
        return f"<!--{inner}-->" if inner else ""
    tag = _TAG.match(piece)
    if tag is None or tag[2].lower() not in _TAGS:
        return ""
    if tag[1]:
        return f"</{tag[2]}>"
    closed = " /" if tag[3].rstrip().endswith("/") else ""
    return f"<{tag[2]}{''.join(_attribute(*found) for found in _ATTRIBUTE.findall(tag[3].rstrip(' /')))}{closed}>"


def _attribute(name: str, value: str) -> str:
    low = name.lower()
    if low not in _ATTRIBUTES and not low.startswith(("data-", "aria-")):
        return ""
    if not value:
        return f" {name}"
    quote = value[0] if value[0] in "\"'" else '"'
    inner = value.strip(value[0]) if value[0] in "\"'" else value
    return f" {name}={quote}{_harmless(inner) if low in _ADDRESSES else inner}{quote}"


def _harmless(address: str) -> str:
    """An address without a protocol that WordPress does not know."""
    while True:
        scheme = _SCHEME.match(html.unescape(address))
        if scheme is None or scheme[1].lower() in _PROTOCOLS:
            return address
        address = html.unescape(address)[scheme.end() :]


def paragraphs(text: str) -> str:
    """wpautop: what a reader sees of a description (`products_simple[15]`)."""
    if not text.strip():
        return ""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = re.sub(rf"(</(?:{_BLOCKS})>)", r"\1\n\n", text, flags=re.IGNORECASE)
    text = re.sub(rf"(<(?:{_BLOCKS})(?:\s[^>]*)?>)", r"\n\n\1", text, flags=re.IGNORECASE)
    parts = [part.strip("\n") for part in re.split(r"\n\s*\n", text) if part.strip()]
    done = []
    for part in parts:
        if _STARTS_BLOCK.match(part) or re.match(rf"^[^<]*</(?:{_BLOCKS})>", part, re.IGNORECASE):
            done.append(part)
        else:
            done.append("<p>" + re.sub(r"(?<!<br />)\s*\n", "<br />\n", part.strip()) + "</p>")
    return "\n".join(done) + "\n"


_FIXED = (
    ("---", "&#8212;"),
    (" -- ", " &#8212; "),
    ("--", "&#8211;"),
    (" - ", " &#8211; "),
    ("...", "&#8230;"),
    ("``", "&#8220;"),
    ("''", "&#8221;"),
    (" (tm)", " &#8482;"),
)
_DYNAMIC = (
    (re.compile(r"\b(\d[\d.,]*)x(\d[\d.,]*)\b"), r"\1&#215;\2"),
    (re.compile(r"(?<=\d)\"(?!\w)"), "&#8243;"),
    (re.compile(r"(?<=\d)'(?![\w])"), "&#8242;"),
    (re.compile(r"(?<=\w)'|'(?=\d\d\b)"), "&#8217;"),
    (re.compile(r"(^|[\s(\[{\"\-]|&#8220;)'(?=\S)"), r"\1&#8216;"),
    (re.compile(r"'"), "&#8217;"),
    (re.compile(r"(^|[\s(\[{\-]|&#8216;)\"(?=\S)"), r"\1&#8220;"),
    (re.compile(r"\""), "&#8221;"),
)


def texturize(text: str) -> str:
    """wptexturize for English: typographic quotes, dashes and dots, outside of tags and of what is shown verbatim."""
    if not re.search(r"['\"`x.(]|--| - ", text):
        return text
    parts, verbatim = [], ""
    for part in _MARKUP.split(text):
        if part.startswith("<"):
            name = re.sub(r"^</?([a-zA-Z0-9]*).*$", r"\1", part, flags=re.DOTALL).lower()
            if name in _VERBATIM:
                verbatim = "" if part.startswith("</") else name
        parts.append(part if verbatim or part.startswith("<") else _typographic(part))
    return "".join(parts)


def _typographic(part: str) -> str:
    for plain, shown in _FIXED:
        part = part.replace(plain, shown)
    for pattern, shown in _DYNAMIC:
        part = pattern.sub(shown, part)
    return part


def shown_short(text: str) -> str:
    """What a reader sees of a short description, or of a variation's description: typography, then paragraphs."""
    return paragraphs(texturize(text))
