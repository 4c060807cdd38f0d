"""From where two servers differ to what to do about it: a change of the contract, or a bug report."""
