"""Large photos drawn at a quarter of their size, in two thirds of a library's time. Only for the worker: it decodes.

What this decoder does not know, or finds wrong in the least, is left to a library, whose word holds.
"""
