"""Acts on one row that are more than a correction: end, put under rectification, invite, remove."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.views.decorators.cache import never_cache
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cms.core.errors import Refused
from directory.districts.forms.staff import ConfirmForm
from directory.districts.services.checking import StakeChanged

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Secret:
    """Something shown once: a link."""

    title: Words
    text: Words
    value: str


@dataclass(frozen=True, slots=True)
class Stake:
    """What an act costs or is about, shown before it is done: lines of words, days with a number.

    ``mark`` differs with either; ``changed`` is said where it is another one by the time the act is confirmed.
    """

    mark: str
    lines: Sequence[Words]
    days: Sequence[tuple[dt.date, int]]
    changed: Words = StakeChanged.message


@dataclass(frozen=True, slots=True)
class Act:
    """One act: its form, the service behind it, and when it is possible.

    ``run(instance=, data=, actor=, now=, request=)`` calls the service and may return a ``Secret`` to show once, or
    what is said once it is done. What cancels hands on the mark that was seen (``request.POST["seen"]``): its service
    compares it under the lock. ``deletes_row``: the row is gone afterwards, so its own page can't be shown.
    ``stake(row, now)`` says what it costs. ``is_final``: it can't be taken back, so it stands apart and in red.
    ``in_list``: offered in lists too; whether it is possible must then cost no query.
    ``given(row)``: what the form is made with, beside what was sent.
    """

    name: str
    label: Words
    explanation: Words
    permission: str
    run: Callable[..., Any]
    form_class: type = ConfirmForm
    is_possible: Callable[[Any], bool] = bool
    deletes_row: bool = False
    stake: Callable[[Any, dt.datetime], Stake] | None = None
    is_final: bool = False
    in_list: bool = True
    given: Callable[[Any], dict[str, Any]] | None = None


def possible_acts(view: Any, instance: Any, *, in_list: bool = False) -> list[tuple[Act, str]]:
    """The acts the person may do on the row in its present state, with their addresses; ``in_list`` those of a list."""
    return [
        (act, reverse(view.act_url_names[act.name], args=[quote(instance.pk)]))
        for act in view.acts
        if (act.in_list or not in_list) and act.is_possible(instance) and view.request.user.has_perm(act.permission)
    ]


@method_decorator(never_cache, name="dispatch")
class ActView(WagtailAdminTemplateMixin, FormView):
    """Asks, does, and says what happened."""

    model: Any = None
    act: Any = None
    index_url_name = ""
    edit_url_name = ""
    header_icon = ""
    template_name = "districts/admin/act.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.has_perm(self.act.permission):
            raise PermissionDenied
        self.object = get_object_or_404(self.model, pk=unquote(str(self.kwargs["pk"])))
        self.form_class = self.act.form_class
        self.page_title = self.act.label
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | (self.act.given(self.object) if self.act.given else {})

    def called(self) -> str:
        """What the page calls the row."""
        return str(self.object)

    def get_page_subtitle(self) -> str:
        return self.called()

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        items = [*self.breadcrumbs_items]
        items.append({"url": reverse(self.index_url_name), "label": self.model._meta.verbose_name_plural})
        items.append({"url": self.back_url(), "label": self.called()})
        items.append({"url": "", "label": self.act.label, "sublabel": ""})
        return items

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context |= {
            "action_url": self.request.path,
            "submit_button_label": self.act.label,
            "submit_button_active_label": self.act.label,
            "explanation": self.act.explanation,
            "stake": self.stake(),
            "is_final": self.act.is_final,
            "back_url": self.back_url(),
            "has_unsaved_changes": False,
            "media": context["form"].media,
        }
        return context

    def stake(self) -> Stake | None:
        """What the act would cost at this moment."""
        return self.act.stake(self.object, timezone.now()) if self.act.stake else None

    def form_valid(self, form: Any) -> HttpResponse:
        stake = self.stake()
        if stake is not None and self.request.POST.get("seen") != stake.mark:
            form.add_error(None, str(stake.changed))
            return self.form_invalid(form)
        try:
            result = self.act.run(
                instance=self.object,
                data=form.cleaned_data,
                actor=self.request.user,
                now=timezone.now(),
                request=self.request,
            )
        except Refused as refusal:
            form.add_refusal(refusal)
            return self.form_invalid(form)
        if isinstance(result, Secret):
            back = self.back_url()
            return render(self.request, "districts/admin/once.html", {"secret": result, "back_url": back})
        said = f"　{result}" if isinstance(result, str) else ""
        messages.success(self.request, f"{self.act.label}：{self.called()}{said}")
        return HttpResponseRedirect(reverse(self.index_url_name) if self.act.deletes_row else self.back_url())

    def back_url(self) -> str:
        """Where the act was chosen: the row's page, or the list where a row has none."""
        if not self.edit_url_name:
            return reverse(self.index_url_name)
        return reverse(self.edit_url_name, args=[quote(self.object.pk)])
