/**
 * `seized hashset import`: compiles a list into one immutable index file, in bounded memory.
 *
 * Records are distributed into partitions on disk by the first word of their first digest. Each partition is sorted in
 * memory without duplicates, and its rows follow those of the previous partition.
 * The other digests of each record are treated alike, as entries that point to rows. The same list gives the same
 * sections, byte for byte.
 */
import { existsSync } from 'node:fs'
import { UsageError } from '../../base/errors.ts'
import type { HashSetDeclaration, HashSetInfo } from '../../contracts/hash-set.ts'
import { withoutHeaderHashes } from '../formats/header-hashes.ts'
import { type IntakeOptions, takeIn } from '../formats/intake.ts'
import { ListFile } from '../records/list-file.ts'
import { findScale, type ScaleTable } from '../records/scale.ts'
import { checkDeclaration, scaleNotes } from './exact-index.ts'
import { IndexBuilder } from './index-builder.ts'
import type { HashSetStatement } from './index-layout.ts'
import { IndexWriter } from './index-writer.ts'

export interface ImportOptions extends Omit<IntakeOptions, 'onProgress' | 'extras'> {
  readonly statement?: HashSetStatement
  /** Keep the fields of a list beside digests (PhotoDNA, names, series …). Default true. */
  readonly extras?: boolean
  readonly scaleTables?: readonly (ScaleTable | string)[]
  readonly onProgress?: (progress: ImportProgress) => void
  /** Stops the import, which then leaves no file behind. */
  readonly signal?: AbortSignal
  /** Recorded in the index: program and version. */
  readonly by?: string
}

export interface ImportProgress {
  readonly step: 'reading' | 'sorting'
  /** 0 to 1, over both steps. */
  readonly fraction: number
  readonly rowsRead: number
  readonly etaSeconds: number | null
}

/** Reading takes about two thirds of the time (measured on hashdeep and plain lists). */
const READING_SHARE = 0.65

/**
 * @param target file that appears when the import is complete; it must not exist
 * @throws UsageError as loading does; it then leaves no file behind
 */
export async function importHashSet(
  declaration: HashSetDeclaration,
  target: string,
  options: ImportOptions = {},
): Promise<HashSetInfo> {
  const { declared, file } = declaration
  if (existsSync(target)) {
    throw new UsageError(`${target} exists: an index is never overwritten. Choose another name or remove it.`)
  }
  const table = declared.kind === 'scale' ? findScale(declared.scale, options.scaleTables) : null
  const list = new ListFile(file)
  const { sizeBytes } = list
  const writer = openWriter(target)
  const builder = new IndexBuilder(target, writer, sizeBytes)
  const progress = progressReporter(options.onProgress)
  try {
    const extras = options.extras ?? true
    const intake = await takeIn(
      file,
      {
        ...options,
        extras,
        alternatives: 'all',
        onProgress: ({ bytesRead, bytesTotal, rowsRead }) =>
          progress('reading', bytesTotal === 0 ? 0 : bytesRead / bytesTotal, rowsRead),
      },
      (batch) => {
        options.signal?.throwIfAborted()
        builder.add(batch)
      },
    )
    checkDeclaration(declaration, intake.categorised)
    const layout = await builder.build(intake, (fraction) => {
      options.signal?.throwIfAborted()
      progress('sorting', fraction, intake.rowsRead)
    })
    const { accepted, categorised: _, videos: __, ...facts } = intake
    const { statement = {} } = options
    const info: HashSetInfo = {
      ...facts,
      edition: facts.edition ?? statement.edition ?? null,
      meaning: declared.kind === 'meaning' ? declared.meaning : null,
      scale: declared.kind === 'scale' ? declared.scale : null,
      recordsKept: layout.records,
      duplicates: accepted - layout.records,
      notes: [
        ...facts.notes,
        ...statementNotes(statement, facts.edition),
        ...[withoutHeaderHashes(list)].filter((note) => note !== null),
      ],
    }
    writer.finish({
      hashSet: { ...info, sizeBytes: String(info.sizeBytes) },
      declared,
      statement,
      imported: { utc: new Date().toISOString(), by: options.by ?? 'seized' },
      reading: {
        format: facts.format,
        type: options.type ?? null,
        columns: options.columns ?? null,
        extras,
      },
      layout,
    })
    return { ...info, notes: [...info.notes, ...scaleNotes(declaration, table)] }
  } catch (error) {
    writer.abandon()
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
    throw new UsageError(
      `No space is left for ${target}: an import needs about twice the size of the index while it runs.`,
      { cause: error },
    )
  } finally {
    builder.close()
  }
}

function statementNotes(statement: HashSetStatement, ownEdition: string | null): string[] {
  return Object.entries(statement)
    .filter(([, text]) => typeof text === 'string' && text !== '')
    .map(([what, text]) =>
      what === 'edition' && ownEdition !== null
        ? `edition stated at import: ${text}; the list itself says ${ownEdition}`
        : `${what} stated at import: ${text}`,
    )
}

function openWriter(target: string): IndexWriter {
  try {
    return new IndexWriter(target)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new UsageError(
      code === 'EEXIST'
        ? `${target}.unfinished is there: another import is running, or one was interrupted. Remove it to start again.`
        : `${target} cannot be written (${code}).`,
      { cause },
    )
  }
}

function progressReporter(report: ImportOptions['onProgress']) {
  const startedAt = Date.now()
  let shownAt = 0
  return (step: ImportProgress['step'], share: number, rowsRead: number): void => {
    const now = Date.now()
    if (report === undefined || now - shownAt < 250) return
    shownAt = now
    const fraction = step === 'reading' ? share * READING_SHARE : READING_SHARE + share * (1 - READING_SHARE)
    const elapsed = (now - startedAt) / 1000
    const etaSeconds = fraction > 0.01 ? Math.round((elapsed / fraction) * (1 - fraction)) : null
    report({ step, fraction, rowsRead, etaSeconds })
  }
}
