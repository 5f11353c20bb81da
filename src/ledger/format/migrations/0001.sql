-- Ledger format version 1 (FORMAT.md). Every row but those of "batch" names the transaction and the place in it that it
-- was written at. src/ledger/format/tables.ts describes the same columns; a test compares the two.
PRAGMA application_id = 0x5345495A; -- "SEIZ"
PRAGMA user_version = 1;

CREATE TABLE batch (
  batch INTEGER PRIMARY KEY,
  prev BLOB NOT NULL,
  head BLOB NOT NULL UNIQUE,
  utc TEXT NOT NULL,
  kind TEXT NOT NULL,
  "rows" INTEGER NOT NULL
) STRICT;

CREATE TABLE meta (
  batch INTEGER NOT NULL, ordinal INTEGER NOT NULL,
  key TEXT NOT NULL UNIQUE,
  value TEXT NOT NULL
) STRICT;

CREATE TABLE event (
  batch INTEGER NOT NULL, ordinal INTEGER NOT NULL,
  utc TEXT NOT NULL,
  event TEXT NOT NULL,
  account TEXT NOT NULL,
  detail TEXT NOT NULL
) STRICT;

CREATE TABLE content (
  batch INTEGER NOT NULL, ordinal INTEGER NOT NULL,
  id INTEGER PRIMARY KEY,
  sha256 BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32),
  md5 BLOB NOT NULL CHECK (length(md5) = 16),
  sha1 BLOB NOT NULL CHECK (length(sha1) = 20),
  blake3 BLOB NOT NULL CHECK (length(blake3) = 32),
  ed2k_red BLOB,
  ed2k_blue BLOB,
  size INTEGER NOT NULL,
  media_type TEXT NOT NULL,
  applicable INTEGER NOT NULL,
  matched_result TEXT NOT NULL,
  matched_reason TEXT,
  matched_detail TEXT,
  suppressed_by TEXT
) STRICT;

CREATE TABLE entry (
  batch INTEGER NOT NULL, ordinal INTEGER NOT NULL,
  id INTEGER PRIMARY KEY,
  path BLOB NOT NULL UNIQUE,
  steps INTEGER NOT NULL,
  kind TEXT NOT NULL,
  size INTEGER NOT NULL,
  allocated INTEGER,
  modified_s INTEGER, modified_ns INTEGER,
  changed_s INTEGER, changed_ns INTEGER,
  accessed_s INTEGER, accessed_ns INTEGER,
  born_s INTEGER, born_ns INTEGER,
  time_basis TEXT,
  device INTEGER,
  inode INTEGER,
  links INTEGER,
  mode INTEGER,
  uid INTEGER,
  gid INTEGER,
  link_target BLOB,
  band INTEGER NOT NULL,
  parent INTEGER REFERENCES content (id),
  parent_stage TEXT,
  walk_result TEXT,
  walk_reason TEXT,
  walk_detail TEXT
) STRICT;

CREATE INDEX entry_to_read ON entry (band, ifnull(device, 0), ifnull(inode, 0), path)
  WHERE parent IS NULL AND walk_result IS NULL;
CREATE INDEX entry_derived ON entry (parent, path) WHERE parent IS NOT NULL;

CREATE TABLE reading (
  batch INTEGER NOT NULL, ordinal INTEGER NOT NULL,
  entry INTEGER NOT NULL UNIQUE REFERENCES entry (id),
  result TEXT NOT NULL,
  reason TEXT,
  detail TEXT,
  bytes_read INTEGER NOT NULL,
  content INTEGER REFERENCES content (id)
) STRICT;

CREATE INDEX reading_content ON reading (content, entry) WHERE content IS NOT NULL;

CREATE TABLE examination (
  batch INTEGER NOT NULL, ordinal INTEGER NOT NULL,
  content INTEGER NOT NULL REFERENCES content (id),
  stage TEXT NOT NULL,
  result TEXT NOT NULL,
  reason TEXT,
  detail TEXT,
  UNIQUE (content, stage)
) STRICT;

CREATE TABLE hit (
  batch INTEGER NOT NULL, ordinal INTEGER NOT NULL,
  content INTEGER NOT NULL REFERENCES content (id),
  stage TEXT NOT NULL,
  hash_set TEXT NOT NULL,
  hash_set_sha256 TEXT NOT NULL,
  edition TEXT,
  algorithms TEXT NOT NULL,
  weak INTEGER NOT NULL,
  category TEXT,
  scale TEXT,
  category_label TEXT,
  meaning TEXT NOT NULL
) STRICT;

