"""The beginning of a file as text: how much of it is looked at, and in which encoding it is written."""

HEAD_BYTES = 1 << 18
BINARY = frozenset([*range(9), *range(14, 27), *range(28, 32)])
"""Bytes that no text holds."""
UTF16 = (b"\xff\xfe", b"\xfe\xff")


def decode(head: bytes) -> tuple[str, str]:
    """Text and its encoding: UTF-8 with or without a byte order mark, else Windows-1252."""
    try:
        return head.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError as error:
        # The head may end inside a character.
        if error.start >= len(head) - 3 and error.start > 0:
            return head[: error.start].decode("utf-8-sig"), "utf-8"
    return head.decode("cp1252", errors="replace"), "cp1252"
