/** What the ledger says of a locked file: the secret that opened it, or the kinds that would. */
import { type Attribute, attribute } from '../contracts/attribute.ts'
import { type FileLockTried, fileLockOf } from '../contracts/file-lock.ts'
import type { PendingContent } from '../contracts/ledger.ts'
import type { StageResult } from '../contracts/stage.ts'
import type { Run } from './run.ts'

/** @param lock the secrets that a decoder tried; absent: none was sent for it */
export function lockFindings(
  { content }: PendingContent,
  { lock }: { readonly lock?: FileLockTried },
  result: StageResult,
): readonly Attribute[] {
  const kind = fileLockOf(content.mediaType)
  if (kind === null) return []
  const { format, takes } = kind
  const found: Attribute[] = []
  if (lock?.secret != null) {
    const { secret, by, check } = lock
    found.push(attribute('file-lock-opened', { format, by: by!, secret, check }))
  }
  const isClosed = result.result === 'not-done' && result.reason === 'encrypted'
  if (lock?.isLeft || (isClosed && found.length === 0)) {
    const form = lock?.form ?? null
    const tried = form === null ? (lock?.tried.length ?? 0) : 0
    const wanted = form === null ? [...takes] : []
    found.push(attribute('file-lock-closed', { format: form ?? format, wanted, tried }))
  }
  return found
}

/** Counts on how many locked files each secret was tried: one that opened none may be written down wrongly. */
export class SecretUses {
  readonly #tried = new Map<number, number>()
  readonly #opened = new Set<number>()

  see({ lock }: { readonly lock?: FileLockTried }): void {
    if (lock === undefined) return
    if (lock.secret !== null) this.#opened.add(lock.secret)
    for (const number of lock.tried) this.#tried.set(number, (this.#tried.get(number) ?? 0) + 1)
  }

  tell({ emit }: Pick<Run, 'emit'>): void {
    for (const [number, files] of this.#tried)
      if (!this.#opened.has(number))
        emit({
          event: 'warning',
          message: `Secret ${number} of the keys file opened no locked file; it was tried on ${files}.`,
        })
  }
}
