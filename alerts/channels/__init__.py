"""One channel a file: each holds its settings and the one class that delivers a notice over it.

The folder is scanned (`stormcone.plugins`), so a new channel is a new file here and nothing else. A channel turns a
stored message into what its receiver understands and says whether that receiver accepted it; it never decides who is
told, never retries on its own and never puts an address or a secret into an error or a log line.
"""
