"""Views of 我的."""
