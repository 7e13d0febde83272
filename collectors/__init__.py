"""Collectors: one platform a file. Each polls its source and returns a Batch; none saves, judges or notifies.

The folder is scanned (`stormcone.plugins`): a new collector is one new file here, its test, and its
section in config.toml.
"""
