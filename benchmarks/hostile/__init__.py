"""
A hundred thousand malformed and hostile requests, and whether the mock takes them well.

What is sent is made from a seed, so that each request can be sent again by its number:

    python -m benchmarks.hostile --requests 100000 --seed 1
    python -m benchmarks.hostile --seed 1 --only 4711
    python -m benchmarks.hostile --clients 64 --seconds 60
"""
