"""What `[shop.aftermath]` means: what is done in Mamut when the shop changes an order that stands there."""

from __future__ import annotations

from collections.abc import Iterator

from agent.model.words import words
from agent.settings.finding import Finding, risky
from agent.settings.ranges import check_article_no
from agent.settings.tree_aftermath import AftermathSettings, CancelledChoice, RefundedChoice


def check_aftermath(aftermath: AftermathSettings, path: str) -> Iterator[Finding]:
    if aftermath.article is not None:
        yield from check_article_no(f"{path}.article", aftermath.article)
    if aftermath.issue_credit_notes and aftermath.refunded is not RefundedChoice.CREDIT:
        yield risky(
            f"{path}.issue_credit_notes",
            words(
                "Inga kreditnotor görs, så ingen kan bokföras.",
                "No credit notes are made, so none can be booked.",
            ),
            words('Ange refunded = "credit", eller ta bort raden.', 'Give refunded = "credit", or remove the line.'),
        )
    if aftermath.deleted is CancelledChoice.CANCEL:
        yield risky(
            f"{path}.deleted",
            words(
                "En order som någon slänger i butiken av misstag makuleras i Mamut.",
                "An order that somebody throws away in the shop by mistake is cancelled in Mamut.",
            ),
            words('Ange deleted = "attend" för att titta själv.', 'Give deleted = "attend" to have a look first.'),
        )
