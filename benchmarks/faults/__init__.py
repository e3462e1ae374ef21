"""What happens to an index when everything goes wrong: killed, full, altered, crowded, attacked, fed rubbish.

Run with ``python -m benchmarks.faults``; the short form is part of the tests.
"""