CREATE TABLE digest_conflict (
  batch INTEGER NOT NULL, ordinal INTEGER NOT NULL,
  content INTEGER NOT NULL REFERENCES content (id),
  stage TEXT NOT NULL,
  hash_set TEXT NOT NULL,
  hash_set_sha256 TEXT NOT NULL,
  edition TEXT,
  agreeing TEXT NOT NULL,
  differing TEXT NOT NULL,
  category TEXT,
  scale TEXT,
  category_label TEXT,
  meaning TEXT NOT NULL
) STRICT;

CREATE TABLE near_match (
  batch INTEGER NOT NULL, ordinal INTEGER NOT NULL,
  content INTEGER NOT NULL REFERENCES content (id),
  stage TEXT NOT NULL,
  hash_set TEXT NOT NULL,
  hash_set_sha256 TEXT NOT NULL,
  edition TEXT,
  algorithm TEXT NOT NULL,
  distance_bits INTEGER NOT NULL,
  quality INTEGER NOT NULL,
  nearness TEXT NOT NULL,
  orientation TEXT NOT NULL,
  category TEXT,
  scale TEXT,
  category_label TEXT,
  meaning TEXT NOT NULL
) STRICT;

CREATE TABLE score (
  batch INTEGER NOT NULL, ordinal INTEGER NOT NULL,
  content INTEGER NOT NULL REFERENCES content (id),
  stage TEXT NOT NULL,
  classifier TEXT NOT NULL,
  model_sha256 TEXT NOT NULL,
  label TEXT NOT NULL,
  score_per_10k INTEGER NOT NULL,
  threshold_per_10k INTEGER
) STRICT;

CREATE TABLE signal (
  batch INTEGER NOT NULL, ordinal INTEGER NOT NULL,
  content INTEGER NOT NULL REFERENCES content (id),
  stage TEXT NOT NULL,
  classifier TEXT NOT NULL,
  rule TEXT NOT NULL,
  rule_stage TEXT,
  quote TEXT NOT NULL CHECK (length(quote) <= 200),
  start_at INTEGER NOT NULL,
  end_at INTEGER NOT NULL,
  message_index INTEGER
) STRICT;

CREATE TABLE attribute (
  batch INTEGER NOT NULL, ordinal INTEGER NOT NULL,
  content INTEGER NOT NULL REFERENCES content (id),
  stage TEXT NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL CHECK (length(value) <= 200)
) STRICT;

CREATE TABLE perceptual_hash (
  batch INTEGER NOT NULL, ordinal INTEGER NOT NULL,
  content INTEGER NOT NULL REFERENCES content (id),
  stage TEXT NOT NULL,
  algorithm TEXT NOT NULL,
  hex TEXT NOT NULL,
  quality INTEGER NOT NULL,
  flavour TEXT NOT NULL,
  part TEXT NOT NULL
) STRICT;

CREATE TABLE preview (
  batch INTEGER NOT NULL, ordinal INTEGER NOT NULL,
  content INTEGER NOT NULL REFERENCES content (id),
  stage TEXT NOT NULL,
  width INTEGER NOT NULL CHECK (width BETWEEN 1 AND 16),
  height INTEGER NOT NULL CHECK (height BETWEEN 1 AND 16),
  cells BLOB NOT NULL CHECK (length(cells) = width * height)
) STRICT;

CREATE TABLE seal (
  batch INTEGER NOT NULL, ordinal INTEGER NOT NULL,
  id INTEGER PRIMARY KEY CHECK (id = 1),
  utc TEXT NOT NULL,
  evidence_digest BLOB NOT NULL,
  analysis_digest BLOB NOT NULL,
  summary TEXT NOT NULL
) STRICT;

CREATE INDEX hit_content ON hit (content);
CREATE INDEX digest_conflict_content ON digest_conflict (content);
CREATE INDEX near_match_content ON near_match (content);
CREATE INDEX score_content ON score (content);
CREATE INDEX signal_content ON signal (content);
CREATE INDEX attribute_content ON attribute (content);
CREATE INDEX perceptual_hash_content ON perceptual_hash (content);
CREATE INDEX preview_content ON preview (content);

