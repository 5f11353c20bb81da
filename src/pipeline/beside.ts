/** Companion files of a container (WAL, journal, cache blocks). A helper of the pipeline steps, not a step. */
import { parseEvidencePath } from '../base/evidence-path.ts'
import type { EvidencePath } from '../contracts/entry.ts'
import type { PendingContent } from '../contracts/ledger.ts'
import type { Outer } from '../host/decoder/open-request.ts'
import { IOS_MANIFEST, IOS_MANIFEST_LIST, SQLCIPHER_DATABASE } from '../media-types/placed-types.ts'
import { UNRECOGNISED } from '../media-types/sample.ts'
import { SIGNAL_DATABASE, SIGNAL_SETTINGS } from '../media-types/signal-files.ts'
import type { ContentReader } from './parts.ts'
import { quarantined, type Run } from './run.ts'

/** Companion names by media type, from the container's name; `../` before a name in the parent folder. */
const BESIDE: Readonly<Record<string, (name: string) => readonly string[]>> = {
  'application/x-sqlite3': (name) => [
    `${name}-wal`,
    `${name}-journal`,
    // Bitmaps of QuickLook's thumbnails.
    ...(name === 'index.sqlite' ? ['thumbnails.data'] : []),
  ],
  'application/x-ft-windows-registry-hive': hiveLogs,
  [IOS_MANIFEST]: () => [IOS_MANIFEST_LIST],
  [SQLCIPHER_DATABASE]: (name) => [`${name}-wal`, `${name}-journal`],
  [SIGNAL_DATABASE]: (name) => [`${name}-wal`, `${name}-journal`, SIGNAL_SETTINGS],
  // data_1 contains the entries. Their data is in data_1 to data_3 and, if these are full, in further files.
  'application/x-chromium-cache-blocks': (name) => (/data_1$/.test(name) ? blockFiles(name) : []),
}

/** Windows writes the name of a log in capitals or not, whatever the hive's name has. */
function hiveLogs(name: string): readonly string[] {
  const names = [...new Set([name, name.toLowerCase(), name.toUpperCase()])]
  return names.flatMap((one) =>
    ['LOG1', 'LOG2', 'LOG'].flatMap((log) => [`${one}.${log}`, `${one}.${log.toLowerCase()}`]),
  )
}

const MOST_BLOCK_FILES = 16

function blockFiles(name: string): readonly string[] {
  const first = name.slice(0, -1)
  return Array.from({ length: MOST_BLOCK_FILES }, (_, i) => `${first}${i}`).filter((one) => one !== name)
}

/**
 * Name prefix of companion files without a recognised type: compressed bodies in a Chromium cache, described in data_1.
 */
const UNRECOGNISED_BESIDE: Readonly<Record<string, (name: string) => string | null>> = {
  'application/x-chromium-cache-blocks': (name) => (name === 'data_1' ? 'f_' : null),
}

export interface PlaceBeside {
  readonly name: string
  readonly path: EvidencePath
}

/** Possible paths of companion files. The files may not exist. */
export function placesBeside(path: EvidencePath, mediaType: string): readonly PlaceBeside[] {
  const names = BESIDE[mediaType]
  if (names === undefined) return []
  return names(nameOf(path)).flatMap((name) => {
    const there = besideIn(path, name)
    return there === null ? [] : [{ name, path: there }]
  })
}

/** Null: the path would be above the exhibit's root, or above that of the archive. */
export function besideIn({ bytes }: EvidencePath, relative: string): EvidencePath | null {
  const root = rootOf(bytes)
  let at = nameAt(bytes)
  let name = relative
  for (; name.startsWith('../'); name = name.slice(3)) {
    if (at <= root) return null
    at = Math.max(root, nameAt(bytes.subarray(0, at - 1)))
  }
  return parseEvidencePath(Buffer.concat([bytes.subarray(0, at), Buffer.from(name, 'latin1')]))
}

/**
 * Companion files that exist and are readable.
 * @param readers of a derived container: one that has the companions from the same archive
 * @param mostBytes total size of all companion files
 */
