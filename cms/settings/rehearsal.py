"""Production's code paths with demo data, developer inbox and console SMS; only on the loopback interface."""

from __future__ import annotations

from urllib.parse import urlsplit

from cms.core.runtime import env, owner_words

from .base import *  # noqa: F403
from .base import BASE_DIR, INSTALLED_APPS, VAR_DIR
from .local import SAMPLE_OWNER_WORDS, own_address, secrets_of

SECRET_KEY, FIELD_ENCRYPTION_KEYS = secrets_of(VAR_DIR)
SITE_URL = env.site_url(default=own_address())
if not SITE_URL.startswith("http://") or not env.is_loopback(urlsplit(SITE_URL).hostname or ""):
    raise env.EnvironmentProblem("SITE_URL must be an http address of the loopback interface in rehearsal.")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
WAGTAILADMIN_BASE_URL = SITE_URL
DATABASES = env.databases(base_dir=BASE_DIR)
EMBEDDED_DATABASE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
WAGTAIL_AUTOSAVE_INTERVAL = 0 if EMBEDDED_DATABASE else 2000
OWNER_WORDS = owner_words.read(env.text("OWNER_WORDS", SAMPLE_OWNER_WORDS))

DEMO_INSTALLED = True
INSTALLED_APPS = [*INSTALLED_APPS, "cms.demo"]
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
SMS_ADAPTER = "console"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
# Cookies, redirect and HSTS follow the address: http here, so none of them.
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0
TRUSTED_PROXY_COUNT = 0
