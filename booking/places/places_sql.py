"""The statements behind free places: facts of some institutions, their cells, and who of all can take a child.

Table names come from the models. ``free`` of a cell is below zero where the cell is over; what ran out counts as free,
since the next hold clears it away.
"""

from __future__ import annotations

from booking.places.enums import BOOKABLE_MODES, WAITING_STATES
from booking.places.models import (
    Booking,
    BookingCell,
    BookingPolicy,
    CapacityCell,
    CapacityPool,
    PlacesConfirmation,
)
from cms.core.runtime.sql import with_tables
from directory.register.models import CareProduct, ClassGroup, ClosingDay, Institution, ProductFee

TABLES = (
    Booking,
    BookingCell,
    BookingPolicy,
    CapacityCell,
    CapacityPool,
    CareProduct,
    ClassGroup,
    ClosingDay,
    Institution,
    PlacesConfirmation,
    ProductFee,
)
#: Columns of a ``BookingPolicy`` that decide a stay, and whether the institution has to answer.
TERMS = (
    "raster_minutes",
    "opens_days_ahead",
    "cutoff_minutes",
    "temporary_cutoff_minutes",
    "minimum_minutes",
    "step_minutes",
    "free_cancel_days_before",
    "free_cancel_clock",
    "needs_acceptance",
)
#: The modes of which a stay of one day can be booked.
MODES = ", ".join(f"'{mode.value}'" for mode in BOOKABLE_MODES)
WAITING = ", ".join(f"'{status}'" for status in WAITING_STATES)
#: ``states.has_lapsed`` of the booking ``b``. Parameter: now.
LAPSED = f"b.status IN ({WAITING}) AND b.expires_at <= %s"
#: A product once for each of its fees.
PRODUCT = (
    "q.id, q.public_id, q.mode, q.part, q.starts, q.ends, q.block_minutes, q.inclusive, fee.class_kind, fee.from_date,"
    " fee.fee"
)
#: The fourth column: some booking there ran out and still holds its places.
#: Parameters: now, last day of a fee's beginning, first and last day, institutions.
FACTS = with_tables(
    f"""
SELECT i.id, i.state, f.places_confirmed_at,
       EXISTS (SELECT 1 FROM {{Booking}} b WHERE b.institution_id = i.id
                  AND {LAPSED}),
       (SELECT {{product}} FROM {{CareProduct}} q
          JOIN {{ProductFee}} fee ON fee.product_id = q.id AND fee.from_date <= %s
         WHERE q.institution_id = i.id AND q.active AND q.mode IN ({MODES})),
       (SELECT {{group}} FROM {{ClassGroup}} g WHERE g.institution_id = i.id AND g.active),
       (SELECT {{pool}} FROM {{CapacityPool}} p WHERE p.institution_id = i.id AND p.kind = 'care' AND p.active),
       (SELECT {{closed}} FROM {{ClosingDay}} d WHERE d.institution_id = i.id AND d.date BETWEEN %s AND %s),
       {", ".join(f"pol.{name}" for name in TERMS)}
  FROM {{Institution}} i
  LEFT JOIN {{BookingPolicy}} pol ON pol.institution_id = i.id
  LEFT JOIN {{PlacesConfirmation}} f ON f.institution_id = i.id
 WHERE i.id IN ({{institutions}})
""",  # noqa: S608  # names of ours
    *TABLES,
)
#: Units of bookings that ran out, by cell. Parameter: now.
OVERDUE = with_tables(
    f"""
LEFT JOIN (SELECT l.cell_id, SUM(l.units) AS units
             FROM {{Booking}} b JOIN {{BookingCell}} l ON l.booking_id = b.id
            WHERE {LAPSED}
            GROUP BY l.cell_id) o ON o.cell_id = c.id
""",  # noqa: S608  # names of ours
    *TABLES,
)
#: Places left in a cell, without and with what ran out: the join costs every cell, so it is left out where it can be.
LEFT, LEFT_WITH_OVERDUE = "c.target - c.taken", "c.target - c.taken + COALESCE(o.units, 0)"
#: Cells of the class and house pools of some institutions. Parameters: now if overdue, institutions, buckets, from, to.
CELLS = with_tables(
    """
SELECT p.institution_id, p.bucket, {minutes}, {left}
  FROM {CapacityPool} p JOIN {CapacityCell} c ON c.pool_id = p.id {overdue}
 WHERE p.institution_id IN ({institutions}) AND p.kind = 'care' AND p.active {bucket}
   AND c.starts_at >= %s AND c.starts_at < %s
""",
    *TABLES,
)
#: Whether anything ran out at all. Parameter: now.
ANY_OVERDUE = with_tables(f"SELECT 1 FROM {{Booking}} b WHERE {LAPSED} LIMIT 1", *TABLES)  # noqa: S608  # names of ours
#: Institutions that take bookings for the day, with their rules. Where only a part of it is closed its cells say so.
HOUSES = """
SELECT i.id,
       COALESCE(pol.minimum_minutes, %(minimum_minutes)s) AS minimum,
       COALESCE(pol.step_minutes, %(step_minutes)s) AS step,
       COALESCE(pol.raster_minutes, %(raster_minutes)s) AS raster,
       %(now_minute)s + COALESCE(pol.cutoff_minutes, %(cutoff_minutes)s) AS earliest,
       %(now_minute)s + COALESCE(pol.temporary_cutoff_minutes, %(temporary_cutoff_minutes)s) AS earliest_block
  FROM {PlacesConfirmation} f
  JOIN {Institution} i ON i.id = f.institution_id AND i.state = 'active'
  LEFT JOIN {BookingPolicy} pol ON pol.institution_id = i.id
 WHERE f.places_confirmed_at >= %(fresh)s
   AND COALESCE(pol.opens_days_ahead, %(opens_days_ahead)s) >= %(days_ahead)s
   AND NOT EXISTS (SELECT 1 FROM {ClosingDay} d WHERE d.institution_id = i.id AND d.date = %(day)s
                      AND d.class_kind = '' AND d.from_minute = 0 AND d.to_minute = 1440)
   {narrow_institutions}
"""
#: Their stays that cover the asked minutes and that the rules allow now, as ``place_rules`` says of one institution:
#: by the hour the asked minutes themselves, in blocks as many as cover them, else the whole window. ``amount`` as
#: ``stay_rules.price_of_minutes`` says, by the ``{fee}`` of the product.
STAYS = """
SELECT s.institution_id, s.starts, s.ends,
       MIN(s.fee * CASE s.mode WHEN 'hourly' THEN (s.ends - s.starts + s.step - 1) / s.step
                               WHEN 'temporary' THEN (s.ends - s.starts) / s.block_minutes
                               ELSE 1 END) AS amount
  FROM (SELECT h.id AS institution_id, h.step, q.mode, q.block_minutes, {fee} AS fee, {closes} AS closes,
               CASE q.mode WHEN 'temporary' THEN h.earliest_block ELSE h.earliest END AS earliest,
               CASE q.mode WHEN 'hourly' THEN %(starts)s
                    WHEN 'temporary' THEN {opens} + (%(starts)s - {opens}) / q.block_minutes * q.block_minutes
                    ELSE {opens} END AS starts,
               CASE q.mode WHEN 'hourly' THEN %(ends)s
                    WHEN 'temporary'
                    THEN {opens} + (%(ends)s - {opens} + q.block_minutes - 1) / q.block_minutes * q.block_minutes
                    ELSE {closes} END AS ends
          FROM houses h
          JOIN {CareProduct} q ON q.institution_id = h.id AND q.active AND q.mode IN ({modes}) {narrow_mode}
               AND q.starts <= %(starts_clock)s AND q.ends >= %(ends_clock)s
               AND EXISTS (SELECT 1 FROM {ProductFee} fee
                            WHERE fee.product_id = q.id AND fee.class_kind = '' AND fee.from_date <= %(day)s)
         WHERE q.mode <> 'hourly'
            OR (%(ends)s - %(starts)s >= h.minimum AND (%(ends)s - %(starts)s - h.minimum) %% h.step = 0
                AND (%(starts)s - {opens}) %% h.raster = 0)) s
 WHERE s.ends <= s.closes AND s.starts >= s.earliest
 GROUP BY s.institution_id, s.starts, s.ends
""".replace("{modes}", MODES)
#: Where the very minutes can be booked no longer stay has more places: one scan of their cells answers those.
EXACT = """
SELECT p.institution_id, MIN({left}) AS free
  FROM {CapacityPool} p JOIN {CapacityCell} c ON c.pool_id = p.id {overdue}
 WHERE p.kind = 'care' AND p.active AND (p.bucket = %(house)s OR {kinds}) {narrow_pools}
   AND c.starts_at >= %(starts_at)s AND c.starts_at < %(ends_at)s
 GROUP BY p.id
HAVING COUNT(*) * p.raster_minutes = %(ends)s - %(starts)s AND MIN({left}) > 0 AND MIN(c.starts_at) = %(starts_at)s
"""
LONGER = """
SELECT s.institution_id, s.starts, s.ends, MIN({left}) AS free
  FROM (SELECT t.institution_id, t.starts, t.ends, {from_at} AS from_at, {until_at} AS until_at
          FROM stays t {but_exact}) s
  JOIN {CapacityPool} p ON p.institution_id = s.institution_id AND p.kind = 'care' AND p.active
       AND (p.bucket = %(house)s OR {kinds})
  JOIN {CapacityCell} c ON c.pool_id = p.id AND c.starts_at >= s.from_at AND c.starts_at < s.until_at {overdue}
 GROUP BY p.id, p.raster_minutes, s.institution_id, s.starts, s.ends, s.from_at
HAVING COUNT(*) * p.raster_minutes = s.ends - s.starts AND MIN({left}) > 0 AND MIN(c.starts_at) = s.from_at
"""
BUT_EXACT = "WHERE t.institution_id NOT IN (SELECT institution_id FROM exact)"
#: Institution and the most places of one of its stays: the least over class and house, each with all its cells.
FREE = with_tables(
    f"""
WITH houses AS ({HOUSES}),
     stays AS ({STAYS}),
     exact AS (SELECT institution_id FROM stays WHERE starts = %(starts)s AND ends = %(ends)s)
SELECT x.institution_id, MAX(x.free)
  FROM (SELECT w.institution_id, MIN(w.free) AS free
          FROM ({EXACT}) w JOIN exact e ON e.institution_id = w.institution_id
         GROUP BY w.institution_id HAVING COUNT(*) = 2
         UNION ALL
        SELECT n.institution_id, MIN(n.free) AS free FROM ({LONGER.replace("{but_exact}", BUT_EXACT)}) n
         GROUP BY n.institution_id, n.starts, n.ends HAVING COUNT(*) = 2) x
 GROUP BY x.institution_id
""",  # noqa: S608  # names of ours
    *TABLES,
)
#: The same with what the cheapest of these stays costs, which need not be that with the most places: all are asked.
PRICED = with_tables(
    f"""
WITH houses AS ({HOUSES}),
     stays AS ({STAYS})
SELECT x.institution_id, MAX(x.free), MIN(t.amount)
  FROM (SELECT n.institution_id, n.starts, n.ends, MIN(n.free) AS free FROM ({LONGER.replace("{but_exact}", "")}) n
         GROUP BY n.institution_id, n.starts, n.ends HAVING COUNT(*) = 2) x
  JOIN stays t ON t.institution_id = x.institution_id AND t.starts = x.starts AND t.ends = x.ends
 GROUP BY x.institution_id
""",  # noqa: S608  # names of ours
    *TABLES,
)
#: The fee of the day of a product for the child's class, else for all. ``{kind}`` is the class of the house.
FEE = with_tables(
    """COALESCE((SELECT fee.fee FROM {ProductFee} fee
            WHERE fee.product_id = q.id AND fee.class_kind = {kind} AND fee.from_date <= %(day)s
            ORDER BY fee.from_date DESC LIMIT 1),
         (SELECT fee.fee FROM {ProductFee} fee
            WHERE fee.product_id = q.id AND fee.class_kind = '' AND fee.from_date <= %(day)s
            ORDER BY fee.from_date DESC LIMIT 1))""",
    *TABLES,
)
#: The class of the house that takes the child: the first of its kinds that is run.
OWN_KIND = with_tables(
    """CASE WHEN EXISTS (SELECT 1 FROM {CapacityPool} e
        WHERE e.institution_id = h.id AND e.kind = 'care' AND e.active AND e.bucket = {kind})
    THEN {kind} ELSE {next} END""",
    *TABLES,
)
#: The child's own class, or a later one of its kinds where none before is run: a mixed class never stands in for a
#: class that is run but closed just then.
KIND = with_tables(
    """(p.bucket = {bucket} AND NOT EXISTS (
    SELECT 1 FROM {CapacityPool} e
     WHERE e.institution_id = p.institution_id AND e.kind = 'care' AND e.active AND e.bucket IN ({before})))""",
    *TABLES,
)
