/** Runs the CFTT cases: makes each volume, asks each reader, and counts. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { VERSION } from '../../base/version.ts'
import { digestPartsAside } from '../../parts/index.ts'
import { Bench } from '../model/scenario.ts'
import { makeContents } from './contents.ts'
import { carvingJobs, deletedFileJobs } from './jobs.ts'
import { type Answers, countContents, countNames } from './measure.ts'
import { NOT_RUN, READERS } from './readers.ts'
import { REGISTRY_CASES, REGISTRY_READERS, registryRows } from './registry-cases.ts'
import type { CfttRow } from './row.ts'
import { SEARCH_CASES, SEARCH_READERS, searchRows } from './search-cases.ts'
import { SQLITE_CASES, SQLITE_READERS, sqliteRows } from './sqlite-cases.ts'
import { VOLUMES } from './volumes.ts'

export interface CfttTable {
  readonly about: string
  readonly program: string
  readonly seed: number
  readonly made: string
  readonly readers: readonly { readonly id: string; readonly way: string; readonly version: string | null }[]
  readonly notRun: readonly { readonly peer: string; readonly why: string }[]
  readonly makers: readonly { readonly fileSystem: string; readonly maker: string }[]
  readonly rows: readonly CfttRow[]
}

export interface CfttAsked {
  readonly out: string
  readonly seed: number
  /** Ids of cases and of file systems; empty: all. */
  readonly only: readonly string[]
  readonly say: (line: string) => void
}

const ABOUT =
  'Deleted file recovery by the numbers of NIST CFTT, on volumes made here from the published descriptions: not NIST’s own images. A content is right when its SHA-256 is that of a deleted file of which every block is still on the volume.'

export async function runCftt({ out, seed, only, say }: CfttAsked): Promise<CfttTable> {
  const work = join(out, 'cftt-work')
  rmSync(work, { recursive: true, force: true })
  mkdirSync(work, { recursive: true })
  const bench = new Bench(work, join(out, 'cftt.log'), seed, 'quick')
  rmSync(join(out, 'cftt.log'), { force: true })
  const contents = await makeContents(seed)
  const readers = READERS.map((reader) => ({ reader, version: reader.version(bench) }))
  const keep = join(out, 'cftt-rows.jsonl')
  const kept = keptRows(keep, `${(await digestPartsAside()).sha256} ${seed}`)
  const rows: CfttRow[] = []
  const versions: CfttTable['readers'][number][] = readers.map(({ reader, version }) => ({
    ...{ id: reader.id, way: reader.way, version },
  }))
  for (const job of [...deletedFileJobs(contents), ...carvingJobs(seed)]) {
    const { id, title, fileSystem, lists, isCarving, place } = job
    const empty = { ...{ case: id, title, fileSystem }, ...NOTHING }
    const before = kept.find((row) => row.case === id && row.fileSystem === fileSystem)
    if (!isAsked(only, id, fileSystem) || before) {
      rows.push(isAsked(only, id, fileSystem) && before ? before : { ...empty, state: 'not asked' })
      continue
    }
    const image = bench.at(`${id}-${fileSystem}.dd`)
    const answers = await job.make(bench, image)
    if (answers === null) {
      rows.push({ ...empty, state: 'could not be made on this machine' })
      continue
    }
    const seen = readers.flatMap(({ reader, version }) => {
      const isAskedFor = isCarving ? reader.way === 'carving' : !reader.carvingAlone
      if (version === null || !isAskedFor) return []
      const given = reader.read(bench, image, place)
      const names = countNames(answers, given, lists)
      return [{ reader: reader.id, contents: countContents(answers, given), names: isCarving ? null : names }]
    })
    rmSync(image, { force: true })
    const row: CfttRow = { ...empty, state: 'made', ...factsOf(answers), readers: seen }
    rows.push(row)
    appendFileSync(keep, `${JSON.stringify(row)}\n`)
    say(`${id} ${fileSystem}`)
  }
  for (const { cases, readers: asked, rows: made } of GROUPS) {
    for (const reader of asked)
      versions.push({ id: reader.id, way: reader.way, version: reader.version(bench) })
    const before = kept.filter((row) => cases.includes(row.case))
    const isGroupAsked = only.length === 0 || cases.some((id) => only.includes(id))
    if (!isGroupAsked) {
      for (const id of cases)
        rows.push({ ...{ case: id, title: id, fileSystem: '–' }, ...NOTHING, state: 'not asked' })
      continue
    }
    const now = before.length > 0 ? before : made(bench)
    rows.push(...now)
    if (before.length > 0) continue
    for (const row of now) appendFileSync(keep, `${JSON.stringify(row)}\n`)
    say(cases.join(' '))
  }
  rmSync(work, { recursive: true, force: true })
  return {
    about: ABOUT,
    program: VERSION,
    seed,
    made: new Date().toISOString(),
    readers: versions,
    notRun: NOT_RUN.map(([peer, why]) => ({ peer, why })),
    makers: VOLUMES.map(({ id, maker }) => ({ fileSystem: id, maker })),
    rows,
  }
}

/** Asked of one exhibit together. */
const GROUPS = [
  { cases: SEARCH_CASES as readonly string[], readers: SEARCH_READERS, rows: searchRows },
  { cases: SQLITE_CASES as readonly string[], readers: SQLITE_READERS, rows: sqliteRows },
  { cases: REGISTRY_CASES as readonly string[], readers: REGISTRY_READERS, rows: registryRows },
]

const NOTHING = { recoverable: 0, overwritten: 0, fragments: 0, readers: [] } as const

function factsOf({ recoverable, overwritten, fragments }: Answers) {
  return { recoverable: recoverable.size, overwritten, fragments }
}

/** Rows of an earlier run of the same program with the same seed: the run goes on behind them. */
function keptRows(file: string, made: string): readonly CfttRow[] {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
  // The last line of a run that was stopped may be half written.
  if (lines[0] === made) return lines.slice(1, -1).map((line) => JSON.parse(line) as CfttRow)
  writeFileSync(file, `${made}\n`)
  return []
}

/** Cases and file systems may be named together; a kind of which none is named is whole. */
function isAsked(only: readonly string[], id: string, fileSystem: string): boolean {
  const isCase = (one: string) => /^(?:DFR|FC|SS|SQ|RG)-/.test(one)
  const cases = only.filter(isCase)
  const systems = only.filter((one) => !isCase(one))
  return (cases.length === 0 || cases.includes(id)) && (systems.length === 0 || systems.includes(fileSystem))
}
