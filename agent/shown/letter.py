"""A letter about what needs a person, in plain text and in simple HTML. No personal data: numbers of orders and
articles, codes, times, and links to the admin, where whoever has signed in sees the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from html import escape

from agent.decide.telling import Telling
from agent.journal.attention_pages import Example
from agent.model.catalogue import Explanation
from agent.model.ids import ShopKey
from agent.model.order import Frozen
from agent.model.words import Language, words
from agent.settings.tree import Settings
from agent.shown.attention import AREAS
from agent.shown.figures import duration, moment_ms, number
from agent.shown.matters import Subject
from agent.shown.names import direction_name, explained

_PRICES = words("Priser som stoppats av en spärr", "Prices that a guard has stopped")
_PRICES_REMEDY = words(
    "Se efter om de nya priserna stämmer, och släpp fram dem i så fall.",
    "See whether the new prices are right, and let them through if so.",
)

_TOLD_WHOLE = ("system", "shop", "part", "late", "computer", "soon")
"""Areas whose causes are filled with figures of ours alone; what fills an order's may be somebody's name."""


class Point(Frozen, frozen=True):
    """One cause in the letter. `names` are those that wait, each with its link where it has one."""

    title: str
    where: str
    cause: str
    remedy: str
    names: tuple[tuple[str, str], ...]
    more: int


class Part(Frozen, frozen=True):
    heading: str
    points: tuple[Point, ...]


class Written(Frozen, frozen=True):
    """A letter before it has an envelope. `mark` is the same for letters that tell the same."""

    subject: str
    lead: str
    parts: tuple[Part, ...]
    closing: tuple[str, ...]
    link: str
    mark: str


def admin_url(settings: Settings) -> str:
    """Where people reach the admin, without a slash at the end; empty where it is not served."""
    admin = settings.admin
    if not admin.enabled:
        return ""
    scheme = "https" if admin.certificate else "http"
    return (admin.public_url or f"{scheme}://{admin.listen}").rstrip("/")


def write(
    telling: Telling, subjects: Iterable[Subject], settings: Settings, now: datetime, language: Language
) -> Written:
    by_key = {subject.key: subject for subject in subjects}
    says = _Says(settings, now, language)
    headings = (
        (telling.new, words("Nytt", "New")),
        (telling.grown, words("Fler än sist", "More than last time")),
        (telling.again, words("Kvarstår", "Still so")),
    )
    parts = tuple(
        Part(heading=heading.in_(language), points=says.points([by_key[key] for key in keys]))
        for keys, heading in headings
        if keys
    )
    closing = [says.over(telling.over)] if telling.over else []
    if telling.known:
        count = number(len(telling.known), language)
        closing.append(
            words(
                f"Dessutom kvarstår det som redan har berättats i dag: {count}.",
                f"What has been told today already is still so: {count}.",
            ).in_(language)
        )
    facts = [(key, by_key[key].need.count) for key in telling.told] + [(key, 0) for key in telling.over]
    return Written(
        subject=says.subject(telling, by_key),
        lead=says.lead(telling),
        parts=parts,
        closing=tuple(closing),
        link=admin_url(settings),
        mark=sha256(repr((now.date(), facts)).encode()).hexdigest()[:32],
    )


def trial(settings: Settings, language: Language, token: str) -> Written:
    """What is sent to see whether letters come. One that is sent again for the same `token` is known as the same."""
    return Written(
        subject=words("Brygga: provbrev", "Brygga: test letter").in_(language),
        lead=words(
            "Det här är ett prov. Kommer det fram, så kommer också det fram som behöver en människa.",
            "This is a test. If it comes, so will what needs a person.",
        ).in_(language),
        parts=(),
        closing=(),
        link=admin_url(settings),
        mark=sha256(repr(("trial", token)).encode()).hexdigest()[:32],
    )


class _Says:
    def __init__(self, settings: Settings, now: datetime, language: Language) -> None:
        self._link = admin_url(settings)
        self._names = {shop.key: shop.name or shop.key for shop in settings.shop}
        self._now_ms = round(now.timestamp() * 1000)
        self._language = language

    def subject(self, telling: Telling, by_key: Mapping[str, Subject]) -> str:
        if telling.is_all_well:
            return words("Brygga: allt är bra igen", "Brygga: all is well again").in_(self._language)
        if not telling.told:
            return words("Brygga: bra igen: ", "Brygga: well again: ").in_(self._language) + self._gone(telling.over[0])
        causes = dict.fromkeys((by_key[key].need.area, by_key[key].need.code) for key in telling.told)
        if len(causes) == 1:
            first = by_key[telling.told[0]]
            shops = ", ".join(dict.fromkeys(self._shop(by_key[key].shop) for key in telling.told if by_key[key].shop))
            return f"Brygga: {self._title(first)}{f' ({shops})' if shops else ''}"
        count = number(len(causes), self._language)
        return words(f"Brygga: {count} saker behöver en människa", f"Brygga: {count} things need a person").in_(
            self._language
        )

    def lead(self, telling: Telling) -> str:
        if telling.is_all_well:
            text = words(
                "Allt som har berättats är ordnat. Inget behöver en människa just nu.",
                "All that was told is in order. Nothing needs a person right now.",
            )
        elif telling.told:
            text = words("Det här behöver en människa:", "This needs a person:")
        else:
            text = words("Något har ordnat sig:", "Something is in order again:")
        return text.in_(self._language)

    def over(self, keys: Sequence[str]) -> str:
        named = "; ".join(dict.fromkeys(self._gone(key) for key in keys))
        return words(f"Bra igen: {named}.", f"Well again: {named}.").in_(self._language)

    def _gone(self, key: str) -> str:
        """Of what is gone only its key is left."""
        area, code, shop = key.split("/", 2)
        text = explained(code, self._language, {})
        title = _PRICES.in_(self._language) if area == "price" else (text.title if text is not None else code)
        return f"{title}{f' ({self._shop(shop)})' if shop else ''}"

    def points(self, subjects: Sequence[Subject]) -> tuple[Point, ...]:
        """One for each cause, however many shops have it; where a cause tells its shop, one for each."""
        grouped: dict[tuple[str, str, str], list[Subject]] = {}
        for each in subjects:
            apart = each.shop if each.need.area in _TOLD_WHOLE else ""
            grouped.setdefault((each.need.area, each.need.code, apart), []).append(each)
        return tuple(self._point(same) for same in grouped.values())

    def _point(self, same: Sequence[Subject]) -> Point:
        first, count = same[0], sum(each.need.count for each in same)
        params = first.examples[0].params if first.examples and first.need.area in _TOLD_WHOLE else {}
        text = explained(first.need.code, self._language, params)
        names = tuple(self._named(example) for each in same for example in each.examples)
        names = tuple(named for named in names if named[0])
        return Point(
            title=self._title(first),
            where=self._where(same, count),
            # Of a heap the cause has other figures for each: the title says what is common.
            cause="" if text is None or first.need.area not in _TOLD_WHOLE else text.cause,
            remedy=self._remedy(first, text),
            names=names,
            more=count - len(names) if first.need.area not in _TOLD_WHOLE else 0,
        )

    def _where(self, same: Sequence[Subject], count: int) -> str:
        shops = ", ".join(dict.fromkeys(self._shop(each.shop) for each in same if each.shop))
        since_ms = min((each.need.since_ms for each in same if each.need.since_ms), default=None)
        parts = [AREAS[same[0].need.area].in_(self._language), shops]
        if count > 1 or same[0].need.area not in _TOLD_WHOLE:
            parts.append(
                words(f"{number(count, self._language)} st", number(count, self._language)).in_(self._language)
            )
        if since_ms:
            age = duration((self._now_ms - since_ms) / 1000, self._language)
            parts.append(
                words(f"sedan {moment_ms(since_ms)} ({age})", f"since {moment_ms(since_ms)} ({age})").in_(
                    self._language
                )
            )
        return " · ".join(part for part in parts if part)

    def _named(self, example: Example) -> tuple[str, str]:
        if example.order_id:
            link = f"{self._link}/orders/{example.shop}/{example.order_id}" if self._link else ""
            return f"{self._shop(example.shop)} {example.name or example.order_id}", link
        direction = direction_name(example.direction, self._language) if example.direction else ""
        name = "" if example.name in (example.shop, self._names.get(example.shop)) else example.name
        return " · ".join(each for each in (name, direction) if each), ""

    def _title(self, subject: Subject) -> str:
        if subject.need.area == "price":
            return _PRICES.in_(self._language)
        text = explained(subject.need.code, self._language, {})
        return subject.need.code if text is None else f"{text.title} ({subject.need.code})"

    def _remedy(self, subject: Subject, text: Explanation | None) -> str:
        if subject.need.area == "price":
            return _PRICES_REMEDY.in_(self._language)
        return "" if text is None else text.remedy

    def _shop(self, key: str) -> str:
        return self._names.get(ShopKey(key), key)


# -- as bytes ---------------------------------------------------------------------------------------------------------


def plain(written: Written, language: Language) -> str:
    do, more = _labels(language)
    lines = [written.lead, ""]
    for part in written.parts:
        lines += [part.heading.upper(), ""]
        for point in part.points:
            lines.append(f"* {point.title}")
            lines += [f"  {text}" for text in (point.where, point.cause) if text]
            if point.remedy:
                lines.append(f"  {do}: {point.remedy}")
            lines += [f"  - {name}{f'  {link}' if link else ''}" for name, link in point.names]
            if point.more > 0:
                lines.append(f"  - … {more.format(count=number(point.more, language))}")
            lines.append("")
    lines += [*written.closing, *([""] if written.closing else [])]
    if written.link:
        lines += [f"{written.link}/attention", ""]
    lines += ["-- ", _footer(language)]
    return "\n".join(lines) + "\n"


def html(written: Written, language: Language) -> str:
    do, more = _labels(language)
    body = [f"<p>{escape(written.lead)}</p>"]
    for part in written.parts:
        body.append(f"<h2>{escape(part.heading)}</h2>")
        for point in part.points:
            body.append(f"<h3>{escape(point.title)}</h3><p>{escape(point.where)}</p>")
            body += [f"<p>{escape(point.cause)}</p>"] if point.cause else []
            body += [f"<p><strong>{escape(do)}:</strong> {escape(point.remedy)}</p>"] if point.remedy else []
            listed = [
                f'<li><a href="{escape(link)}">{escape(name)}</a></li>' if link else f"<li>{escape(name)}</li>"
                for name, link in point.names
            ]
            if point.more > 0:
                listed.append(f"<li>… {escape(more.format(count=number(point.more, language)))}</li>")
            body += [f"<ul>{''.join(listed)}</ul>"] if listed else []
    body += [f"<p>{escape(text)}</p>" for text in written.closing]
    if written.link:
        link = escape(f"{written.link}/attention")
        body.append(f'<p><a href="{link}">{link}</a></p>')
    body.append(f"<p><small>{escape(_footer(language))}</small></p>")
    return (
        f'<!doctype html><html lang="{language.value}"><head><meta charset="utf-8">'
        f"<title>{escape(written.subject)}</title></head><body>{''.join(body)}</body></html>"
    )


def envelope(written: Written, settings: Settings, now: datetime, language: Language) -> bytes:
    """The message as it travels: ASCII, with an identity by which a letter that comes twice is known."""
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit", max_line_length=78))
    message["From"] = f"Brygga <{settings.mail.sender}>"
    message["To"] = ", ".join(settings.mail.to)
    message["Subject"] = written.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{written.mark}@{settings.mail.sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(plain(written, language), charset="utf-8", cte="quoted-printable")
    message.add_alternative(html(written, language), subtype="html", charset="utf-8", cte="quoted-printable")
    # The boundary, too, so that the same letter is the same bytes.
    message.set_boundary(f"=_{written.mark}")
    return message.as_bytes()


def language_of(settings: Settings) -> Language:
    chosen = settings.mail.language or settings.language
    return Language(chosen) if chosen in tuple(Language) else Language.SWEDISH


def _labels(language: Language) -> tuple[str, str]:
    return words("Gör så här", "Do this").in_(language), words("och {count} till", "and {count} more").in_(language)


def _footer(language: Language) -> str:
    return words(
        "Brygga, agenten mellan dina butiker och Mamut. Brevet ställs in under [mail] i brygga.toml.",
        "Brygga, the agent between your shops and Mamut. The letter is set up in [mail] of brygga.toml.",
    ).in_(language)
