"""False-accusation suite: trade that looks implausible, has an ordinary reason, and must not rise above level 1."""
