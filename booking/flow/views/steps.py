"""The first pages of the flow: where to begin, which child, which mode."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from booking.care.components.list_link import list_link
from booking.flow.components.so_far import SoFar, day_and_hours
from booking.flow.components.steps import ChildChoice, ModeChoice, best_mode, child_choices, mode_choices
from booking.flow.forms.answers import Answers
from booking.flow.forms.steps import ChildChoiceForm, ModeForm
from booking.flow.queries.modes import ModeQuestion, read_modes
from booking.flow.views.access import institution_or_404
from booking.places.models import BookingPolicy
from booking.places.queries.buckets import kinds_run
from booking.places.queries.freshness import Vouched
from booking.places.queries.policy import policy_and_word_of
from booking.places.stay_rules import last_day
from cms.accounts.family.queries.families import children_of
from cms.accounts.models import User
from cms.accounts.own_page import signed_in, signed_in_user
from cms.core.calendar.times import age_in_months, local_date, now
from cms.core.display import wording
from cms.core.display.places import Stamps
from directory.districts.class_kinds import END_MONTH, FIRST_MONTH
from directory.register.models import Institution


@dataclass(frozen=True, slots=True)
class Choices:
    """What an institution can be asked for by a family."""

    policy: BookingPolicy
    word: Vouched
    kinds: set[str]
    children: list[ChildChoice]
    modes: list[ModeChoice]
    best_mode: str

    @property
    def fitting(self) -> list[ChildChoice]:
        return [choice for choice in self.children if choice.fits]

    @property
    def unfit(self) -> list[ChildChoice]:
        return [choice for choice in self.children if not choice.fits]

    @property
    def is_open(self) -> bool:
        """Whether the institution offers anything at all by this site."""
        return bool(self.kinds and self.modes)


@signed_in
@never_cache
@require_GET
def start(request: HttpRequest, public_id: str) -> HttpResponse:
    """Lead to the first question that is still open; what only one answer fits is not asked."""
    institution = institution_or_404(public_id)
    answers = Answers.read(request.GET)
    choices = _choices(institution, signed_in_user(request), answers)
    if not (institution.takes_bookings and choices.is_open):
        context = {"institution": institution, "answers": answers, "back": institution_url(institution, answers)}
        return render(request, "flow/closed.html", context)
    answers = _answer_what_is_clear(answers, choices)
    if not answers.child:
        return _go("child", institution, answers)
    return _go("time" if answers.mode else "mode", institution, answers)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def child(request: HttpRequest, public_id: str) -> HttpResponse:
    """Which child. Those that can't be taken are shown with the reason and can't be chosen."""
    institution = institution_or_404(public_id)
    answers = Answers.read(request.GET)
    choices = _choices(institution, signed_in_user(request), answers)
    form = ChildChoiceForm(
        request.POST if request.method == "POST" else None,
        choices=[(choice.child.public_id, choice.child.nickname) for choice in choices.fitting],
    )
    if form.is_valid():
        return _go("start", institution, answers.but(child=form.cleaned_data["child"]))
    only = choices.fitting[0].child.public_id if len(choices.fitting) == 1 else ""
    chosen = _chosen(form, answers.child or only)
    return _page(request, "child", institution, answers, form=form, choices=choices, chosen=chosen)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mode(request: HttpRequest, public_id: str) -> HttpResponse:
    """Which way of being looked after, with hours and fee."""
    institution = institution_or_404(public_id)
    answers = Answers.read(request.GET)
    choices = _choices(institution, signed_in_user(request), answers)
    form = ModeForm(
        request.POST if request.method == "POST" else None,
        choices=[(choice.mode, choice.label) for choice in choices.modes],
    )
    if form.is_valid():
        chosen = form.cleaned_data["mode"]
        product = answers.product if chosen == answers.mode else ""
        return _go("start", institution, answers.but(mode=chosen, product=product))
    preset = _chosen(form, answers.mode or choices.best_mode)
    return _page(request, "mode", institution, answers, form=form, choices=choices, chosen=preset)


def _choices(institution: Institution, user: User, answers: Answers) -> Choices:
    kinds, clock = kinds_run(institution), now()
    policy, word = policy_and_word_of(institution.pk, clock)
    family, last = list(children_of(user)), last_day(policy, clock)
    children = child_choices(kinds, family, today=local_date(clock), last_day=last, asked_day=answers.date)
    born = next((each.birth_date for each in family if each.public_id == answers.child), None)
    asked = ModeQuestion(answers.date, answers.span, born)
    modes = read_modes(institution=institution, question=asked, now=clock)
    return Choices(policy, word, kinds, children, mode_choices(modes), best_mode(modes))


def _answer_what_is_clear(answers: Answers, choices: Choices) -> Answers:
    """Take answers that no longer hold back, and give those that only one choice fits."""
    fitting = [choice.child.public_id for choice in choices.fitting]
    modes = [choice.mode for choice in choices.modes]
    child_id = answers.child if answers.child in fitting else ""
    chosen = answers.mode if answers.mode in modes else ""
    return answers.but(
        child=child_id or (fitting[0] if len(fitting) == 1 else ""),
        mode=chosen or (modes[0] if len(modes) == 1 else ""),
    )


def _chosen(form: ChildChoiceForm | ModeForm, answered: str) -> str:
    """The option to show as chosen: the one just sent, else the earlier answer."""
    sent = form.data.get(next(iter(form.fields)), "") if form.is_bound else ""
    return sent or answered


def _page(
    request: HttpRequest,
    name: str,
    institution: Institution,
    answers: Answers,
    *,
    form: ChildChoiceForm | ModeForm,
    choices: Choices,
    chosen: str,
) -> HttpResponse:
    clock, word = now(), choices.word
    context = {
        "institution": institution,
        "answers": answers,
        "needs_answer": word.needs_answer,
        "stale_words": Stamps(clock).words(word.confirmed_at, stale=True) if word.stale else "",
        "so_far": _so_far(institution, answers, choices),
        "who_can": _who_can(institution, answers, choices),
        "form": form,
        "choices": choices,
        "chosen": chosen,
        "number": 1 if name == "child" else 2,
        "back": step_url("child", institution, answers) if name == "mode" else institution_url(institution, answers),
        # With a new child the flow begins again: where only that one fits, this page is not asked again.
        "after_adding": step_url("start", institution, answers.but(child="")),
    }
    return render(request, f"flow/{name}.html", context)


def _so_far(institution: Institution, answers: Answers, choices: Choices) -> SoFar:
    child = next((each.child.nickname for each in choices.fitting if each.child.public_id == answers.child), "")
    mode = next((each.label for each in choices.modes if each.mode == answers.mode), "")
    return SoFar(institution, child=child, mode=mode, **day_and_hours(answers.date, answers.span))


def _who_can(institution: Institution, answers: Answers, choices: Choices) -> dict[str, str] | None:
    """Where no child of the family is taken here: the list of those who take the first that is of an age for care."""
    if choices.fitting:
        return None
    day = answers.date or local_date(now())
    ages = (age_in_months(choice.child.birth_date, day) for choice in choices.unfit)
    age = next((age for age in ages if FIRST_MONTH <= age < END_MONTH), None)
    if age is None:
        return None
    url = list_link(district=institution.district.slug, age=age, day=answers.date, span=answers.span)
    return {"url": url, "age": wording.months(age)}


def step_url(name: str, institution: Institution, answers: Answers) -> str:
    """The address of a page of the flow with the answers so far."""
    return reverse(f"booking:{name}", args=[institution.public_id]) + answers.query()


def institution_url(institution: Institution, answers: Answers) -> str:
    """The institution's page with the question that it was left with."""
    return institution.get_absolute_url() + answers.but(mode="", product="", replaces="").query()


def _go(name: str, institution: Institution, answers: Answers) -> HttpResponseRedirect:
    return redirect(step_url(name, institution, answers))
