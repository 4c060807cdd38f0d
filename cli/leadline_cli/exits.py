"""The exit codes of every command."""

HOLDS = 0
BROKEN = 1
USAGE = 2
NOTHING_CHECKED = 3
INTERRUPTED = 130
