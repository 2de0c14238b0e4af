"""What the demo says: names, hours and fees, all plainly samples."""