-- The ledger is append-only, and closed once it is sealed.
CREATE TRIGGER batch_no_update BEFORE UPDATE ON batch BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER batch_no_delete BEFORE DELETE ON batch BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER batch_no_insert BEFORE INSERT ON batch WHEN EXISTS (SELECT 1 FROM seal) BEGIN SELECT RAISE(ABORT, 'the ledger is sealed'); END;
CREATE TRIGGER meta_no_update BEFORE UPDATE ON meta BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER meta_no_delete BEFORE DELETE ON meta BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER meta_no_insert BEFORE INSERT ON meta WHEN EXISTS (SELECT 1 FROM seal) BEGIN SELECT RAISE(ABORT, 'the ledger is sealed'); END;
CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER event_no_delete BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER event_no_insert BEFORE INSERT ON event WHEN EXISTS (SELECT 1 FROM seal) BEGIN SELECT RAISE(ABORT, 'the ledger is sealed'); END;
CREATE TRIGGER content_no_update BEFORE UPDATE ON content BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER content_no_delete BEFORE DELETE ON content BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER content_no_insert BEFORE INSERT ON content WHEN EXISTS (SELECT 1 FROM seal) BEGIN SELECT RAISE(ABORT, 'the ledger is sealed'); END;
CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER entry_no_insert BEFORE INSERT ON entry WHEN EXISTS (SELECT 1 FROM seal) BEGIN SELECT RAISE(ABORT, 'the ledger is sealed'); END;
CREATE TRIGGER reading_no_update BEFORE UPDATE ON reading BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER reading_no_delete BEFORE DELETE ON reading BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER reading_no_insert BEFORE INSERT ON reading WHEN EXISTS (SELECT 1 FROM seal) BEGIN SELECT RAISE(ABORT, 'the ledger is sealed'); END;
CREATE TRIGGER examination_no_update BEFORE UPDATE ON examination BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER examination_no_delete BEFORE DELETE ON examination BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER examination_no_insert BEFORE INSERT ON examination WHEN EXISTS (SELECT 1 FROM seal) BEGIN SELECT RAISE(ABORT, 'the ledger is sealed'); END;
CREATE TRIGGER hit_no_update BEFORE UPDATE ON hit BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER hit_no_delete BEFORE DELETE ON hit BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER hit_no_insert BEFORE INSERT ON hit WHEN EXISTS (SELECT 1 FROM seal) BEGIN SELECT RAISE(ABORT, 'the ledger is sealed'); END;
CREATE TRIGGER digest_conflict_no_update BEFORE UPDATE ON digest_conflict BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER digest_conflict_no_delete BEFORE DELETE ON digest_conflict BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER digest_conflict_no_insert BEFORE INSERT ON digest_conflict WHEN EXISTS (SELECT 1 FROM seal) BEGIN SELECT RAISE(ABORT, 'the ledger is sealed'); END;
CREATE TRIGGER near_match_no_update BEFORE UPDATE ON near_match BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER near_match_no_delete BEFORE DELETE ON near_match BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER near_match_no_insert BEFORE INSERT ON near_match WHEN EXISTS (SELECT 1 FROM seal) BEGIN SELECT RAISE(ABORT, 'the ledger is sealed'); END;
CREATE TRIGGER score_no_update BEFORE UPDATE ON score BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER score_no_delete BEFORE DELETE ON score BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER score_no_insert BEFORE INSERT ON score WHEN EXISTS (SELECT 1 FROM seal) BEGIN SELECT RAISE(ABORT, 'the ledger is sealed'); END;
CREATE TRIGGER signal_no_update BEFORE UPDATE ON signal BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER signal_no_delete BEFORE DELETE ON signal BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER signal_no_insert BEFORE INSERT ON signal WHEN EXISTS (SELECT 1 FROM seal) BEGIN SELECT RAISE(ABORT, 'the ledger is sealed'); END;
CREATE TRIGGER attribute_no_update BEFORE UPDATE ON attribute BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER attribute_no_delete BEFORE DELETE ON attribute BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER attribute_no_insert BEFORE INSERT ON attribute WHEN EXISTS (SELECT 1 FROM seal) BEGIN SELECT RAISE(ABORT, 'the ledger is sealed'); END;
CREATE TRIGGER perceptual_hash_no_update BEFORE UPDATE ON perceptual_hash BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER perceptual_hash_no_delete BEFORE DELETE ON perceptual_hash BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER perceptual_hash_no_insert BEFORE INSERT ON perceptual_hash WHEN EXISTS (SELECT 1 FROM seal) BEGIN SELECT RAISE(ABORT, 'the ledger is sealed'); END;
CREATE TRIGGER preview_no_update BEFORE UPDATE ON preview BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER preview_no_delete BEFORE DELETE ON preview BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER preview_no_insert BEFORE INSERT ON preview WHEN EXISTS (SELECT 1 FROM seal) BEGIN SELECT RAISE(ABORT, 'the ledger is sealed'); END;
CREATE TRIGGER seal_no_update BEFORE UPDATE ON seal BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER seal_no_delete BEFORE DELETE ON seal BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER seal_no_insert BEFORE INSERT ON seal WHEN EXISTS (SELECT 1 FROM seal) BEGIN SELECT RAISE(ABORT, 'the ledger is sealed'); END;
