/**
 * Contents that only their path identifies: encrypted databases of messengers (SQLCipher), and thumbnail files of iOS
 * and iPods (`.ithmb`).
 * The latter contain pictures one after the other without a header. Those with a known format number are opened, others
 * are not built.
 *
 * @see ALEAPP, iLEAPP (Signal, Threema, Session, Wickr, Telegram); of WeChat "EnMicroMsg.db"; cyianor/ithmbrdr, README
 */
import { printText } from '../base/evidence-path.ts'
import type { Content, ReadOutcome } from '../contracts/content.ts'
import type { EvidencePath } from '../contracts/entry.ts'
import { notApplicable, notDone, type StageResult } from '../contracts/stage.ts'
import { hasPages } from '../media-types/encrypted-pages.ts'
import { mayBePlaced, placedType, SQLCIPHER_DATABASE, SQLCIPHER_PLACES } from '../media-types/placed-types.ts'
import { UNRECOGNISED } from '../media-types/sample.ts'
import { SIGNAL_PLACE } from '../media-types/signal-files.ts'

const SIGNAL = 'signal-database'

const PLACES: readonly (readonly [program: string, ending: RegExp])[] = [
  ...SQLCIPHER_PLACES,
  [SIGNAL, SIGNAL_PLACE],
  ['threema', /(^|\/)ch\.threema\.app(\.\w+)?\/databases\/threema4?\.db$/],
  ['wechat', /(^|\/)com\.tencent\.mm\/MicroMsg\/[0-9a-f]{32}\/EnMicroMsg\d?\.db$/],
  ['wickr', /(^|\/)com\.(mywickr\.wickr2|wickr\.pro)\/databases\/[^/]{1,100}\.db$/],
  ['telegram', /(^|\/)telegram-data\/account-\d{1,30}\/postbox\/db\/db_sqlite$/],
]

/** Pages that a keys file may open, and pages that nothing here opens. */
const CLOSED: ReadonlySet<string> = new Set([UNRECOGNISED, SQLCIPHER_DATABASE])

/** @returns the messenger; null: another path, or a content whose type is recognised */
export function lockedPlace(path: EvidencePath, { mediaType, sizeBytes }: Content): string | null {
  return CLOSED.has(mediaType) && hasPages(sizeBytes) ? placeOf(path) : null
}

function placeOf({ steps }: EvidencePath): string | null {
  const name = printText(steps.at(-1)!.name.toString('utf8'))
  return PLACES.find(([, ending]) => ending.test(name))?.[0] ?? null
}

const THUMBNAILS = /\.ithmb$/i

/**
 * True where this path would identify an unrecognised content. It is read before its copies elsewhere, so that all of
 * them are marked.
 */
export function mayBeTold(path: EvidencePath): boolean {
  return placeOf(path) !== null || isOfThumbnails(path) || mayBePlaced(nameOf(path))
}

/**
 * The outcome of a read, marked where the path identifies an unrecognised content; thumbnails of pixels get their media
 * type.
 */
export function withPlace(path: EvidencePath, outcome: ReadOutcome): ReadOutcome {
  const { content } = outcome
  if (content?.mediaType !== UNRECOGNISED) return outcome
  const type = placedType(nameOf(path), content.sizeBytes)
  if (type !== null) return { ...outcome, content: { ...content, mediaType: type } }
  const isTold = lockedPlace(path, content) !== null || isOfThumbnails(path)
  return isTold ? { ...outcome, content: { ...content, toldByPlace: true } } : outcome
}

/** Result of an unrecognised content by its path; null: it is read, to check that it is what its path indicates. */
export function toldByPlace(path: EvidencePath, content: Content): StageResult | null {
  if (content.mediaType !== UNRECOGNISED || lockedPlace(path, content) !== null) return null
  // Another copy of this content has a path that identifies it.
  return isOfThumbnails(path) || content.toldByPlace ? notDone('not-built') : notApplicable('not-recognised')
}

function nameOf({ steps }: EvidencePath): string {
  return steps.at(-1)!.name.toString('latin1')
}

function isOfThumbnails(path: EvidencePath): boolean {
  return THUMBNAILS.test(nameOf(path))
}
