"""Hold any server to a contract: cases, oracles, runs and reports."""
