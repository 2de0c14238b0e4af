"""Random semantic mutants of the code, one at a time, against the tests that run the changed line."""
