"""What the day-and-time page shows, all counted from one reading of the places."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from booking.care.components.list_link import list_link
from booking.care.ports import ClassPage, class_page
from booking.flow.components.day import day_note, day_ribbon, why_no_time
from booking.flow.components.so_far import SoFar, day_and_hours
from booking.flow.forms.answers import Answers
from booking.flow.forms.steps import HoursForm, WindowForm
from booking.flow.queries import stays
from booking.flow.views.steps import step_url
from booking.places.models import Booking
from cms.accounts.models import Child
from cms.core.calendar.times import age_in_months, minutes_of
from cms.core.display import wording
from cms.core.display.places import Stamps, why_not
from cms.core.errors import Refused
from directory.districts.class_kinds import CareMode
from directory.register.fees import fee_words, rounding_words
from directory.register.models import CareProduct, Institution


@dataclass(frozen=True, slots=True)
class TimePage:
    """The page's question once child, mode and day are settled."""

    institution: Institution
    child: Child
    answers: Answers
    choices: stays.StayChoices
    day: dt.date

    @property
    def is_hourly(self) -> bool:
        return self.answers.mode == CareMode.HOURLY


def page_context(
    asked: TimePage, form: HoursForm | WindowForm, refusal: Refused | None, in_the_way: Booking | None
) -> dict[str, Any]:
    """All that ``flow/time.html`` shows; ``in_the_way`` is the booking that the choice was refused for."""
    choices, day = asked.choices, asked.day
    chosen = _chosen_window(asked, form)
    now, days = choices.question.now, choices.days
    stamp = Stamps(now).words(days.confirmed_at, stale=days.stale)
    return {
        "institution": asked.institution,
        "child": asked.child,
        "age": age_in_months(asked.child.birth_date, day),
        "mode": CareMode(asked.answers.mode).label,
        "answers": asked.answers,
        "form": form,
        "day": day,
        "days": _strip(asked),
        "ribbon": day_ribbon(
            day,
            choices.cells(day),
            mine=_minutes(chosen) if chosen else None,
            stale=days.stale,
            gone=choices.first_start(day),
        ),
        "stamp": stamp,
        "stale": days.stale,
        "needs_answer": days.needs_answer,
        "stale_words": stamp if days.stale else "",
        "windows": [_choice(window, chosen) for window in stays.windows(choices, day)],
        "chosen": chosen,
        "hourly": asked.is_hourly,
        "terms": _terms(asked),
        "missed": _missed(asked) if refusal is None else "",
        "is_full": bool(refusal and refusal.code == "full"),
        "in_the_way": _in_the_way(in_the_way) if in_the_way else None,
        "so_far": _so_far(asked, chosen),
        **_what_is_free(asked),
        "number": 3,
        "back": step_url("mode", asked.institution, asked.answers),
        "elsewhere": _elsewhere(asked),
    }


def _what_is_free(asked: TimePage) -> dict[str, Any]:
    """Whether the day offers anything; if not, why, and the next one that does."""
    choices = asked.choices
    if choices.offers(asked.day):
        return {"offered": True}
    following = stays.first_open_day(choices)
    why = why_no_time(
        asked.day,
        choices.best(asked.day).problem,
        today=choices.question.today,
        opens_days_ahead=choices.terms.opens_days_ahead,
    )
    next_url = _day_url(asked, following) if following else ""
    return {"offered": False, "why_no_time": why, "next_open": following, "next_url": next_url}


def _chosen_window(asked: TimePage, form: HoursForm | WindowForm) -> stays.Window | None:
    """The stay to show as chosen, with its price: sent, asked, the only window that can be had, or the first hours."""
    if isinstance(form, HoursForm):
        hours = _hours_of(form)
        return stays.free_hours(asked.choices, asked.day, hours) if hours else None
    open_ones = [window for window in stays.windows(asked.choices, asked.day) if not window.problem]
    if sent := form["window"].value():
        return next((window for window in open_ones if window.value == sent), None)
    for window in open_ones:
        if asked.answers.span == (stays.at_clock(window.starts_at), stays.at_clock(window.ends_at)):
            return window
    covering = [window for window in open_ones if asked.answers.span and _covers(window, asked.answers.span)]
    # The one that holds the asked hours, else the only one there is.
    fitting = covering or open_ones
    return fitting[0] if len(fitting) == 1 else None


def _covers(window: stays.Window, span: tuple[dt.time, dt.time]) -> bool:
    return stays.at_clock(window.starts_at) <= span[0] and span[1] <= stays.at_clock(window.ends_at)


