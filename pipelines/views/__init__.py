"""How tables are shown to people."""
