"""Recorded traffic, held to the contract: the caller's side and the server's, without sending anything."""
