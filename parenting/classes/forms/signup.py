"""Which child comes, and the questions of the list."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from cms.accounts.models import Child
from cms.core.calendar.times import age_in_months, local_date
from cms.core.display.forms import SiteForm
from cms.core.display.wording import months
from parenting.classes.models import OLDEST_MONTHS, ClassSession
from parenting.classes.queries.sessions import SessionQuestion


def ages_then(children: list[Child], session: ClassSession) -> dict[Child, int]:
    """The children's completed months on the day of the session."""
    day = local_date(session.places.starts_at)
    return {child: age_in_months(child.birth_date, day) for child in children}


def fitting_children(children: list[Child], session: ClassSession) -> list[Child]:
    """Those whom the session is for on its day."""
    return [child for child, age in ages_then(children, session).items() if session.age_from <= age < session.age_to]


class SignUpForm(SiteForm):
    """Choose the child; those outside the ages are left out and named beside the form."""

    child = forms.ChoiceField(label=_("哪个宝宝参加"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, children: list[Child], session: ClassSession, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ages = ages_then(children, session)
        self.fitting = fitting_children(children, session)
        self.others = [(child, age) for child, age in ages.items() if child not in self.fitting]
        field = cast("forms.ChoiceField", self.fields["child"])
        field.choices = [(c.public_id, f"{c.nickname}（{months(ages[c])}）") for c in self.fitting]
        if len(self.fitting) == 1:
            field.initial = self.fitting[0].public_id
        if not children:
            del self.fields["child"]


class SessionFilterForm(forms.Form):
    """The list's query string. What can't be read is left out: a link is never a 500 and never an empty page."""

    district = forms.SlugField(required=False)
    street = forms.SlugField(required=False)
    kind = forms.ChoiceField(required=False, choices=[("", ""), *ClassSession.Kind.choices])
    age_months = forms.IntegerField(required=False, min_value=0, max_value=OLDEST_MONTHS)

    def question(self, *, district: str) -> SessionQuestion:
        """The readable part of what was asked."""
        self.is_valid()
        data = self.cleaned_data
        return SessionQuestion(
            district=district,
            street=data.get("street") or "",
            kind=data.get("kind") or "",
            age_months=data.get("age_months"),
        )
