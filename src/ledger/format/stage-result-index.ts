/**
 * Stage results of all contents without details, in two bytes a content: contents differ in them little. Read in one pass, in the
 * order of the table's key.
 */
import type { StageName } from '../../contracts/stage.ts'
import type { Db } from './database.ts'

export interface PlainExamination {
  readonly stage: StageName
  readonly result: string
  readonly reason: string | null
}

type Row = readonly [content: number, stage: StageName, result: string, reason: string | null]

const PAGE_IDS = 1 << 14
const NUMBERS = 1 << 16

export class StageResultIndex {
  /** Kinds of results by number; 0: none. */
  readonly #kinds: (readonly PlainExamination[])[] = [[]]
  readonly #numbers = new Map<string, number>()
  readonly #pages = new Map<number, Uint16Array>()
  /** Of contents whose results got no number, which only a damaged ledger has. */
  readonly #others = new Map<number, readonly PlainExamination[]>()

  constructor(db: Db) {
    const rows = db
      .prepare<[], Row>('SELECT content, stage, result, reason FROM examination ORDER BY content, stage')
      .raw()
      .iterate()
    let held: Row[] = []
    for (const row of rows) {
      if (held.length > 0 && held[0]![0] !== row[0]) {
        this.#add(held)
        held = []
      }
      held.push(row)
    }
    if (held.length > 0) this.#add(held)
  }

  /** In the order of the stages' names. */
  of(content: number): readonly PlainExamination[] {
    const number = this.#pages.get(Math.floor(content / PAGE_IDS))?.[content % PAGE_IDS] ?? 0
    return number === 0 ? (this.#others.get(content) ?? []) : this.#kinds[number]!
  }

  #add(rows: readonly Row[]): void {
    const content = rows[0]![0]
    const number = this.#numberOf(rows)
    if (number === null) {
      this.#others.set(content, rows.map(plain))
      return
    }
    const at = Math.floor(content / PAGE_IDS)
    let page = this.#pages.get(at)
    if (page === undefined) {
      page = new Uint16Array(PAGE_IDS)
      this.#pages.set(at, page)
    }
    page[content % PAGE_IDS] = number
  }

  #numberOf(rows: readonly Row[]): number | null {
    let key = ''
    for (const [, stage, result, reason] of rows) key += `${stage}\0${result}\0${reason ?? '\0'}\0`
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    if (this.#kinds.length === NUMBERS) return null
    const number = this.#kinds.push(rows.map(plain)) - 1
    this.#numbers.set(key, number)
    return number
  }
}

function plain([, stage, result, reason]: Row): PlainExamination {
  return { stage, result, reason }
}
