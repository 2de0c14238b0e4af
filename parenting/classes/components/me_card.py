"""The row of 我的 that leads to the family's classes."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from cms.accounts.models import User
from cms.accounts.ports import Card
from cms.core.display.wording import day
from parenting.classes.queries.signups import coming_signups


def classes_card(user: User, now: dt.datetime) -> Card:
    """「11月28日 周六　辅食添加」, the next one; one query."""
    signup = coming_signups(user, now=now).first()
    note = f"{day(signup.booking.starts_at)}　{signup.session.title}" if signup else _("还没有报名")
    return Card(order=20, icon="book", label=_("我的课堂"), url_name="parenting:my-sessions", note=note)
