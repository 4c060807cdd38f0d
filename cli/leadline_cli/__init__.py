"""The command line of Leadline."""
