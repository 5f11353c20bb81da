-- Custody sidecar, format version 1 (FORMAT.md): what happened to a ledger after it was written, one chain link an event.
PRAGMA application_id = 0x53454943; -- "SEIC"
PRAGMA user_version = 1;

CREATE TABLE custody (
  number INTEGER PRIMARY KEY,
  prev BLOB NOT NULL,
  head BLOB NOT NULL UNIQUE,
  utc TEXT NOT NULL,
  account TEXT NOT NULL,
  operator TEXT,
  event TEXT NOT NULL,
  detail TEXT NOT NULL
) STRICT;

CREATE TRIGGER custody_no_update BEFORE UPDATE ON custody BEGIN SELECT RAISE(ABORT, 'the custody log is append-only'); END;
CREATE TRIGGER custody_no_delete BEFORE DELETE ON custody BEGIN SELECT RAISE(ABORT, 'the custody log is append-only'); END;
