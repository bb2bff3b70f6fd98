"""Lifting the database's guards for a moment: what an attacker who owns the tables would do, and what emptying a test database needs."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.base.base import BaseDatabaseWrapper


@contextmanager
def lifted(connection: BaseDatabaseWrapper, *, for_truncate: bool = False) -> Iterator[None]:
    """No trigger fires inside."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            truncates = _truncate_triggers(cursor) if for_truncate else []
            for table, name in truncates:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
            try:
                yield
            finally:
                for table, name in truncates:
                    cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {name}")
                cursor.execute("SET session_replication_role = origin")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        try:
            yield
        finally:
            for _, sql in triggers:
                cursor.execute(sql)


def _truncate_triggers(cursor) -> list[tuple[str, str]]:
    cursor.execute(
        "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " WHERE NOT t.tgisinternal AND (t.tgtype & 32) <> 0"
    )
    return cursor.fetchall()
