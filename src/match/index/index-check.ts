/**
 * `seized hashset check` and `list`: verifies an index, compares it with its list, and lists the indexes of a folder.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { UsageError } from '../../base/errors.ts'
import { fileSha256 } from '../../base/file-digest.ts'
import type { HashSetDeclaration, HashSetInfo } from '../../contracts/hash-set.ts'
import { isIndexFile } from './block-file.ts'
import { importHashSet } from './index-import.ts'
import { compiledInfo, type HashSetStatement, type IndexMetadata } from './index-layout.ts'
import { IndexReader } from './index-reader.ts'

export interface CheckOptions {
  /** The list the index was made of. Without it only the index itself is checked. */
  readonly source?: string
  /** Folder for the index that is compiled from `source`; default: the folder of the index. */
  readonly scratch?: string
  readonly onProgress?: (progress: { readonly step: 'index' | 'source'; readonly fraction: number }) => void
}

export interface CheckResult {
  readonly info: HashSetInfo
  readonly blocks: number
  /** True where a new compilation of its list is equal; null: no list was given. */
  readonly equalsSource: boolean | null
  /** Empty: no problem. */
  readonly problems: readonly string[]
}

/**
 * Reads every byte of an index. With its list, it also compiles that again and compares.
 * @throws HashSetIndexDamaged when even its metadata cannot be trusted
 */
export async function checkIndex(file: string, options: CheckOptions = {}): Promise<CheckResult> {
  if (!isIndexFile(file))
    throw new UsageError(`${file} is no compiled hash set: check is for those that import wrote.`)
  const reader = new IndexReader(file)
  try {
    const { metadata } = reader
    const damage = await reader.verify((fraction) => options.onProgress?.({ step: 'index', fraction }))
    const differences =
      options.source === undefined ? [] : await compareWithSource(file, metadata, options.source, options)
    return {
      info: compiledInfo(metadata),
      blocks: metadata.blocks,
      equalsSource: options.source === undefined ? null : differences.length === 0 && damage.length === 0,
      problems: [...damage, ...differences],
    }
  } finally {
    reader.close()
  }
}

export interface ListedHashSet {
  readonly file: string
  readonly info: HashSetInfo
  readonly declared: HashSetDeclaration['declared']
  readonly statement: HashSetStatement
}

/** The compiled hash sets of a folder, by file name. A damaged one is listed with its problem. */
export function listHashSets(
  folder: string,
): readonly (ListedHashSet | { readonly file: string; readonly problem: string })[] {
  return itemsOf(folder)
    .filter((item) => item.isFile() && isIndexFile(join(folder, item.name)))
    .map((item) => join(folder, item.name))
    .sort()
    .map((file) => {
      try {
        const reader = new IndexReader(file)
        reader.close()
        const { declared, statement } = reader.metadata
        return { file, info: compiledInfo(reader.metadata), declared, statement }
      } catch (error) {
        return { file, problem: (error as Error).message }
      }
    })
}

function itemsOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch (cause) {
    throw new UsageError(`${folder} could not be listed (${(cause as NodeJS.ErrnoException).code}).`, {
      cause,
    })
  }
}

async function compareWithSource(
  index: string,
  metadata: IndexMetadata,
  source: string,
  options: CheckOptions,
): Promise<readonly string[]> {
  const sha256 = await fileSha256(source)
  if (sha256 !== metadata.hashSet.sha256) {
    return [
      `${source} is not the list of this index: its SHA-256 is ${sha256}, not ${metadata.hashSet.sha256}`,
    ]
  }
  const { type, columns, format, extras } = metadata.reading
  // The folder of the index had room for it once.
  const folder = makeScratch(options.scratch ?? dirname(index))
  const target = join(folder, 'again')
  try {
    await importHashSet({ file: source, declared: metadata.declared }, target, {
      format,
      extras,
      ...(type === null ? {} : { type }),
      ...(columns === null ? {} : { columns }),
      onProgress: ({ fraction }) => options.onProgress?.({ step: 'source', fraction }),
    })
    const again = new IndexReader(target)
    again.close()
    const equal =
      isDeepStrictEqual(again.metadata.layout, metadata.layout) &&
      again.metadata.blockDigestsSha256 === metadata.blockDigestsSha256
    return equal
      ? []
      : ['the list, compiled again, gives another index: this one does not hold what its list holds']
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function makeScratch(parent: string): string {
  try {
    return mkdtempSync(join(parent, '.seized-check-'))
  } catch (cause) {
    throw new UsageError(
      `A folder for the comparison could not be made in ${parent} (${(cause as NodeJS.ErrnoException).code}): name another as scratch.`,
      { cause },
    )
  }
}
