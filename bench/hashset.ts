/**
 * Hash sets at scale: import rate and memory, opening, and lookups against better-sqlite3 and the Sleuth Kit's hfind.
 *
 * The lists are generated: digests are numbers mixed until they look random. `--records 1000000,10000000` chooses the
 * sizes, `--large` adds a hundred million.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import Database from 'better-sqlite3'
import type { Digests } from '../src/contracts/content.ts'
import { IndexReader } from '../src/match/index/index-reader.ts'
import { loadHashSets } from '../src/match/index.ts'
import { MD5, WIDE_WORDS } from '../src/match/records/algorithms.ts'
import type { Found } from '../src/match/records/record-source.ts'

/** Rows a second, before and after its inserts were put in order. @see https://github.com/sepinf-inc/IPED/issues/2160 */
const IPED_ROWS_PER_SECOND = { before: 1_646, after: 67_000 }
const LARGE = 100_000_000
const LOOKUPS = 200_000
/** The comparison of lookups is made at this size, or at the largest that was asked for. */
const COMPARED_RECORDS = 10_000_000

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { records: { type: 'string', default: '1000000,10000000' }, large: { type: 'boolean' } },
  })
  const sizes = [...values.records.split(',').map(Number), ...(values.large ? [LARGE] : [])]
  const folder = mkdtempSync(join(tmpdir(), 'seized-bench-hashset-'))
  try {
    for (const records of sizes) {
      print(`\n${count(records)} records`)
      await benchSize(folder, records, records === Math.min(COMPARED_RECORDS, Math.max(...sizes)))
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function benchSize(folder: string, records: number, compare: boolean): Promise<void> {
  const list = join(folder, 'list.txt')
  const index = join(folder, 'list.szh')
  for (const shape of records > COMPARED_RECORDS ? (['md5'] as const) : (['three', 'md5'] as const)) {
    writeList(list, records, shape)
    rmSync(index, { force: true })
    const { seconds, cpuSeconds, peakBytes } = inChild(
      'importHashSet',
      { file: list, declared: KNOWN },
      index,
    )
    const rate = records / seconds
    print(
      `  import, ${SHAPES[shape]}: ${count(rate)} rows/s (${count(records / cpuSeconds)} per second of processor), peak ${megabytes(peakBytes)}, list ${megabytes(statSync(list).size)}, ` +
        `index ${megabytes(statSync(index).size)}; IPED published ${count(IPED_ROWS_PER_SECOND.before)} and, after its fix, ` +
        `${count(IPED_ROWS_PER_SECOND.after)} rows/s: ${(rate / IPED_ROWS_PER_SECOND.after).toFixed(1)} times the latter`,
    )
  }
  const startedAt = performance.now()
  const matcher = await loadHashSets([{ file: index, declared: KNOWN }])
  print(`  open: ${(performance.now() - startedAt).toFixed(1)} ms`)

  const [hits, misses] = [digestsFrom(0, records), digestsFrom(records, records)]
  const ours = {
    hits: rateOf(hits, (digests) => matcher.match(digests, 1n).hits.length === 1),
    misses: rateOf(misses, (digests) => matcher.match(digests, 1n).hits.length === 0),
  }
  matcher.close()
  const bare = benchBareLookups(index, hits, misses)
  print(`  lookups, one thread, with findings: ${count(ours.hits)} hits/s, ${count(ours.misses)} misses/s`)
  print(
    `  lookups, one thread, from binary digests: ${count(bare.hits)} hits/s, ${count(bare.misses)} misses/s`,
  )
  if (records <= COMPARED_RECORDS) {
    const raw = inChild('loadHashSets', [{ file: list, declared: KNOWN }])
    print(
      `  the raw list into memory, as a scan does: ${raw.seconds.toFixed(2)} s (${raw.cpuSeconds.toFixed(2)} of processor), peak ${megabytes(raw.peakBytes)}`,
    )
  }
  if (!compare) return

  const others = [
    ['better-sqlite3 (BLOB key, WITHOUT ROWID, 256 MB cache)', withSqlite(folder, records, hits, misses)],
    ['hfind (index of md5sum lines, one process for all)', withHfind(folder, records, hits, misses)],
  ] as const
  for (const [name, theirs] of others) {
    if (theirs === null) print(`  ${name}: not installed`)
    else {
      print(
        `  ${name}: ${count(theirs.hits)} hits/s, ${count(theirs.misses)} misses/s; ours with findings ` +
          `${ratio(ours, theirs)}, from binary digests ${ratio(bare, theirs)}`,
      )
    }
  }
}

/** The index alone, asked as the others are: is there a record with this MD5? */
function benchBareLookups(index: string, hits: readonly Digests[], misses: readonly Digests[]): Rates {
  const reader = new IndexReader(index)
  // One array for all: 400,000 small ones would measure the garbage collector.
  const wanted = new Uint32Array(WIDE_WORDS)
  const bytes = new Uint8Array(wanted.buffer)
  const found: Found[] = []
  const keysOf = (digests: readonly Digests[]) => digests.map(({ md5 }) => Buffer.from(md5, 'hex'))
  const holds = (key: Buffer): boolean => {
    if (found.length > 0) found.length = 0
    bytes.set(key, MD5.at)
    reader.find(wanted, MD5.bit, found)
    return found.length === 1
  }
  const rates = { hits: rateOf(keysOf(hits), holds), misses: rateOf(keysOf(misses), (key) => !holds(key)) }
  reader.close()
  return rates
}

function ratio(ours: Rates, theirs: Rates): string {
  return `${(ours.hits / theirs.hits).toFixed(1)} and ${(ours.misses / theirs.misses).toFixed(1)} times`
}

const KNOWN = { kind: 'meaning', meaning: 'known' } as const
const SHAPES = { md5: 'plain MD5', three: 'hashdeep with MD5, SHA-1, SHA-256 and names' } as const

interface Cost {
  readonly seconds: number
  /** Differs from `seconds` on a machine that is busy otherwise. */
  readonly cpuSeconds: number
  readonly peakBytes: number
}

/** Runs one function of match/index in a process of its own, so that its time and peak memory are its own. */
function inChild(name: 'importHashSet' | 'loadHashSets', ...args: readonly unknown[]): Cost {
  const match = new URL('../src/match/index.js', import.meta.url).href
  const script = `
    const { ${name} } = await import(${JSON.stringify(match)})
    const [startedAt, startedCpu] = [performance.now(), process.cpuUsage()]
    const kept = await ${name}(...${JSON.stringify(args)})
    const seconds = (performance.now() - startedAt) / 1000
    const { user, system } = process.cpuUsage(startedCpu)
    const peakBytes = process.resourceUsage().maxRSS * 1024
    console.log(JSON.stringify({ seconds, cpuSeconds: (user + system) / 1e6, peakBytes, kept: typeof kept }))`
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  return JSON.parse(output) as Cost
}

function writeList(path: string, records: number, shape: keyof typeof SHAPES): void {
  const fd = openSync(path, 'w')
  if (shape === 'three') writeSync(fd, '%%%% HASHDEEP-1.0\n%%%% size,md5,sha1,sha256,filename\n')
  let lines: string[] = []
  for (let i = 0; i < records; i++) {
    lines.push(
      shape === 'md5'
        ? `${hex(i, 4)}\n`
        : `${i + 1},${hex(i, 4)},${hex(i, 5)},${hex(i, 8)},/home/user/Pictures/${i % 1000}/IMG_${i}.JPG\n`,
    )
    if (lines.length === 50_000) {
      writeSync(fd, lines.join(''))
      lines = []
    }
  }
  writeSync(fd, lines.join(''))
  closeSync(fd)
}

/** Digests of numbers spread over `range` from `start`. */
function digestsFrom(start: number, range: number): Digests[] {
  return Array.from({ length: LOOKUPS }, (_, k) => {
    const i = start + Math.floor((k * range) / LOOKUPS)
    return { md5: hex(i, 4), sha1: hex(i, 5), sha256: hex(i, 8), blake3: hex(i + 1, 8) }
  }).sort((a, b) => (a.sha1 < b.sha1 ? -1 : 1))
}

/** Lookups a second; the second of two rounds, when whatever is read once has been read. */
function rateOf<T>(lookups: readonly T[], isRight: (lookup: T) => boolean): number {
  let seconds = 0
  for (let round = 0; round < 2; round++) {
    const startedAt = performance.now()
    for (const one of lookups) if (!isRight(one)) throw new Error('a lookup gave a wrong answer')
    seconds = (performance.now() - startedAt) / 1000
  }
  return lookups.length / seconds
}

interface Rates {
  readonly hits: number
  readonly misses: number
}

function withSqlite(
  folder: string,
  records: number,
  hits: readonly Digests[],
  misses: readonly Digests[],
): Rates {
  const path = join(folder, 'list.db')
  const database = new Database(path)
  database.pragma('journal_mode = OFF')
  database.pragma('synchronous = OFF')
  database.pragma('cache_size = -262144')
  database.exec('CREATE TABLE hashes (md5 BLOB PRIMARY KEY) WITHOUT ROWID')
  const insert = database.prepare('INSERT INTO hashes VALUES (?)')
  // In order, or the inserts alone would take an hour: that is what IPED's issue is about.
  const all = Buffer.alloc(records * 16)
  for (let i = 0; i < records; i++) all.write(hex(i, 4), i * 16, 'hex')
  const order = sortedRecords(all, records)
  database.transaction(() => {
    for (const i of order) insert.run(all.subarray(i * 16, i * 16 + 16))
  })()
  const select = database.prepare('SELECT 1 FROM hashes WHERE md5 = ?').pluck()
  const keysOf = (digests: readonly Digests[]) => digests.map(({ md5 }) => Buffer.from(md5, 'hex'))
  const rates = {
    hits: rateOf(keysOf(hits), (key) => select.get(key) === 1),
    misses: rateOf(keysOf(misses), (key) => select.get(key) === undefined),
  }
  database.close()
  rmSync(path)
  return rates
}

/** Record numbers by the first 29 bits of their MD5: in order enough for a B-tree. Key and number share a double. */
function sortedRecords(all: Buffer, records: number): number[] {
  const order = new Float64Array(records)
  for (let i = 0; i < records; i++) order[i] = (all.readUInt32BE(i * 16) >>> 3) * 2 ** 24 + i
  return Array.from(order.sort(), (value) => value % 2 ** 24)
}

/** @returns null when hfind is not installed */
function withHfind(
  folder: string,
  records: number,
  hits: readonly Digests[],
  misses: readonly Digests[],
): Rates | null {
  if (spawnSync('hfind', ['-V']).error !== undefined) return null
  const list = join(folder, 'list.md5')
  const fd = openSync(list, 'w')
  for (let i = 0; i < records; i += 50_000) {
    const lines = Array.from(
      { length: Math.min(50_000, records - i) },
      (_, k) => `${hex(i + k, 4)}  f${i + k}\n`,
    )
    writeSync(fd, lines.join(''))
  }
  closeSync(fd)
  execFileSync('hfind', ['-i', 'md5sum', list], { stdio: 'ignore' })
  const wanted = join(folder, 'wanted.txt')
  const rate = (digests: readonly Digests[]): number => {
    writeFileSync(wanted, digests.map(({ md5 }) => `${md5}\n`).join(''))
    let seconds = 0
    for (let round = 0; round < 2; round++) {
      const startedAt = performance.now()
      execFileSync('hfind', ['-f', wanted, list], { stdio: ['ignore', 'ignore', 'inherit'] })
      seconds = (performance.now() - startedAt) / 1000
    }
    return digests.length / seconds
  }
  return { hits: rate(hits), misses: rate(misses) }
}

/** Words that look random, the same for the same number, as hex. */
function hex(i: number, words: number): string {
  let text = ''
  for (let w = 0; w < words; w++) {
    let x = Math.imul(i ^ (w * 0x9e3779b9), 0x85ebca6b) ^ Math.imul(w + 1, 0xc2b2ae35)
    x = Math.imul(x ^ (x >>> 16), 0x7feb352d)
    x = Math.imul(x ^ (x >>> 15), 0x846ca68b)
    text += ((x ^ (x >>> 16)) >>> 0).toString(16).padStart(8, '0')
  }
  return text
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en')
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6).toLocaleString('en')} MB`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await run(process.argv.slice(2))
