/** The head of a ledger's first transaction. Later transactions do not change it, so it identifies the ledger. */
import { LedgerDamaged } from '../../base/errors.ts'
import { openForReading } from '../format/open-readonly.ts'

/** @returns lower-case hex @throws LedgerDamaged when there is no head */
export function readFirstHead(path: string): string {
  const { db, close } = openForReading(path)
  try {
    const head = db.prepare('SELECT head FROM batch WHERE batch = 1').pluck().get()
    if (!Buffer.isBuffer(head)) throw new LedgerDamaged(`${path} is damaged: it has no first transaction`)
    return head.toString('hex')
  } finally {
    close()
  }
}
