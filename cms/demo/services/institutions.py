"""Sample institutions with filings, offerings and cells; and many of them for load. All writes go through services."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from booking.places.services.freshness import confirm_places
from booking.places.services.generation import generate_cells
from booking.places.services.policies import save_policy
from cms.core.calendar.times import at, local_date
from cms.demo.data.institutions import REFUSALS, SAMPLES, SENIOR, TODDLER, Sample
from directory.districts.class_kinds import CLASS_RULES, CareMode, ClassKind
from directory.districts.models import District, Township
from directory.districts.queries.rules import district_care_modes
from directory.register.models import (
    Authorisation,
    CareProduct,
    ClassGroup,
    Institution,
    OpeningRule,
    ProductFee,
    Refusal,
)
from directory.register.services.bulk import NewInstitution, create_institutions, create_offerings
from directory.register.services.changes import institutions_changed
from directory.register.services.profiles import save_profile_draft
from directory.register.services.publicity import grant_title
from directory.register.services.refusals import refuse_institution

OFFICE = "示例·区卫生健康委员会"
SOURCE = "演示数据，不是真实备案"
SEED = 20260801
FEES_SINCE = dt.date(2026, 9, 1)
CELLS_LIMIT = 200
CHUNK = 25
SWAY = (0, 3, 1, 5, 2, -1, 4)
Progress = Callable[[int, int], None]


def make_samples(*, district: District, now: dt.datetime) -> list[Institution]:
    """The sample institutions of the default demo, made once; returns them in the order of the data."""
    known = _by_name(district, SAMPLES)
    new = [sample for sample in SAMPLES if sample.name not in known]
    if new:
        _write_samples(new, district, now=now)
    found = _by_name(district, SAMPLES)
    return [found[sample.name] for sample in SAMPLES]


def _by_name(district: District, samples: Sequence[Sample]) -> dict[str, Institution]:
    """The district's samples that are there."""
    names = [sample.name for sample in samples]
    return {i.name: i for i in Institution.objects.filter(district=district, is_sample=True, name__in=names)}


def _towns(district: District) -> list[Township]:
    """Where people live: streets and towns, not industrial zones."""
    return list(Township.objects.filter(district=district).exclude(kind=Township.Kind.ZONE).order_by("code"))


def _write_samples(samples: list[Sample], district: District, *, now: dt.datetime) -> None:
    streets = {town.name: town for town in _towns(district)}
    dice = random.Random(SEED)  # noqa: S311 - sample data
    modes = list(district_care_modes(district, local_date(now)))
    rows = [_sample_row(number, sample, district, streets, modes, dice) for number, sample in enumerate(samples)]
    create_institutions(rows=rows, now=now)
    made = _by_name(district, samples)
    _write_offerings([(made[sample.name], sample) for sample in samples if sample.offering], now=now)
    for sample in samples:
        institution = made[sample.name]
        if sample.demonstration:
            grant_title(
                institution=institution,
                name="区级示范托育机构（示例）",
                office=OFFICE,
                from_date=dt.date(2026, 1, 1),
                until_date=dt.date(2028, 12, 31),
                source_title=SOURCE,
                now=now,
            )
        if sample.asks:
            save_policy(institution=institution, values={"needs_acceptance": True}, now=now)


def _sample_row(
    number: int,
    sample: Sample,
    district: District,
    streets: dict[str, Township],
    modes: list[str],
    dice: random.Random,
) -> NewInstitution:
    # The samples' streets are those of one district; in another they go round its townships.
    others = list(streets.values())
    town = streets.get(f"{sample.street}街道") or others[number % len(others)]
    places = sum(group[1] for group in sample.groups) or 30
    institution = Institution(
        district=district,
        township=town,
        name=sample.name,
        address=f"{town.name}示例小区 {number + 1} 号",
        phone=f"0379-0000{number + 1:04d}",
        credit_code=None,
        nature=(Institution.Nature.NON_PROFIT if sample.inclusive else Institution.Nature.FOR_PROFIT),
        latitude=round((district.centre_latitude or 0) + dice.uniform(-0.022, 0.022), 5),
        longitude=round((district.centre_longitude or 0) + dice.uniform(-0.03, 0.03), 5),
        places=places,
        inclusive_places=places * 2 // 3 if sample.inclusive else 0,
        filed_modes=modes,
        is_sample=True,
    )
    return NewInstitution(institution, _filing(institution, number) if sample.filed else None)