def _hours_of(form: HoursForm) -> tuple[dt.time, dt.time] | None:
    """The hours in the form, where they are hours."""
    try:
        starts, ends = (dt.time.fromisoformat(form[name].value()) for name in ("starts", "ends"))
    except (TypeError, ValueError):
        return None
    return (starts, ends) if starts < ends else None


def _minutes(window: stays.Window) -> tuple[int, int]:
    return minutes_of(stays.at_clock(window.starts_at)), minutes_of(stays.at_clock(window.ends_at)) or 24 * 60


def _strip(asked: TimePage) -> dict[str, Any]:
    days = stays.strip(asked.choices, around=asked.day, span=asked.answers.span)
    before, after = days[0].day - dt.timedelta(days=1), days[-1].day + dt.timedelta(days=1)
    return {
        "days": [
            {
                "day": choice.day,
                "note": day_note(choice, stale=asked.choices.days.stale),
                "current": choice.day == asked.day,
                "free": bool(choice.places),
                "with_month": choice.day in (days[0].day, choice.day.replace(day=1)),
                "href": _day_url(asked, choice.day) if choice.places or choice.day == asked.day else "",
            }
            for choice in days
        ],
        "earlier": _day_url(asked, before) if before >= asked.choices.question.today else "",
        "later": _day_url(asked, after) if after <= asked.choices.last_day else "",
    }


def _day_url(asked: TimePage, day: dt.date) -> str:
    return step_url("time", asked.institution, asked.answers.but(date=day))


def _choice(window: stays.Window, chosen: stays.Window | None) -> dict[str, Any]:
    is_chosen = chosen is not None and (chosen.starts_at, chosen.ends_at) == (window.starts_at, window.ends_at)
    return {
        "window": window,
        "chosen": is_chosen,
        "part": CareProduct.Part(window.product.part).label if window.product.part else "",
        "inclusive": window.product.inclusive,
    }


def _terms(asked: TimePage) -> dict[str, Any]:
    """Fee in words, and the numbers by which the page's script keeps hours and fee together."""
    products, step = asked.choices.products(asked.day), asked.choices.terms.step_minutes
    if not products:
        return {}
    mode, fee = products[0].mode, products[0].fee
    words = fee_words(mode, fee, step_minutes=step), rounding_words(mode, step_minutes=step)
    return {
        "fee": "，".join(word for word in words if word),
        "fen": fee,
        "step": step,
        "least": asked.choices.terms.minimum_minutes,
    }


def _missed(asked: TimePage) -> str:
    """Says at once when the hours asked for can't be had on a day that offers others."""
    span = asked.answers.span
    if span is None or asked.answers.date != asked.day or not asked.choices.offers(asked.day):
        return ""
    window = stays.free_hours(asked.choices, asked.day, span)
    if window is None or not window.problem:
        return ""
    return _("%(time)s：%(why)s，看看下面的时段。") % {"time": wording.period(*span), "why": why_not(window.problem)}


def _elsewhere(asked: TimePage) -> str:
    """The list with the same question, for a day or an hour that this institution can't give."""
    return list_link(
        district=asked.institution.district.slug,
        age=age_in_months(asked.child.birth_date, asked.day),
        day=asked.day,
        span=asked.answers.span,
    )


def _in_the_way(booking: Booking) -> dict[str, str]:
    """The other booking in words, and its page."""
    name, url = _class_of(booking) or _care_of(booking)
    hours = wording.period(booking.starts_at, booking.ends_at)
    return {"words": f"{wording.day(booking.service_date)} {hours} {name}", "url": url}


def _class_of(booking: Booking) -> ClassPage | None:
    answer = class_page.get()
    return answer(booking) if answer and booking.kind == Booking.Kind.SESSION else None


def _care_of(booking: Booking) -> tuple[str, str]:
    page = "booking:check" if booking.status == Booking.Status.HELD else "me:booking"
    return booking.institution.name if booking.institution else "", reverse(page, args=[booking.public_id])


def _so_far(asked: TimePage, chosen: stays.Window | None) -> SoFar:
    span = (stays.at_clock(chosen.starts_at), stays.at_clock(chosen.ends_at)) if chosen else asked.answers.span
    return SoFar(
        asked.institution,
        child=asked.child.nickname,
        mode=str(CareMode(asked.answers.mode).label),
        price=wording.yuan(chosen.amount) if chosen and not chosen.problem else "",
        **day_and_hours(asked.day, span),
    )
