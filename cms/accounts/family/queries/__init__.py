"""Reads of the accounts: everything of a family is reached through its members."""
