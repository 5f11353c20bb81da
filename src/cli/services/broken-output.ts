/**
 * Outputs that break off: custody says neither that a report was made that nobody got whole, nor nothing of what a reader may have
 * seen of it.
 */
import type { LedgerReader } from '../../contracts/ledger.ts'
import { logCustody } from './log-custody.ts'

let saying: ((errno: string) => void) | null = null

/** Standard output has failed (`errno`; EPIPE: its reader went away), and the process is about to end. */
export function outputBroke(errno: string): void {
  const say = saying
  saying = null
  say?.(errno)
}

/**
 * Writes to standard output for readers of sealed ledgers, and waits until all of it was taken. Should it fail, the log of each
 * says so instead of what would have been logged afterwards.
 * @param of the event that says that it was written
 */
export async function writtenOut<T>(
  ledgers: readonly LedgerReader[],
  of: { readonly event: string; readonly detail: Readonly<Record<string, string>> },
  given: { readonly operator?: string | undefined; readonly heads?: string | undefined },
  write: () => T | Promise<T>,
): Promise<T> {
  saying = (errno) => {
    for (const ledger of ledgers.filter(({ seal }) => seal)) {
      const detail = { of: of.event, ...of.detail, errno }
      logCustody(
        ledger.path,
        { event: 'output-broken-off', operator: given.operator ?? null, detail },
        given.heads,
      )
    }
  }
  try {
    const written = await write()
    await new Promise<void>((resolve) => process.stdout.write('', () => resolve()))
    // A failure of the last write is told in the next turn.
    await new Promise((resolve) => setImmediate(resolve))
    return written
  } finally {
    saying = null
  }
}
