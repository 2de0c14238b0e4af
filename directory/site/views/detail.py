"""The page of one institution."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cms.core.calendar.times import local_date, now
from cms.core.web.page_cache import cacheable
from directory.districts.class_kinds import ClassKind
from directory.districts.queries.districts import plan_is_draft
from directory.register import ports
from directory.register.models import InstitutionProfile
from directory.site.components import record_page
from directory.site.components.places import week_problem, week_rows
from directory.site.components.rules import rules_in_words
from directory.site.forms.question import PageQuestion
from directory.site.queries.detail import InstitutionAbsent, InstitutionRecord, preview_record, public_record

DAYS_SHOWN = 7


@require_safe
@cacheable(params=("age", "class", "date", "from", "to"))
def institution_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """Free places, fees, rules, and whether it can be trusted."""
    clock = now()
    try:
        record = public_record(public_id, today=local_date(clock))
    except InstitutionAbsent:
        return render(request, "site/institution_absent.html", status=404)
    question = PageQuestion.read(request.GET)
    return render(request, "site/institution_detail.html", page_context(record, question, clock))


def page_context(record: InstitutionRecord, question: PageQuestion, clock: dt.datetime) -> dict[str, Any]:
    """Everything the template shows; also used by the admin's preview."""
    institution = record.institution
    provider = ports.free_places.get()
    rules = provider.rules(institution_id=institution.pk, now=clock) if provider else None
    week = _week(record, question, clock)
    mine = question.mine
    step = rules.step_minutes if rules else ports.DEFAULT_STEP_MINUTES
    return {
        "record": record,
        "plan_is_draft": plan_is_draft(institution.district.slug),
        "institution": institution,
        "tags": record_page.tags(record),
        "facts": record_page.facts(record),
        "fees": record_page.fees(record, step_minutes=step),
        "fee_stamp": record_page.fee_stamp(record),
        "rules": rules_in_words(rules) if rules else [],
        "week": week,
        "week_rows": week_rows(week, asked=mine, now=clock) if week else "",
        "week_problem": _week_problem(week, question, clock),
        "week_title": _week_title(week),
        "classes": _class_links(record, question, week),
        "as_of": clock,
        "phone": record_page.dialled(institution.phone),
        "book_url": record_page.book_url(institution, question.kept) if record.products else "",
        "book_words": record_page.book_words(question.value("date"), mine[1] if mine else None),
        "back_query": urlencode(question.kept),
    }


def preview_context(profile: InstitutionProfile) -> dict[str, Any]:
    """The page as it would be with an unpublished profile."""
    clock = now()
    record = preview_record(profile, today=local_date(clock))
    return page_context(record, PageQuestion.read(QueryDict()), clock)


def _week(record: InstitutionRecord, question: PageQuestion, clock: dt.datetime) -> ports.WeekPlaces | None:
    provider = ports.free_places.get()
    if provider is None or not record.kinds_run:
        return None
    today = local_date(clock)
    asked = question.value("date")
    start = asked if asked and asked > today + dt.timedelta(days=DAYS_SHOWN - 1) else today
    kind = question.value("kind")
    return provider.week(
        institution_id=record.institution.pk,
        age_months=question.value("age"),
        class_kind=kind,
        start=start,
        days=DAYS_SHOWN,
        asked=question.mine,
        now=clock,
    )


def _week_problem(week: ports.WeekPlaces | None, question: PageQuestion, clock: dt.datetime) -> str:
    """The asked age is that of the asked day."""
    if week is None:
        return ""
    return week_problem(week, age_months=question.value("age"), day=question.value("date") or local_date(clock))


def _week_title(week: ports.WeekPlaces | None) -> str:
    if week is None or week.class_kind is None:
        return _("空位")
    return _("%(kind)s空位") % {"kind": ClassKind(week.class_kind).label}


def _class_links(
    record: InstitutionRecord, question: PageQuestion, week: ports.WeekPlaces | None
) -> list[dict[str, Any]]:
    """Chips to look at another class; nothing to choose with one class only."""
    if week is None or len(record.kinds_run) < 2:
        return []
    chosen = week.class_kind
    links = [{"href": "?" + urlencode(_without_age(question)), "text": _("各班最多"), "current": chosen is None}]
    for kind in record.kinds_run:
        query = {**_without_age(question), "class": kind}
        links.append({"href": f"?{urlencode(query)}", "text": ClassKind(kind).label, "current": chosen == kind})
    return links


def _without_age(question: PageQuestion) -> dict[str, str]:
    return {name: value for name, value in question.kept.items() if name != "age"}
