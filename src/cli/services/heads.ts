/**
 * The journal of heads that this installation has seen: one JSON line for each head, append-only, in the user's state
 * folder or at the path of `--heads`.
 *
 * When a tail is cut off, ledger and custody log still agree with each other; only a head kept elsewhere shows the
 * loss. This file is one such place. A person who can write to this file as well can hide the loss; paper, a signature
 * or a time stamp cannot be changed that way.
 */
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  writeSync,
} from 'node:fs'
import { dirname, resolve } from 'node:path'
import { SeizedError } from '../../base/errors.ts'
import { printText } from '../../base/evidence-path.ts'
import { readFirstHead } from '../../ledger/read/first-head.ts'
import { verifyAgain } from '../../ledger/verify/verify.ts'
import { stateFile } from './state-folder.ts'

export interface SeenHead {
  readonly utc: string
  /** Head of the ledger's first transaction: it identifies a ledger under any file name. */
  readonly first: string
  readonly head: string
  /** Absolute path of the ledger at that time. */
  readonly ledger: string
}

const HEAD = /^[0-9a-f]{64}$/

/** @param asked value of `--heads` @returns null where there is no folder for the journal */
function headsFile(asked: string | undefined): string | null {
  return asked === undefined ? stateFile('heads.jsonl') : resolve(asked)
}

/**
 * Adds a head. If the journal cannot be written, a message says so and the command continues: the ledger itself is
 * complete.
 * @param first head of the ledger's first transaction, or of a case's first event; default: read from the ledger
 */
export function noteHead(ledger: string, head: string, asked: string | undefined, first?: string): void {
  const file = headsFile(asked)
  try {
    if (file === null) throw new Error('the account has no home folder')
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    append(file, { utc: new Date().toISOString(), first: first ?? readFirstHead(ledger), head, ledger })
  } catch (error) {
    process.stderr.write(
      `seized: warning: the head ${head} is not in the journal of heads${file === null ? '' : ` ${printText(file)}`} (${printText((error as Error).message)}): name a file with --heads, or keep the head on paper.\n`,
    )
  }
}

/** Time of the newest head of all ledgers; null where no head was seen yet. */
export function newestSeenUtc(asked: string | undefined): string | null {
  const file = headsFile(asked)
  if (file === null || !existsSync(file)) return null
  return readJournal(file).seen.reduce<string | null>(
    (newest, { utc }) => (newest === null || utc > newest ? utc : newest),
    null,
  )
}

/**
 * Appends in one write, so that lines of two simultaneous commands do not mix. A line that a crash cut off is ended
 * first.
 */
function append(file: string, seen: SeenHead): void {
  const fd = openSync(file, 'a+', 0o600)
  try {
    const { size } = fstatSync(fd)
    const last = Buffer.alloc(1)
    const isCut = size > 0 && readSync(fd, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a
    writeSync(fd, `${isCut ? '\n' : ''}${JSON.stringify(seen)}\n`)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

export interface Compared {
  /** Messages: heads that were seen here and are no longer in the ledger or its custody log. */
  readonly problems: readonly string[]
  /**
   * Messages that a person must know but that prove nothing: no journal, no head of this ledger, another ledger of its
   * name.
   */
  readonly notes: readonly string[]
}

/** @param heads heads of the ledger's chain and its custody log, from verification */
export function compareWithSeen(
  ledger: string,
  { firstHead, heads }: { readonly firstHead: string; readonly heads: ReadonlySet<string> },
  asked: string | undefined,
): Compared {
  const file = headsFile(asked)
  if (file === null || !existsSync(file))
    return {
      problems: [],
      notes: [
        `There is no journal of heads${file === null ? '' : ` at ${file}`}: whether the end of ledger or custody log was cut off cannot be seen here.`,
      ],
    }
  const { seen, unreadable } = readJournal(file)
  const own = seen.filter(({ first }) => first === firstHead)
  const missing = own.filter(({ head }) => !heads.has(head))
  const { forks, lost } = apart(ledger, missing, heads)
  const other = seen.findLast((one) => one.ledger === ledger && one.first !== firstHead)
  return {
    problems: lost.length === 0 ? [] : [lostHeads(ledger, lost)],
    notes: [
      ...forks,
      ...(own.length === 0
        ? [
            `The journal of heads ${file} has seen no head of this ledger: it cannot show whether an end was cut off.`,
          ]
        : []),
      ...(other
        ? [
            `Another ledger had this name on ${other.utc} (first head ${other.first}, last seen ${other.head}).`,
          ]
        : []),
      ...(unreadable > 0 ? [`${unreadable} lines of the journal of heads ${file} cannot be read.`] : []),
    ],
  }
}

function lostHeads(ledger: string, lost: readonly SeenHead[]): string {
  const { head, utc, ledger: at } = lost.at(-1)!
  const more = lost.length === 1 ? '' : `, and ${lost.length - 1} before it`
  const where = at === ledger ? '' : ` of ${at}, which does not hold it now`
  return `the head ${head}, seen here on ${utc}${where}${more}, is neither in the chain nor in the custody log of ${ledger}: this is an older state, or what followed was removed or rewritten`
}

/**
 * Two honest copies of one ledger can continue separately: each then has events that the other has not. A head that
 * was seen at another path, and that is still in a valid chain there, was not cut off here. A head that was seen at
 * this path, or that no file contains, was cut off.
 */
function apart(
  ledger: string,
  missing: readonly SeenHead[],
  heads: ReadonlySet<string>,
): { readonly forks: readonly string[]; readonly lost: readonly SeenHead[] } {
  const forks: string[] = []
  const lost = new Set(missing)
  for (const path of new Set(missing.map((one) => one.ledger))) {
    const there = path === ledger ? null : headsAt(path)
    if (there === null) continue
    const forked = missing.filter((one) => one.ledger === path && there.has(one.head))
    if (forked.length === 0) continue
    for (const one of forked) lost.delete(one)
    const shared = [...heads].findLast((head) => there.has(head))
    forks.push(
      `Two copies of this ledger went on apart: ${ledger} and ${path} have one record up to the head ${shared}, and each has events that the other has not (the head ${forked.at(-1)!.head} of ${forked.at(-1)!.utc} stands in ${path}). Nothing was cut off here; keep both custody logs.`,
    )
  }
  return { forks, lost: [...lost] }
}

/** @returns null where there is no ledger, or it does not verify */
function headsAt(path: string): ReadonlySet<string> | null {
  if (!existsSync(path)) return null
  try {
    const { heads, problems } = verifyAgain(path)
    return problems.length === 0 ? heads : null
  } catch (error) {
    if (error instanceof SeizedError) return null
    throw error
  }
}

function readJournal(file: string): { readonly seen: readonly SeenHead[]; readonly unreadable: number } {
  const seen: SeenHead[] = []
  let unreadable = 0
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line === '') continue
    const one = parseLine(line)
    if (one) seen.push(one)
    else unreadable++
  }
  return { seen, unreadable }
}

function parseLine(line: string): SeenHead | null {
  let value: Partial<Record<keyof SeenHead, unknown>> | null
  try {
    value = JSON.parse(line)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
  const { utc, first, head, ledger } = value ?? {}
  const isWhole =
    typeof utc === 'string' &&
    typeof ledger === 'string' &&
    [first, head].every((one) => typeof one === 'string' && HEAD.test(one))
  return isWhole ? (value as SeenHead) : null
}
