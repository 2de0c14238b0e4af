"""Addresses of the workbench, all under ``/workbench/``."""

from __future__ import annotations

import datetime as dt

from django.urls import path, register_converter

from cms.workbench.views import (
    child,
    classes,
    closing,
    corrections,
    day_end,
    fees,
    invites,
    marks,
    people,
    products,
    profile,
    resets,
    settings,
    today,
    week,
)

app_name = "workbench"


# Near the ends of the calendar the next day, or the day of another zone, is none.
FIRST_YEAR, LAST_YEAR = 2000, 2200


class DateConverter:
    """2026-11-26"""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> dt.date:
        """Raises ``ValueError`` for a day that is none: the address does not exist then."""
        day = dt.date.fromisoformat(value)
        if not FIRST_YEAR <= day.year < LAST_YEAR:
            raise ValueError(value)
        return day

    def to_url(self, value: dt.date | str) -> str:
        """The ISO form."""
        return value if isinstance(value, str) else value.isoformat()


register_converter(DateConverter, "isodate")

urlpatterns = [
    path("", today.today, name="today"),
    path("board/", today.board, name="board"),
    path("choose/", today.choose, name="choose"),
    path("name/", people.own_name, name="own-name"),
    path("confirm-places/", today.confirm, name="confirm"),
    # One booking
    path("bookings/<slug:booking>/call/", marks.call, name="call"),
    path("bookings/<slug:booking>/", child.card, name="child"),
    path("bookings/<slug:booking>/correct/", corrections.correct, name="correct"),
    path("bookings/<slug:booking>/accept/", week.accept, name="accept"),
    path("bookings/<slug:booking>/decline/", week.decline, name="decline"),
    path("bookings/<slug:booking>/cancel/", week.cancel, name="cancel"),
    path("bookings/<slug:booking>/over/<slug:act>/", marks.over, name="over"),
    path("bookings/<slug:booking>/early/", marks.early, name="early"),
    path("bookings/<slug:booking>/<slug:act>/", marks.mark, name="mark"),
    # The week
    path("week/", week.week, name="week"),
    path("days/<isodate:date>/", week.day, name="day"),
    path("days/<isodate:date>/end/", day_end.day_end, name="day-end"),
    # Settings
    path("settings/", settings.index, name="settings"),
    path("settings/setup/", settings.setup, name="settings-setup"),
    path("settings/classes/", classes.class_list, name="settings-classes"),
    path("settings/classes/add/", classes.class_add, name="settings-class-add"),
    path("settings/classes/<slug:group>/", classes.class_edit, name="settings-class"),
    path("settings/hours/", classes.hours_list, name="settings-hours"),
    path("settings/hours/<slug:group>/", classes.hours_edit, name="settings-hours-edit"),
    path("settings/regular/", classes.regular, name="settings-regular"),
    path("settings/products/", products.product_list, name="settings-products"),
    path("settings/products/add/<slug:mode>/", products.product_add, name="settings-product-add"),
    path("settings/products/<slug:product>/", products.product_edit, name="settings-product"),
    path("settings/products/<slug:product>/fees/add/", fees.fee_add, name="settings-fee-add"),
    path("settings/products/<slug:product>/fees/<int:fee>/", fees.fee_edit, name="settings-fee"),
    path("settings/products/<slug:product>/fees/<int:fee>/remove/", fees.fee_remove, name="settings-fee-remove"),
    path("settings/policy/", settings.policy, name="settings-policy"),
    path("settings/closing/", closing.closing_list, name="settings-closing"),
    path("settings/closing/new/", closing.closing_new, name="settings-closing-new"),
    path("settings/closing/reopen/", closing.reopening, name="settings-closing-reopen"),
    path("settings/people/", people.people, name="settings-people"),
    path("settings/people/invite/", invites.invite, name="settings-people-invite"),
    path("settings/people/invites/<int:invite>/", invites.link, name="settings-people-link"),
    path("settings/people/invites/<int:invite>/back/", invites.back, name="settings-people-back"),
    path("settings/people/<int:member>/name/", people.name, name="settings-people-name"),
    path("settings/people/factor/", people.factor, name="settings-people-factor"),
    path("settings/people/<int:member>/reset/", resets.reset, name="settings-people-reset"),
    path("settings/people/<int:member>/end/", people.end, name="settings-people-end"),
    path("settings/profile/", profile.profile, name="settings-profile"),
    path("settings/profile/withdraw/", profile.withdraw, name="settings-profile-withdraw"),
    path("settings/profile/phone/", profile.phone, name="settings-profile-phone"),
]