def _filing(institution: Institution, number: int) -> Authorisation:
    day = dt.date(2023, 3, 6) + dt.timedelta(days=37 * (number % 34))
    return Authorisation(
        institution=institution,
        number=f"示例-TY-{day.year}-{number + 1:04d}",
        office=OFFICE,
        from_date=day,
        source_title=SOURCE,
    )


def _write_offerings(pairs: list[tuple[Institution, Sample]], *, now: dt.datetime) -> None:
    groups: list[ClassGroup] = []
    rules: list[OpeningRule] = []
    fees: list[ProductFee] = []
    for institution, sample in pairs:
        for kind, places, caregivers, regular in sample.groups:
            group = ClassGroup(
                institution=institution,
                kind=kind,
                name=str(ClassKind(kind).label),
                places=places,
                caregivers=caregivers,
            )
            groups.append(group)
            opens, closes = (dt.time.fromisoformat(clock) for clock in sample.hours)
            rules += [
                OpeningRule(
                    class_group=group,
                    weekday=day,
                    opens=opens,
                    closes=closes,
                    regular_places=regular if sample.steady else _regular(places, regular, day + len(groups)),
                )
                for day in sample.days
            ]
        fees += [fee for fee in _fees(institution, sample) if fee.product.mode in institution.filed_modes]
    create_offerings(class_groups=groups, opening_rules=rules, fees=fees, now=now)


def _regular(places: int, usual: int, number: int) -> int:
    """Regular children of one day: some days nearly everybody comes, on others more places are free."""
    return max(0, min(places, usual + SWAY[number % len(SWAY)]))


