"""What ships did, told from their reports: identities, silences, calls, voyages, meetings, and where nobody listened.

Pure functions on frames. Times inside are whole seconds since 1970, UTC; distances km, speeds knots.
"""
