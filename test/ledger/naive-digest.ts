/**
 * The digests of evidence and inventory by the letter of FORMAT.md, the slow and obvious way: everything in memory, plain SQL, its own
 * encoding. Shares no code with src/ledger/digests/digests.ts; the two are tested against each other.
 */
import { createHash } from 'node:crypto'
import Database from 'better-sqlite3'
import { isEnvironmentDependent } from '../../src/contracts/reason.ts'

type Row = Record<string, string | bigint | Buffer | null>

export function naiveDigests(path: string): { evidence: string; inventory: string } {
  const db = new Database(path, { readonly: true })
  const all = (sql: string) => db.prepare(sql).safeIntegers().all() as Row[]
  const version = db.pragma('user_version', { simple: true }) as number
  const nodes =
    version < 3 ? new Map() : nodesById([...all('SELECT * FROM entry'), ...all('SELECT * FROM folder')])
  const entries = all('SELECT * FROM entry').map((entry) =>
    version < 3 ? entry : { ...entry, path: pathOf(entry, nodes) },
  )
  const image = version < 3 ? [] : all('SELECT * FROM image')
  const ranges = version < 3 ? [] : all('SELECT * FROM volume ORDER BY offset')
  const classes = version < 3 ? [] : all('SELECT * FROM byte_class ORDER BY volume, class')
  const readings = new Map(all('SELECT * FROM reading').map((row) => [row.entry, row]))
  const contents = new Map(all('SELECT * FROM content').map((row) => [row.id, row]))
  const hits = all('SELECT * FROM hit')
  const conflicts = all('SELECT * FROM digest_conflict')
  const examinations = all('SELECT * FROM examination')
  db.close()

  const out: Buffer[] = [text(`seized evidence digest ${version < 3 ? 1 : 3}`)]
  const inventory: Buffer[] = [text('seized inventory digest 1')]
  let rows = 0
  const row = (...parts: Buffer[]) => {
    out.push(...parts)
    rows += 1
  }

  const findings = (content: bigint) => [
    ...hits
      .filter((hit) => hit.content === content && hit.stage === 'matched')
      .map((hit) =>
        Buffer.concat([
          text('hit'),
          text(hit.hash_set_sha256),
          text(hit.edition),
          text(hit.algorithms),
          int(hit.weak),
          text(hit.category),
          text(hit.scale),
          text(hit.category_label),
          text(hit.meaning),
        ]),
      ),
    ...conflicts
      .filter((one) => one.content === content && one.stage === 'matched')
      .map((one) =>
        Buffer.concat([
          text('digest_conflict'),
          text(one.hash_set_sha256),
          text(one.edition),
          text(one.agreeing),
          text(one.differing),
          text(one.category),
          text(one.scale),
          text(one.category_label),
          text(one.meaning),
        ]),
      ),
  ]

  const entryRow = (label: string, name: Buffer, entry: Row) => {
    const reading = readings.get(entry.id!)
    const result = entry.walk_result ?? reading?.result ?? null
    const reason = entry.walk_result ? entry.walk_reason : (reading?.reason ?? null)
    const parts = [
      text(label),
      blob(name),
      text(entry.kind),
      ...(version < 3 ? [] : [text(entry.status), text(entry.basis)]),
      int(entry.kind === 'file' ? entry.size : null),
      blob(entry.link_target),
      int(entry.modified_s),
      int(entry.modified_ns),
      text(entry.modified_s === null ? null : String(entry.time_basis).split(',')[0]!),
    ]
    if (reason !== null && isEnvironmentDependent(String(reason)))
      return row(...parts, text('environment-dependent'))
    parts.push(text(result), text(reason as string | null))
    const content = contents.get(reading?.content ?? null)
    if (!content) return row(...parts)
    const sorted = findings(content.id as bigint).sort(Buffer.compare)
    row(
      ...parts,
      blob(content.sha256),
      blob(content.md5),
      blob(content.sha1),
      blob(content.blake3),
      int(content.size),
      text(content.matched_result),
      text(content.matched_reason),
      int(BigInt(sorted.length)),
      ...sorted.map(blob),
    )
  }

  const byPath = (a: Row, b: Row) => Buffer.compare(a.path as Buffer, b.path as Buffer)
  const walked = entries.filter((entry) => entry.parent === null).sort(byPath)
  for (const { size } of image) row(text('medium'), int(size))
  const undecided = new Set<unknown>()
  for (const range of ranges) {
    const whole = ['scheme', 'type', 'name', 'holds', 'file_system', 'label', 'uuid'].map((name) =>
      text(range[name]),
    )
    const known = [
      int(range.offset),
      int(range.length),
      text(range.kind),
      int(range.number),
      ...whole,
      int(range.cluster),
    ]
    const isUndecided = range.reason !== null && isEnvironmentDependent(String(range.reason))
    if (isUndecided) undecided.add(range.number)
    row(
      text('range'),
      ...known,
      ...(isUndecided ? [text('environment-dependent')] : [text(range.result), text(range.reason)]),
    )
  }
  for (const one of classes)
    if (!undecided.has(one.volume)) row(text('class'), int(one.volume), text(one.class), int(one.bytes))
  for (const entry of walked) {
    entryRow('entry', entry.path as Buffer, entry)
    const reading = readings.get(entry.id!)
    const reason = entry.walk_result ? entry.walk_reason : (reading?.reason ?? null)
    inventory.push(
      text('entry'),
      blob(entry.path),
      text(entry.kind),
      text(version < 3 ? 'live' : entry.status),
      int(entry.kind === 'file' ? entry.size : null),
      reason !== null && isEnvironmentDependent(String(reason))
        ? text('environment-dependent')
        : blob(contents.get(reading?.content ?? null)?.sha256 ?? null),
    )
  }

  const step = (entry: Row) => (entry.path as Buffer).subarray((entry.path as Buffer).lastIndexOf(0) + 1)
  const openings = examinations.filter(
    (one) =>
      (one.stage === 'opened' ||
        entries.some((entry) => entry.parent === one.content && entry.parent_stage === one.stage)) &&
      !(one.reason !== null && isEnvironmentDependent(String(one.reason))),
  )
  const derivedOf = (opening: Row) =>
    entries
      .filter((entry) => entry.parent === opening.content && entry.parent_stage === opening.stage)
      .filter((entry) => !step(entry).toString('latin1').startsWith('frame:'))
      .sort(byPath)
  const reached = new Set(walked.map((entry) => readings.get(entry.id!)?.content ?? null))
  for (let size = -1; size !== reached.size; ) {
    size = reached.size
    for (const opening of openings)
      if (reached.has(opening.content!))
        for (const entry of derivedOf(opening)) reached.add(readings.get(entry.id!)?.content ?? null)
  }
  const sha256 = (opening: Row) => contents.get(opening.content!)!.sha256 as Buffer
  for (const opening of openings
    .filter((one) => reached.has(one.content!))
    .sort((a, b) => Buffer.compare(sha256(a), sha256(b)) || (String(a.stage) < String(b.stage) ? -1 : 1))) {
    row(
      text('opened'),
      blob(sha256(opening)),
      text(opening.stage),
      text(opening.result),
      text(opening.reason),
    )
    for (const entry of derivedOf(opening)) entryRow('derived', step(entry), entry)
  }
  out.push(text('end'), int(BigInt(rows)))
  inventory.push(text('end'), int(BigInt(walked.length)))
  const digest = (parts: Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest('hex')
  return { evidence: digest(out), inventory: digest(inventory) }
}

function nodesById(rows: readonly Row[]): Map<unknown, Row> {
  return new Map(rows.map((row) => [row.id, row]))
}

/** Path of a node of format 3: names of files under files are joined by a slash, all else by a zero byte, step and colon. */
function pathOf(node: Row, nodes: ReadonlyMap<unknown, Row>): Buffer {
  const name = node.name as Buffer
  const above = nodes.get(node.above)
  if (!above) return node.step === 'file' ? name : Buffer.concat([head(node), escaped(name)])
  const path = pathOf(above, nodes)
  const isBelowFile = node.step === 'file' && above.step === 'file'
  const written = path.includes(0) || node.step !== 'file' ? escaped(name) : name
  return Buffer.concat([path, isBelowFile ? Buffer.from('/') : head(node), written])
}

function head({ step }: Row): Buffer {
  return Buffer.from(`\0${step}:`)
}

function escaped(name: Buffer): Buffer {
  return Buffer.from([...name].flatMap((byte) => (byte === 0 ? [1, 1] : byte === 1 ? [1, 2] : [byte])))
}

type Cell = Row[string] | undefined

function typed(type: number, bytes: Buffer): Buffer {
  const head = Buffer.alloc(9)
  head[0] = type
  head.writeBigUInt64BE(BigInt(bytes.length), 1)
  return Buffer.concat([head, bytes])
}

function nothing(): Buffer {
  return typed(0, Buffer.alloc(0))
}

function int(value: Cell): Buffer {
  if (value === null || value === undefined) return nothing()
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64BE(value as bigint)
  return typed(1, bytes)
}

function text(value: Cell): Buffer {
  return value === null || value === undefined ? nothing() : typed(2, Buffer.from(value as string))
}

function blob(value: Cell): Buffer {
  return value === null || value === undefined ? nothing() : typed(3, value as Buffer)
}
