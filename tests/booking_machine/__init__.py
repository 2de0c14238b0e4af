"""One property test of the whole of booking: hypothesis makes up what families, institutions and time do, and after
every step the books must be right (``invariants``). ``world`` is where it happens, ``*_acts`` is what can happen.
"""
