"""Words of the register."""
