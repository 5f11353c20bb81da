-- Ledger format version 2 (FORMAT.md): what is found in the name of an entry, beside what is found in contents.
PRAGMA user_version = 2;

CREATE TABLE entry_score (
  batch INTEGER NOT NULL, ordinal INTEGER NOT NULL,
  entry INTEGER NOT NULL REFERENCES entry (id),
  classifier TEXT NOT NULL,
  model_sha256 TEXT NOT NULL,
  label TEXT NOT NULL,
  score_per_10k INTEGER NOT NULL,
  threshold_per_10k INTEGER
) STRICT;

CREATE TABLE entry_attribute (
  batch INTEGER NOT NULL, ordinal INTEGER NOT NULL,
  entry INTEGER NOT NULL REFERENCES entry (id),
  name TEXT NOT NULL,
  value TEXT NOT NULL CHECK (length(value) <= 200)
) STRICT;

CREATE INDEX entry_score_entry ON entry_score (entry);
CREATE INDEX entry_attribute_entry ON entry_attribute (entry);

CREATE TRIGGER entry_score_no_update BEFORE UPDATE ON entry_score BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER entry_score_no_delete BEFORE DELETE ON entry_score BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER entry_score_no_insert BEFORE INSERT ON entry_score WHEN EXISTS (SELECT 1 FROM seal) BEGIN SELECT RAISE(ABORT, 'the ledger is sealed'); END;
CREATE TRIGGER entry_attribute_no_update BEFORE UPDATE ON entry_attribute BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER entry_attribute_no_delete BEFORE DELETE ON entry_attribute BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER entry_attribute_no_insert BEFORE INSERT ON entry_attribute WHEN EXISTS (SELECT 1 FROM seal) BEGIN SELECT RAISE(ABORT, 'the ledger is sealed'); END;
