/** Companion files of a container (WAL, journal, cache blocks). A helper of the pipeline steps, not a step. */
import { depthOf, parseEvidencePath } from '../base/evidence-path.ts'
import type { EvidencePath } from '../contracts/entry.ts'
import type { PendingContent } from '../contracts/ledger.ts'
import type { Outer } from '../host/decoder/open-request.ts'
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
  [SIGNAL_DATABASE]: (name) => [`${name}-wal`, `${name}-journal`, SIGNAL_SETTINGS],
  // data_1 contains the entries. Their data is in data_1 to data_3 and, if these are full, in further files.
  'application/x-chromium-cache-blocks': (name) => (/data_1$/.test(name) ? blockFiles(name) : []),
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

interface PlaceBeside {
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

/** Null: the path would be above the exhibit's root. */
function besideIn({ bytes }: EvidencePath, relative: string): EvidencePath | null {
  let at = nameAt(bytes)
  let name = relative
  for (; name.startsWith('../'); name = name.slice(3)) {
    if (at < 1) return null
    at = nameAt(bytes.subarray(0, at - 1))
  }
  return parseEvidencePath(Buffer.concat([bytes.subarray(0, at), Buffer.from(name, 'latin1')]))
}

/**
 * Companion files that exist and are readable. Only for listed containers: derived containers have no companion files.
 * @param mostBytes total size of all companion files
 */
export async function besideOf(
  run: Run,
  readers: Pick<ContentReader, 'bytes'>,
  { path, content }: PendingContent,
  mostBytes = run.session.plan.limits.lookBytes - Number(content.sizeBytes),
  wanted: (name: string) => boolean = () => true,
): Promise<NonNullable<Outer['beside']>> {
  if (depthOf(path) > 1) return []
  const found: { readonly name: string; readonly bytes: Buffer }[] = []
  let left = mostBytes
  const take = async (name: string, beside: PendingContent | null) => {
    const bytes = await bytesOf(run, readers, beside, left)
    if (bytes === null) return
    left -= bytes.length
    found.push({ name, bytes })
  }
  const from = content.mediaType === SIGNAL_DATABASE ? withSettings(run, path) : path
  for (const place of placesBeside(from, content.mediaType))
    if (wanted(place.name))
      await take(place.name, run.session.hasEntry(place.path) ? run.session.named.at(place.path) : null)
  const beginning = UNRECOGNISED_BESIDE[content.mediaType]?.(nameOf(path)) ?? null
  if (beginning !== null)
    for (const one of run.session.named.beside(path, beginning, UNRECOGNISED)) {
      const name = nameOf(one.path)
      if (wanted(name)) await take(name, one)
    }
  return found
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
  const there = depthOf(path) > 1 ? null : besideIn(path, relative)
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

/** Names of existing companion files that were not read. */
export function leftBeside(
  { session }: Run,
  { path, content }: PendingContent,
  read: NonNullable<Outer['beside']>,
): readonly string[] {
  return placesBeside(path, content.mediaType).flatMap((place) =>
    session.hasEntry(place.path) && !read.some(({ name }) => name === place.name) ? [place.name] : [],
  )
}
