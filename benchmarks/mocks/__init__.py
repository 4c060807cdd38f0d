"""Mock servers side by side: how fast each is, and how true, in one run on one machine."""
