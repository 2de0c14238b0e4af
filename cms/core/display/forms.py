"""Base of the site's forms: messages for required fields, and the data of the error summary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.core.errors import Refused

#: The page is older than the form.
STALE = gettext_lazy("页面过时了，请重新打开再改")
CHOICE_FIELDS = (forms.ChoiceField, forms.ModelChoiceField)


@dataclass(frozen=True)
class FormProblem:
    """One line of the error summary: what is wrong and the id of the input that mends it."""

    message: str
    target: str


class SiteForm(forms.Form):
    """A form of the public site or the workbench.

    ``autocomplete`` maps field names to HTML autocomplete tokens (``{"phone": "tel"}``).
    """

    autocomplete: dict[str, str] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        # Disable HTML5 validation: our messages are more helpful than the browser's.
        self.use_required_attribute = False
        for name, field in self.fields.items():
            _set_required_message(field)
            name_what_is_too_long(field)
            _name_the_limits(field)
            if word := self.autocomplete.get(name):
                field.widget.attrs.setdefault("autocomplete", word)

    @property
    def problems(self) -> list[FormProblem]:
        """The errors in the order of the fields, for the summary on top of the form."""
        found = [FormProblem(str(message), "") for message in self.non_field_errors()]
        for bound in self:
            found += [FormProblem(str(message), _first_id(bound)) for message in bound.errors]
        return found

    def add_refusal(self, refusal: Refused) -> None:
        """Show what a service refused: at the fields it names, else on top."""
        for name, message in refusal.fields.items():
            self.add_error(name if name in self.fields else None, message)
        if not refusal.fields:
            self.add_error(None, str(refusal.message))


class SeenForm(SiteForm):
    """``seen``: the version of a row that the person looked at, by when it was changed last."""

    seen = forms.DateTimeField(widget=forms.HiddenInput, error_messages={"required": STALE, "invalid": STALE})


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


def name_what_is_too_long(field: forms.Field) -> None:
    """「姓名最多 60 个字，现在有 63 个」 in place of Django's words about a variable.

    The browser is not told the length: it would cut what is pasted in without a word.
    """
    field.widget.attrs.pop("maxlength", None)
    if getattr(field, "max_length", None) and field.label and "max_length" not in field.error_messages:
        pattern = _("%(label)s最多 %%(limit_value)d 个字，现在有 %%(show_value)d 个")
        field.error_messages["max_length"] = pattern % {"label": str(field.label).replace("%", "%%")}


def _name_the_limits(field: forms.Field) -> None:
    """「提前几天开放预约请填 1 到 56 之间的数」 in place of Django's words; the field's own words stay."""
    if not isinstance(field, forms.IntegerField) or not field.label:
        return
    least, most = field.min_value, field.max_value
    if least is not None and most is not None:
        words = _("%(label)s请填 %(least)s 到 %(most)s 之间的数")
    else:
        words = _("%(label)s最少填 %(least)s") if most is None else _("%(label)s最多填 %(most)s")
    told = words % {"label": field.label, "least": least, "most": most}
    for name in ("min_value", "max_value"):
        if name not in type(field).default_error_messages and name not in field.error_messages:
            field.error_messages[name] = told.replace("%", "%%")


def _first_id(bound: forms.BoundField) -> str:
    """The id of the first input of a field: the error summary links there."""
    if bound.id_for_label:
        return bound.id_for_label
    options = bound.subwidgets  # radio buttons and ticks: the group itself can't be focused
    return str(options[0].id_for_label) if options else str(bound.auto_id)


def _set_required_message(field: forms.Field) -> None:
    """Replace Django's 「这个字段是必填项」 with the field's name and what to do: 「请填小名」."""
    default = forms.Field.default_error_messages["required"]
    if field.required and field.label and field.error_messages.get("required") == default:
        pattern = _("请选%(label)s") if isinstance(field, CHOICE_FIELDS) else _("请填%(label)s")
        field.error_messages["required"] = pattern % {"label": field.label}
