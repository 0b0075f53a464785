"""The register engine: everything that every kind of record gets from one declaration.

Read in this order: ``fields`` (what a field is), ``lifecycle`` (states and moves), ``register``
(the declaration), ``tables`` (what the engine stores beside a row), ``disclosure`` (who may see
which field), ``reading`` and ``writing`` (the two paths every record takes), ``routes`` (how it
looks from outside).
"""
