/**
 * Checked answers of other hosts, kept in a folder beside the ledger until no shard is left: until then a wrong answer of a host still
 * throws away all that it ever answered, which a ledger could not take back.
 */
import { createHash } from 'node:crypto'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
} from 'node:fs'
import { join } from 'node:path'
import { answersIn, type LookBundle, signedBundle } from '../../wire/look-shard.ts'
import { writeWhole } from './write-whole.ts'

export interface HeldAnswer {
  /** Of the shard. */
  readonly name: string
  /** SHA-256 of the text. */
  readonly bundle: string
  readonly host: string
  /** SHA-256 of its key, or `none`. */
  readonly key: string
  /** Contents that were analysed again here. */
  readonly checked: number
  /** SHA-256 of the contents that it answers. */
  readonly contents: readonly string[]
}

type Answer = LookBundle['answers'][number]

const FILE = /^([0-9a-f]{32}-\d+)\.held$/
/** Contents of one shard follow each other in the queue. */
const OPEN = 4
const MOST_FACTS = 1 << 20

export class HeldAnswers {
  readonly #folder: string
  readonly #held = new Map<string, HeldAnswer>()
  readonly #shardOf = new Map<string, string>()
  readonly #open = new Map<string, ReadonlyMap<string, Answer>>()

  /** @param bundles digests of those that count; a file of an earlier run that is none of them is removed */
  constructor(folder: string, bundles: ReadonlySet<string>) {
    this.#folder = folder
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    for (const file of readdirSync(folder)) {
      const name = FILE.exec(file)?.[1]
      const held = name === undefined ? null : factsIn(join(folder, file))
      if (held !== null && held.name === name && bundles.has(held.bundle)) this.#add(held)
      else if (name !== undefined || file.endsWith('.partial')) rmSync(join(folder, file), { force: true })
    }
  }

  get all(): readonly HeldAnswer[] {
    return [...this.#held.values()]
  }

  has(sha256: string): boolean {
    return this.#shardOf.has(sha256)
  }

  /** @param text of the signed bundle */
  keep(held: HeldAnswer, text: string): void {
    writeWhole(this.#file(held.name), `${JSON.stringify(held)}\n${text}`)
    this.#add(held)
  }

  /** @returns null where there is none, or its file is not the one that was checked */
  answerTo(sha256: string): Answer | null {
    const name = this.#shardOf.get(sha256)
    return name === undefined ? null : (this.#answersOf(name).get(sha256) ?? null)
  }

  /** That content is analysed here after all. */
  drop(sha256: string): void {
    const held = this.#held.get(this.#shardOf.get(sha256) ?? '')
    if (held === undefined) return
    this.#held.set(held.name, { ...held, contents: held.contents.filter((one) => one !== sha256) })
    this.#shardOf.delete(sha256)
  }

  /** @returns those of that key, which are kept no longer */
  discard(key: string): readonly HeldAnswer[] {
    const all = this.all.filter((one) => one.key === key)
    for (const one of all) this.#remove(one)
    return all
  }

  /** Nothing is kept any more. */
  end(): void {
    for (const one of this.all) this.#remove(one)
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #add(held: HeldAnswer): void {
    this.#held.set(held.name, held)
    for (const sha256 of held.contents) this.#shardOf.set(sha256, held.name)
  }

  #remove({ name, contents }: HeldAnswer): void {
    rmSync(this.#file(name), { force: true })
    this.#held.delete(name)
    this.#open.delete(name)
    for (const sha256 of contents) this.#shardOf.delete(sha256)
  }

  #file(name: string): string {
    return join(this.#folder, `${name}.held`)
  }

  #answersOf(name: string): ReadonlyMap<string, Answer> {
    const open = this.#open.get(name)
    if (open !== undefined) return open
    const answers = new Map(this.#read(name).map((one) => [one.sha256, one]))
    const [oldest] = this.#open.keys()
    if (this.#open.size === OPEN && oldest !== undefined) this.#open.delete(oldest)
    this.#open.set(name, answers)
    return answers
  }

  #read(name: string): readonly Answer[] {
    const path = this.#file(name)
    const file = existsSync(path) ? readFileSync(path, 'utf8') : ''
    const text = file.slice(file.indexOf('\n') + 1)
    const isChecked = createHash('sha256').update(text).digest('hex') === this.#held.get(name)!.bundle
    return isChecked ? answersIn(signedBundle(text).signed) : []
  }
}

/** The first line. @returns null where it is cut or of another form */
function factsIn(path: string): HeldAnswer | null {
  const buffer = Buffer.alloc(MOST_FACTS)
  const fd = openSync(path, 'r')
  const line = buffer.toString('utf8', 0, readSync(fd, buffer, 0, MOST_FACTS, 0)).split('\n')[0]!
  closeSync(fd)
  try {
    return JSON.parse(line) as HeldAnswer
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
