"""The scoreboard: every detector and baseline by the same measures, with intervals."""
