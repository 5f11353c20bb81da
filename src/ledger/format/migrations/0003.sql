-- Ledger format version 3 (FORMAT.md). Every row but those of "batch" names the transaction and the place in it that it
-- was written at. src/ledger/format/tables.ts describes the same columns; a test compares the two.
PRAGMA application_id = 0x5345495A; -- "SEIZ"
PRAGMA user_version = 3;

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

CREATE TABLE start (
  batch INTEGER NOT NULL, ordinal INTEGER NOT NULL,
  number INTEGER NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  root TEXT NOT NULL
) STRICT;

CREATE TABLE input (
  batch INTEGER NOT NULL, ordinal INTEGER NOT NULL,
  start INTEGER NOT NULL REFERENCES start (number),
  role TEXT NOT NULL,
  file TEXT NOT NULL,
  sha256 BLOB CHECK (length(sha256) = 32),
  declared TEXT,
  as_text TEXT
) STRICT;

CREATE TABLE part (
  batch INTEGER NOT NULL, ordinal INTEGER NOT NULL,
  start INTEGER NOT NULL REFERENCES start (number),
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  version TEXT,
  sha256 BLOB CHECK (length(sha256) = 32),
  bytes INTEGER
) STRICT;

CREATE TABLE confinement (
  batch INTEGER NOT NULL, ordinal INTEGER NOT NULL,
  start INTEGER NOT NULL REFERENCES start (number),
  child TEXT NOT NULL,
  attempt TEXT NOT NULL,
  held INTEGER NOT NULL,
  detail TEXT
) STRICT;

CREATE TABLE image (
  batch INTEGER NOT NULL, ordinal INTEGER NOT NULL,
  id INTEGER PRIMARY KEY CHECK (id = 1),
  format TEXT NOT NULL,
  size INTEGER NOT NULL
) STRICT;

CREATE TABLE segment (
  batch INTEGER NOT NULL, ordinal INTEGER NOT NULL,
  number INTEGER NOT NULL UNIQUE,
  file TEXT NOT NULL,
  size INTEGER NOT NULL
) STRICT;

CREATE TABLE image_hash (
  batch INTEGER NOT NULL, ordinal INTEGER NOT NULL,
  origin TEXT NOT NULL,
  algorithm TEXT NOT NULL,
  digest BLOB NOT NULL
) STRICT;

CREATE TABLE volume (
  batch INTEGER NOT NULL, ordinal INTEGER NOT NULL,
  offset INTEGER NOT NULL UNIQUE,
  length INTEGER NOT NULL,
  kind TEXT NOT NULL,
  number INTEGER UNIQUE,
  scheme TEXT NOT NULL,
  type TEXT NOT NULL,
  name TEXT NOT NULL,
  holds TEXT NOT NULL,
  file_system TEXT,
  label TEXT,
  uuid TEXT,
  cluster INTEGER,
  result TEXT NOT NULL,
  reason TEXT,
  detail_code TEXT,
  detail_params TEXT
) STRICT;

CREATE TABLE volume_problem (
  batch INTEGER NOT NULL, ordinal INTEGER NOT NULL,
  volume INTEGER NOT NULL,
  code TEXT NOT NULL,
  record INTEGER,
  detail TEXT NOT NULL
) STRICT;

CREATE TABLE stated (
  batch INTEGER NOT NULL, ordinal INTEGER NOT NULL,
  volume INTEGER,
  name TEXT NOT NULL,
  value TEXT NOT NULL
) STRICT;

CREATE TABLE remark (
  batch INTEGER NOT NULL, ordinal INTEGER NOT NULL,
  volume INTEGER,
  code TEXT NOT NULL,
  params TEXT NOT NULL
) STRICT;

CREATE TABLE byte_class (
  batch INTEGER NOT NULL, ordinal INTEGER NOT NULL,
  volume INTEGER,
  class TEXT NOT NULL,
  bytes INTEGER NOT NULL CHECK (bytes >= 0)
) STRICT;

CREATE TABLE sample (
  batch INTEGER NOT NULL, ordinal INTEGER NOT NULL,
  volume INTEGER,
  class TEXT NOT NULL,
  seed BLOB NOT NULL,
  block INTEGER NOT NULL,
  blocks INTEGER NOT NULL,
  drawn INTEGER NOT NULL,
  "read" INTEGER NOT NULL,
  empty INTEGER NOT NULL,
  matched INTEGER NOT NULL,
  hash_set_sha256 TEXT
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
  matched_detail_code TEXT,
  matched_detail_params TEXT,
  suppressed_by TEXT
) STRICT;

CREATE TABLE folder (
  batch INTEGER NOT NULL, ordinal INTEGER NOT NULL,
  id INTEGER PRIMARY KEY,
  above INTEGER NOT NULL CHECK (above < id),
  step TEXT NOT NULL,
  name BLOB NOT NULL,
  UNIQUE (above, step, name)
) STRICT;

