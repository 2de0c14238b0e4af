"""StreamField blocks, by family; every one has a Chinese name, a hint and a preview."""

from cms.pages.blocks.body import BodyBlock

__all__ = ["BodyBlock"]
