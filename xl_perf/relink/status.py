"""The cell that says whether the functions answer: a LAMBDA copy names the edition of the functions that it carries.

Elsewhere the cell is volatile, because the functions may be missing on the next computer; a copy brings them along.
"""

from __future__ import annotations

import re

ACTIVE = "▲ attive: i valori si aggiornano a ogni modifica"
"""What the cell says where the functions answer, as the templates write it."""
CARRIED = "▲ nel file: funzioni dell'edizione "
"""What it says in a LAMBDA copy, before the edition."""
_ACTIVE, _CARRIED = ACTIVE.encode(), CARRIED.encode()
_VOLATILE = re.compile(rb'(ISERROR\([^<]*?\))\+0\*NOW\(\)(\),"[^"]*",")' + re.escape(_ACTIVE) + rb'"')
_NAMED = re.compile(rb'(ISERROR\([^<]*?\))(\),"[^"]*",")' + re.escape(_CARRIED) + rb'[^"<]*"')
_NAMED_VALUE = re.compile(rb">" + re.escape(_CARRIED) + rb"[^<]*<")


def with_edition(data: bytes, edition: str) -> bytes:
    """A sheet part (UTF-8) whose status cell names the edition of the functions in place of the volatile formula."""
    said = f"{CARRIED}{edition}".replace('"', "").replace("&", "&amp;").encode()
    plain = without_edition(data)
    named, changed = _VOLATILE.subn(lambda found: b'%b%b%b"' % (found[1], found[2], said), plain)
    return named.replace(b">%b<" % _ACTIVE, b">%b<" % said) if changed else data


def without_edition(data: bytes) -> bytes:
    """The part with the volatile formula again; the same bytes where no edition is named."""
    if _CARRIED not in data:
        return data
    plain = _NAMED.sub(lambda found: b'%b+0*NOW()%b%b"' % (found[1], found[2], _ACTIVE), data)
    return _NAMED_VALUE.sub(b">%b<" % _ACTIVE, plain)
