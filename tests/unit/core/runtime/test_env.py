"""The environment explains itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from cms.core.runtime import env

BASE = Path("/srv/site")


@pytest.fixture
def variable(monkeypatch: pytest.MonkeyPatch):
    def put(value: str | None, name: str = "X") -> None:
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)

    return put


def test_text_absent_names_the_variable_and_the_hint(variable) -> None:
    variable(None)

    with pytest.raises(env.EnvironmentProblem) as caught:
        env.text("X", hint="the address")

    assert str(caught.value) == "X is not set: the address."


def test_text_blank_takes_the_default(variable) -> None:
    variable("  ")

    assert env.text("X", "fallback") == "fallback"


@pytest.mark.parametrize(("value", "expected"), [("1", True), ("Yes", True), ("off", False), ("", False)])
def test_flag_reads_words(variable, value: str, expected: bool) -> None:
    variable(value)

    assert env.flag("X") is expected


def test_flag_absent_takes_the_default(variable) -> None:
    variable(None)

    assert env.flag("X", default=True) is True


def test_flag_malformed_is_a_problem(variable) -> None:
    variable("maybe")

    with pytest.raises(env.EnvironmentProblem, match="X must be true or false, not 'maybe'"):
        env.flag("X")


@pytest.mark.parametrize(("value", "expected"), [("8080", 8080), ("", 5), (None, 5)])
def test_whole_number_reads_digits(variable, value: str | None, expected: int) -> None:
    variable(value)

    assert env.whole_number("X", 5) == expected


def test_whole_number_malformed_is_a_problem(variable) -> None:
    variable("-3")

    with pytest.raises(env.EnvironmentProblem, match="whole number"):
        env.whole_number("X", 5)


def test_words_split_at_commas(variable) -> None:
    variable(" a, b ,,c")

    assert env.words("X") == ["a", "b", "c"]


def test_service_address_of_another_scheme_is_a_problem(variable) -> None:
    variable("localhost:6379")

    with pytest.raises(env.EnvironmentProblem, match="X must start with redis://"):
        env.service_address("X", schemes=("redis",))


def test_service_address_absent_is_empty(variable) -> None:
    variable(None)

    assert env.service_address("X", schemes=("redis",)) == ""


@pytest.mark.parametrize("ring", ["short", "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=,###"])
def test_encryption_keys_of_wrong_length_are_a_problem(variable, ring: str) -> None:
    variable(ring)

    with pytest.raises(env.EnvironmentProblem, match="is not the url-safe base64 of 32 bytes"):
        env.encryption_keys("X")


def test_encryption_keys_keep_their_order(variable) -> None:
    first = "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk="
    second = "b2xkZXItb2xkZXItb2xkZXItb2xkZXItb2xkZXItb2w="
    variable(f"{first}, {second}")

    assert env.encryption_keys("X") == [first, second]


@pytest.mark.parametrize(
    ("host", "expected"),
    [("localhost", True), ("127.0.0.2", True), ("::1", True), ("10.0.0.1", False), ("example.cn", False)],
)
def test_is_loopback_by_name_and_address(host: str, expected: bool) -> None:
    assert env.is_loopback(host) is expected


@pytest.mark.parametrize("value", ["ftp://a.cn", "https://", "a.cn", "https://a.cn/path"])
def test_site_url_malformed_is_a_problem(variable, value: str) -> None:
    variable(value)

    with pytest.raises(env.EnvironmentProblem, match="X must be http"):
        env.site_url("X")


def test_site_url_loses_its_trailing_slash(variable) -> None:
    variable("https://a.cn/")

    assert env.site_url("X") == "https://a.cn"


def test_database_sqlite_relative_stands_in_the_project(variable) -> None:
    variable("sqlite:///var/a.sqlite3")

    database = env.database("X", base_dir=BASE)

    assert database["NAME"] == "/srv/site/var/a.sqlite3"
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_database_sqlite_absolute_stays(variable) -> None:
    variable("sqlite:////data/a.sqlite3")

    assert env.database("X", base_dir=BASE)["NAME"] == "/data/a.sqlite3"


def test_database_postgresql_is_taken_apart(variable) -> None:
    variable("postgres://us%40er:p%2Fw@db:5433/name?sslmode=require")

    database = env.database("X", base_dir=BASE)

    assert (database["USER"], database["PASSWORD"], database["HOST"]) == ("us@er", "p/w", "db")
    assert (database["PORT"], database["NAME"]) == ("5433", "name")
    assert database["OPTIONS"] == {
        "sslmode": "require",
        "options": "-c lock_timeout=2000",
        "server_side_binding": True,
        "prepare_threshold": 5,
    }


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("mysql://a/b", "must start with"),
        ("sqlite://", "names no file"),
        ("postgres://host", "names no database"),
        ("postgres://host:port/name", "not a number"),
    ],
)
def test_database_malformed_is_a_problem(variable, value: str, says: str) -> None:
    variable(value)

    with pytest.raises(env.EnvironmentProblem, match=says):
        env.database("X", base_dir=BASE)
