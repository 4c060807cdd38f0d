"""What the mock makes of a faulty request where `x-leniency` says that the server takes it."""
