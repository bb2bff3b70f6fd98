"""Emptying the database after a test that committed: only what has rows, and past the guards that forbid just that.

Django's own way empties every table and then enters its content types and permissions anew, which takes longer than most tests.
"""

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from tests.guards import lifted

# Entered when the database is made, the same for every test, and never changed by one.
FOR_ALL = {"django_migrations", "django_content_type", "auth_permission", "django_site"}
FLOWS = {"sqlite": "workflow_status", "postgresql": "dbos.workflow_status"}


def empty(connection: BaseDatabaseWrapper) -> None:
    """Delete every row of the product's tables, and every promise of work: another test's would be counted, or done, by the next."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {FLOWS[connection.vendor]}")
    filled = _filled(connection)
    with transaction.atomic(), lifted(connection, tables=filled), connection.cursor() as cursor:
        for table in filled:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")


def _filled(connection: BaseDatabaseWrapper) -> list[str]:
    tables = sorted(set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - FOR_ALL)
    asked = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {connection.ops.quote_name(name)})" for name in tables)
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return [name for (name,) in cursor.fetchall()]
