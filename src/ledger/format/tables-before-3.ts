/**
 * The tables of formats 1 and 2. Ledgers of these formats are read and verified, never written; the tables are frozen.
 */
import { type Table, table } from './tables.ts'

const OF_CONTENT = 'content int, stage text'
const OF_LIST = 'hash_set text, hash_set_sha256 text, edition text?'
const CATEGORY = 'category text?, scale text?, category_label text?, meaning text'

const TABLES = {
  meta: table('meta', 'key text, value text'),
  event: table('event', 'utc text, event text, account text, detail text'),
  content: table(
    'content',
    'id int, sha256 blob, md5 blob, sha1 blob, blake3 blob, ed2k_red blob?, ed2k_blue blob?, size int',
    'media_type text, applicable int, matched_result text, matched_reason text?, matched_detail text?',
    'suppressed_by text?',
  ),
  entry: table(
    'entry',
    'id int, path blob, steps int, kind text, size int, allocated int?',
    'modified_s int?, modified_ns int?, changed_s int?, changed_ns int?',
    'accessed_s int?, accessed_ns int?, born_s int?, born_ns int?, time_basis text?',
    'device int?, inode int?, links int?, mode int?, uid int?, gid int?, link_target blob?, band int',
    'parent int?, parent_stage text?, walk_result text?, walk_reason text?, walk_detail text?',
  ),
  reading: table(
    'reading',
    'entry int, result text, reason text?, detail text?, bytes_read int, content int?',
  ),
  examination: table('examination', OF_CONTENT, 'result text, reason text?, detail text?'),
  hit: table('hit', OF_CONTENT, OF_LIST, 'algorithms text, weak int', CATEGORY),
  digest_conflict: table('digest_conflict', OF_CONTENT, OF_LIST, 'agreeing text, differing text', CATEGORY),
  near_match: table(
    'near_match',
    OF_CONTENT,
    OF_LIST,
    'algorithm text, distance_bits int, quality int, nearness text, orientation text',
    CATEGORY,
  ),
  score: table(
    'score',
    OF_CONTENT,
    'classifier text, model_sha256 text, label text, score_per_10k int, threshold_per_10k int?',
  ),
  signal: table(
    'signal',
    OF_CONTENT,
    'classifier text, rule text, rule_stage text?, quote text, start_at int, end_at int, message_index int?',
  ),
  attribute: table('attribute', OF_CONTENT, 'name text, value text'),
  perceptual_hash: table(
    'perceptual_hash',
    OF_CONTENT,
    'algorithm text, hex text, quality int, flavour text, part text',
  ),
  preview: table('preview', OF_CONTENT, 'width int, height int, cells blob'),
  entry_score: table(
    'entry_score',
    'entry int, classifier text, model_sha256 text, label text, score_per_10k int, threshold_per_10k int?',
  ),
  entry_attribute: table('entry_attribute', 'entry int, name text, value text'),
  seal: table('seal', 'id int, utc text, evidence_digest blob, analysis_digest blob, summary text'),
}

const NAMED = ['entry_score', 'entry_attribute']

/** Tables in the order of version 2. Version 1 had no findings from names. */
export function tablesBefore3(version: number): readonly Table[] {
  return Object.values(TABLES).filter(({ name }) => version > 1 || !NAMED.includes(name))
}
