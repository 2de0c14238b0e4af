"""Publishing the text about children's data, and what guardians decide about it."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from cms.accounts.family.consent_text import CHILD_DATA_SERIES, CHILD_DATA_TEXT, CHILD_DATA_TITLE
from cms.accounts.family.queries.consents import children_to_ask_again, current_text
from cms.accounts.family.services.families import as_guardian
from cms.accounts.models import Consent, ConsentText, User
from cms.core.errors import Refused
from cms.core.runtime import owner_words


class TextChanged(Refused):
    """The text in force is another than the one that was shown."""

    code = "consent_changed"
    message = _("内容刚刚更新过，请重新阅读")


def publish_text(*, kind: str, version: str, title: str, text: str, now: dt.datetime) -> ConsentText:
    """Publish a version; one that exists stays as it is, for people agreed to its words."""
    row, _made = ConsentText.objects.get_or_create(
        kind=kind,
        version=version,
        defaults={
            "title": title,
            "text": text,
            "text_hash": _hash(title, text),
            "published_at": now,
        },
    )
    return row


def publish_consent_texts(now: dt.datetime) -> ConsentText:
    """The text that comes with the site, with the owner's words; `setup_site` calls it.

    Whatever reads differently from the last of the series is the next version, so guardians are asked again.
    """
    text = owner_words.fill(CHILD_DATA_TEXT, settings.OWNER_WORDS)
    kind = ConsentText.Kind.CHILD_DATA
    series = ConsentText.objects.filter(kind=kind, version__startswith=f"{CHILD_DATA_SERIES}.")
    last = series.order_by("-published_at", "-pk").first()
    if last is not None and last.text_hash == _hash(CHILD_DATA_TITLE, text):
        return last
    version = f"{CHILD_DATA_SERIES}.{series.count() + 1}"
    return publish_text(kind=kind, version=version, title=CHILD_DATA_TITLE, text=text, now=now)


def _hash(title: str, text: str) -> str:
    return hashlib.sha256(f"{title}\n{text}".encode()).hexdigest()


def require_current(version: str) -> ConsentText:
    """The text in force if it is the version that was shown. Raises ``TextChanged``."""
    text = current_text()
    if text.version != version:
        raise TextChanged
    return text


def refuse_consent(*, user: User, version: str, now: dt.datetime) -> Consent:
    """Record a guardian's refusal: nothing is stored about the child, browsing goes on. Raises ``TextChanged``."""
    with as_guardian(user=user, now=now) as member:
        text = require_current(version)
        return Consent.objects.create(
            family=member.family, user=user, text=text, decision=Consent.Decision.REFUSED, decided_at=now
        )


def renew_consent(*, user: User, version: str, now: dt.datetime) -> list[Consent]:
    """A guardian agrees to a changed text for every child that is entered already. Raises ``TextChanged``."""
    with as_guardian(user=user, now=now) as member:
        text = require_current(version)
        return Consent.objects.bulk_create(
            Consent(
                family=member.family,
                child=child,
                user=user,
                text=text,
                decision=Consent.Decision.GIVEN,
                decided_at=now,
            )
            for child in children_to_ask_again(member.family, text)
        )
