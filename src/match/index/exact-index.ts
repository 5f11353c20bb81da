/**
 * Loads hash sets as the operator declared them, raw lists and compiled indexes alike, into one matcher.
 *
 * It reports every fault of a list or its declaration before the first byte of the exhibit is read.
 */
import { createHash } from 'node:crypto'
import { totalmem } from 'node:os'
import { isDeepStrictEqual } from 'node:util'
import { UsageError } from '../../base/errors.ts'
import type { HashSetDeclaration, HashSetInfo } from '../../contracts/hash-set.ts'
import { type ExactMatcher, makeMatcher } from '../exact/matcher.ts'
import { type IntakeOptions, takeIn } from '../formats/intake.ts'
import { ALTERNATIVE } from '../records/algorithms.ts'
import { withoutHasher } from '../records/alternative-hashes.ts'
import type { LoadedSet } from '../records/loaded-set.ts'
import { findScale, type ScaleTable } from '../records/scale.ts'
import { isIndexFile } from './block-file.ts'
import { compiledInfo } from './index-layout.ts'
import { IndexReader } from './index-reader.ts'
import { RecordStore } from './record-store.ts'

/** Of the machine's memory, for one list that was not compiled. */
const MEMORY_SHARE = 0.4

export interface LoadOptions
  extends Pick<
    IntakeOptions,
    'onProgress' | 'type' | 'assumeSha256' | 'columns' | 'format' | 'alternatives'
  > {
  /** The operator's tables (`--scale-table`), or their files; they take precedence over the shipped ones. */
  readonly scaleTables?: readonly (ScaleTable | string)[]
}

/** @throws UsageError before the exhibit is read: an unusable list, or a declaration that does not fit it */
export async function loadHashSets(
  declarations: readonly HashSetDeclaration[],
  options: LoadOptions = {},
): Promise<ExactMatcher> {
  const sets: LoadedSet[] = []
  for (const declaration of declarations) {
    const set = await loadHashSet(declaration, options)
    const twin = sets.find((other) => other.info.sha256 === set.info.sha256)
    if (twin !== undefined) {
      throw new UsageError(
        `${declaration.file} is the same list as ${twin.info.name} (SHA-256 ${twin.info.sha256}): give it once.`,
      )
    }
    sets.push(set)
  }
  return makeMatcher(sets)
}

async function loadHashSet(declaration: HashSetDeclaration, options: LoadOptions): Promise<LoadedSet> {
  const { declared, file } = declaration
  const scale = declared.kind === 'scale' ? findScale(declared.scale, options.scaleTables) : null
  if (isIndexFile(file)) return openCompiled(declaration, scale, options)

  const store = new RecordStore()
  const intake = await takeIn(file, options, (batch) => {
    store.append(batch)
    if (store.bytes > MEMORY_SHARE * totalmem()) throw tooLarge(file, store.count)
  })
  checkDeclaration(declaration, intake.categorised)
  store.finish()
  const { accepted, categorised: _, videos, ...facts } = intake
  const info: HashSetInfo = {
    ...facts,
    meaning: declared.kind === 'meaning' ? declared.meaning : null,
    scale: declared.kind === 'scale' ? declared.scale : null,
    recordsKept: accepted - store.duplicates,
    duplicates: store.duplicates,
    notes: [
      ...facts.notes,
      ...notesWithoutHasher(store.counted(ALTERNATIVE), options),
      ...scaleNotes(declaration, scale),
    ],
  }
  return { info, scale, source: store, videos }
}

function tooLarge(file: string, records: number): UsageError {
  return new UsageError(
    `${file} holds more than ${records} records: too many for this machine's memory. ` +
      'Compile it with "seized hashset import" and give the index instead.',
  )
}

/** The meaning declared at compilation cannot be changed by another declaration later. */
function openCompiled(
  declaration: HashSetDeclaration,
  scale: ScaleTable | null,
  options: LoadOptions,
): LoadedSet {
  const source = new IndexReader(declaration.file)
  const then = source.metadata.declared
  if (!isDeepStrictEqual(then, declaration.declared)) {
    source.close()
    const word = then.kind === 'meaning' ? then.meaning : then.scale
    throw new UsageError(
      `${declaration.file} was imported as ${word}: declare ${word}:${declaration.file}, or import the list again.`,
    )
  }
  const info = compiledInfo(source.metadata)
  return {
    info: {
      ...info,
      notes: [
        ...info.notes,
        ...notesWithoutHasher(source.counted(ALTERNATIVE), options),
        ...scaleNotes(declaration, scale),
      ],
    },
    scale,
    source,
    videos: source.metadata.layout.videos ?? [],
  }
}

/** @param count records of the list with hashes for agencies' hashers */
function notesWithoutHasher(count: number, { alternatives }: LoadOptions): string[] {
  const hasHasher = alternatives !== undefined && alternatives !== 'all' && alternatives.size > 0
  return count === 0 || hasHasher ? [] : [withoutHasher(count, 'PhotoDNA or other alternative')]
}

/** @throws UsageError where a meaning would hide categories, or a scale has no categories to apply to */
export function checkDeclaration({ declared, file }: HashSetDeclaration, categorised: boolean): void {
  if (declared.kind === 'meaning' && categorised) {
    throw new UsageError(
      `${file} has a category for its records, so one meaning for all of them would be wrong. ` +
        `Declare its scale instead of "${declared.meaning}", for example vics-us:${file}.`,
    )
  }
  if (declared.kind === 'scale' && !categorised) {
    throw new UsageError(
      `No record of ${file} has a category, so the scale "${declared.scale}" has nothing to say. ` +
        `Declare a meaning instead: illegal:, interest: or known:.`,
    )
  }
}

export function scaleNotes({ declared }: HashSetDeclaration, table: ScaleTable | null): readonly string[] {
  if (declared.kind === 'meaning' || table === null) return []
  const mapped = Object.keys(table.categories).length
  const sha256 = createHash('sha256').update(JSON.stringify(table)).digest('hex')
  return [
    `scale table "${table.id}": ${table.title} (${mapped} categories; source: ${table.source}; SHA-256 of its JSON ${sha256})`,
  ]
}
