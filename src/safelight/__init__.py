"""Safelight: clinical photographs from the hospital's camera into the patient's record."""

import sys

import pysqlite3
import pysqlite3.dbapi2

# One SQLite for web, worker and the work queue alike. The interpreter's own may be older than 3.51.3,
# and releases up to 3.51.2 can lose committed pages of a write-ahead log (sqlite.org, "WAL-reset bug").
sys.modules["sqlite3"] = pysqlite3
sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
