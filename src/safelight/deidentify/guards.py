"""What the database itself refuses about covered copies, on SQLite and PostgreSQL alike.

1. An approval is only of an approved copy of a photo in which nothing is undecided.
2. Approvals, signings, sign-offs, recalls and noted looks, first and second, are never changed; nor is a copy that was decided, but for a
   person's word that it is anonymous.
"""

from safelight.audit.guards import Statements, append_only

APPEND_ONLY = ("deidentify_approval", "deidentify_signing", "deidentify_signoff", "deidentify_look")
SECOND_LOOKS = ("deidentify_secondlook",)
RECALLS = ("deidentify_recall",)
# What a decided copy keeps for ever.
SETTLED = ("state", "photograph_id", "patient_id", "record_copy_id", "version", "stored_id", "digest", "turn", "restricted", "sign_off_id")

_NOT_READY = (
    "(SELECT state FROM deidentify_coveredcopy WHERE id = NEW.copy_id) IS DISTINCT FROM 'approved'"
    " OR EXISTS (SELECT 1 FROM deidentify_finding f JOIN deidentify_coveredcopy c ON c.photograph_id = f.photograph_id"
    " WHERE c.id = NEW.copy_id AND f.state = 'undecided')"
)
_UNSETTLED = "OLD.state <> 'draft' AND (" + " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in SETTLED) + ")"
_READY_WORDS = "a copy is approved when every area is decided"
_SETTLED_WORDS = "a decided copy stays as it is"

SQLITE = tuple(
    statement.replace("IS DISTINCT FROM", "IS NOT")
    for statement in (
        (
            f"CREATE TRIGGER deidentify_approval_ready BEFORE INSERT ON deidentify_approval WHEN {_NOT_READY}"
            f" BEGIN SELECT RAISE(ABORT, '{_READY_WORDS}'); END"
        ),
        (
            f"CREATE TRIGGER deidentify_copy_settled BEFORE UPDATE ON deidentify_coveredcopy WHEN {_UNSETTLED}"
            f" BEGIN SELECT RAISE(ABORT, '{_SETTLED_WORDS}'); END"
        ),
    )
)
POSTGRESQL = (
    (
        "CREATE FUNCTION deidentify_approval_ready() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" BEGIN IF {_NOT_READY} THEN RAISE EXCEPTION '{_READY_WORDS}' USING ERRCODE = 'integrity_constraint_violation';"
        " END IF; RETURN NEW; END $$"
    ),
    (
        "CREATE TRIGGER deidentify_approval_ready BEFORE INSERT ON deidentify_approval"
        " FOR EACH ROW EXECUTE FUNCTION deidentify_approval_ready()"
    ),
    (
        "CREATE FUNCTION deidentify_copy_settled() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" BEGIN IF {_UNSETTLED} THEN RAISE EXCEPTION '{_SETTLED_WORDS}' USING ERRCODE = 'integrity_constraint_violation';"
        " END IF; RETURN NEW; END $$"
    ),
    (
        "CREATE TRIGGER deidentify_copy_settled BEFORE UPDATE ON deidentify_coveredcopy"
        " FOR EACH ROW EXECUTE FUNCTION deidentify_copy_settled()"
    ),
)


def install_guards() -> Statements:
    """The migration's step that sets the guards."""
    return Statements(lambda vendor: (SQLITE if vendor == "sqlite" else POSTGRESQL) + _append_only(APPEND_ONLY, vendor))


def install_guards_of_second_looks() -> Statements:
    """The migration's step that keeps noted second looks as they are."""
    return Statements(lambda vendor: _append_only(SECOND_LOOKS, vendor))


def install_guards_of_recalls() -> Statements:
    """The same of recalls."""
    return Statements(lambda vendor: _append_only(RECALLS, vendor))


def _append_only(tables: tuple[str, ...], vendor: str) -> tuple[str, ...]:
    return tuple(statement for table in tables for statement in append_only(table, vendor))
