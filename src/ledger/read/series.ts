/**
 * Contents of a series of which a list holds one: the same folder or camera as an illegal hit, and taken close to it in time
 * or place, or nearly alike.
 *
 * Nothing is stored: as with cameras (cameras.ts), the answer follows from the findings of all contents, whatever the
 * order of work. Faces take no part. A folder and a camera alone say nothing: a holiday has both.
 */
import type { Plan, PlanRules } from '../../contracts/case.ts'
import { bitsApart } from '../../hash/bits-apart.ts'
import type { SeriesFit, SeriesSign } from '../../score/listed-series.ts'
import { rulesOf } from '../../score/rule-versions.ts'
import type { Db } from '../format/database.ts'

const LISTED = `SELECT DISTINCT content FROM hit WHERE meaning = 'illegal' ORDER BY content`

/** Contents of the same folders, or with the camera's name, as listed ones: all others are no candidates. */
const CANDIDATES = `WITH listed (content) AS (SELECT content FROM hit WHERE meaning = 'illegal'),
  folder (above) AS (SELECT e.above FROM listed l JOIN reading r ON r.content = l.content JOIN entry e ON e.id = r.entry),
  model (name) AS (SELECT a.params ->> 'text' FROM listed l JOIN attribute a ON a.content = l.content WHERE a.code = 'camera-model'),
  candidate (content) AS (
    SELECT r.content FROM entry e JOIN reading r ON r.entry = e.id WHERE r.content IS NOT NULL AND e.above IN (SELECT above FROM folder)
    UNION SELECT content FROM attribute WHERE code = 'camera-model' AND params ->> 'text' IN (SELECT name FROM model))`

const NAMED = `${CANDIDATES} SELECT content, code, params ->> 'text' FROM attribute
  WHERE code IN ('camera-make', 'camera-model', 'camera-serial', 'capture-time', 'gps-position')
    AND content IN (SELECT content FROM candidate)`

const FOLDERS = `${CANDIDATES} SELECT r.content, e.above FROM entry e JOIN reading r ON r.entry = e.id
  WHERE r.content IS NOT NULL AND e.above IN (SELECT above FROM folder)`

const HASHES = `${CANDIDATES} SELECT content, hex FROM perceptual_hash
  WHERE algorithm = 'pdq' AND part = 'original' AND quality >= 50 AND content IN (SELECT content FROM candidate)`

/** Version of the rules that series came with. */
const SINCE = 5

/** Contents of lists that one content is compared with, at most: a folder of ten thousand hits needs no second look. */
const MOST_COMPARED = 200
/** Pictures of one occasion; a judgement, not a measurement. */
const NEAR_MS = 60 * 60 * 1000
/** A house and its garden, with the error of a telephone's position. */
const NEAR_METRES = 200
/** PDQ's own threshold. */
const NEAR_BITS = 31

interface Facts {
  camera: string | null
  timeMs: number | null
  place: readonly [latitude: number, longitude: number] | null
  hash: Buffer | null
  readonly folders: Set<number>
}

export class ListedSeries {
  readonly #db: Db
  readonly #rules: PlanRules
  #members: ReadonlyMap<number, SeriesFit> | null = null

  /** Under the rules of older plans there are none. */
  constructor(db: Db, plan: Pick<Plan, 'rules'>) {
    this.#db = db
    this.#rules = rulesOf(plan)
  }

  /** Null when a list holds the content, or it belongs to no such series. */
  fit(content: number): SeriesFit | null {
    return this.members.get(content) ?? null
  }

  get members(): ReadonlyMap<number, SeriesFit> {
    this.#members ??= this.#rules.version < SINCE ? new Map() : membersOf(this.#db)
    return this.#members
  }
}

