-- Ledger format version 4 (FORMAT.md): 0003.sql, and these columns. A record keeps all its times and digests, a near match and a
-- quote what else was measured of them.
PRAGMA user_version = 4;

ALTER TABLE near_match ADD COLUMN details TEXT;
ALTER TABLE signal ADD COLUMN details TEXT;
ALTER TABLE reference ADD COLUMN time_kind TEXT;
ALTER TABLE reference ADD COLUMN more_times TEXT;
ALTER TABLE reference ADD COLUMN digests TEXT;
ALTER TABLE sign ADD COLUMN time_kind TEXT;
ALTER TABLE sign ADD COLUMN more_times TEXT;
ALTER TABLE sign ADD COLUMN digests TEXT;
