"""``make bench``: figures and ratios in one run, over the services of the environment if they are set."""
