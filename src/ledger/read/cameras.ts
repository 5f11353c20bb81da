/**
 * Cameras that pictures and videos name, grouped over a whole ledger on first use.
 *
 * The groups are not stored. They follow from the attributes of all contents, so the order of work does not change
 * them, and a resumed run has no second copy to keep consistent. A million contents occupy a few typed arrays.
 */

import type { CameraGroup } from '../../contracts/view.ts'
import { PRIORITY_CLASSES } from '../../media-types/priority-class.ts'
import type { CameraFit } from '../../score/first-generation.ts'
import type { Db } from '../format/database.ts'

// Absent parts are '' here: no attribute is empty. The query follows the index of contents, so that nothing has to be
// sorted.
const NAMED = `
  SELECT content, max(CASE code WHEN 'camera-make' THEN params ->> 'text' ELSE '' END),
    max(CASE code WHEN 'camera-model' THEN params ->> 'text' ELSE '' END) AS model,
    max(CASE code WHEN 'camera-serial' THEN params ->> 'text' ELSE '' END),
    max(CASE code WHEN 'software' THEN params ->> 'text' ELSE '' END)
  FROM attribute
  WHERE stage = 'looked-at' AND code IN ('camera-make', 'camera-model', 'camera-serial', 'software')
  GROUP BY content HAVING model <> '' ORDER BY content`

const LISTED = `SELECT content FROM hit WHERE meaning <> 'known'
  UNION ALL SELECT content FROM near_match WHERE meaning <> 'known'`

const IN_FOLDER = `SELECT r.content FROM entry e JOIN reading r ON r.entry = e.id
  WHERE e.band = ${PRIORITY_CLASSES.indexOf('camera')} AND r.content IS NOT NULL`

type NamedRow = [content: number, make: string, model: string, serial: string, software: string]

const MOST_LARGEST = 100
/** Some milliseconds. */
const ROWS_A_PIECE = 2000

interface Counts {
  contents: number
  listed: number
  inCameraFolder: number
}

/** A make, model and serial number. */
interface Body extends Counts {
  readonly make: string
  readonly model: string
  readonly serial: string
}

/** The same body with a software. */
interface Group extends Counts {
  readonly body: Body
  readonly software: string
}

export class Cameras {
  readonly #db: Db
  #grouped: Grouped | null = null

  constructor(db: Db) {
    this.#db = db
  }

  get isGrouped(): boolean {
    return this.#grouped !== null
  }

  /** Groups them in pieces of some milliseconds, for a caller that serves others meanwhile. */
  *grouping(): Generator<void> {
    this.#grouped ??= yield* Grouped.of(this.#db)
  }

  /** Null when the content names no camera, or a list contains the content. */
  fit(content: number): CameraFit | null {
    this.#grouped ??= atOnce(Grouped.of(this.#db))
    const found = this.#grouped.of(content)
    if (found === null || found.isListed) return null
    const { body, software, contents } = found.group
    return {
      camera: { ...named(body), software: orNull(software) },
      inCameraFolder: found.isInFolder,
      others: {
        contents: body.contents - 1,
        listed: body.listed,
        inCameraFolder: body.inCameraFolder - (found.isInFolder ? 1 : 0),
        sameSoftware: contents - 1,
      },
    }
  }

  largest(): readonly CameraGroup[] {
    this.#grouped ??= atOnce(Grouped.of(this.#db))
    return this.#grouped.groups
      .toSorted(largestFirst)
      .slice(0, MOST_LARGEST)
      .map(({ body, software, contents, listed, inCameraFolder }) => ({
        ...named(body),
        software: orNull(software),
        contents,
        listed,
        inCameraFolder,
      }))
  }
}

function atOnce<T>(pieces: Generator<void, T>): T {
  for (;;) {
    const { done, value } = pieces.next()
    if (done) return value
  }
}

class Grouped {
  readonly groups: Group[] = []
  /** In ascending order. */
  #contents = new Int32Array()
  /** Index in `groups` for each content. */
  #groupOf = new Int32Array()
  #listed = new Uint8Array()
  #inFolder = new Uint8Array()

  private constructor() {}

  static *of(db: Db): Generator<void, Grouped> {
    const grouped = new Grouped()
    yield* grouped.#read(db)
    return grouped
  }

  *#read(db: Db): Generator<void> {
    const [contents, groupOf]: [number[], number[]] = [[], []]
    const bodies = new Map<string, Body>()
    const known = new Map<string, number>()
    for (const [content, make, model, serial, software] of db.prepare<[], NamedRow>(NAMED).raw().iterate()) {
      if (contents.length % ROWS_A_PIECE === 0) yield
      const key = `${make}\0${model}\0${serial}`
      let body = bodies.get(key)
      if (!body) bodies.set(key, (body = { make, model, serial, ...NOTHING }))
      const whole = `${key}\0${software}`
      let at = known.get(whole)
      if (at === undefined) known.set(whole, (at = this.groups.push({ body, software, ...NOTHING }) - 1))
      contents.push(content)
      groupOf.push(at)
    }
    this.#contents = Int32Array.from(contents)
    this.#groupOf = Int32Array.from(groupOf)
    this.#listed = yield* this.#marked(db, LISTED)
    this.#inFolder = yield* this.#marked(db, IN_FOLDER)
    for (const [i, at] of this.#groupOf.entries()) {
      const group = this.groups[at]!
      for (const counts of [group, group.body]) {
        counts.contents++
        counts.listed += this.#listed[i]!
        counts.inCameraFolder += this.#inFolder[i]!
      }
    }
  }

  of(
    content: number,
  ): { readonly group: Group; readonly isListed: boolean; readonly isInFolder: boolean } | null {
    const i = this.#at(content)
    if (i === -1) return null
    return {
      group: this.groups[this.#groupOf[i]!]!,
      isListed: this.#listed[i] === 1,
      isInFolder: this.#inFolder[i] === 1,
    }
  }

  /** @param sql query that returns contents, in any order and with any repetitions */
  *#marked(db: Db, sql: string): Generator<void, Uint8Array<ArrayBuffer>> {
    const marks = new Uint8Array(this.#contents.length)
    let rows = 0
    for (const content of db.prepare<[], number>(sql).pluck().iterate()) {
      if (++rows % ROWS_A_PIECE === 0) yield
      const i = this.#at(content)
      if (i !== -1) marks[i] = 1
    }
    return marks
  }

  #at(content: number): number {
    let low = 0
    let high = this.#contents.length - 1
    while (low <= high) {
      const middle = (low + high) >> 1
      const found = this.#contents[middle]!
      if (found === content) return middle
      if (found < content) low = middle + 1
      else high = middle - 1
    }
    return -1
  }
}

const NOTHING: Counts = { contents: 0, listed: 0, inCameraFolder: 0 }

function named({ make, model, serial }: Body): Pick<CameraGroup, 'make' | 'model' | 'serial'> {
  return { make: orNull(make), model, serial: orNull(serial) }
}

function orNull(text: string): string | null {
  return text || null
}

/** Most contents first; groups of equal size by their names, byte by byte. */
function largestFirst(a: Group, b: Group): number {
  return b.contents - a.contents || namesOf(a).compare(namesOf(b))
}

function namesOf({ body: { make, model, serial }, software }: Group): Buffer {
  return Buffer.from(`${make}\0${model}\0${serial}\0${software}`)
}
