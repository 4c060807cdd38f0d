"""The exit codes of every command."""

HOLDS = 0
BROKEN = 1
USAGE = 2
NOTHING_CHECKED = 3
INTERRUPTED = 130
DEFECT = 70
"""Leadline itself has failed: `EX_SOFTWARE`, as sysexits.h has it, so that no gate takes it for a verdict."""
