"""The embedded default of `make run`: SQLite, local memory, `run_jobs`, demo data, no services needed."""

from __future__ import annotations

from cms.core.runtime import env, owner_words

from .base import *  # noqa: F403
from .base import BASE_DIR, INSTALLED_APPS, LOGGING, STORAGES, VAR_DIR
from .local import SAMPLE_OWNER_WORDS, own_address, secrets_of

DEBUG = env.flag("DEBUG", default=True)
SECRET_KEY, FIELD_ENCRYPTION_KEYS = secrets_of(VAR_DIR)
SITE_URL = env.site_url(default=own_address())
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]", "testserver"])
WAGTAILADMIN_BASE_URL = SITE_URL

VAR_DIR.mkdir(parents=True, exist_ok=True)
DATABASES = env.databases(default=f"sqlite:///{VAR_DIR / 'site.sqlite3'}", base_dir=BASE_DIR)
EMBEDDED_DATABASE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
# Autosave would hold SQLite's one writer every half second that an editor types.
WAGTAIL_AUTOSAVE_INTERVAL = 0 if EMBEDDED_DATABASE else 2000
OWNER_WORDS = owner_words.read(env.text("OWNER_WORDS", SAMPLE_OWNER_WORDS))

DEMO_INSTALLED = True
INSTALLED_APPS = [*INSTALLED_APPS, "cms.demo"]
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
if DEBUG:
    # `manage.py runserver`: files straight from their folders, no collecting.
    STORAGES = {
        **STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
LOGGING["handlers"]["console"]["formatter"] = "plain"
