"""Whom a change of the contract meets: recorded traffic, and a server, held to what has changed."""