CREATE TABLE entry (
  batch INTEGER NOT NULL, ordinal INTEGER NOT NULL,
  id INTEGER PRIMARY KEY,
  above INTEGER NOT NULL CHECK (above < id),
  step TEXT NOT NULL,
  name BLOB NOT NULL,
  depth INTEGER NOT NULL,
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
  volume INTEGER,
  status TEXT NOT NULL,
  basis TEXT,
  record INTEGER,
  sequence INTEGER,
  position INTEGER,
  located TEXT,
  notes TEXT,
  parent INTEGER REFERENCES content (id),
  parent_stage TEXT,
  walk_result TEXT,
  walk_reason TEXT,
  walk_detail_code TEXT,
  walk_detail_params TEXT,
  UNIQUE (above, step, name)
) STRICT;

CREATE TABLE second_times (
  batch INTEGER NOT NULL, ordinal INTEGER NOT NULL,
  entry INTEGER NOT NULL UNIQUE REFERENCES entry (id),
  modified_s INTEGER, modified_ns INTEGER,
  changed_s INTEGER, changed_ns INTEGER,
  accessed_s INTEGER, accessed_ns INTEGER,
  born_s INTEGER, born_ns INTEGER,
  time_basis TEXT
) STRICT;

CREATE TABLE reading (
  batch INTEGER NOT NULL, ordinal INTEGER NOT NULL,
  entry INTEGER NOT NULL UNIQUE REFERENCES entry (id),
  result TEXT NOT NULL,
  reason TEXT,
  detail_code TEXT,
  detail_params TEXT,
  bytes_read INTEGER NOT NULL,
  content INTEGER REFERENCES content (id)
) STRICT;

