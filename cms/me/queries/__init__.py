"""What the pages of 我的 show, gathered from the apps."""
