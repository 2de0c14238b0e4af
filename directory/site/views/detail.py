"""The page of one institution."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cms.core.calendar.times import local_date, now
from cms.core.web.page_cache import cacheable
from directory.districts.queries.districts import plan_is_draft
from directory.register import ports
from directory.register.models import InstitutionProfile
from directory.site.components import record_page
from directory.site.components.addresses import ListAddress
from directory.site.components.main_action import main_action
from directory.site.components.phones import dialled
from directory.site.components.places import week_problem, week_rows
from directory.site.components.record_fees import fee_lines, fee_stamp
from directory.site.components.rules import rules_in_words
from directory.site.forms.question import PageQuestion
from directory.site.queries.detail import InstitutionAbsent, InstitutionRecord, preview_record, public_record
from directory.site.queries.listing import ListQuestion
from directory.site.views.visitors import keep_private, visitor_children

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
    children = visitor_children(request, today=local_date(clock))
    question = PageQuestion.read(request.GET, today=local_date(clock), children=children)
    context = page_context(record, question, clock)
    context["children"] = record_page.child_links(children, question.need, today=local_date(clock))
    response = render(request, "site/institution_detail.html", context)
    keep_private(response, children)
    return response


def page_context(record: InstitutionRecord, question: PageQuestion, clock: dt.datetime) -> dict[str, Any]:
    """Everything the template shows of the institution; also used by the admin's preview."""
    institution, need, today = record.institution, question.need, local_date(clock)
    provider = ports.free_places.get()
    rules = provider.rules(institution_id=institution.pk, now=clock) if provider else None
    week = _week(record, question, clock)
    step = rules.step_minutes if rules else ports.DEFAULT_STEP_MINUTES
    list_address = ListAddress(ListQuestion(need=need))
    return {
        "record": record,
        "plan_is_draft": plan_is_draft(institution.district.slug),
        "institution": institution,
        "tags": record_page.tags(record),
        "facts": record_page.facts(record),
        "fees": fee_lines(record, step_minutes=step, today=today),
        "fee_stamp": fee_stamp(record, today=today),
        "rules": rules_in_words(rules) if rules else [],
        "rules_stamp": record_page.by_institution([rules.confirmed_at]) if rules and rules.confirmed_at else "",
        "week": week,
        "week_rows": week_rows(week, asked=need, now=clock) if week else "",
        "week_problem": week_problem(week, asked=need, today=today) if week else "",
        "week_title": record_page.week_title(week),
        "asked_parts": record_page.asked_parts(need),
        "asked_past": question.is_past,
        "classes": record_page.class_links(record, need, week),
        "phone": dialled(institution.phone),
        "action": main_action(record, need, week),
        "looked_at": clock,
        "list_tail": list_address.changed() if list_address.tail else "",
    }


def preview_context(profile: InstitutionProfile) -> dict[str, Any]:
    """The page as it would be with an unpublished profile."""
    clock = now()
    record = preview_record(profile, today=local_date(clock))
    return page_context(record, PageQuestion.read(QueryDict(), today=local_date(clock)), clock)


def _week(record: InstitutionRecord, question: PageQuestion, clock: dt.datetime) -> ports.WeekPlaces | None:
    provider = ports.free_places.get()
    if provider is None or not record.kinds_run:
        return None
    today, need = local_date(clock), question.need
    start = need.day if need.day and need.day > today + dt.timedelta(days=DAYS_SHOWN - 1) else today
    return provider.week(
        institution_id=record.institution.pk,
        age_months=need.age_months,
        class_kind=question.class_kind,
        start=start,
        days=DAYS_SHOWN,
        asked_day=need.day,
        span=need.span,
        now=clock,
    )
