"""Leniency: what a server takes beyond the contract, declared with `x-leniency`, observed, learnt."""
