"""
Several processes that serve one mock, with one truth about ids, journal and faults.

They share a listening socket and a block of counters. What is asked for rarely (the journal, what is armed)
goes through the process that started them, the keeper: it asks all, and answers with what they say together.
"""