CREATE TABLE examination (
  batch INTEGER NOT NULL, ordinal INTEGER NOT NULL,
  content INTEGER NOT NULL REFERENCES content (id),
  stage TEXT NOT NULL,
  result TEXT NOT NULL,
  reason TEXT,
  detail_code TEXT,
  detail_params TEXT,
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

CREATE TABLE reference (
  batch INTEGER NOT NULL, ordinal INTEGER NOT NULL,
  content INTEGER NOT NULL REFERENCES content (id),
  stage TEXT NOT NULL,
  hash_set TEXT NOT NULL,
  hash_set_sha256 TEXT NOT NULL,
  edition TEXT,
  algorithm TEXT NOT NULL,
  digest BLOB NOT NULL,
  record_code TEXT NOT NULL,
  record_params TEXT NOT NULL,
  direction TEXT,
  times INTEGER,
  time_s INTEGER,
  time_ns INTEGER,
  time_basis TEXT,
  on_exhibit INTEGER NOT NULL,
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
  code TEXT NOT NULL,
  params TEXT NOT NULL,
  time_s INTEGER,
  time_ns INTEGER,
  time_basis TEXT
) STRICT;

CREATE TABLE sign (
  batch INTEGER NOT NULL, ordinal INTEGER NOT NULL,
  content INTEGER NOT NULL REFERENCES content (id),
  stage TEXT NOT NULL,
  code TEXT NOT NULL,
  params TEXT NOT NULL,
  time_s INTEGER,
  time_ns INTEGER,
  time_basis TEXT,
  person TEXT,
  direction TEXT,
  status TEXT NOT NULL,
  private INTEGER NOT NULL,
  of_sha256 BLOB CHECK (length(of_sha256) = 32)
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
  code TEXT NOT NULL,
  params TEXT NOT NULL,
  time_s INTEGER,
  time_ns INTEGER,
  time_basis TEXT
) STRICT;

CREATE TABLE seal (
  batch INTEGER NOT NULL, ordinal INTEGER NOT NULL,
  id INTEGER PRIMARY KEY CHECK (id = 1),
  utc TEXT NOT NULL,
  evidence_digest BLOB NOT NULL,
  analysis_digest BLOB NOT NULL,
  inventory_digest BLOB NOT NULL,
  summary TEXT NOT NULL
) STRICT;

CREATE INDEX entry_to_read ON entry (
  band, ifnull(volume, ifnull(device, 0)), ifnull(position, ifnull(inode, 0)), id
) WHERE parent IS NULL AND walk_result IS NULL;
CREATE INDEX entry_derived ON entry (parent, above, step, name) WHERE parent IS NOT NULL;
CREATE INDEX reading_content ON reading (content, entry) WHERE content IS NOT NULL;
CREATE INDEX hit_content ON hit (content);
CREATE INDEX digest_conflict_content ON digest_conflict (content);
CREATE INDEX near_match_content ON near_match (content);
CREATE INDEX reference_content ON reference (content);
CREATE INDEX score_content ON score (content);
CREATE INDEX signal_content ON signal (content);
CREATE INDEX attribute_content ON attribute (content);
CREATE INDEX sign_content ON sign (content);
CREATE INDEX perceptual_hash_content ON perceptual_hash (content);
CREATE INDEX preview_content ON preview (content);
CREATE INDEX entry_score_entry ON entry_score (entry);
CREATE INDEX entry_attribute_entry ON entry_attribute (entry);

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
CREATE TRIGGER start_no_update BEFORE UPDATE ON start BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER start_no_delete BEFORE DELETE ON start BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER start_no_insert BEFORE INSERT ON start WHEN EXISTS (SELECT 1 FROM seal) BEGIN SELECT RAISE(ABORT, 'the ledger is sealed'); END;
CREATE TRIGGER input_no_update BEFORE UPDATE ON input BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER input_no_delete BEFORE DELETE ON input BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER input_no_insert BEFORE INSERT ON input WHEN EXISTS (SELECT 1 FROM seal) BEGIN SELECT RAISE(ABORT, 'the ledger is sealed'); END;
CREATE TRIGGER part_no_update BEFORE UPDATE ON part BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER part_no_delete BEFORE DELETE ON part BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER part_no_insert BEFORE INSERT ON part WHEN EXISTS (SELECT 1 FROM seal) BEGIN SELECT RAISE(ABORT, 'the ledger is sealed'); END;
CREATE TRIGGER confinement_no_update BEFORE UPDATE ON confinement BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER confinement_no_delete BEFORE DELETE ON confinement BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER confinement_no_insert BEFORE INSERT ON confinement WHEN EXISTS (SELECT 1 FROM seal) BEGIN SELECT RAISE(ABORT, 'the ledger is sealed'); END;
CREATE TRIGGER image_no_update BEFORE UPDATE ON image BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER image_no_delete BEFORE DELETE ON image BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER image_no_insert BEFORE INSERT ON image WHEN EXISTS (SELECT 1 FROM seal) BEGIN SELECT RAISE(ABORT, 'the ledger is sealed'); END;
CREATE TRIGGER segment_no_update BEFORE UPDATE ON segment BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER segment_no_delete BEFORE DELETE ON segment BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER segment_no_insert BEFORE INSERT ON segment WHEN EXISTS (SELECT 1 FROM seal) BEGIN SELECT RAISE(ABORT, 'the ledger is sealed'); END;
CREATE TRIGGER image_hash_no_update BEFORE UPDATE ON image_hash BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER image_hash_no_delete BEFORE DELETE ON image_hash BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER image_hash_no_insert BEFORE INSERT ON image_hash WHEN EXISTS (SELECT 1 FROM seal) BEGIN SELECT RAISE(ABORT, 'the ledger is sealed'); END;
CREATE TRIGGER volume_no_update BEFORE UPDATE ON volume BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER volume_no_delete BEFORE DELETE ON volume BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER volume_no_insert BEFORE INSERT ON volume WHEN EXISTS (SELECT 1 FROM seal) BEGIN SELECT RAISE(ABORT, 'the ledger is sealed'); END;
CREATE TRIGGER volume_problem_no_update BEFORE UPDATE ON volume_problem BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER volume_problem_no_delete BEFORE DELETE ON volume_problem BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER volume_problem_no_insert BEFORE INSERT ON volume_problem WHEN EXISTS (SELECT 1 FROM seal) BEGIN SELECT RAISE(ABORT, 'the ledger is sealed'); END;
CREATE TRIGGER stated_no_update BEFORE UPDATE ON stated BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER stated_no_delete BEFORE DELETE ON stated BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER stated_no_insert BEFORE INSERT ON stated WHEN EXISTS (SELECT 1 FROM seal) BEGIN SELECT RAISE(ABORT, 'the ledger is sealed'); END;
CREATE TRIGGER remark_no_update BEFORE UPDATE ON remark BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER remark_no_delete BEFORE DELETE ON remark BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER remark_no_insert BEFORE INSERT ON remark WHEN EXISTS (SELECT 1 FROM seal) BEGIN SELECT RAISE(ABORT, 'the ledger is sealed'); END;
CREATE TRIGGER byte_class_no_update BEFORE UPDATE ON byte_class BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER byte_class_no_delete BEFORE DELETE ON byte_class BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER byte_class_no_insert BEFORE INSERT ON byte_class WHEN EXISTS (SELECT 1 FROM seal) BEGIN SELECT RAISE(ABORT, 'the ledger is sealed'); END;
CREATE TRIGGER sample_no_update BEFORE UPDATE ON sample BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER sample_no_delete BEFORE DELETE ON sample BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER sample_no_insert BEFORE INSERT ON sample WHEN EXISTS (SELECT 1 FROM seal) BEGIN SELECT RAISE(ABORT, 'the ledger is sealed'); END;
CREATE TRIGGER content_no_update BEFORE UPDATE ON content BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER content_no_delete BEFORE DELETE ON content BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER content_no_insert BEFORE INSERT ON content WHEN EXISTS (SELECT 1 FROM seal) BEGIN SELECT RAISE(ABORT, 'the ledger is sealed'); END;
CREATE TRIGGER folder_no_update BEFORE UPDATE ON folder BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER folder_no_delete BEFORE DELETE ON folder BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER folder_no_insert BEFORE INSERT ON folder WHEN EXISTS (SELECT 1 FROM seal) BEGIN SELECT RAISE(ABORT, 'the ledger is sealed'); END;
CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER entry_no_insert BEFORE INSERT ON entry WHEN EXISTS (SELECT 1 FROM seal) BEGIN SELECT RAISE(ABORT, 'the ledger is sealed'); END;
CREATE TRIGGER second_times_no_update BEFORE UPDATE ON second_times BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER second_times_no_delete BEFORE DELETE ON second_times BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER second_times_no_insert BEFORE INSERT ON second_times WHEN EXISTS (SELECT 1 FROM seal) BEGIN SELECT RAISE(ABORT, 'the ledger is sealed'); END;
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
CREATE TRIGGER reference_no_update BEFORE UPDATE ON reference BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER reference_no_delete BEFORE DELETE ON reference BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER reference_no_insert BEFORE INSERT ON reference WHEN EXISTS (SELECT 1 FROM seal) BEGIN SELECT RAISE(ABORT, 'the ledger is sealed'); END;
CREATE TRIGGER score_no_update BEFORE UPDATE ON score BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER score_no_delete BEFORE DELETE ON score BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER score_no_insert BEFORE INSERT ON score WHEN EXISTS (SELECT 1 FROM seal) BEGIN SELECT RAISE(ABORT, 'the ledger is sealed'); END;
CREATE TRIGGER signal_no_update BEFORE UPDATE ON signal BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER signal_no_delete BEFORE DELETE ON signal BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER signal_no_insert BEFORE INSERT ON signal WHEN EXISTS (SELECT 1 FROM seal) BEGIN SELECT RAISE(ABORT, 'the ledger is sealed'); END;
CREATE TRIGGER attribute_no_update BEFORE UPDATE ON attribute BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER attribute_no_delete BEFORE DELETE ON attribute BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER attribute_no_insert BEFORE INSERT ON attribute WHEN EXISTS (SELECT 1 FROM seal) BEGIN SELECT RAISE(ABORT, 'the ledger is sealed'); END;
CREATE TRIGGER sign_no_update BEFORE UPDATE ON sign BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER sign_no_delete BEFORE DELETE ON sign BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER sign_no_insert BEFORE INSERT ON sign WHEN EXISTS (SELECT 1 FROM seal) BEGIN SELECT RAISE(ABORT, 'the ledger is sealed'); END;
CREATE TRIGGER perceptual_hash_no_update BEFORE UPDATE ON perceptual_hash BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER perceptual_hash_no_delete BEFORE DELETE ON perceptual_hash BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER perceptual_hash_no_insert BEFORE INSERT ON perceptual_hash WHEN EXISTS (SELECT 1 FROM seal) BEGIN SELECT RAISE(ABORT, 'the ledger is sealed'); END;
CREATE TRIGGER preview_no_update BEFORE UPDATE ON preview BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER preview_no_delete BEFORE DELETE ON preview BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER preview_no_insert BEFORE INSERT ON preview WHEN EXISTS (SELECT 1 FROM seal) BEGIN SELECT RAISE(ABORT, 'the ledger is sealed'); END;
CREATE TRIGGER entry_score_no_update BEFORE UPDATE ON entry_score BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER entry_score_no_delete BEFORE DELETE ON entry_score BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER entry_score_no_insert BEFORE INSERT ON entry_score WHEN EXISTS (SELECT 1 FROM seal) BEGIN SELECT RAISE(ABORT, 'the ledger is sealed'); END;
CREATE TRIGGER entry_attribute_no_update BEFORE UPDATE ON entry_attribute BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER entry_attribute_no_delete BEFORE DELETE ON entry_attribute BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER entry_attribute_no_insert BEFORE INSERT ON entry_attribute WHEN EXISTS (SELECT 1 FROM seal) BEGIN SELECT RAISE(ABORT, 'the ledger is sealed'); END;
CREATE TRIGGER seal_no_update BEFORE UPDATE ON seal BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER seal_no_delete BEFORE DELETE ON seal BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER seal_no_insert BEFORE INSERT ON seal WHEN EXISTS (SELECT 1 FROM seal) BEGIN SELECT RAISE(ABORT, 'the ledger is sealed'); END;