function membersOf(db: Db): Map<number, SeriesFit> {
  const members = new Map<number, SeriesFit>()
  const listed = new Set(db.prepare<[], number>(LISTED).pluck().all())
  if (listed.size === 0) return members
  const facts = factsOf(db)
  const byFolder = new Map<number, Facts[]>()
  const byCamera = new Map<string, Facts[]>()
  for (const content of listed) {
    const one = facts.get(content)
    for (const folder of one?.folders ?? []) add(byFolder, folder, one!)
    if (one?.camera) add(byCamera, one.camera, one)
  }
  for (const [content, one] of facts) {
    if (listed.has(content)) continue
    const others = new Set([
      ...[...one.folders].flatMap((folder) => byFolder.get(folder) ?? []),
      ...(one.camera === null ? [] : (byCamera.get(one.camera) ?? [])),
    ])
    let best: SeriesFit | null = null
    for (const other of others) {
      const signs = signsOf(one, other)
      if (isSeries(signs) && signs.length > (best?.signs.length ?? 0)) best = { signs, listed: others.size }
    }
    if (best) members.set(content, best)
  }
  return members
}

/** Two signs, one of which says more than where it lies and what it was taken with. */
function isSeries(signs: readonly SeriesSign[]): boolean {
  return signs.length >= 2 && signs.some((sign) => sign !== 'folder' && sign !== 'camera')
}

function signsOf(a: Facts, b: Facts): SeriesSign[] {
  const has: Readonly<Record<SeriesSign, boolean>> = {
    folder: [...a.folders].some((folder) => b.folders.has(folder)),
    camera: a.camera !== null && a.camera === b.camera,
    time: a.timeMs !== null && b.timeMs !== null && Math.abs(a.timeMs - b.timeMs) <= NEAR_MS,
    place: a.place !== null && b.place !== null && metresBetween(a.place, b.place) <= NEAR_METRES,
    copy: a.hash !== null && b.hash !== null && bitsApart(a.hash, b.hash) <= NEAR_BITS,
  }
  return (Object.keys(has) as SeriesSign[]).filter((sign) => has[sign])
}

function factsOf(db: Db): Map<number, Facts> {
  const all = new Map<number, Facts>()
  const of = (content: number): Facts => {
    let facts = all.get(content)
    if (!facts)
      all.set(content, (facts = { camera: null, timeMs: null, place: null, hash: null, folders: new Set() }))
    return facts
  }
  const cameras = new Map<number, string[]>()
  for (const [content, code, text] of db.prepare<[], [number, string, string]>(NAMED).raw().iterate()) {
    if (code === 'capture-time') of(content).timeMs ??= timeOf(text)
    else if (code === 'gps-position') of(content).place ??= placeOf(text)
    else add(cameras, content, `${code}\0${text}`)
  }
  for (const [content, names] of cameras) of(content).camera = names.sort().join('\0')
  for (const [content, folder] of db.prepare<[], [number, number]>(FOLDERS).raw().iterate())
    of(content).folders.add(folder)
  for (const [content, hex] of db.prepare<[], [number, string]>(HASHES).raw().iterate()) {
    const facts = all.get(content)
    if (facts) facts.hash = Buffer.from(hex, 'hex')
  }
  return all
}

function add<K, V>(to: Map<K, V[]>, key: K, value: V): void {
  const known = to.get(key)
  if (!known) to.set(key, [value])
  else if (known.length < MOST_COMPARED) known.push(value)
}

/** `2026:05:06 07:08:09` of EXIF or ISO 8601, as if it were UTC: clocks of one camera agree with each other. */
function timeOf(text: string): number | null {
  const parts = /^(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d):(\d\d)/.exec(text)
  if (!parts) return null
  const [year, month, day, hour, minute, second] = parts.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

function placeOf(text: string): readonly [number, number] | null {
  const [latitude, longitude] = [...text.matchAll(/[+-]?\d+(?:\.\d+)?/g)].map(([number]) => Number(number))
  return latitude === undefined || longitude === undefined ? null : [latitude, longitude]
}

const METRES_A_DEGREE = 111_320

/** Good within a few kilometres. */
function metresBetween(a: readonly [number, number], b: readonly [number, number]): number {
  const north = (a[0] - b[0]) * METRES_A_DEGREE
  const east = (a[1] - b[1]) * METRES_A_DEGREE * Math.cos((a[0] * Math.PI) / 180)
  return Math.hypot(north, east)
}
