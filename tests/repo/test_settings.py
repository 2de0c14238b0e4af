"""A wrong environment stops the start with one sentence; a right one starts."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cms.core.security.local_secrets import new_encryption_key

ROOT = Path(__file__).resolve().parent.parent.parent
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "cms.settings.production",
    "SECRET_KEY": "x" * 60,
    "FIELD_ENCRYPTION_KEYS": new_encryption_key(),
    "SITE_URL": "https://tuoyu.example.cn",
    "ALLOWED_HOSTS": "tuoyu.example.cn",
    "DATABASE_URL": "sqlite:///var/settings-test.sqlite3",
    "OWNER_WORDS": "cms/demo/data/owner_words.toml",
}
REHEARSAL = {
    "DJANGO_SETTINGS_MODULE": "cms.settings.rehearsal",
    "DATABASE_URL": "sqlite:///var/settings-test.sqlite3",
}


def load(variables: dict[str, str], tmp_path: Path, show: str = "SITE_URL") -> tuple[int, str]:
    """Load the settings in a process with exactly these variables."""
    code = (
        "import sys\n"
        "from cms.core.runtime.env import EnvironmentProblem\n"
        "try:\n"
        f"    from django.conf import settings; print(settings.{show})\n"
        "except EnvironmentProblem as problem:\n"
        "    sys.exit(str(problem))\n"
    )
    environment = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), **variables}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode, (done.stdout or done.stderr).strip()


def test_production_starts(tmp_path: Path) -> None:
    assert load(PRODUCTION, tmp_path) == (0, "https://tuoyu.example.cn")


@pytest.mark.parametrize("name", [name for name in PRODUCTION if name != "DJANGO_SETTINGS_MODULE"])
def test_production_missing_variable_is_named(name: str, tmp_path: Path) -> None:
    code, says = load({key: value for key, value in PRODUCTION.items() if key != name}, tmp_path)

    assert code == 1
    assert says.startswith(f"{name} is not set")
    assert says.count("\n") == 0


def test_production_refuses_words_that_are_not_filled_in(tmp_path: Path) -> None:
    code, says = load(PRODUCTION | {"OWNER_WORDS": "docs/owner-words.toml"}, tmp_path)

    assert code == 1
    assert says.startswith("OWNER_WORDS: fill in operator (单位全称), address (单位地址), phone (服务电话), hours ")
    assert says.count("\n") == 0


def test_rehearsal_shows_sample_words_or_the_named_ones(tmp_path: Path) -> None:
    named = tmp_path / "words.json"
    named.write_text('{"operator": "OURS"}')

    assert load(REHEARSAL, tmp_path, 'OWNER_WORDS["officer_email"]') == (0, "ertong@example.cn")
    assert load(REHEARSAL | {"OWNER_WORDS": str(named)}, tmp_path, 'OWNER_WORDS["operator"]') == (0, "OURS")


def test_production_refuses_http(tmp_path: Path) -> None:
    code, says = load(PRODUCTION | {"SITE_URL": "http://tuoyu.example.cn"}, tmp_path)

    assert (code, says) == (1, "SITE_URL must be an https address in production.")


def test_production_has_no_demo_and_secure_cookies(tmp_path: Path) -> None:
    shown = "DEMO_INSTALLED, settings.SESSION_COOKIE_SECURE, settings.SECURE_SSL_REDIRECT, settings.DEBUG"

    assert load(PRODUCTION, tmp_path, shown) == (0, "False True True False")


@pytest.mark.parametrize("site_url", ["https://127.0.0.1", "http://tuoyu.example.cn", "http://192.168.1.5"])
def test_rehearsal_stays_on_this_machine(site_url: str, tmp_path: Path) -> None:
    code, says = load(REHEARSAL | {"SITE_URL": site_url}, tmp_path)

    assert (code, says) == (1, "SITE_URL must be an http address of the loopback interface in rehearsal.")


def test_rehearsal_starts_with_demo_and_follows_the_port(tmp_path: Path) -> None:
    shown = "SITE_URL, settings.DEMO_INSTALLED, settings.SESSION_COOKIE_SECURE, settings.DEBUG"

    assert load(REHEARSAL | {"PORT": "8123"}, tmp_path, shown) == (0, "http://127.0.0.1:8123 True False False")


def test_embedded_and_service_mode_follow_the_environment(tmp_path: Path) -> None:
    shown = "SHARED_STATE, settings.EMBEDDED_DATABASE"
    services = {"REDIS_URL": "redis://127.0.0.1:6379/0", "DATABASE_URL": "postgres://u@127.0.0.1/n"}

    assert load(REHEARSAL, tmp_path, shown) == (0, "database True")
    assert load(REHEARSAL | services, tmp_path, shown) == (0, "cache False")


def test_production_takes_nothing_from_other_settings() -> None:
    imports = re.findall(r"^from (\S+)", (ROOT / "cms/settings/production.py").read_text(), re.MULTILINE)

    assert {name for name in imports if name.startswith(".")} == {".base"}


def test_every_variable_read_is_in_the_example() -> None:
    sources = [*(ROOT / "cms/settings").glob("*.py"), ROOT / "gunicorn.conf.py", ROOT / "scripts/start.py"]
    text = "\n".join(path.read_text() for path in sources)
    read = set(re.findall(r'(?:env\.\w+|environ\.get|text|whole_number)\(\s*"([A-Z][A-Z_]+)"', text))
    named = set(re.findall(r"^([A-Z][A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))

    assert read - named == set()


@pytest.mark.parametrize("variables", [PRODUCTION, REHEARSAL, {"DJANGO_SETTINGS_MODULE": "cms.settings.dev"}])
def test_copy_for_reading_is_known_where_it_is_named(variables: dict[str, str], tmp_path: Path) -> None:
    named = {**variables, "REPLICA_DATABASE_URL": "sqlite:///var/copy.sqlite3"}

    assert load(variables, tmp_path, show="DATABASES.keys()") == (0, "dict_keys(['default'])")
    assert load(named, tmp_path, show="DATABASES.keys()") == (0, "dict_keys(['default', 'replica'])")


@pytest.mark.parametrize(
    ("tiles", "sources"),
    [
        ({}, "[\"'self'\", 'data:', 'blob:']"),
        (
            {"MAP_TILES": "https://tiles.example.cn/{z}/{x}/{y}.png"},
            "[\"'self'\", 'data:', 'blob:', 'https://tiles.example.cn']",
        ),
    ],
)
def test_admin_fetches_pictures_from_the_named_source_of_tiles_alone(
    tiles: dict[str, str], sources: str, tmp_path: Path
) -> None:
    assert load(PRODUCTION | tiles, tmp_path, show="ADMIN_CONTENT_POLICY['img-src']") == (0, sources)


def test_source_of_tiles_that_is_none_stops_the_start(tmp_path: Path) -> None:
    code, says = load(PRODUCTION | {"MAP_TILES": "http://tiles.example.cn/"}, tmp_path)

    assert (code, says) == (
        1,
        "MAP_TILES must be an https address with {z}, {x} and {y}, not 'http://tiles.example.cn/'.",
    )
