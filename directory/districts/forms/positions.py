"""One field into which staff paste a position from any Chinese map, in place of two numbers of one system."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.core.text import one_line
from directory.districts.forms.map_preview import MapPreview, map_preview
from directory.districts.models import District
from directory.districts.positions import (
    BadPosition,
    CoordinateSystem,
    Position,
    in_china,
    outside_words,
    read_pair,
    to_wgs84,
)


class PositionInput(forms.TextInput):
    """The input, below it where the place lies now: in numbers, and on a map where a source of tiles is set."""

    template_name = "districts/admin/position_input.html"
    current: Position | None = None

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        shown: MapPreview | None = map_preview(self.current) if self.current else None
        return context | {"current": self.current, "map": shown}


class PositionForm(forms.Form):
    """Mixed into a form over a model; ``latitude_name`` and ``longitude_name`` are the model's columns.

    Nothing pasted leaves what is registered. A position outside the district is taken once somebody says that it is
    right.
    """

    latitude_name = "latitude"
    longitude_name = "longitude"

    map_position = forms.CharField(
        label=gettext_lazy("位置"),
        required=False,
        max_length=80,
        widget=PositionInput(attrs={"autocomplete": "off", "inputmode": "text"}),
        help_text=gettext_lazy("从地图上复制的一对数字，例如 112.4312,34.6651，先后不限；不改就留空"),
    )
    map_system = forms.ChoiceField(
        label=gettext_lazy("位置来自"),
        required=False,
        choices=[("", gettext_lazy("请选")), *CoordinateSystem.choices],
        help_text=gettext_lazy("各家地图的数字相差几百米，选对才准"),
    )
    map_outside = forms.BooleanField(label=gettext_lazy("位置没有错，就在区外"), required=False)
    map_none = forms.BooleanField(label=gettext_lazy("去掉登记的位置"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        instance: Any = getattr(self, "instance", None)
        latitude, longitude = (getattr(instance, name, None) for name in (self.latitude_name, self.longitude_name))
        self._outside = self.fields["map_outside"]
        if "map_outside" not in self.data:
            del self.fields["map_outside"]
        if latitude is None or longitude is None:
            del self.fields["map_none"]
        else:
            # Six digits are a hand's breadth; more are the noise of a conversion.
            self.fields["map_position"].widget.current = Position(round(latitude, 6), round(longitude, 6))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        text = one_line(cleaned.get("map_position") or "")
        if text:
            self._read(cleaned, text)
        elif cleaned.get("map_none"):
            cleaned |= {self.latitude_name: None, self.longitude_name: None}
        return cleaned

    def district_of(self, cleaned: dict[str, Any]) -> District | None:
        """The district that the position should lie in."""
        chosen: District | None = cleaned.get("district")
        instance: Any = getattr(self, "instance", None)
        return chosen or (instance.district if getattr(instance, "district_id", None) else None)

    def _read(self, cleaned: dict[str, Any], text: str) -> None:
        try:
            pasted = read_pair(text)
        except BadPosition as bad:
            self.add_error("map_position", str(bad))
            return
        system = cleaned.get("map_system")
        if not system:
            self.add_error("map_system", _("请选这对数字是从哪里来的：高德、百度，还是 GPS"))
        elif not in_china(pasted):
            self.add_error("map_position", _("这个位置不在中国境内，请核对经度和纬度"))
        else:
            found = to_wgs84(pasted, system)
            self._check_district(cleaned, found)
            cleaned |= {self.latitude_name: found.latitude, self.longitude_name: found.longitude}

    def _check_district(self, cleaned: dict[str, Any], found: Position) -> None:
        """Ask once about a place outside; the same reach as for a list."""
        district = self.district_of(cleaned)
        if district is None or cleaned.get("map_outside"):
            return
        latitude, longitude = district.centre_latitude, district.centre_longitude
        centre = None if latitude is None or longitude is None else Position(latitude, longitude)
        words = outside_words(found, centre=centre, radius_km=district.radius_km, district=district.name)
        if words:
            self.fields["map_outside"] = self._outside
            self.add_error("map_position", _("%(words)s；没有错就勾选下面的“位置没有错”") % {"words": words})