def _fees(institution: Institution, sample: Sample) -> Iterator[ProductFee]:
    """Products of every mode, each with its first fee."""
    opens, closes = (dt.time.fromisoformat(clock) for clock in sample.hours)
    begins, ends = max(opens, dt.time(8)), min(closes, dt.time(18))

    def first(fee: int, *, monthly: int | None = None, meal: int | None = None, **product: Any) -> ProductFee:
        made = CareProduct(institution=institution, inclusive=sample.inclusive, **product)
        return ProductFee(product=made, from_date=FEES_SINCE, fee=fee, monthly_fee=monthly, meal_fee=meal)

    yield first(sample.hourly // 2, mode=CareMode.HOURLY, starts=opens, ends=closes)
    if sample.full_day:
        monthly = sample.full_day * 19
        yield first(sample.full_day, monthly=monthly, meal=1500, mode=CareMode.FULL_DAY, starts=begins, ends=ends)
        half = sample.full_day * 6 // 10
        morning, afternoon = CareProduct.Part.MORNING, CareProduct.Part.AFTERNOON
        yield first(half, mode=CareMode.HALF_DAY, part=morning, starts=begins, ends=dt.time(12))
        yield first(half, mode=CareMode.HALF_DAY, part=afternoon, starts=dt.time(14), ends=ends)
    if sample.temporary:
        last = dt.time(begins.hour + (ends.hour - begins.hour) // 2 * 2)
        yield first(sample.temporary, mode=CareMode.TEMPORARY, starts=begins, ends=last, block_minutes=120)


def introduce_board(*, institution: Institution, actor: object) -> None:
    """A published introduction for the sample whose page people look at most."""
    if institution.profile.introduction:
        return
    text = "（示例）一楼朝南，三个班各有活动室和睡眠室。每天户外两小时，午餐当天现做。"
    save_profile_draft(institution=institution, introduction=text, actor=actor).publish()  # type: ignore[arg-type]


def top_up_cells(*, institution_ids: list[int], now: dt.datetime, progress: Progress | None = None) -> int:
    """Cells from this morning on as the nightly job makes them; a second run the same day makes none."""
    morning = at(local_date(now), dt.time.min)
    made = 0
    for start in range(0, len(institution_ids), CHUNK):
        made += generate_cells(institution_ids=institution_ids[start : start + CHUNK], now=morning)
        if progress:
            progress(min(start + CHUNK, len(institution_ids)), len(institution_ids))
    return made


def vouch(*, institutions: list[Institution], now: dt.datetime) -> None:
    """Every sample vouches for its places this morning, but for the stale ones."""
    stale = {sample.name for sample in SAMPLES if sample.stale}
    this_morning = min(now, at(local_date(now), dt.time(7, 40)))
    for institution in institutions:
        moment = this_morning - dt.timedelta(days=4) if institution.name in stale else this_morning
        confirm_places(institution=institution, actor=None, now=moment)


def make_refusals(*, district: District, now: dt.datetime) -> None:
    """Two sample refusals with their public reasons."""
    for name, days, reasons, rule in REFUSALS:
        if Refusal.objects.filter(institution_name=name).exists():
            continue
        refuse_institution(
            district=district,
            institution_name=name,
            refused_date=local_date(now) - dt.timedelta(days=days),
            office=OFFICE,
            reasons=reasons,
            rule=rule,
            source_title=SOURCE,
            now=now,
        )


def make_load(
    *, district: District, count: int, cells: int, now: dt.datetime, progress: Progress | None = None
) -> list[int]:
    """Institutions beyond the samples up to ``count``; returns those among the first ``cells`` that have classes."""
    samples = Institution.objects.filter(district=district, is_sample=True)
    existing = samples.count()
    towns = _towns(district)
    numbers = range(existing, count)
    show = (lambda done: progress(done, len(numbers))) if progress else None
    made: list[int] = []
    modes = district_care_modes(district, local_date(now))
    create_institutions(rows=_load_rows(numbers, district, towns, modes), now=now, progress=show, unannounced=made)
    institutions_changed(institution_ids=made, now=now)
    names = [_load_name(number, towns) for number in range(len(SAMPLES), min(cells, count))]
    found = samples.filter(name__in=names, class_groups__isnull=True).order_by("pk").distinct()
    pairs = [(institution, _load_sample(institution.pk)) for institution in found]
    if pairs:
        _write_offerings(pairs, now=now)
    with_classes = samples.filter(class_groups__isnull=False).distinct()
    return list(with_classes.order_by("pk").values_list("pk", flat=True))


def _load_name(number: int, towns: list[Township]) -> str:
    kind = ("托育园", "托育中心", "照护点", "幼儿园托班", "宝贝之家")[number % 5]
    return f"示例·{towns[number % len(towns)].name}{number + 1}号{kind}"


def _load_rows(
    numbers: range, district: District, towns: list[Township], modes: Collection[str]
) -> Iterator[NewInstitution]:
    dice = random.Random(SEED + numbers.start)  # noqa: S311 - sample data
    for number in numbers:
        town = towns[number % len(towns)]
        places = dice.choice((20, 30, 45, 60, 90))
        institution = Institution(
            district=district,
            township=town,
            name=_load_name(number, towns),
            address=f"{town.name}示例路 {number + 1} 号",
            phone="",
            nature=dice.choice((Institution.Nature.NON_PROFIT, Institution.Nature.FOR_PROFIT)),
            latitude=round((district.centre_latitude or 0) + dice.uniform(-0.05, 0.05), 5),
            longitude=round((district.centre_longitude or 0) + dice.uniform(-0.06, 0.06), 5),
            places=places,
            inclusive_places=places // 2 if dice.random() < 0.4 else 0,
            filed_modes=[mode for mode in (CareMode.FULL_DAY.value, CareMode.HOURLY.value) if mode in modes],
            is_sample=True,
        )
        yield NewInstitution(institution, _filing(institution, number))


def _load_sample(number: int) -> Sample:
    toddler = CLASS_RULES[TODDLER].limit
    return Sample(
        "",
        "",
        ((TODDLER, toddler, 3, number % 10), (SENIOR, 20, 3, number % 14)),
        hourly=1000 + 100 * (number % 15),
        inclusive=number % 3 == 0,
        days=(0, 1, 2, 3, 4, 5, 6) if number % 4 == 0 else (0, 1, 2, 3, 4),
        steady=True,
    )
