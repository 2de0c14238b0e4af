"""A public site. Everything secret or particular comes from the environment; an http address is refused."""

from __future__ import annotations

from urllib.parse import urlsplit

from cms.core.runtime import env, owner_words

from .base import *  # noqa: F403
from .base import BASE_DIR

SECRET_KEY = env.text("SECRET_KEY", hint="at least 50 random characters, made by `python manage.py make_key`")
FIELD_ENCRYPTION_KEYS = env.encryption_keys()
SITE_URL = env.site_url()
if not SITE_URL.startswith("https://"):
    raise env.EnvironmentProblem("SITE_URL must be an https address in production.")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", hint="the host names of the site, comma separated")
WAGTAILADMIN_BASE_URL = SITE_URL
DATABASES = env.databases(base_dir=BASE_DIR)
EMBEDDED_DATABASE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
WAGTAIL_AUTOSAVE_INTERVAL = 0 if EMBEDDED_DATABASE else 2000
OWNER_WORDS = owner_words.read_whole(env.text("OWNER_WORDS", hint=owner_words.HINT))

DEMO_INSTALLED = False
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = env.whole_number("SECURE_HSTS_SECONDS", 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=True)
SECURE_HSTS_PRELOAD = env.flag("SECURE_HSTS_PRELOAD", default=True)
if env.flag("TRUST_FORWARDED_PROTO"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# How many reverse proxies of our own stand in front; 0 takes the peer's address and believes no header.
TRUSTED_PROXY_COUNT = env.whole_number("TRUSTED_PROXY_COUNT", 0)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
SITE_HOST = urlsplit(SITE_URL).hostname
