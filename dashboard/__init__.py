"""The live screens: what is happening, what to do, and where people record what they decided.

Reads the store, writes decisions and acknowledgements only. Never polls, never scores, never schedules.
"""
