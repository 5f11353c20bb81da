/** What lies beside a container on the exhibit and belongs to it. No stage itself: whatever opens one asks. */
import { depthOf, parseEvidencePath } from '../base/evidence-path.ts'
import type { EvidencePath } from '../contracts/entry.ts'
import type { PendingContent } from '../contracts/ledger.ts'
import type { Outer } from '../host/decoder/open-request.ts'
import { UNRECOGNISED } from '../media-types/sample.ts'
import { SIGNAL_DATABASE, SIGNAL_SETTINGS } from '../media-types/signal-files.ts'
import type { ContentReader } from './parts.ts'
import { quarantined, type Run } from './run.ts'

/** By media type: the names, from that of the container; `../` before one that lies in the folder above. */
const BESIDE: Readonly<Record<string, (name: string) => readonly string[]>> = {
  'application/x-sqlite3': (name) => [
    `${name}-wal`,
    `${name}-journal`,
    // Bitmaps of QuickLook's thumbnails.
    ...(name === 'index.sqlite' ? ['thumbnails.data'] : []),
  ],
  [SIGNAL_DATABASE]: (name) => [`${name}-wal`, `${name}-journal`, SIGNAL_SETTINGS],
  // Entries stand in data_1, what they hold in data_1 to data_3 and, where those are full, in further ones.
  'application/x-chromium-cache-blocks': (name) => (/data_1$/.test(name) ? blockFiles(name) : []),
}

const MOST_BLOCK_FILES = 16

function blockFiles(name: string): readonly string[] {
  const first = name.slice(0, -1)
  return Array.from({ length: MOST_BLOCK_FILES }, (_, i) => `${first}${i}`).filter((one) => one !== name)
}

/** How files begin that belong to a container and were not recognised: bodies that a cache of Chromium keeps packed say so in data_1. */
const UNRECOGNISED_BESIDE: Readonly<Record<string, (name: string) => string | null>> = {
  'application/x-chromium-cache-blocks': (name) => (name === 'data_1' ? 'f_' : null),
}

interface PlaceBeside {
  readonly name: string
  readonly path: EvidencePath
}

/** Where what belongs to a container would lie; not whether it does. */
export function placesBeside(path: EvidencePath, mediaType: string): readonly PlaceBeside[] {
  const names = BESIDE[mediaType]
  if (names === undefined) return []
  return names(nameOf(path)).flatMap((name) => {
    const there = besideIn(path, name)
    return there === null ? [] : [{ name, path: there }]
  })
}

/** Null: above the exhibit's own folder. */
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
 * What is there and can be read, of a container that is listed: members are not read beside each other.
 * @param mostBytes of all together
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

/** Of several places of one database, the first that settings lie above: a copy elsewhere has none. */
function withSettings({ session }: Run, path: EvidencePath): EvidencePath {
  const found = [path, ...session.named.placesOf(path, MOST_PLACES)].find((one) => {
    const there = besideIn(one, SIGNAL_SETTINGS)
    return there !== null && session.hasEntry(there)
  })
  return found ?? path
}

/**
 * What lies at a path that is told from that of another file on the exhibit.
 * @param relative to its folder, with `../` for the one above; null: it is not there, or cannot be read
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

/** Its last part, one character a byte. */
function nameOf({ bytes }: EvidencePath): string {
  return bytes.toString('latin1', nameAt(bytes))
}

function nameAt(bytes: Buffer): number {
  return 1 + Math.max(bytes.lastIndexOf(0x2f), bytes.lastIndexOf(0), bytes.lastIndexOf(0x3a))
}

/** Names of what belongs to a container, lies there and is not in what was read. */
export function leftBeside(
  { session }: Run,
  { path, content }: PendingContent,
  read: NonNullable<Outer['beside']>,
): readonly string[] {
  return placesBeside(path, content.mediaType).flatMap((place) =>
    session.hasEntry(place.path) && !read.some(({ name }) => name === place.name) ? [place.name] : [],
  )
}
