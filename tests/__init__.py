"""The tests: one folder for each room, and for what users install and read."""
