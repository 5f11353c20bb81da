/**
 * Results in delivery: each is written to a file before the database is asked, and deleted after the booking.
 * So no exhibit is scanned twice because the database was away. A result that cannot be delivered is put aside with its
 * reason, and the host continues.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { giveBack } from '../queue/attempts.ts'
import { type Database, DatabaseAway } from '../queue/database.ts'
import { type Delivered, finish, type Result, type Statement } from '../queue/finish.ts'
import { stateClassOf } from '../queue/sql-states.ts'
import { withoutResult } from '../scan/outcome.ts'

type About = Pick<Statement, 'case' | 'exhibit' | 'fence'>
/** @param about null: the file does not name its attempt */
export type Told = (about: About | null, delivered: Delivered) => void

export class Pending {
  readonly #ledgers: string
  /** One delivery after the other. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(ledgers: string) {
    this.#ledgers = ledgers
  }

  keep(result: Result): void {
    const { attempt } = JSON.parse(result.signed) as Statement
    const file = join(this.#folder('pending'), `${attempt}.json`)
    const seen = result.seen.map(({ key, ...one }) => ({ ...one, key: key.toString('hex') }))
    writeFileSync(`${file}.partial`, JSON.stringify({ ...result, seen }), { mode: 0o600 })
    renameSync(`${file}.partial`, file)
  }

  /** @throws DatabaseAway, or the database's error for a login that it does not serve: the files stay */
  deliver(database: Database, told: Told): Promise<void> {
    const next = this.#turn.catch(() => {}).then(() => this.#deliverAll(database, told))
    this.#turn = next
    return next
  }

  async #deliverAll(database: Database, told: Told): Promise<void> {
    const folder = join(this.#ledgers, 'pending')
    if (!existsSync(folder)) return
    for (const name of readdirSync(folder).filter((one) => one.endsWith('.json'))) {
      const text = readFileSync(join(folder, name), 'utf8')
      const delivered = await deliverOne(database, text)
      if (delivered.ends === 'aside') this.#putAside(name, delivered.why ?? '')
      else rmSync(join(folder, name))
      told(aboutOf(text), delivered)
    }
  }

  #putAside(name: string, why: string): void {
    const to = join(this.#folder('aside'), name)
    writeFileSync(`${to}.reason.txt`, `${new Date().toISOString()} ${why}\n`)
    renameSync(join(this.#ledgers, 'pending', name), to)
  }

  #folder(name: 'pending' | 'aside'): string {
    const folder = join(this.#ledgers, name)
    mkdirSync(folder, { recursive: true })
    return folder
  }
}

/** Another delivery of the same would end the same: it goes aside. */
async function deliverOne(database: Database, text: string): Promise<Delivered> {
  try {
    const result = resultOfFile(text)
    const delivered = await finish(database, result)
    if (delivered.ends === 'aside')
      await endAttempt(database, result.signed, 'needs-person', 'not-booked', delivered.why ?? '')
    return delivered
  } catch (error) {
    if (!(error instanceof Error) || isWaitedOut(error)) throw error
    const why = `it could not be delivered: ${error.message}`
    await database.rows('SELECT lab.tell_aside($1, $2)', [why, text.slice(0, TOLD_CHARACTERS)])
    if (aboutOf(text) !== null)
      await endAttempt(database, (JSON.parse(text) as Result).signed, 'try-again', 'not-delivered', why)
    return { ends: 'aside', why }
  }
}

const TOLD_CHARACTERS = 20_000

function isWaitedOut(error: Error): boolean {
  return error instanceof DatabaseAway || stateClassOf(error)?.meaning === 'closed'
}

/** Ends the attempt where this host still has it. */
async function endAttempt(
  database: Database,
  signed: string,
  state: 'needs-person' | 'try-again',
  code: string,
  why: string,
): Promise<void> {
  const { attempt } = JSON.parse(signed) as Statement
  if (UUID.test(attempt)) await giveBack(database, { attempt }, withoutResult(state, code, why))
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** @throws Error with the fault of the file */
function resultOfFile(text: string): Result {
  const { seen, ...result } = JSON.parse(text) as Omit<Result, 'seen'> & {
    readonly seen?: readonly { readonly key: string; readonly entries: number; readonly meaning: string }[]
  }
  if (typeof result.signed !== 'string' || !Array.isArray(seen))
    throw new Error('the file is none of this version of seized; order the exhibit again')
  return { ...result, seen: seen.map(({ key, ...one }) => ({ ...one, key: Buffer.from(key, 'hex') })) }
}

function aboutOf(text: string): About | null {
  try {
    const { signed } = JSON.parse(text) as Partial<Result>
    return signed === undefined ? null : (JSON.parse(signed) as Statement)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return null
  }
}
