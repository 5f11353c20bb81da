/**
 * Known contents in every kind of folder and container: found where they are, nowhere else, with correct digests, by
 * any number of workers.
 */
import { createHash } from 'node:crypto'
import { lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { digest, HOLDER_NAMES, hashsetArgs, makePlanted, type Planted } from '../exhibits/planted.ts'
import { Checks, type Observation } from '../model/observation.ts'
import { type Bench, type ExportedEntry, type Scenario, summaryOf } from '../model/scenario.ts'
import { exportsAgree, rematched, sealedUntouched } from './after-seal.ts'

export const planted: Scenario = {
  id: 'planted',
  title: 'known contents in folders, archives, mail and archives inside them',
  speaksOf: [
    'digests',
    'plants-found',
    'no-other-hit',
    'workers',
    'coverage-adds-up',
    'every-place',
    'exhibit-untouched',
    'exports-agree',
    'rematch',
    'sealed-untouched',
  ],
  weight: { quick: 6, full: 20 },
  async run(bench) {
    const made = makePlanted(bench.folder, bench.seed, bench.of(304, 1216))
    const before = stateOf(made)
    const lists = hashsetArgs(made)
    const one = bench.at('one.sqlite')
    const action = `seized scan of ${made.plants.length} planted contents, --phases inventory,known, --workers 1`
    const first = summaryOf(bench.scan(made.exhibit, one, ...lists, ...KNOWN, '--workers', '1'))
    const entries = bench.entries(one)
    return [
      digestsAgree(bench, made, entries, action),
      ...hitsAgree(made, entries, action),
      workersAgree(bench, made, first, lists),
      everyEntryOnce(made, entries, first, action),
      everyPlace(made, entries, action),
      untouched(made, before, action),
      exportsAgree(bench, one, entries),
      rematched(bench, made, one, entries),
      sealedUntouched(bench, one),
    ]
  },
}

const KNOWN = ['--phases', 'inventory,known']
const isFile = ({ kind }: ExportedEntry) => kind === 'file'

function digestsAgree(
  bench: Bench,
  made: Planted,
  entries: readonly ExportedEntry[],
  action: string,
): Observation {
  const checks = new Checks(
    'digests',
    action,
    'MD5, SHA-1 and SHA-256 as node:crypto and the tools of the system give them; BLAKE3 as its published vectors',
  )
  const bySha256 = new Map(entries.filter(isFile).map((entry) => [entry.sha256, entry]))
  for (const { bytes, sha256, holder } of made.plants) {
    const entry = bySha256.get(sha256)
    const [md5, sha1] = [digest('md5', bytes), digest('sha1', bytes)]
    checks.equal([entry?.md5, entry?.sha1, entry?.sha256], [md5, sha1, sha256], `a content in ${holder}`)
  }
  const byPath = new Map(entries.map((entry) => [entry.path, entry]))
  for (const [tool, key] of [
    ['sha256sum', 'sha256'],
    ['md5sum', 'md5'],
  ] as const) {
    const said = bench.oracle(tool, made.files, made.exhibit)
    for (const line of said?.trim().split('\n') ?? []) {
      const [hex, path] = [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 2)]
      checks.equal(byPath.get(path)?.[key], hex, `${tool} of ${path}`)
    }
  }
  for (const [length, blake3] of BLAKE3_VECTORS) {
    const file = bench.at(`vector-${length}.bin`)
    writeVector(file, length)
    const { out } = bench.seized('hash', file, '--json')
    checks.equal(JSON.parse(out.trim().split('\n')[0] ?? '{}').blake3, blake3, `BLAKE3 of ${length} bytes`)
  }
  // A scan makes digests of many contents together, which is another way than that of one file.
  mkdirSync(bench.at('vectors'))
  for (const [length] of BLAKE3_VECTORS) writeVector(bench.at('vectors', `${length}`), length)
  const vectors = bench.at('vectors.sqlite')
  bench.scan(bench.at('vectors'), vectors, ...KNOWN)
  const scanned = new Map(bench.entries(vectors).map((entry) => [entry.path, entry.blake3]))
  for (const [length, blake3] of BLAKE3_VECTORS)
    if (length > 0) checks.equal(scanned.get(`${length}`), blake3, `BLAKE3 of ${length} bytes in a scan`)
  return checks.observation
}

function hitsAgree(made: Planted, entries: readonly ExportedEntry[], action: string): Observation[] {
  const found = new Checks(
    'plants-found',
    action,
    'a hit on the list that holds the content, by its algorithm, in every kind of place',
  )
  const other = new Checks('no-other-hit', action, 'no hit on a content that no list holds')
  const hitsOf = new Map<string | null, ExportedEntry['hits']>()
  for (const { sha256, hits } of entries.filter(isFile))
    hitsOf.set(sha256, [...(hitsOf.get(sha256) ?? []), ...hits])
  const listed = new Map(made.plants.map((plant) => [plant.sha256, plant]))
  for (const plant of made.plants) {
    const hits = hitsOf.get(plant.sha256) ?? []
    if (plant.listed !== null)
      found.see(
        hits.some(({ algorithm, meaning }) => algorithm === plant.listed && meaning === 'illegal'),
        () => `no hit by ${plant.listed} for a content in ${plant.holder}`,
      )
  }
  for (const entry of entries.filter(isFile)) {
    const plant = listed.get(entry.sha256 ?? '')
    if (plant === undefined || plant.listed === null)
      other.see(entry.hits.length === 0, () => `a hit on ${entry.path}`)
  }
  return [found.observation, other.observation]
}

