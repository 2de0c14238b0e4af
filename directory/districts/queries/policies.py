"""What the policy pages say of documents that rules stand in."""

from __future__ import annotations

from collections.abc import Collection

from directory.districts import ports


def policy_cards(keys: Collection[int]) -> dict[int, ports.PolicyCard]:
    """By key of the document; those without a published page are left out."""
    ask = ports.policy_cards.get()
    return ask(keys) if ask is not None and keys else {}
