"""The training world on disk: files as a real user could have them, and the truth beside them.

Nothing else in pipelines knows that a world is one, and only `oretrace grade` reads its truth.
"""
