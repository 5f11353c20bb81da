/**
 * The folder of a case, and its log: a custody log (ledger/custody) without a ledger. Its first link is the digest of the
 * case number, so that a log that was moved to another case is noticed.
 */
import { createHash } from 'node:crypto'
import { lstatSync, mkdirSync, type Stats, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { LedgerDamaged, UsageError } from '../base/errors.ts'
import { printText } from '../base/evidence-path.ts'
import type { CustodyEvent } from '../contracts/custody.ts'
import { appendAfter, custodyPath, readCustody } from '../ledger/custody/custody.ts'
import { type CommandEvent, eventBy } from './case-event.ts'

/** The log of the case is the custody log of this name; no file of the name itself exists. */
const NAME = 'case'

/** @returns the path whose custody log is the log of the case */
export function caseRoot(folder: string): string {
  return join(resolve(folder), NAME)
}

/** True for the path whose custody log is the log of a case, not of a ledger. */
export function isCaseRoot(path: string): boolean {
  return path === caseRoot(dirname(path)) && isCaseFolder(dirname(path)) && fileAt(path) === undefined
}

/** First link of the log of a case. @returns lower-case hex */
export function originOf(caseNumber: string): string {
  return createHash('sha256').update('seized case 1\0').update(caseNumber, 'utf8').digest('hex')
}

/** True for a folder that holds the log of a case, or a link in its place. */
export function isCaseFolder(path: string): boolean {
  return (
    statSync(path, { throwIfNoEntry: false })?.isDirectory() === true &&
    fileAt(custodyPath(caseRoot(path))) !== undefined
  )
}

/**
 * @throws UsageError for a folder that is not a case; LedgerDamaged where the log is a link or not a file: an event
 * would then be written elsewhere
 */
export function requireCaseFolder(folder: string): string {
  const root = caseRoot(folder)
  const log = custodyPath(root)
  const stat = fileAt(log)
  if (stat === undefined)
    throw new UsageError(`${printText(resolve(folder))} is no case: seized case init makes one.`)
  if (!stat.isFile())
    throw new LedgerDamaged(
      `${printText(log)} is a link or no file: the log of a case is a file in its folder.`,
    )
  return root
}

/**
 * Makes the folder, and the first event of its log.
 * @throws UsageError where the folder holds a case already, or cannot be made
 */
export function beginCase(folder: string, caseNumber: string, more: CommandEvent): CustodyEvent {
  const root = caseRoot(folder)
  makeFolder(resolve(folder))
  if (fileAt(custodyPath(root)) !== undefined) refuseSecond(folder)
  const [opened] = appendAfter(
    root,
    (db) => {
      // Two commands at once: the first one has the case.
      if (db.prepare('SELECT 1 FROM custody').get() !== undefined) refuseSecond(folder)
      return [eventBy(more)]
    },
    () => Buffer.from(originOf(caseNumber), 'hex'),
  )
  return opened!
}

/** Appends to the log of a case. @param events as for appendAfter @throws CustodyUnavailable */
export function appendToCase(
  root: string,
  events: Parameters<typeof appendAfter>[1],
): readonly CustodyEvent[] {
  return appendAfter(root, events, () => {
    throw new LedgerDamaged(`${printText(custodyPath(root))} is empty: the case has lost its log.`)
  })
}

export function readCaseLog(root: string): readonly CustodyEvent[] {
  return readCustody(root)
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw new UsageError(
      `${printText(folder)} could not be made (${(cause as NodeJS.ErrnoException).code}).`,
      {
        cause,
      },
    )
  }
}

function refuseSecond(folder: string): never {
  throw new UsageError(`${printText(resolve(folder))} is a case already: seized case status shows it.`)
}

function fileAt(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false })
}
