/** The contents of a pass: all of them, or those that were handed out; most urgent first, with the number that is left. */
import type { Db } from '../ledger/format/database.ts'
import type { Catalogue } from './catalogue.ts'
import type { DecidedContents } from './decided.ts'
import { inOrder, ownFirst } from './order.ts'
import { PassTally } from './pass-tally.ts'
import type { PassAsked } from './passes.ts'

const NO_LEADERS = () => new Int32Array()

export class PassContents {
  /** Numbers of the catalogue. */
  readonly contents: Int32Array
  readonly byPriority: Int32Array
  readonly tally: PassTally
  readonly #inPass: Uint8Array

  constructor(
    asked: PassAsked,
    contents: Int32Array,
    { catalogue, decided, db }: { catalogue: Catalogue; decided: DecidedContents; db: Db },
    own: ReadonlySet<number> = new Set(),
  ) {
    this.contents = contents
    this.byPriority = ownFirst(
      inOrder(contents.slice(), 'priority', catalogue, db, NO_LEADERS),
      'priority',
      own,
    )
    this.tally = new PassTally(asked, contents, decided)
    this.#inPass = new Uint8Array(catalogue.size)
    for (const number of contents) this.#inPass[number] = 1
  }

  has(number: number): boolean {
    return this.#inPass[number] === 1
  }
}
