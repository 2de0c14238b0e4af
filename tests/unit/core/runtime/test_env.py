"""The environment explains itself."""

from __future__ import annotations

import base64
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


def test_words_take_their_default_and_name_the_hint(variable) -> None:
    variable(None)

    assert env.words("X", ["a", "b"]) == ["a", "b"]
    assert env.words("X", []) == []
    with pytest.raises(env.EnvironmentProblem, match="X is not set: some words"):
        env.words("X", hint="some words")


def test_pairs_are_taken_apart_at_the_first_sign(variable) -> None:
    variable(" a=1 , b = 2=3,")

    assert env.pairs("X") == {"a": "1", "b": "2=3"}


@pytest.mark.parametrize("value", ["a", "a=", "=1", "a=1,b"])
def test_pairs_malformed_are_a_problem(variable, value: str) -> None:
    variable(value)

    with pytest.raises(env.EnvironmentProblem, match="must look like a=1,b=2"):
        env.pairs("X")


def test_pairs_absent_are_none(variable) -> None:
    variable(None)

    assert env.pairs("X") == {}


@pytest.mark.parametrize(
    ("value", "ok"),
    [("redis://127.0.0.1:6379/0", True), ("unix:/run/redis", True), ("redis://", False), ("http://a", False)],
)
def test_service_address_has_a_scheme_and_a_place(variable, value: str, ok: bool) -> None:
    variable(value)

    if ok:
        assert env.service_address("X", schemes=("redis", "unix")) == value
    else:
        with pytest.raises(env.EnvironmentProblem, match="must start with redis:// or unix://"):
            env.service_address("X", schemes=("redis", "unix"))


@pytest.mark.parametrize("bytes_", [31, 33])
def test_encryption_keys_have_exactly_32_bytes(variable, bytes_: int) -> None:
    good = base64.urlsafe_b64encode(b"k" * 32).decode()
    variable(f"{good},{base64.urlsafe_b64encode(b'k' * bytes_).decode()}")

    with pytest.raises(env.EnvironmentProblem, match="X: key 2 is not"):
        env.encryption_keys("X")


def test_encryption_keys_without_any_are_a_problem(variable) -> None:
    variable(None)

    with pytest.raises(env.EnvironmentProblem, match="X holds no key"):
        env.encryption_keys("X", default=[])
    with pytest.raises(env.EnvironmentProblem, match="make_key"):
        env.encryption_keys("X")


@pytest.mark.parametrize(("value", "number"), [("0", 0), ("1", 1), (" 7 ", 7)])
def test_whole_numbers_begin_at_zero(variable, value: str, number: int) -> None:
    variable(value)

    assert env.whole_number("X", 5) == number


@pytest.mark.parametrize("value", ["http://a.cn", "https://a.cn:8443", "http://127.0.0.1:8000//"])
def test_site_url_of_either_scheme(variable, value: str) -> None:
    variable(value)

    assert env.site_url("X") == value.rstrip("/")


@pytest.mark.parametrize("value", ["https://a.cn?x=1", "https://"])
def test_site_url_is_host_alone(variable, value: str) -> None:
    variable(value)

    with pytest.raises(env.EnvironmentProblem, match="and a host name"):
        env.site_url("X")


@pytest.mark.parametrize("value", ["sqlite:///", "sqlite://"])
def test_database_sqlite_without_a_file_is_a_problem(variable, value: str) -> None:
    variable(value)

    with pytest.raises(env.EnvironmentProblem, match="names no file"):
        env.database("X", base_dir=BASE)


def test_database_sqlite_takes_the_shortest_name_and_waits(variable) -> None:
    variable("sqlite:///a")

    database = env.database("X", base_dir=BASE)

    assert (database["NAME"], database["CONN_MAX_AGE"], database["OPTIONS"]["timeout"]) == ("/srv/site/a", 600, 20)
    assert "journal_mode=WAL" in database["OPTIONS"]["init_command"]
    assert "foreign_keys=ON" in database["OPTIONS"]["init_command"]


def test_database_postgresql_of_few_words(variable) -> None:
    variable("postgresql:///name?options=-c%20lock_timeout%3D1")

    database = env.database("X", base_dir=BASE)

    assert [database[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")] == ["name", "", "", "", ""]
    assert database["OPTIONS"]["options"] == "-c lock_timeout=1"
    assert (database["CONN_MAX_AGE"], database["CONN_HEALTH_CHECKS"]) == (600, True)


@pytest.fixture
def addresses(variable):
    def put(replica: str | None, own: str = "postgres://u@db/site") -> None:
        variable(own, "DATABASE_URL")
        variable(replica, "REPLICA_DATABASE_URL")

    return put


@pytest.mark.parametrize("replica", [None, "", "  "])
def test_databases_are_one_unless_a_copy_is_named(addresses, replica: str | None) -> None:
    addresses(replica)

    assert env.databases(base_dir=BASE) == {"default": env.database(base_dir=BASE)}


def test_databases_take_the_default_of_the_embedded_site(variable) -> None:
    variable(None, "DATABASE_URL")
    variable(None, "REPLICA_DATABASE_URL")

    assert env.databases("sqlite:///a.sqlite3", base_dir=BASE)["default"]["NAME"] == "/srv/site/a.sqlite3"


def test_databases_know_the_copy_by_its_own_address(addresses) -> None:
    addresses("postgres://reader@copy:5433/site")

    found = env.databases(base_dir=BASE)

    assert list(found) == ["default", "replica"]
    assert [(one["HOST"], one["USER"], one["PORT"]) for one in found.values()] == [
        ("db", "u", ""),
        ("copy", "reader", "5433"),
    ]
    assert [one.get("TEST") for one in found.values()] == [None, {"MIRROR": "default"}]


@pytest.mark.parametrize(
    ("replica", "says"),
    [
        ("mysql://copy/site", "REPLICA_DATABASE_URL must start with sqlite:/// or postgres://."),
        ("postgres://copy", "REPLICA_DATABASE_URL names no database after the host."),
        ("sqlite:///a.sqlite3", "REPLICA_DATABASE_URL must be of the same kind as DATABASE_URL: a copy of it."),
    ],
)
def test_databases_say_in_a_sentence_what_is_wrong_with_the_copy(addresses, replica: str, says: str) -> None:
    addresses(replica)

    with pytest.raises(env.EnvironmentProblem) as caught:
        env.databases(base_dir=BASE)

    assert str(caught.value) == says
