"""Tells people: who is told of a transition, what the message says, and whether it arrived.

Stands after the incidents' life cycle: `routing` and `rota` choose the recipients, `message` writes what they read,
`delivery` leases notices from the outbox and hands them to the `channels`. Never judges a mention, never reads or
writes the database itself (the outbox is handed in), never acts on a platform.
"""
