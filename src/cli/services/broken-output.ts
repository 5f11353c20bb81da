/**
 * Handles outputs that break off. The custody log must not record a complete report that was not completely written,
 * but it must record what a reader may have seen.
 */
import type { LedgerIdentity } from '../../contracts/ledger-reader.ts'

let saying: ((errno: string) => void) | null = null

/** Called when standard output has failed (`errno`; EPIPE: its reader went away) and the process is about to end. */
export function outputBroke(errno: string): void {
  const say = saying
  saying = null
  say?.(errno)
}

/**
 * Writes to standard output for readers of sealed ledgers, and waits until all of it was accepted. If that fails, each
 * custody log records the failure instead of the event that would follow.
 * @param of the event that records the output
 */
export async function writtenOut<T>(
  ledgers: readonly LedgerIdentity[],
  of: { readonly event: string; readonly detail: Readonly<Record<string, string>> },
  given: { readonly operator?: string | undefined; readonly heads?: string | undefined },
  write: () => T | Promise<T>,
): Promise<T> {
  // Only commands that write come here: the start of the others does not wait for the ledger's code.
  const { logCustody } = await import('./log-custody.ts')
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
    // A failure of the last write is reported in the next turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve))
    return written
  } finally {
    saying = null
  }
}