export async function besideOf(
  run: Run,
  readers: Pick<ContentReader, 'bytes'>,
  pending: PendingContent,
  mostBytes = run.session.plan.limits.lookBytes - Number(pending.content.sizeBytes),
  wanted: (name: string) => boolean = () => true,
): Promise<NonNullable<Outer['beside']>> {
  const found: { readonly name: string; readonly bytes: Buffer }[] = []
  let left = mostBytes
  for (const { name, beside } of companionsOf(run, pending)) {
    if (!wanted(name)) continue
    const bytes = await bytesOf(run, readers, beside, left)
    if (bytes === null) continue
    left -= bytes.length
    found.push({ name, bytes })
  }
  return found
}

/** Companion files of a derived container, from the same archive, as long as they fit into memory beside it. */
export function companionsInside(run: Run, path: EvidencePath): readonly PlaceBeside[] {
  const container = run.session.named.at(path)
  if (container === null) return []
  let left = BigInt(run.session.plan.limits.lookBytes) - container.content.sizeBytes
  return [...companionsOf(run, container)].flatMap(({ name, beside }) => {
    const { path: there, content } = beside
    if (content.sizeBytes > left || quarantined(run, beside)) return []
    left -= content.sizeBytes
    return [{ name, path: there }]
  })
}

/** Companion files whose content was read. */
function* companionsOf(
  run: Run,
  { path, content }: PendingContent,
): Generator<{ readonly name: string; readonly beside: PendingContent }> {
  const { session } = run
  const from = content.mediaType === SIGNAL_DATABASE ? withSettings(run, path) : path
  for (const { name, path: there } of placesBeside(from, content.mediaType)) {
    const beside = session.hasEntry(there) ? session.named.at(there) : null
    if (beside !== null) yield { name, beside }
  }
  const beginning = UNRECOGNISED_BESIDE[content.mediaType]?.(nameOf(path)) ?? null
  if (beginning !== null)
    for (const beside of session.named.beside(path, beginning, UNRECOGNISED))
      yield { name: nameOf(beside.path), beside }
}

const MOST_PLACES = 100

/** First path of the database with settings in its parent folder. A copy in another folder has no settings. */
function withSettings({ session }: Run, path: EvidencePath): EvidencePath {
  const found = [path, ...session.named.placesOf(path, MOST_PLACES)].find((one) => {
    const there = besideIn(one, SIGNAL_SETTINGS)
    return there !== null && session.hasEntry(there)
  })
  return found ?? path
}

/**
 * Content of a file whose path is relative to another file on the exhibit.
 * @param relative to the folder of that file, with `../` for the parent folder
 * @returns null if the file does not exist or is not readable
 */
export function besideAt(
  run: Run,
  readers: Pick<ContentReader, 'bytes'>,
  path: EvidencePath,
  relative: string,
  mostBytes: number,
): Promise<Buffer | null> {
  const there = besideIn(path, relative)
  if (there === null) return Promise.resolve(null)
  const { session } = run
  return bytesOf(run, readers, session.hasEntry(there) ? session.named.at(there) : null, mostBytes)
}

async function bytesOf(
  run: Run,
  readers: Pick<ContentReader, 'bytes'>,
  content: PendingContent | null,
  mostBytes: number,
): Promise<Buffer | null> {
  if (content === null || quarantined(run, content) || content.content.sizeBytes > mostBytes) return null
  const read = await readers.bytes(content, mostBytes)
  return 'result' in read ? null : read.bytes
}

/** Last name of the path, one character per byte. */
function nameOf({ bytes }: EvidencePath): string {
  return bytes.toString('latin1', nameAt(bytes))
}

function nameAt(bytes: Buffer): number {
  return 1 + Math.max(bytes.lastIndexOf(0x2f), bytes.lastIndexOf(0), bytes.lastIndexOf(0x3a))
}

/** First byte of the name in the last step. The kind of a step after the first is followed by a colon. */
function rootOf(bytes: Buffer): number {
  const step = bytes.lastIndexOf(0) + 1
  return step === 0 ? 0 : bytes.indexOf(0x3a, step) + 1
}

/** Names of existing companion files that were not read. */
export function leftBeside(
  { session }: Run,
  { path, content }: PendingContent,
  read: readonly { readonly name: string }[],
): readonly string[] {
  return placesBeside(path, content.mediaType).flatMap((place) =>
    session.hasEntry(place.path) && !read.some(({ name }) => name === place.name) ? [place.name] : [],
  )
}
