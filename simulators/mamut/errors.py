"""How simulated Mamut says no: one shape for every refusal."""

from __future__ import annotations

import msgspec

from simulators.http import Response

JSON = ("Content-Type", "application/json; charset=utf-8")

Datum = str | int | None


class Problem(msgspec.Struct, frozen=True):
    """The inside of an error answer; `field` is the path of the field that is wrong, such as `lines.2.vat_code`."""

    code: str
    message: str
    field: str | None
    data: dict[str, Datum]


class _Envelope(msgspec.Struct, frozen=True):
    error: Problem


class Refused(Exception):
    """A request that is answered with an error. Whoever raises it has changed nothing."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        field: str | None = None,
        data: dict[str, Datum] | None = None,
        headers: tuple[tuple[str, str], ...] = (),
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.status = status
        self.problem = Problem(code, message, field, data or {})
        self.headers = headers

    def response(self, work_ms: float) -> Response:
        body = msgspec.json.encode(_Envelope(self.problem))
        return Response(status=self.status, headers=(JSON, *self.headers), body=body, work_ms=work_ms)


def unknown_register_value(field: str, value: int | str) -> Refused:
    return Refused(422, "register_value_unknown", f"{field} {value} is not in the company's register", field)


def not_found(what: str, key: int | str) -> Refused:
    return Refused(404, f"{what}_unknown", f"there is no {what} {key}")
