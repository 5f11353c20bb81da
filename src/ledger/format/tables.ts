/**
 * The tables of a ledger, defined once. Rows are inserted, canonically encoded and verified in this order of columns.
 * `batch` and `ordinal` come first in every table; the chain covers them by position.
 *
 * Changing a line here changes the format: it needs a new version, a migration and a new fixture ledger (FORMAT.md).
 */
import { attribute } from '../../findings/attribute.ts'
import type { Cell } from '../../findings/finding-kind.ts'
import { FINDINGS, type FindingTable } from '../../findings/index.ts'
import { RECORD_FACTS } from '../../findings/record-columns.ts'
import { score } from '../../findings/score.ts'

export type ColumnType = 'int' | 'text' | 'blob'
export type Value = Cell

export interface Column {
  readonly name: string
  readonly type: ColumnType
  readonly nullable: boolean
}

export interface Table {
  readonly name: string
  readonly columns: readonly Column[]
}

const OF_CONTENT = 'content int, stage text'
const RESULT = 'result text, reason text?, detail_code text?, detail_params text?'
const TIMES =
  'modified_s int?, modified_ns int?, changed_s int?, changed_ns int?, accessed_s int?, accessed_ns int?, born_s int?, born_ns int?, time_basis text?'
const SCORE = score.columns.join(', ')
const ATTRIBUTE = attribute.columns.join(', ')
const NODE = 'id int, above int, step text, name blob'

export const TABLES = {
  meta: table('meta', 'key text, value text'),
  event: table('event', 'utc text, event text, account text, detail text'),
  start: table('start', 'number int, kind text, root text'),
  input: table('input', 'start int, role text, file text, sha256 blob?, declared text?, as_text text?'),
  part: table('part', 'start int, kind text, name text, version text?, sha256 blob?, bytes int?'),
  confinement: table('confinement', 'start int, child text, attempt text, held int, detail text?'),
  image: table('image', 'id int, format text, size int'),
  segment: table('segment', 'number int, file text, size int'),
  image_hash: table('image_hash', 'origin text, algorithm text, digest blob'),
  volume: table(
    'volume',
    'offset int, length int, kind text, number int?, scheme text, type text, name text, holds text',
    'file_system text?, label text?, uuid text?, cluster int?',
    RESULT,
  ),
  volume_problem: table('volume_problem', 'volume int, code text, record int?, detail text'),
  stated: table('stated', 'volume int?, name text, value text'),
  remark: table('remark', 'volume int?, code text, params text'),
  byte_class: table('byte_class', 'volume int?, class text, bytes int'),
  sample: table(
    'sample',
    'volume int?, class text, seed blob, block int, blocks int, drawn int, read int, empty int, matched int',
    'hash_set_sha256 text?',
  ),
  content: table(
    'content',
    'id int, sha256 blob, md5 blob, sha1 blob, blake3 blob, ed2k_red blob?, ed2k_blue blob?, size int',
    'media_type text, applicable int',
    'matched_result text, matched_reason text?, matched_detail_code text?, matched_detail_params text?',
    'suppressed_by text?',
  ),
  folder: table('folder', NODE),
  entry: table(
    'entry',
    NODE,
    'depth int, kind text, size int, allocated int?',
    TIMES,
    'device int?, inode int?, links int?, mode int?, uid int?, gid int?, link_target blob?, band int',
    'volume int?, status text, basis text?, record int?, sequence int?, position int?, located text?, notes text?',
    'parent int?, parent_stage text?',
    'walk_result text?, walk_reason text?, walk_detail_code text?, walk_detail_params text?',
  ),
  second_times: table('second_times', 'entry int', TIMES),
  reading: table('reading', 'entry int', RESULT, 'bytes_read int, content int?'),
  examination: table('examination', OF_CONTENT, RESULT),
  ...findingTables(),
  sign: table(
    'sign',
    OF_CONTENT,
    ATTRIBUTE,
    'person text?, direction text?, status text, private int, of_sha256 blob?',
    ...RECORD_FACTS,
  ),
  preview: table('preview', OF_CONTENT, 'width int, height int, cells blob'),
  entry_score: table('entry_score', 'entry int', SCORE),
  entry_attribute: table('entry_attribute', 'entry int', ATTRIBUTE),
  seal: table(
    'seal',
    'id int, utc text, evidence_digest blob, analysis_digest blob, inventory_digest blob, summary text',
  ),
} as const satisfies Record<string, Table>

export type TableName = keyof typeof TABLES

/** One table for each kind of finding (src/findings). */
function findingTables(): Readonly<Record<FindingTable, Table>> {
  const rows = FINDINGS.map(({ table: name, columns }) => [name, table(name, OF_CONTENT, ...columns)])
  return Object.fromEntries(rows) as Record<FindingTable, Table>
}

/** The chain's own table: one row for each transaction, written after the rows that it covers. */
export const BATCH_COLUMNS = columns('prev blob, head blob, utc text, kind text, rows int')

/** @param parts columns as `name type`, with `?` where null is allowed */
export function table(name: string, ...parts: readonly string[]): Table {
  return { name, columns: columns(parts.join(', ')) }
}

function columns(text: string): readonly Column[] {
  return text.split(', ').map((part) => {
    const [name, type] = part.split(' ') as [string, string]
    return { name, type: type.replace('?', '') as ColumnType, nullable: type.endsWith('?') }
  })
}
