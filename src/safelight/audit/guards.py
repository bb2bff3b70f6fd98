"""What the database itself refuses: changing the ledger, and writing to guarded tables outside an action.

`APPEND_ONLY` tables refuse update and delete (truncate too, where there is such a statement) on SQLite and PostgreSQL.
`guard(...)` makes PostgreSQL refuse a write outside an action. A role that owns the tables can drop a trigger: then the
signed checkpoints convict it, which is what they are for.
"""

from collections.abc import Callable, Iterable

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

APPEND_ONLY = ("audit_entry", "audit_about", "audit_checkpoint", "audit_move")

SQLITE_HEAD = (
    (
        "CREATE TRIGGER audit_entry_next BEFORE INSERT ON audit_entry"
        " WHEN NEW.seq IS NOT (SELECT size FROM audit_head WHERE id = 1)"
        " BEGIN SELECT RAISE(ABORT, 'an entry takes the next number'); END"
    ),
    (
        "CREATE TRIGGER audit_head_grows BEFORE UPDATE ON audit_head WHEN NEW.size != OLD.size + 1"
        " BEGIN SELECT RAISE(ABORT, 'the head grows by one'); END"
    ),
    "CREATE TRIGGER audit_head_stays BEFORE DELETE ON audit_head BEGIN SELECT RAISE(ABORT, 'the head stays'); END",
)
POSTGRESQL_FUNCTIONS = (
    (
        "CREATE FUNCTION safelight_append_only() RETURNS trigger LANGUAGE plpgsql AS $$"
        " BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$"
    ),
    (
        "CREATE FUNCTION safelight_next_entry() RETURNS trigger LANGUAGE plpgsql AS $$"
        " BEGIN IF NEW.seq IS DISTINCT FROM (SELECT size FROM audit_head WHERE id = 1) THEN"
        " RAISE EXCEPTION 'an entry takes the next number' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
    ),
    (
        "CREATE FUNCTION safelight_head_grows() RETURNS trigger LANGUAGE plpgsql AS $$"
        " BEGIN IF NEW.size <> OLD.size + 1 THEN"
        " RAISE EXCEPTION 'the head grows by one' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
    ),
    (
        "CREATE FUNCTION safelight_in_action() RETURNS trigger LANGUAGE plpgsql AS $$"
        " BEGIN IF coalesce(current_setting('safelight.action', true), '') = '' THEN"
        " RAISE EXCEPTION '% is written by actions only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END IF;"
        " IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
    ),
)
POSTGRESQL_HEAD = (
    "CREATE TRIGGER audit_entry_next BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION safelight_next_entry()",
    "CREATE TRIGGER audit_head_grows BEFORE UPDATE ON audit_head FOR EACH ROW EXECUTE FUNCTION safelight_head_grows()",
    "CREATE TRIGGER audit_head_stays BEFORE DELETE ON audit_head FOR EACH ROW EXECUTE FUNCTION safelight_append_only()",
    "CREATE TRIGGER audit_head_whole BEFORE TRUNCATE ON audit_head FOR EACH STATEMENT EXECUTE FUNCTION safelight_append_only()",
)


def append_only(table: str, vendor: str) -> tuple[str, ...]:
    """The statements that make a table append-only."""
    if vendor == "sqlite":
        return tuple(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for verb in ("UPDATE", "DELETE")
        )
    return (
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION safelight_append_only()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION safelight_append_only()",
    )


def ledger_guards(vendor: str) -> tuple[str, ...]:
    """Every statement that guards the ledger, functions first."""
    tables = tuple(statement for table in APPEND_ONLY for statement in append_only(table, vendor))
    return SQLITE_HEAD + tables if vendor == "sqlite" else POSTGRESQL_FUNCTIONS + POSTGRESQL_HEAD + tables


class Statements(Operation):
    """SQL by the vendor of the database, as a migration's step; on the way back nothing is done.

    Unlike Django's own RunPython it asks for no models: rendering all of them takes longer than what is done here.
    """

    def __init__(self, of: Callable[[str], Iterable[str]]) -> None:
        self._of = of

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """No table is another."""

    def database_forwards(
        self, _app_label: str, schema_editor: BaseDatabaseSchemaEditor, _from_state: ProjectState, _to_state: ProjectState
    ) -> None:
        for statement in self._of(schema_editor.connection.vendor):
            schema_editor.execute(statement, params=None)

    def database_backwards(
        self, _app_label: str, _schema_editor: BaseDatabaseSchemaEditor, _from_state: ProjectState, _to_state: ProjectState
    ) -> None:
        """The tables go, and their guards with them."""


def install_ledger_guards() -> Statements:
    """The migration's step that guards the ledger."""
    return Statements(ledger_guards)


def guard(*tables: str) -> Statements:
    """The migration's step that makes PostgreSQL refuse writes to some tables outside an action."""
    made = [
        f"CREATE TRIGGER {table}_in_action BEFORE INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION safelight_in_action()"
        for table in tables
    ]
    return Statements(lambda vendor: made if vendor == "postgresql" else ())
