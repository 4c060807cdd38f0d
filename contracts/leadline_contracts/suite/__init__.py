"""The contract as pytest tests: `pytest --pyargs leadline_contracts --leadline-url=URL`."""
