/** References: hits of the digests that a record names. A helper of two pipeline steps, not a step. */
import { hash } from 'node:crypto'
import type { Hit, Reference } from '../contracts/finding.ts'
import type { MatchResult } from '../contracts/ledger.ts'
import type { DeviceRecord, RecordDigests } from '../contracts/record.ts'
import { OF_PIECES, OF_TREE } from '../contracts/record-time.ts'
import type { Parts } from './parts.ts'
import type { Run } from './run.ts'

/**
 * One reference per list, category and digest. A digest that is on no list may belong to a content on the exhibit that
 * a list contains by another digest. Then the record refers to that content too.
 */
export async function referencesOf(record: DeviceRecord, run: Run, parts: Parts): Promise<Reference[]> {
  const digests = Object.entries(record.digests) as [keyof RecordDigests, string][]
  if (digests.length === 0 && record.pieces.length === 0 && !record.piecesRoot) return []
  const here = digests.flatMap(([algorithm, digest]): Here[] => {
    const hits = run.session.named.hitsOf(algorithm, digest)
    return hits === null ? [] : [{ algorithm, digest, hits }]
  })
  if (here.length === 0) here.push(...(await byPieces(record, run, parts)))
  const match =
    digests.length === 0
      ? null
      : parts.named(record.digests, record.sizeBytes === null ? null : BigInt(record.sizeBytes))
  const byList = (match ? listed(match) : []).map(({ of, algorithm }) =>
    reference(record, of, algorithm, record.digests[algorithm]!, here.length > 0),
  )
  const byContent = here.flatMap(({ algorithm, digest, hits }) =>
    hits
      .filter((hit) => !byList.some((one) => isSameEntry(one, hit)))
      .map((hit) => reference(record, hit, algorithm, digest, true)),
  )
  return [...byList, ...byContent]
}

interface Here {
  readonly algorithm: string
  readonly digest: string
  readonly hits: readonly Hit[]
}

const MOST_OF_SIZE = 8

/** Contents of exactly that size whose parts have the digests of the record. Only contents with a hit are read. */
async function byPieces(
  { pieces, sizeBytes, piecesRoot }: DeviceRecord,
  { session }: Run,
  { readers }: Parts,
): Promise<Here[]> {
  if ((pieces.length === 0 && !piecesRoot) || sizeBytes === null || sizeBytes === 0) return []
  const found: Here[] = []
  for (const content of session.named.ofSize(sizeBytes, MOST_OF_SIZE)) {
    const { sha256 } = content.content.digests
    const hits = session.named.hitsOf('sha256', sha256)
    if (hits === null || hits.length === 0) continue
    const read = await readers.bytes(content, session.plan.limits.lookBytes)
    if ('result' in read) continue
    const fits = pieces.every(
      ({ offset, length, sha1 }) => hash('sha1', read.bytes.subarray(offset, offset + length)) === sha1,
    )
    const isTree = piecesRoot !== undefined && fits && treeRoot(read.bytes) === piecesRoot
    if (isTree) found.push({ algorithm: OF_TREE, digest: piecesRoot, hits })
    else if (fits && pieces.length > 0) found.push({ algorithm: OF_PIECES, digest: pieces[0]!.sha1, hits })
  }
  return found
}

/** All digests of a record: digests of the whole content, and digests of its parts. */
export function digestsOf({ digests, pieces, piecesRoot }: DeviceRecord): Readonly<Record<string, string>> {
  return {
    ...digests,
    ...(pieces.length > 0 && { [OF_PIECES]: pieces[0]!.sha1 }),
    ...(piecesRoot !== undefined && { [OF_TREE]: piecesRoot }),
  }
}

const BLOCK_BYTES = 16_384

/** Root of the SHA-256 tree over blocks, padded with zero hashes to a power of two. @see BEP 52, "pieces root" */
export function treeRoot(bytes: Buffer): string {
  let level: Buffer[] = []
  for (let at = 0; at < bytes.length; at += BLOCK_BYTES)
    level.push(hash('sha256', bytes.subarray(at, at + BLOCK_BYTES), 'buffer'))
  while ((level.length & (level.length - 1)) !== 0) level.push(NO_BLOCK)
  while (level.length > 1)
    level = level
      .filter((_, i) => i % 2 === 0)
      .map((one, i) => hash('sha256', Buffer.concat([one, level[i * 2 + 1]!]), 'buffer'))
  return level[0]?.toString('hex') ?? ''
}

const NO_BLOCK = Buffer.alloc(32)

type OfList = Pick<
  Hit,
  'hashSet' | 'hashSetSha256' | 'edition' | 'category' | 'scale' | 'categoryLabel' | 'meaning'
>

/** A list record with one agreeing digest counts, even if another digest differs. */
function listed({
  hits,
  conflicts,
}: MatchResult): { readonly of: OfList; readonly algorithm: keyof RecordDigests }[] {
  return [
    ...hits.map((of) => ({ of, algorithm: named(of.algorithms) })),
    ...conflicts.map((of) => ({ of, algorithm: named(of.agreeing) })),
  ]
}

/** The strongest agreeing algorithm. */
function named(algorithms: readonly string[]): keyof RecordDigests {
  return (['sha256', 'sha1', 'md5', 'ed2k'] as const).find((one) => algorithms.includes(one))!
}

function isSameEntry(one: OfList, other: OfList): boolean {
  return one.hashSetSha256 === other.hashSetSha256 && one.category === other.category
}

function reference(
  record: DeviceRecord,
  { hashSet, hashSetSha256, edition, category, scale, categoryLabel, meaning }: OfList,
  algorithm: string,
  digest: string,
  found: boolean,
): Reference {
  const list = { hashSet, hashSetSha256, edition, category, scale, categoryLabel, meaning }
  const { what, direction, times, when, whenKind, moreTimes } = record
  const said = { record: what, direction, times, when, whenKind, moreTimes, digests: digestsOf(record) }
  return { kind: 'reference', ...list, ...said, algorithm, digest, found }
}

/** Removes duplicates: a catalogue and its backup in one file contain the same record twice. */
export function distinct(findings: readonly Reference[]): readonly Reference[] {
  const byText = new Map(findings.map((one) => [JSON.stringify(one, asText), one]))
  return [...byText.values()]
}

function asText(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
