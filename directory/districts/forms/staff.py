"""Bases of the forms of the Wagtail admin. They check and ask; writing is the services' (``save`` is never called)."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from wagtail.admin.forms import WagtailAdminModelForm

from cms.core.display.forms import name_what_is_too_long
from cms.core.errors import Refused
from cms.core.text import one_line


def chooser(form: forms.BaseForm, name: str) -> forms.ModelChoiceField[Any]:
    """A form's field that chooses a row."""
    return cast("forms.ModelChoiceField[Any]", form.fields[name])


class RefusalMixin:
    """Shows what a service refused at the fields it names, else on top, and which text is too long."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        form: forms.BaseForm = self  # type: ignore[assignment]  # only ever mixed into a form
        for field in form.fields.values():
            name_what_is_too_long(field)

    def add_refusal(self, refusal: Refused) -> None:
        form: forms.BaseForm = self  # type: ignore[assignment]  # only ever mixed into a form
        for name, message in refusal.fields.items():
            form.add_error(name if name in form.fields else None, message)
        if not refusal.fields:
            form.add_error(None, str(refusal.message))


class StaffForm(RefusalMixin, WagtailAdminModelForm):
    """A form over one model, limited to what the person's districts hold."""

    def values(self) -> dict[str, Any]:
        """What was entered in the fields of the model; texts of one line without what nobody sees."""
        names = {field.name for field in self._meta.model._meta.concrete_fields}
        return {name: self._tidied(name, value) for name, value in self.cleaned_data.items() if name in names}

    def _tidied(self, name: str, value: Any) -> Any:
        is_line = name in self.fields and isinstance(self.fields[name].widget, forms.TextInput)
        return one_line(value) if is_line and isinstance(value, str) else value

    def _post_clean(self) -> None:
        """Constraints are left to the service, which has words for them; Django's message would be their names."""
        self.instance.validate_constraints = _leave_to_service
        super()._post_clean()


def _leave_to_service(exclude: Any = None) -> None:
    """Stands in for ``Model.validate_constraints`` while a form is checked."""


class ConfirmForm(RefusalMixin, forms.Form):
    """An act that asks nothing but a yes."""
