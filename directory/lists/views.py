"""The importer behind the Wagtail admin: upload, look, confirm; the checked file and the register as files.

This module loads the spreadsheet reader; ``directory.lists.wagtail_hooks`` imports it only when one of its pages is
asked for.
"""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from cms.accounts.own_page import signed_in_user
from cms.core.calendar.times import local_date, now
from cms.core.errors import Refused
from cms.core.web.tables import XLSX, download
from directory.districts.models import District
from directory.districts.queries.people import districts_of
from directory.lists.forms import ConfirmImportForm, ListUploadForm
from directory.lists.importing.checked_file import checked_workbook
from directory.lists.importing.problems import UnreadableFile
from directory.lists.importing.writing import register_workbook
from directory.lists.models import ListUpload
from directory.lists.preview import Preview
from directory.lists.queries.import_plan import ImportPlan, plan_import
from directory.lists.queries.list_uploads import read_upload, uploads_of
from directory.lists.queries.registers import register_rows
from directory.lists.services.import_list import PlanChanged
from directory.lists.services.list_uploads import confirm_upload, store_upload

PERMISSION = "directory.add_institution"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Choose a list; a readable one leads to its preview."""
    districts = _districts(request)
    form = ListUploadForm(request.POST or None, request.FILES or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            stored = store_upload(
                user=signed_in_user(request),
                district=form.cleaned_data["district"],
                file_name=form.cleaned_data["file"].name,
                content=form.cleaned_data["file"].read(),
                coordinates=form.cleaned_data["coordinates"],
                now=now(),
            )
            return redirect("institution_lists:preview", stored.public_id)
        except Refused as refused:
            form.add_refusal(refused)
    context = {
        "form": form,
        "districts": districts,
        "recent": uploads_of(request.user, now=now())[:10],
        "header_title": _("导入名单"),
        "page_title": _("导入名单"),
        "header_icon": "upload",
    }
    return render(request, "lists/upload.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, public_id: str) -> HttpResponse:
    """What the list would change; confirming writes exactly that, or asks again."""
    stored = _stored(request, public_id)
    if request.method == "POST":
        return _confirm(request, stored)
    plan = None
    if stored.applied_at is None:
        try:
            plan = plan_import(read_upload(stored, now=now()).checked, now=now())
        except UnreadableFile as error:
            messages.error(request, error.message)
            return redirect("institution_lists:upload")
    return _shown(request, stored, plan)


@never_cache
@require_GET
def checked_file(request: HttpRequest, public_id: str) -> HttpResponse:
    """The list with its column 「问题」."""
    stored = _stored(request, public_id)
    try:
        read = read_upload(stored, now=now())
    except UnreadableFile as error:
        messages.error(request, error.message)
        return redirect("institution_lists:upload")
    plan_import(read.checked, now=now())  # adds what only the register knows
    stem = stored.file_name.rsplit(".", 1)[0]
    return _workbook(checked_workbook(read.book, read.checked), _("%(name)s（已核对）.xlsx") % {"name": stem})


@never_cache
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The register of one district (``?district=``) or of all of the person's, in the importer's columns."""
    districts = _districts(request)
    slug = request.GET.get("district")
    if slug:
        districts = [get_object_or_404(districts_of(request.user), slug=slug)]
    names = "、".join(district.name for district in districts)
    title = _("托育机构名册")
    day = local_date(now()).strftime("%Y%m%d")
    return _workbook(register_workbook(register_rows(districts), title=title), f"{names}{title}{day}.xlsx")


@never_cache
@require_GET
def blank(request: HttpRequest) -> HttpResponse:
    """An empty list with the importer's columns."""
    _districts(request)
    return _workbook(register_workbook([], title=_("名单")), _("托育机构名单（空表）.xlsx"))


def _districts(request: HttpRequest) -> list[District]:
    """The districts the person may import into; ``PermissionDenied`` for anybody else."""
    districts = list(districts_of(request.user))
    if not districts or not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    return districts


def _stored(request: HttpRequest, public_id: str) -> ListUpload:
    _districts(request)
    return get_object_or_404(uploads_of(request.user, now=now()), public_id=public_id)


def _confirm(request: HttpRequest, stored: ListUpload) -> HttpResponse:
    form = ConfirmImportForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请再看一遍，然后确认。"))
        return redirect("institution_lists:preview", stored.public_id)
    try:
        imported = confirm_upload(
            upload=stored,
            digest=form.cleaned_data["digest"],
            partial=form.cleaned_data["partial"],
            now=now(),
            actor=signed_in_user(request),
        )
    except PlanChanged as changed:
        messages.warning(request, str(changed))
        return redirect("institution_lists:preview", stored.public_id)
    except UnreadableFile as error:
        messages.error(request, error.message)
        return redirect("institution_lists:upload")
    if imported is None:
        messages.info(request, _("这份名单已经写入过，没有再写。"))
    elif not imported.written:
        messages.warning(request, _("没有写入：还有要改的行。"))
    else:
        counts = {"created": imported.plan.counts["new"], "changed": imported.plan.counts["changed"]}
        messages.success(request, _("已写入：新增 %(created)d 家，改动 %(changed)d 家。") % counts)
    return redirect("institution_lists:preview", stored.public_id)


def _shown(request: HttpRequest, stored: ListUpload, plan: ImportPlan | None) -> HttpResponse:
    context = {
        "upload": stored,
        "preview": Preview(plan) if plan else None,
        "digest": plan.digest if plan else "",
        "header_title": f"{_('核对名单')} {stored.file_name}",
        "page_title": _("核对名单"),
        "page_subtitle": stored.file_name,
        "header_icon": "upload",
        "register_url": f"{reverse('institutions:index')}?district={stored.district_id}",
    }
    return render(request, "lists/preview.html", context)


def _workbook(content: bytes, name: str) -> HttpResponse:
    return download(content, XLSX, name)
