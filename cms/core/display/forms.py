"""Base of the site's forms: kind words for what is missing and the data of the error summary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

from django import forms
from django.utils.translation import gettext as _

from cms.core.errors import Refused

CHOICE_FIELDS = (forms.ChoiceField, forms.ModelChoiceField)


@dataclass(frozen=True)
class FormProblem:
    """One line of the error summary: what is wrong and the id of the input that mends it."""

    message: str
    target: str


class SiteMixin:
    """What ``SiteForm`` and ``SiteModelForm`` share.

    ``autocomplete`` maps field names to HTML autocomplete words (``{"phone": "tel"}``).
    """

    autocomplete: dict[str, str] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        # The server's own sentences say more than the browser's, so its checks are the only ones.
        self.use_required_attribute = False
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined]  # the form beside this mixin has it
        for name, field in fields.items():
            _speak_kindly(field)
            if word := self.autocomplete.get(name):
                field.widget.attrs.setdefault("autocomplete", word)

    @property
    def problems(self) -> list[FormProblem]:
        """The errors in the order of the fields, for the summary on top of the form."""
        form: forms.BaseForm = self  # type: ignore[assignment]  # only ever mixed into a form
        found = [FormProblem(str(message), "") for message in form.non_field_errors()]
        for bound in form:
            found += [FormProblem(str(message), _first_id(bound)) for message in bound.errors]
        return found

    def add_refusal(self, refusal: Refused) -> None:
        """Show what a service refused: at the fields it names, else on top."""
        form: forms.BaseForm = self  # type: ignore[assignment]  # only ever mixed into a form
        for name, message in refusal.fields.items():
            form.add_error(name if name in form.fields else None, message)
        if not refusal.fields:
            form.add_error(None, str(refusal.message))


class SiteForm(SiteMixin, forms.Form):
    """A plain form of the public site or the workbench."""


class SiteModelForm(SiteMixin, forms.ModelForm):
    """A form over one model; writing stays with the services, so ``save`` is not used."""


F = TypeVar("F", bound=forms.BaseForm)


class _SharedFields(dict[str, forms.Field]):
    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, forms.Field]:
        return dict(self)


def share_fields(form: type[F]) -> type[F]:
    """Class decorator for a form that only reads an address: all its forms share the fields of the class.

    Django copies every field for each form, in case it changes one; that costs more than reading the address. Such a
    form must not change its fields.
    """
    form.base_fields = _SharedFields(form.base_fields)  # type: ignore[attr-defined]  # the metaclass sets it
    return form


def _first_id(bound: forms.BoundField) -> str:
    """The id of the first input of a field: the error summary links there."""
    if bound.id_for_label:
        return bound.id_for_label
    options = bound.subwidgets  # radio buttons and ticks: the group itself can't be focused
    return str(options[0].id_for_label) if options else str(bound.auto_id)


def _speak_kindly(field: forms.Field) -> None:
    """Replace Django's 「这个字段是必填项」 by the field's name and the remedy."""
    default = forms.Field.default_error_messages["required"]
    if field.required and field.label and field.error_messages.get("required") == default:
        pattern = _("请选%(label)s") if isinstance(field, CHOICE_FIELDS) else _("请填%(label)s")
        field.error_messages["required"] = pattern % {"label": field.label}
