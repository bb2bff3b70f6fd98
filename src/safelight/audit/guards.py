"""What the database itself refuses: changing the ledger, and writing to guarded tables outside an action.

`APPEND_ONLY` tables refuse update and delete (truncate too, where there is such a statement) on SQLite and PostgreSQL.
`guard(...)` makes PostgreSQL refuse a write outside an action. A role that owns the tables can drop a trigger: then the
signed checkpoints convict it, which is what they are for.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

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


def install_ledger_guards() -> migrations.RunPython:
    """The migration's step that guards the ledger; there is no way back."""

    def run(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        for statement in ledger_guards(editor.connection.vendor):
            editor.execute(statement, params=None)

    return migrations.RunPython(run, migrations.RunPython.noop)


def guard(*tables: str) -> migrations.RunPython:
    """The migration's step that makes PostgreSQL refuse writes to some tables outside an action."""

    def run(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor != "postgresql":
            return
        for table in tables:
            editor.execute(
                f"CREATE TRIGGER {table}_in_action BEFORE INSERT OR UPDATE OR DELETE ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION safelight_in_action()",
                params=None,
            )

    return migrations.RunPython(run, migrations.RunPython.noop)
