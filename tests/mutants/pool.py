"""Which files are mutated, and which of their mutants are drawn."""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from tests.mutants.copies import listed_files
from tests.mutants.python_operators import mutants
from tests.mutants.source import Change, Source, parses

EQUIVALENT = Path("tests/mutants/equivalent.txt")
ROOMS = re.compile(r"(^|/)(services|queries|rules|search|importing|sql)(/|\.py$)|_(rules|sql)\.py$|^cms/core/")
#: A module at the top of a sub-app holds rules unless its name says that it only declares or connects.
TOP_MODULE = re.compile(
    r"^(cms/accounts/(signin|family|messaging)|[a-z]+/[a-z]+)/"
    r"(?!(admin|api|api_search|api_shapes|apps|enums|forms|me_urls|models|ports|receivers|refusals|scope|sitemaps|tasks|urls"
    r"|views|viewsets|wagtail_hooks)\.py$)[a-z]\w*\.py$"
)
NEVER = re.compile(
    r"(^|/)(migrations|tests|settings|templates|management|viewsets|demo/data)/|(^|/)(apps|wagtail_hooks|admin|viewsets)\.py$"
)
ENTRY = re.compile(r"^(?P<name>\S+?\.py)(?::\d+)? (?P<operator>[^:]+): (?P<change>.+ → .+?)  +# (?P<reason>\S.*)$")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one file, and what became of it."""

    name: str
    line: int
    change: Change
    before: str
    after: str
    fate: str = ""
    note: str = ""

    @property
    def operator(self) -> str:
        return self.change.operator

    @property
    def area(self) -> str:
        """The app: ``booking``, ``cms.core``."""
        parts = self.name.split("/")
        return ".".join(parts[: 2 if parts[0] == "cms" and len(parts) > 2 else 1])

    def __str__(self) -> str:
        return f"{self.name}:{self.line} {self.operator}: {self.before} → {self.after}"

    def met(self, fate: str, note: str = "") -> Mutant:
        """The same with its fate: killed, survived or equivalent."""
        return replace(self, fate=fate, note=note)


def source_roots(root: Path) -> list[str]:
    """Packages of the project."""
    packages = {name.split("/")[0] for name in listed_files(root) if name.endswith("/__init__.py")}
    return sorted(name for name in packages - {"tests", "scripts", "docs"} if (root / name / "__init__.py").exists())


def source_files(root: Path) -> list[str]:
    """All modules of the project but migrations."""
    roots = tuple(f"{name}/" for name in source_roots(root))
    return [name for name in listed_files(root) if name.startswith(roots) and _is_module(name)]


def pool(root: Path, area: str = "") -> list[str]:
    """Files whose mutants may be drawn. An area is a folder or a file; a file named by itself needs no room."""
    area = area.strip().removeprefix("./").rstrip("/")
    if area and not (root / area).exists():
        raise SystemExit(f"{area} does not exist.")
    inside = [name for name in source_files(root) if not area or name == area or name.startswith(f"{area}/")]
    return [name for name in inside if name == area or (_holds_rules(name) and not NEVER.search(name))]


def _holds_rules(name: str) -> bool:
    return bool(ROOMS.search(name) or TOP_MODULE.match(name))


def mutants_of(root: Path, name: str) -> list[Mutant]:
    """Every mutant of a file."""
    source = Source((root / name).read_text())
    return [
        Mutant(name, source.line(change.start + _leading(change, source)), change, *source.before_and_after(change))
        for change in mutants(source)
    ]


def draw(root: Path, *, area: str, number: int, seed: int) -> list[Mutant]:
    """As many at random, the same for a seed and a tree, in the order of the files.

    An operator with four times the mutants of another is drawn twice as often: else those of SQL would hardly be.
    """
    everything = [mutant for name in pool(root, area) for mutant in mutants_of(root, name)]
    counts = Counter(mutant.operator for mutant in everything)
    chance = random.Random(seed)
    # Drawn without replacement, with the weight 1/√count.
    ranks = {mutant: chance.random() ** counts[mutant.operator] ** 0.5 for mutant in everything}
    drawn: list[Mutant] = []
    for mutant in sorted(everything, key=lambda mutant: -ranks[mutant]):
        if len(drawn) == number:
            break
        if parses(mutated(root, mutant)):
            drawn.append(mutant)
    return sorted(drawn, key=lambda mutant: (mutant.name, mutant.change))


def mutated(root: Path, mutant: Mutant) -> str:
    """The text of its file with the mutant."""
    return Source((root / mutant.name).read_text()).applied(mutant.change)


def equivalents(root: Path) -> dict[tuple[str, str, str], str]:
    """File, operator and change of mutants shown to change nothing → the reason."""
    path = root / EQUIVALENT
    lines = path.read_text().splitlines() if path.exists() else []
    found = {}
    for line in lines:
        if line.strip() and not line.startswith("#"):
            entry = ENTRY.match(line)
            if entry is None:
                raise SystemExit(f"{EQUIVALENT}: not `path operator: before → after  # reason`: {line}")
            found[entry["name"], entry["operator"], entry["change"]] = entry["reason"]
    return found


def _leading(change: Change, source: Source) -> int:
    """White space that a dropped argument begins with belongs to the line before."""
    text = source.cut(change.start, change.end)
    return len(text) - len(text.lstrip(", \n"))


def _is_module(name: str) -> bool:
    return name.endswith(".py") and "/migrations/" not in name
