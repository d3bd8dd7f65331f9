"""Arguments as WordPress checks and cleans them, query strings as PHP reads them, dates as the shop compares them."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.woocommerce import dates, php, schema
from simulators.woocommerce.call import Arg, RestError

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
NUMBERED = Arg(kind="array", items=Arg(kind="object", properties={"id": Arg(kind="integer")}))
KINDS = ("string", "integer", "number", "boolean", "array", "object")


def refusal(value: Any, arg: Arg) -> str:
    with pytest.raises(RestError) as caught:
        schema.validate(value, arg, "x")
    return caught.value.message


@pytest.mark.parametrize(
    ("value", "arg", "message"),
    [
        (12, Arg(kind="string"), "x is not of type string."),
        ("7.5", Arg(kind="integer"), "x is not of type integer."),
        (True, Arg(kind="integer"), "x is not of type integer."),
        ("ja", Arg(kind="boolean"), "x is not of type boolean."),
        (2, Arg(kind="boolean"), "x is not of type boolean."),
        ({"a": 1}, Arg(kind="array"), "x is not of type array."),
        ("x", Arg(kind="array", items=Arg(kind="object")), "x[0] is not of type object."),
        ([{"id": "a"}], NUMBERED, "x[0][id] is not of type integer."),
        (0, Arg(kind="integer", minimum=1), "x must be greater than or equal to 1"),
        (101, Arg(kind="integer", minimum=1, maximum=100), "x must be between 1 (inclusive) and 100 (inclusive)"),
        ("c", Arg(kind="string", enum=("a", "b")), "x is not one of a and b."),
        ("d", Arg(kind="string", enum=("a", "b", "c")), "x is not one of a, b, and c."),
        ("2026-13-01T00:00:00", Arg(kind="string", format="date-time"), "Invalid date."),
        ("asa@", Arg(kind="string", format="email"), "Invalid email address."),
        ("x", Arg(kind=("integer", "null")), "x is not of type integer,null."),
    ],
)  # fmt: skip
def test_a_wrong_value_is_told_in_wordpress_words(value: Any, arg: Arg, message: str) -> None:
    assert refusal(value, arg) == message


@pytest.mark.parametrize(
    ("value", "arg", "cleaned"),
    [
        ("7", Arg(kind="integer"), 7),
        (7.0, Arg(kind="integer"), 7),
        ("true", Arg(kind="boolean"), True),
        ("0", Arg(kind="boolean"), False),
        ("1, 2 3", Arg(kind="array", items=Arg(kind="integer")), [1, 2, 3]),
        ("", Arg(kind="object"), {}),
        ("", Arg(kind=("integer", "string")), ""),
        ("5", Arg(kind=("integer", "string")), 5),
    ],
)
def test_a_right_value_is_brought_to_its_type(value: Any, arg: Arg, cleaned: Any) -> None:
    schema.validate(value, arg, "x")
    assert schema.clean(value, arg) == cleaned


def test_all_wrong_fields_are_told_at_once_and_missing_ones_first() -> None:
    args = {"a": Arg(kind="integer"), "b": Arg(kind="string"), "c": Arg(kind="string", required=True)}
    with pytest.raises(RestError) as missing:
        schema.check_all({"a": "x"}, args)
    assert missing.value.data["params"] == ["c"]
    with pytest.raises(RestError) as wrong:
        schema.check_all({"b": 1, "a": "x", "c": "here"}, args)
    assert wrong.value.message == "Invalid parameter(s): a, b"


@given(value=JSON, kind=st.sampled_from(KINDS))
def test_what_is_accepted_cleans_into_something_that_is_accepted(value: Any, kind: str) -> None:
    arg = Arg(kind=kind)
    try:
        schema.validate(value, arg, "x")
    except RestError:
        return
    schema.validate(schema.clean(value, arg), arg, "x")


SENT = (
    JSON
    | st.sampled_from(
        ["7", "007", "²", "999999999999999999", "1e3", "a@b.se", "2026-01-02T03:04:05Z", "a", "a,b", "1,2"]
    )
    | st.lists(st.integers(-200, 200) | st.just("12") | st.just("x"), max_size=3)
    | st.fixed_dictionaries({"id": st.integers() | st.just("3") | st.just("x")}, optional={"to": st.text(max_size=3)})
)
SCHEMA = [
    *(Arg(kind=kind) for kind in (*KINDS, "", ("string", "null"), ("integer", "null"), ("integer", "string"))),
    Arg(kind="integer", minimum=1, maximum=100),
    Arg(kind="integer", enum=(1, 7)),
    Arg(kind="string", enum=("a", "b")),
    Arg(kind="boolean", enum=(True,)),
    Arg(kind="string", format="date-time"),
    Arg(kind=("string", "null"), format="email"),
    Arg(kind="array", items=Arg(kind="integer")),
    Arg(kind="array", items=Arg(kind="string", enum=("a", "b"))),
    Arg(kind="object", properties={"id": Arg(kind="integer"), "to": Arg(kind="string")}),
    NUMBERED,
]


@given(value=SENT, arg=st.sampled_from(SCHEMA))
def test_what_is_plainly_right_becomes_what_the_long_way_makes_of_it(value: Any, arg: Arg) -> None:
    done = schema.quick(value, arg)
    if done is not msgspec.UNSET:
        schema.validate(value, arg, "x")
        assert repr(done) == repr(schema.clean(value, arg))


@pytest.mark.parametrize(
    ("query", "read"),
    [
        ("a=1&a=2", {"a": "2"}),
        ("a[]=1&a[]=2", {"a": ["1", "2"]}),
        ("a%5B0%5D=1&a%5B1%5D=2", {"a": ["1", "2"]}),
        ("a[b]=1&a[c][]=2", {"a": {"b": "1", "c": ["2"]}}),
        ("a.b=1&c+d=2", {"a_b": "1", "c_d": "2"}),
        ("a=&b", {"a": "", "b": ""}),
        ("a=x+y%20z", {"a": "x y z"}),
        ("a=1%2C2%2c3%252C%C3%2C%C3%A5", {"a": "1,2,3%2C�,å"}),
    ],
)
def test_a_query_is_read_as_php_reads_it(query: str, read: Any) -> None:
    assert php.parse_query(query) == read


@given(st.text(max_size=40))
def test_no_query_is_too_odd_to_be_read(query: str) -> None:
    assert isinstance(php.parse_query(query), dict)


@given(JSON)
def test_json_is_written_in_ascii_with_escaped_slashes_and_reads_back(value: Any) -> None:
    raw = php.encode({"value": value, "path": "a/b", "name": "Åsa 🧾"})
    assert raw.isascii()
    assert b"a\\/b" in raw
    assert php.decode(raw)["name"] == "Åsa 🧾"


@given(st.text(alphabet='aå\\\\xU0e5ð🧾/"\n') | st.text())
def test_any_text_is_written_as_json_and_reads_back(text: str) -> None:
    raw = php.encode([text])
    assert raw.isascii()
    assert php.decode(raw) == [text]


@pytest.mark.parametrize(
    ("body", "number"),
    [
        (b'{"a": 1', 4),
        (b"\xef\xbb\xbf{}", 4),
        (b'{"a": "\xe5"}', 5),
        (b'{"a": "\x01"}', 3),
        (b"[" * 600 + b"]" * 600, 1),
    ],
)
def test_a_malformed_body_is_told_with_phps_number(body: bytes, number: int) -> None:
    with pytest.raises(RestError) as caught:
        php.decode(body)
    assert caught.value.data["json_error_code"] == number


STOCKHOLM = "Europe/Stockholm"


@pytest.mark.parametrize(
    ("text", "gmt_column", "moment"),
    [
        ("2026-11-23T10:47:25", True, "2026-11-23T10:47:25"),
        ("2026-11-23T11:47:25", False, "2026-11-23T10:47:25"),
        ("2026-11-23T10:47:25Z", False, "2026-11-23T10:47:25"),
        ("2026-11-23T11:47:25+01:00", False, "2026-11-23T10:47:25"),
        ("2026-11-23T10:47:24Z", True, "2026-11-23T11:47:24"),
        ("2026-11-23T10:47:24.500Z", False, "2026-11-23T09:47:24"),
        ("2026-02-30T00:00:00", True, "2026-03-02T00:00:00"),
        ("2026-07-01T12:00:00", False, "2026-07-01T10:00:00"),
    ],
)
def test_a_filters_date_means_the_moment_that_the_real_shop_took_it_for(
    text: str, gmt_column: bool, moment: str
) -> None:
    bound = dates.filter_bound(text, STOCKHOLM, gmt_column=gmt_column)
    assert bound is not None
    assert dates.gmt(bound) == moment


def test_local_dates_follow_summer_time() -> None:
    winter = dates.moment_of("2026-01-15T12:00:00Z", STOCKHOLM)
    summer = dates.moment_of("2026-07-15T12:00:00Z", STOCKHOLM)
    assert winter is not None
    assert summer is not None
    assert dates.local(winter, STOCKHOLM) == "2026-01-15T13:00:00"
    assert dates.local(summer, STOCKHOLM) == "2026-07-15T14:00:00"
