/** The terms of a scan: opened with their passphrase before the first entry is read, and named in the plan by digest. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { PlanOptions } from '../contracts.ts'
import { UsageError } from '../errors.ts'
import type { TermFinder } from '../terms/term-finder.ts'
import { type PassphraseOptions, readPassphrase } from './passphrase.ts'

export interface ScanTerms {
  readonly file: string
  /** Of the sealed store, so that the plan says which terms without saying them. */
  readonly sha256: string
  /** ISO-8601 date that decides which terms have expired. */
  readonly asOf: string
  readonly finder: TermFinder
}

/** @throws UsageError without a basis for reading text, or when store or passphrase are not right */
export async function openScanTerms(
  store: string | undefined,
  textBasis: string | null,
  given: PassphraseOptions,
): Promise<ScanTerms | null> {
  if (store === undefined) return null
  if (textBasis === null)
    throw new UsageError(
      '--terms looks into names and texts, on the basis for reading text: add --text and --basis.',
    )
  return open(store, new Date().toISOString().slice(0, 10), given)
}

/** The same terms as of the same date, for a run that goes on. @throws UsageError when the store is another */
export async function reopenScanTerms(
  { termsSha256, termsAsOf }: PlanOptions,
  store: string | undefined,
  given: PassphraseOptions,
): Promise<ScanTerms | null> {
  if (termsSha256 === undefined || termsAsOf === undefined) return null
  if (store === undefined) throw new UsageError('The run used terms: name their store with --terms.')
  const terms = await open(store, termsAsOf, given)
  if (terms.sha256 !== termsSha256)
    throw new UsageError(
      `${store} is not the store that the run began with: planned ${termsSha256}, found ${terms.sha256}. Restore it, or name it with --terms.`,
    )
  return terms
}

async function open(store: string, asOf: string, given: PassphraseOptions): Promise<ScanTerms> {
  // Loaded here: most scans look for no terms.
  const [{ openTerms }, { termFinder }] = await Promise.all([
    import('../terms/import-terms.ts'),
    import('../terms/term-finder.ts'),
  ])
  const terms = openTerms(store, await readPassphrase(given))
  return {
    file: resolve(store),
    sha256: createHash('sha256').update(readFileSync(store)).digest('hex'),
    asOf,
    finder: termFinder(terms, asOf),
  }
}
