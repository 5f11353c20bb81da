-- Custody sidecar, format version 2 (FORMAT.md): typed facts beside the events that they belong to. A sidecar of version 1 gets
-- these tables when it is next appended to; its events stay as they are.
PRAGMA user_version = 2;

CREATE TABLE session (
  number INTEGER PRIMARY KEY REFERENCES custody (number),
  session TEXT NOT NULL,
  act TEXT NOT NULL,
  pass TEXT,
  scale TEXT
) STRICT;

CREATE TABLE decision (
  number INTEGER PRIMARY KEY REFERENCES custody (number),
  sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
  scale TEXT NOT NULL,
  act TEXT NOT NULL,
  category TEXT,
  note TEXT NOT NULL,
  pass TEXT,
  session TEXT
) STRICT;

CREATE TABLE reveal (
  number INTEGER PRIMARY KEY REFERENCES custody (number),
  sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
  act TEXT NOT NULL,
  reason TEXT NOT NULL,
  treatment TEXT,
  part TEXT,
  asked INTEGER REFERENCES custody (number),
  shown_ms INTEGER,
  session TEXT
) STRICT;

CREATE TABLE statement (
  number INTEGER PRIMARY KEY REFERENCES custody (number),
  text TEXT NOT NULL
) STRICT;

CREATE TABLE signature (
  number INTEGER PRIMARY KEY REFERENCES custody (number),
  statement INTEGER NOT NULL REFERENCES statement (number),
  algorithm TEXT NOT NULL,
  signer TEXT NOT NULL,
  certificate BLOB,
  value BLOB NOT NULL
) STRICT;

CREATE TABLE time_stamp (
  number INTEGER PRIMARY KEY REFERENCES custody (number),
  statement INTEGER NOT NULL REFERENCES statement (number),
  request BLOB,
  response BLOB NOT NULL
) STRICT;

CREATE INDEX decision_content ON decision (sha256, scale, number);
CREATE INDEX reveal_content ON reveal (sha256, number);

CREATE TRIGGER session_no_update BEFORE UPDATE ON session BEGIN SELECT RAISE(ABORT, 'the custody log is append-only'); END;
CREATE TRIGGER session_no_delete BEFORE DELETE ON session BEGIN SELECT RAISE(ABORT, 'the custody log is append-only'); END;
CREATE TRIGGER decision_no_update BEFORE UPDATE ON decision BEGIN SELECT RAISE(ABORT, 'the custody log is append-only'); END;
CREATE TRIGGER decision_no_delete BEFORE DELETE ON decision BEGIN SELECT RAISE(ABORT, 'the custody log is append-only'); END;
CREATE TRIGGER reveal_no_update BEFORE UPDATE ON reveal BEGIN SELECT RAISE(ABORT, 'the custody log is append-only'); END;
CREATE TRIGGER reveal_no_delete BEFORE DELETE ON reveal BEGIN SELECT RAISE(ABORT, 'the custody log is append-only'); END;
CREATE TRIGGER statement_no_update BEFORE UPDATE ON statement BEGIN SELECT RAISE(ABORT, 'the custody log is append-only'); END;
CREATE TRIGGER statement_no_delete BEFORE DELETE ON statement BEGIN SELECT RAISE(ABORT, 'the custody log is append-only'); END;
CREATE TRIGGER signature_no_update BEFORE UPDATE ON signature BEGIN SELECT RAISE(ABORT, 'the custody log is append-only'); END;
CREATE TRIGGER signature_no_delete BEFORE DELETE ON signature BEGIN SELECT RAISE(ABORT, 'the custody log is append-only'); END;
CREATE TRIGGER time_stamp_no_update BEFORE UPDATE ON time_stamp BEGIN SELECT RAISE(ABORT, 'the custody log is append-only'); END;
CREATE TRIGGER time_stamp_no_delete BEFORE DELETE ON time_stamp BEGIN SELECT RAISE(ABORT, 'the custody log is append-only'); END;
