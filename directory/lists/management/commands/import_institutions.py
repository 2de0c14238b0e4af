"""Read an official list of institutions into the register."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from cms.core.calendar.times import local_date, now
from cms.core.runtime.progress import ProgressBar
from directory.districts.positions import CoordinateSystem
from directory.lists.importing.checking import CheckedList, check_list
from directory.lists.importing.entries import ListContext
from directory.lists.importing.files import read_file
from directory.lists.importing.problems import ListProblem, UnreadableFile
from directory.lists.importing.sheets import MOST_BYTES
from directory.lists.queries.import_plan import ImportPlan, plan_import
from directory.lists.queries.registers import known_districts
from directory.lists.services.import_list import PlanChanged, import_list


class Command(BaseCommand):
    help = "Read an official list of institutions (xlsx or csv) into the register."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="the list, .xlsx or .csv")
        parser.add_argument("--district", metavar="SLUG", help="the district the whole list belongs to")
        parser.add_argument("--dry-run", action="store_true", help="check and report only")
        parser.add_argument("--partial", action="store_true", help="write the good rows though others are bad")
        parser.add_argument(
            "--coordinates", choices=CoordinateSystem.values, default="wgs84", help="system of the coordinates"
        )
        parser.add_argument("--json", action="store_true", help="answer in JSON on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        try:
            plan, written = self._import(path, options)
        except UnreadableFile as error:
            self._report_unreadable(error, options)
            raise SystemExit(1) from None
        if options["json"]:
            self.stdout.write(json.dumps(plan.as_json(written=written), ensure_ascii=False, indent=2))
        else:
            self._report(plan, written=written, dry_run=options["dry_run"])
        if plan.errors:
            raise SystemExit(1)

    def _import(self, path: Path, options: dict[str, Any]) -> tuple[ImportPlan, bool]:
        moment = now()
        show = options["verbosity"] > 0
        checked = self._checked(path, options, bar=ProgressBar(_stream(options), _("检查")) if show else None)
        if options["dry_run"]:
            return plan_import(checked, now=moment), False
        try:
            imported = import_list(
                checked=checked,
                now=moment,
                partial=options["partial"],
                progress=ProgressBar(_stream(options), _("写入")) if show else None,
            )
        except PlanChanged as refused:
            raise CommandError(str(refused)) from None
        return imported.plan, imported.written

    def _checked(self, path: Path, options: dict[str, Any], *, bar: ProgressBar | None) -> CheckedList:
        districts = known_districts()
        chosen = next((district for district in districts if district.slug == options["district"]), None)
        if options["district"] and chosen is None:
            known = ", ".join(district.slug for district in districts) or _("还没有区，请先运行 manage.py setup_site")
            raise CommandError(_("没有这个区：%(slug)s（%(known)s）") % {"slug": options["district"], "known": known})
        if not districts:
            raise CommandError(_("还没有区，请先运行 manage.py setup_site"))
        context = ListContext(
            districts=districts,
            today=local_date(now()),
            chosen=chosen,
            fallback=districts[0],
            coordinates=options["coordinates"],
        )
        book = read_file(self._content(path), path.name)
        return check_list(book, context=context, file_name=path.name, progress=bar)

    def _content(self, path: Path) -> bytes:
        try:
            with path.open("rb") as handle:
                return handle.read(MOST_BYTES + 1)
        except OSError:
            raise UnreadableFile("no_file", _("打不开这个文件：%(path)s") % {"path": path}) from None

    def _report_unreadable(self, error: UnreadableFile, options: dict[str, Any]) -> None:
        if not options["json"]:
            self.stderr.write(error.message)
            return
        problem = ListProblem("", None, "", "", error.code, error.message)
        counts: dict[str, Any] = dict.fromkeys(("sheets", "rows", "created", "updated", "unchanged"), 0)
        answer = counts | {"errors": [problem.as_json()], "warnings": [], "written": False}
        answer |= {"ignored_columns": [], "left_out": []}
        self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))

    def _report(self, plan: ImportPlan, *, written: bool, dry_run: bool) -> None:
        for problem in plan.warnings:
            self.stdout.write(_("提醒 ") + _line(problem))
        for problem in plan.errors:
            self.stdout.write(_("错误 ") + _line(problem))
        answer = plan.as_json(written=written)
        counts = _("%(rows)d 行：新增 %(created)d，改动 %(updated)d，不变 %(unchanged)d，有错的行 %(bad)d")
        self.stdout.write(counts % {**answer, "bad": plan.counts["bad"]})
        if plan.errors and not written:
            self.stdout.write(_("没有写入。改好有错的行再导入，或用 --partial 先写入没有错的行。"))
        elif dry_run:
            self.stdout.write(_("只检查，没有写入。"))
        else:
            self.stdout.write(_("已写入。") if written else _("和登记的一样，没有要写入的。"))
        for row in plan.checked.left_out:
            where = " · ".join(part for part in (row.sheet, _("第 %(row)d 行") % {"row": row.row}, row.text) if part)
            self.stdout.write(_("没有导入 %(where)s：%(why)s") % {"where": where, "why": row.why.label})
        for label in plan.checked.ignored_columns:
            self.stdout.write(_("没有用到的列：%(label)s") % {"label": label})


def _line(problem: ListProblem) -> str:
    """One problem as a line: sheet, row, column, value, what to do."""
    where = [problem.sheet, _("第 %(row)d 行") % {"row": problem.row} if problem.row else "", problem.column]
    value = f"“{problem.value}”" if problem.value else ""
    return " · ".join(part for part in [*where, value] if part) + f"：{problem.message}"


def _stream(options: dict[str, Any]) -> Any:
    """What the command's ``stderr`` wraps: the bar writes its line again and again, the wrapper would end it."""
    return options.get("stderr") or sys.stderr