function workersAgree(
  bench: Bench,
  made: Planted,
  first: ReturnType<typeof summaryOf>,
  lists: readonly string[],
): Observation {
  const counts = bench.of(1, 3)
  const checks = new Checks(
    'workers',
    `the same scan with 2 workers, ${counts} more`,
    'the same evidence and analysis digest',
  )
  for (let i = 0; i < counts; i++) {
    const again = summaryOf(
      bench.scan(made.exhibit, bench.at(`workers-${i}.sqlite`), ...lists, ...KNOWN, '--workers', `${2 + i}`),
    )
    checks.equal(again.evidenceDigest, first.evidenceDigest, `evidence digest with ${2 + i} workers`)
    checks.equal(again.analysisDigest, first.analysisDigest, `analysis digest with ${2 + i} workers`)
    checks.equal(again.hits, first.hits, `hits with ${2 + i} workers`)
  }
  return checks.observation
}

function everyEntryOnce(
  made: Planted,
  entries: readonly ExportedEntry[],
  summary: ReturnType<typeof summaryOf>,
  action: string,
): Observation {
  const checks = new Checks(
    'coverage-adds-up',
    action,
    'every file once, with one result in every stage; each stage adds up to the entries',
  )
  const count = new Map<string, number>()
  for (const { path } of entries) count.set(path, (count.get(path) ?? 0) + 1)
  for (const file of made.files) checks.equal(count.get(file), 1, file)
  for (const entry of entries) {
    const results = Object.values(entry.stages)
    checks.see(
      results.length === STAGES && results.every(({ result }) => result !== ''),
      () => `${entry.path} has ${results.length} results`,
    )
  }
  for (const [stage, results] of Object.entries(summary.stages))
    checks.equal(
      Object.values(results).reduce((a, b) => a + b, 0),
      summary.entries,
      `the sum of ${stage}`,
    )
  checks.equal(Object.keys(summary.stages).length, STAGES, 'stages')
  checks.equal(entries.length, summary.places, 'lines of the export')
  for (const holder of HOLDER_NAMES.filter((name) => name !== 'folder'))
    checks.see(
      made.plants
        .filter((plant) => plant.holder === holder)
        .every(({ sha256 }) => entries.some((entry) => entry.sha256 === sha256)),
      () => `a content in ${holder} has no entry`,
    )
  return checks.observation
}

/** A container that exists twice is opened once; its members count in both places. */
function everyPlace(made: Planted, entries: readonly ExportedEntry[], action: string): Observation {
  const checks = new Checks(
    'every-place',
    action,
    'a content of a container that lies there twice has two places, each a hit where it is listed',
  )
  for (const sha256 of made.copied) {
    const places = entries.filter((entry) => entry.sha256 === sha256)
    checks.equal(places.length, 2, `places of ${sha256}`)
    checks.equal(new Set(places.map(({ hits }) => hits.length)).size, 1, `hits of its places`)
  }
  return checks.observation
}

const STAGES = 6

/** Names, sizes, times of change and contents, and the times of the exhibit’s own folder. */
function stateOf({ exhibit, files }: Planted): string {
  const hash = createHash('sha256')
  const root = lstatSync(exhibit)
  hash.update(`${root.mtimeMs} ${root.ctimeMs} `)
  for (const file of files) {
    const { size, mtimeMs, ctimeMs } = lstatSync(join(exhibit, file))
    hash.update(`${file} ${size} ${mtimeMs} ${ctimeMs} `).update(readFileSync(join(exhibit, file)))
  }
  return hash.digest('hex')
}

function untouched(made: Planted, before: string, action: string): Observation {
  const checks = new Checks(
    'exhibit-untouched',
    action,
    'names, sizes, times of change and contents as before',
  )
  checks.equal(stateOf(made), before, 'digest over the exhibit')
  return checks.observation
}

/** Input of the published vectors: the bytes 0, 1, … 250 again and again (BLAKE3-team, test_vectors.json). */
function writeVector(file: string, length: number): void {
  writeFileSync(file, Buffer.from(Array.from({ length }, (_, i) => i % 251)))
}

const BLAKE3_VECTORS = [
  [0, 'af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262'],
  [1, '2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213'],
  [1024, '42214739f095a406f3fc83deb889744ac00df831c10daa55189b5d121c855af7'],
  [2048, 'e776b6028c7cd22a4d0ba182a8bf62205d2ef576467e838ed6f2529b85fba24a'],
] as const
