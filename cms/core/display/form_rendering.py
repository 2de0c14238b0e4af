"""How every form of the public site and the workbench is drawn: label above, hint, error, large inputs."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class SiteFormRenderer(TemplatesSetting):
    """`{{ form }}` gives all fields, `{{ field.as_field_group }}` one, both from ``components/``."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
