/**
 * The agency's terms and path model for a scan, opened before the first entry is read. The plan contains their
 * digests.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import type { ModelUse, Plan, PlanOptions } from '../../contracts/case.ts'
import { AGENCY_PATHS } from '../../terms/agency-scores.ts'
import type { TermFinder } from '../../terms/term-finder.ts'
import { type PassphraseOptions, passphraseOnce } from './passphrase.ts'

export interface AgencyOptions extends PassphraseOptions {
  readonly terms?: string | undefined
  readonly pathModel?: string | undefined
}

export interface ScanTerms {
  readonly finder: TermFinder
  /** Part of the plan: digests identify terms and model without revealing them. */
  readonly models: readonly ModelUse[]
  readonly options: Pick<PlanOptions, 'termsSha256' | 'termsAsOf'>
  /** For the first event of a run: a resumed run finds the files with it. */
  readonly files: Readonly<Record<string, string>>
}

/** @throws UsageError without a legal basis for reading text, or when a file or its passphrase is wrong */
export async function openScanTerms(
  given: AgencyOptions,
  textBasis: string | null,
  passphrase = passphraseOnce(given),
): Promise<ScanTerms | null> {
  if (given.terms === undefined && given.pathModel === undefined) return null
  if (textBasis === null)
    throw new UsageError(
      '--terms and --path-model look into names and texts, on the basis for reading text: add --text and --basis.',
    )
  return open(given, new Date().toISOString().slice(0, 10), passphrase)
}

/** The same files as of the same date, for a resumed run. @throws UsageError when a file is another one */
export async function reopenScanTerms(
  plan: Plan,
  given: AgencyOptions,
  passphrase = passphraseOnce(given),
): Promise<ScanTerms | null> {
  const { termsSha256, termsAsOf } = plan.options
  const pathModelSha256 = plan.models.find(({ id }) => id === AGENCY_PATHS)?.sha256
  if (termsSha256 === undefined && pathModelSha256 === undefined) return null
  if (termsSha256 !== undefined) requireSame(given.terms, termsSha256, 'terms', '--terms', 'store')
  if (pathModelSha256 !== undefined)
    requireSame(given.pathModel, pathModelSha256, 'a path model', '--path-model', 'model')
  return open(
    {
      ...given,
      terms: termsSha256 === undefined ? undefined : given.terms,
      pathModel: pathModelSha256 === undefined ? undefined : given.pathModel,
    },
    termsAsOf ?? '',
    passphrase,
  )
}

function requireSame(
  file: string | undefined,
  planned: string,
  what: string,
  option: string,
  noun: string,
): void {
  if (file === undefined) throw new UsageError(`The run used ${what}: name the ${noun} with ${option}.`)
  const found = sha256Of(file, noun)
  if (found !== planned)
    throw new UsageError(
      `${file} is not the ${noun} that the run began with: planned ${planned}, found ${found}. Restore it, or name it with ${option}.`,
    )
}

/** One passphrase opens both files. */
async function open(
  { terms, pathModel }: AgencyOptions,
  asOf: string,
  readPassphrase: () => Promise<string>,
): Promise<ScanTerms> {
  // Loaded here, because most scans use no terms.
  const [{ openTerms }, { openPathModel }, { termFinder }] = await Promise.all([
    import('../../terms/import-terms.ts'),
    import('../../terms/path-classifier.ts'),
    import('../../terms/term-finder.ts'),
  ])
  const passphrase = await readPassphrase()
  const store =
    terms === undefined
      ? null
      : { list: openTerms(terms, passphrase), asOf, sha256: sha256Of(terms, 'store') }
  const paths =
    pathModel === undefined
      ? null
      : { model: openPathModel(read(pathModel, 'model'), passphrase), sha256: sha256Of(pathModel, 'model') }
  const finder = termFinder({ terms: store, paths })
  return {
    finder,
    models: finder.uses,
    options: store ? { termsSha256: store.sha256, termsAsOf: asOf } : {},
    files: {
      ...(terms === undefined ? {} : { terms: resolve(terms) }),
      ...(pathModel === undefined ? {} : { pathModel: resolve(pathModel) }),
    },
  }
}

function sha256Of(file: string, noun: string): string {
  return createHash('sha256').update(read(file, noun)).digest('hex')
}

function read(file: string, noun: string): Buffer {
  try {
    return readFileSync(file)
  } catch (cause) {
    throw new UsageError(
      `The ${noun} ${file} could not be read (${(cause as NodeJS.ErrnoException).code}).`,
      { cause, code: 'list-unreadable' },
    )
  }
}
