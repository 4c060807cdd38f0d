"""`python -m leadline_cli` is `leadline`."""

from leadline_cli.main import main

main()
