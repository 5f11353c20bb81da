/** `--continue-locked`: a new ledger for the volumes that an earlier one left locked, chained to its newest head. */
import { basename } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import { printText } from '../../base/evidence-path.ts'
import type { Scope } from '../../contracts/case.ts'
import { openLedger } from '../../ledger/read/read.ts'
import type { OpenExhibit } from './open-exhibit.ts'
import { sameImage } from './same-image.ts'
import { verifyFirst } from './verified.ts'

export interface Continued {
  /** Only the volumes that were locked then and are open now. */
  readonly scope: Scope
  /** Newest head of the earlier ledger. */
  readonly head: string
  readonly ledger: string
}

/** @throws UsageError when the ledger is not sealed or of another image, or no volume opens that was locked */
export async function continueLocked(
  path: string,
  { exhibit, locks }: OpenExhibit,
  scope: Scope,
  heads: string | undefined,
): Promise<Continued> {
  await verifyFirst(path, { heads })
  const ledger = openLedger(path)
  try {
    if (ledger.seal === null)
      throw new UsageError(`${printText(path)} is not sealed: go on with it by seized resume first.`)
    if (!sameImage(ledger.exhibit, exhibit))
      throw new UsageError(`${printText(path)} is of another image than the one that is named now.`, {
        code: 'exhibit-differs',
      })
    if (scope.volumes !== undefined)
      throw new UsageError('--continue-locked chooses the volumes: leave --scope volume= out.')
    const locked = ledger
      .ranges()
      .flatMap(({ range, listed }) =>
        range.number !== null && 'reason' in listed && listed.reason === 'encrypted' ? [range.number] : [],
      )
    const volumes = locks
      .filter(({ volume, openedBy }) => openedBy.length > 0 && locked.includes(volume))
      .map(({ volume }) => volume)
    const hasLockedFiles = ledger.fileLocks().some(({ secrets }) => secrets.length === 0)
    if (volumes.length === 0)
      throw new UsageError(
        `No volume opens that ${printText(path)} left locked (${locked.map((number) => `volume ${number}`).join(', ') || 'it left none'}).${hasLockedFiles ? ' Files inside that it left locked are examined by a new scan with --keys, without --continue-locked.' : ''}`,
        { code: 'keys-missing' },
      )
    return { scope: { ...scope, volumes }, head: ledger.newestHead(), ledger: basename(path) }
  } finally {
    ledger.close()
  }
}
