"""Points and hours: what a fact is worth, who holds what, and why.

This floor is ignorant: it knows teachers, things and workshops by opaque ids only. Nothing here imports
the floors above (community, workshops, web).
"""
