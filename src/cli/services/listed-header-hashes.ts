/**
 * Header hashes of listed contents, for finding pieces of them on an image. They come from lists that contain header
 * hashes and are not lists of known files.
 */
import { UsageError } from '../../base/errors.ts'
import type { PlanOptions } from '../../contracts/case.ts'
import type {
  HashSetDeclaration,
  HashSetInfo,
  KnownHeaderHash,
  ListedHeaderHashes,
} from '../../contracts/hash-set.ts'
import { readBeginnings } from '../../match/index.ts'
import { packHeaderHashes } from '../../wire/header-hash-index.ts'

/**
 * @param hashSets loaded lists, in any order: a matcher sorts them, so a list is told by the digest of its file
 * @returns null when the plan does not search for them, or no list contains any
 */
export async function listedHeaderHashes(
  { remains, sample }: Pick<PlanOptions, 'remains' | 'sample'>,
  declarations: readonly HashSetDeclaration[],
  hashSets: readonly HashSetInfo[],
): Promise<ListedHeaderHashes | null> {
  if (remains === undefined && sample === undefined) return null
  const lists: ListedHeaderHashes['lists'][number][] = []
  const beginnings: KnownHeaderHash[] = []
  for (const { file, declared } of declarations) {
    if (declared.kind === 'meaning' && declared.meaning === 'known') continue
    const read = await readBeginnings(file)
    if (read === null) continue
    const info = hashSets.find(({ sha256 }) => sha256 === read.sha256)
    if (info === undefined) throw new UsageError(`The hash list ${file} changed while it was read.`)
    for (const one of read.beginnings) beginnings.push({ ...one, list: lists.length })
    lists.push({ name: info.name, sha256: info.sha256, meaning: info.meaning })
  }
  return lists.length === 0 ? null : { lists, packed: packHeaderHashes(beginnings) }
}
