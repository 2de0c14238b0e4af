"""Forms of 我的."""
