"""JSON of a file or a request: what is read, and the one line that says why something is not."""

import math

import pytest

from newsroom.json_reading import NotJson, read_json


@pytest.mark.parametrize("body", ['{"país": "Perú"}'.encode(), b'\xef\xbb\xbf{"pa\xc3\xads": "Per\\u00fa"}'])
def test_utf_8_is_read_with_and_without_a_byte_order_mark(body: bytes) -> None:
    assert read_json(body) == {"país": "Perú"}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "not JSON: Expecting value: line 1 column 1 (char 0)"),
        (b"{", "not JSON: Expecting property name"),
        (b'{"a": NaN}', "not JSON: NaN is not JSON"),
        (b"[-Infinity]", "not JSON: -Infinity is not JSON"),
        (b"\xff\xfe{\x00}\x00", "not UTF-8 (byte 0xff at 0); convert it, for example with iconv"),
        (b"9" * 5_000, "a number is too long"),
        (b"[" * 100_000, "JSON nested too deep"),
    ],
)
def test_what_is_not_json_is_said_in_one_line(body: bytes, message: str) -> None:
    with pytest.raises(NotJson) as caught:
        read_json(body)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


def test_constants_are_numbers_where_the_caller_refuses_them_itself() -> None:
    assert math.isnan(read_json(b'{"a": NaN}', constants=True)["a"])
