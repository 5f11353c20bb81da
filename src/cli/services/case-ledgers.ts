/** The ledgers of several exhibits of one case, each verified before it is used. */
import { resolve } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import { printText } from '../../base/evidence-path.ts'
import { isCaseFolder } from '../../case/case-folder.ts'
import type { ClosableLedger, LedgerReader } from '../../contracts/ledger-reader.ts'
import { openLedger } from '../../ledger/read/read.ts'
import { type Snapshot, snapshotOf } from '../../ledger/read/snapshot.ts'
import {
  type ClosedContents,
  closedByItself,
  closedContents,
  withoutPrivileged,
} from '../../privilege/quarantine.ts'
import { plural } from '../../report/texts/format.ts'
import { ledgersOf } from './case-folders.ts'
import { verifyFirst, verifySnapshot } from './verified.ts'

interface CaseWishes {
  /** Restricts the visible entries of the ledgers; by default all are visible. */
  readonly show?: (ledgers: readonly LedgerReader[]) => readonly LedgerReader[]
  /**
   * For a ledger that a run is writing: refuse it, or read a copy of its current state, with or without verification.
   */
  readonly whileWritten?: 'refuse' | 'verify' | 'read'
  /** Called for each ledger that is read from a copy. */
  readonly told?: (ledger: LedgerReader, snapshot: Snapshot) => void
}

/**
 * @param named ledgers, or folders of cases, which stand for all their ledgers
 * @throws UsageError when the ledgers are not of one case, or two are of one exhibit; LedgerDamaged
 */
export async function openCase(
  named: readonly string[],
  given: Parameters<typeof verifyFirst>[1],
  { show = (all) => all, whileWritten = 'refuse', told = () => {} }: CaseWishes = {},
): Promise<readonly LedgerReader[]> {
  const ledgers: LedgerReader[] = []
  try {
    for (const file of named.flatMap((one) => ledgersOf(one, given.heads))) {
      const path = resolve(file)
      const snapshot = whileWritten === 'refuse' ? null : snapshotOf(path)
      if (snapshot === null) ledgers.push(openLedger(path, await verifyFirst(path, given)))
      else {
        const ledger = opened(path, snapshot, whileWritten === 'verify', given)
        ledgers.push(ledger)
        told(ledger, snapshot)
      }
    }
    requireOneCase(ledgers, named.length === 1 && isCaseFolder(named[0]!))
    return show(ledgers)
  } catch (error) {
    closeAll(ledgers)
    throw error
  }
}

/** Contents in quarantine, as a report counts them. */
export interface ClosedCounts {
  /** Closed on all exhibits of a case, though they lie open on one: neither listed nor counted. */
  readonly closedElsewhere: number
  /** Named by a list: listed and counted, without words and pictures. */
  readonly closedListed: number
}

/** @returns the ledgers without privileged entries, and how many contents that closes */
export async function openWithoutPrivileged(
  named: readonly string[],
  given: Parameters<typeof verifyFirst>[1],
  told: CaseWishes['told'],
): Promise<{ readonly ledgers: readonly LedgerReader[] } & ClosedCounts> {
  let closed: ClosedContents | null = null
  const show = (all: readonly LedgerReader[]) => {
    const these = all.length > 1 ? closedContents(all) : closedByItself(all[0]!)
    closed = these
    return all.map((one) => withoutPrivileged(one, these))
  }
  const ledgers = await openCase(named, given, { show, whileWritten: 'verify', ...(told ? { told } : {}) })
  const { openElsewhere: closedElsewhere, listed } = closed!
  if (closedElsewhere > 0)
    process.stderr.write(
      `${plural(closedElsewhere, 'content')} in quarantine on one exhibit and open on another: closed on all exhibits, until seized release opens them on the ledger that holds them in quarantine.\n`,
    )
  if (listed.size > 0)
    process.stderr.write(
      `${plural(listed.size, 'content')} in quarantine that a list names: counted and listed by digest, without words, pictures and names of places in quarantine.\n`,
    )
  return { ledgers, closedElsewhere, closedListed: listed.size }
}

function opened(
  path: string,
  snapshot: Snapshot,
  verify: boolean,
  given: Parameters<typeof verifyFirst>[1],
): LedgerReader {
  try {
    return openLedger(path, verify ? verifySnapshot(path, snapshot, given) : [], snapshot)
  } catch (error) {
    snapshot.remove()
    throw error
  }
}

export function closeAll(ledgers: readonly ClosableLedger[]): void {
  for (const ledger of ledgers) ledger.close()
}

/** @param isCase a person put them into one case, whatever their numbers */
function requireOneCase(ledgers: readonly LedgerReader[], isCase: boolean): void {
  const [first] = ledgers
  const exhibits = new Map<string, string>()
  for (const { path, case: about } of ledgers) {
    if (!isCase && about.caseId !== first!.case.caseId)
      throw new UsageError(
        `${path} is of case ${printText(about.caseId)}, ${first!.path} of case ${printText(first!.case.caseId)}: only ledgers of one case are taken together.`,
      )
    const other = exhibits.get(about.exhibitId)
    if (other !== undefined)
      throw new UsageError(
        `${other} and ${path} are both of exhibit ${printText(about.exhibitId)}: give one ledger an exhibit (seized diff compares two of one exhibit).`,
      )
    exhibits.set(about.exhibitId, path)
  }
}
