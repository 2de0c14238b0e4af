"""Refused acts of booking: a stable word for callers of the API and a sentence for people each."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from booking.places.stay_rules import StayProblem
from cms.core.errors import InvalidInput, NotFound, Refused


class Full(Refused):
    """No place left; ``extra["alternatives"]`` lists what else can be booked that day."""

    code = "full"
    message = _("这个时间已经满了，看看别的时间。")


class Duplicate(Refused):
    """The child is somewhere else then."""

    code = "duplicate"
    message = _("宝宝这个时间已经有别的预约了。")


class Closed(Refused):
    """The day is closed, or the institution takes no bookings."""

    code = "closed"
    message = _("这一天机构不接受预约，换一天看看。")


class NotTaking(Refused):
    """The institution takes no new bookings any more: rectification, authorisation lost, end."""

    code = "closed"
    message = _("这家机构现在不接受新预约，这次没有约成，不收费。请看看附近别的机构。")


class WrongState(Refused):
    """The booking is not in a state that allows the act."""

    code = "closed"
    message = _("这次预约的状态已经变了，请刷新后再看。")


class HoldExpired(Refused):
    """The hold ran out before it was confirmed."""

    code = "expired"
    message = _("保留时间已过，请重新选一次时间。")


class Busy(Refused):
    """A lock could not be had in time, twice."""

    code = "busy"
    message = _("现在预约的人多，请稍等几秒再试一次。")


class OverPlaces(Refused):
    """The mark needs places that are gone; the institution is asked (``extra["over"]`` = how many)."""

    code = "over"
    message = _("这个时间的位子已经给了别人，再签到会超出。")


class AgeNotTaken(InvalidInput):
    """No class of the institution takes the child's age on that day."""

    code = "age"
    message = _("宝宝的月龄那天不在这家机构能收的范围内。")


class OutsideHours(InvalidInput):
    """Not a stay of the product, or not open then."""

    code = "outside_hours"
    message = _("这个时间不在开放的时段里，请从列出的时间里选。")


class TooLate(InvalidInput):
    """After the cut-off."""

    code = "too_late"
    message = _("已经过了最晚预约时间，请选晚一点的时间。")


class TooEarly(InvalidInput):
    """Before the booking window opens."""

    code = "too_early"
    message = _("这一天还没有开放预约。")


class TooShort(InvalidInput):
    """Shorter than the minimum stay."""

    code = "too_short"
    message = _("时间太短，请把结束时间往后选。")


class BadStep(InvalidInput):
    """Not on the raster or not a whole number of steps."""

    code = "bad_step"
    message = _("时间要从列出的起止时间里选。")


class NoSuchProduct(InvalidInput):
    """The institution does not offer this mode or product."""

    code = "product"
    message = _("这家机构现在不提供这种托育方式。")


class KeyRequired(InvalidInput):
    """A request that changes something needs a key."""

    code = "key_required"
    message = _("缺少 Idempotency-Key。")


class KeyReused(InvalidInput):
    """The key was used for another request."""

    code = "key_reused"
    message = _("这个 Idempotency-Key 已经用于另一次请求。")


class NotThere(NotFound):
    """The child, institution or booking is not there for this person."""

    message = _("没有找到，可能已经撤下。")


#: The refusal for each problem that the rules of a stay name.
STAY_PROBLEMS: dict[StayProblem, type[Refused]] = {
    StayProblem.CLOSED: Closed,
    StayProblem.OUTSIDE_HOURS: OutsideHours,
    StayProblem.BAD_STEP: BadStep,
    StayProblem.TOO_SHORT: TooShort,
    StayProblem.TOO_LATE: TooLate,
    StayProblem.TOO_EARLY: TooEarly,
}
