/**
 * Reads the text of one content in a child process: extracts it, determines the language, and runs the text
 * classifiers. The child process sends only quotes of at most 200 characters, scores, and the text itself when an
 * index is built.
 */

import { type Attribute, attribute } from '../../contracts/attribute.ts'
import { notApplicable, notDone, type StageResult, withWarnings } from '../../contracts/stage.ts'
import type { TextNote } from '../../contracts/text-note.ts'
import { holdsSound, lookOf } from '../../media-types/applies.ts'
import { isPrivilegedSender } from '../../privilege/privilege-list.ts'
import { blanked, type ReadTextHeader } from '../../wire/text.ts'
import type { ReadTextReply, TextFinding } from '../../wire/text-reply.ts'
import { Keys } from '../archives/common/keys.ts'
import { type ByteSource, sha256Of, sourceOfBuffer } from '../bytes/byte-source.ts'
import {
  type ExtractedText,
  type FrameReader,
  type ScanReaders,
  type SoundListener,
  TextDamaged,
  TextEncrypted,
  type TextMessage,
  TextNotBuilt,
  type WordReader,
} from '../documents/text-extractor.ts'
import { parted } from '../sqlite/companion-files.ts'
import { heardAndShown } from '../words/joined-text.ts'
import { addressesIn } from './addresses.ts'
import { scored } from './conversation-scores.ts'
import { textExtractorFor } from './index.ts'
import { seedPhrasesIn } from './seed-phrases.ts'

export interface TextReader {
  /** ISO 639-1; null when the text is too short. */
  readonly language: (text: string) => string | null
  readonly classify: (text: string, messages: readonly TextMessage[]) => Promise<readonly TextFinding[]>
  /** Null: words in pictures are not read. */
  readonly words: WordReader | null
  /** Of PDF. Absent: pages that are scans are not read. */
  readonly scans?: ScanReaders | null
  /** Of videos. Absent: their frames are not read. */
  readonly frames?: FrameReader | null
  /** Null: sounds are not heard. */
  readonly sound: SoundListener | null
}

const NOTHING = Buffer.alloc(0)
/** A compound file with an encrypted package (formats/signatures/compound.ts). */
const ENCRYPTED_OFFICE = 'application/x-ole-encrypted'

export async function readText(
  header: ReadTextHeader,
  joined: Buffer,
  reader: TextReader,
  lent: ByteSource | null = null,
): Promise<{ readonly reply: ReadTextReply; readonly text: Buffer }> {
  if (lent !== null && header.sha256 !== undefined && sha256Of(lent) !== header.sha256)
    return nothing(notDone('digest-mismatch'))
  const extracted = await extractedOr(header, joined, reader, lent)
  if ('result' in extracted) return nothing(extracted)
  const { text, messages = [], addresses = [] } = extracted
  const { privileged } = header
  if (
    privileged &&
    isPrivilegedSender(privileged, [...addresses, ...new Set(messages.map(({ sender }) => sender))])
  )
    return nothing(notDone('privileged'))
  if (text.trim() === '') {
    if (extracted.closed) return nothing(notDone('privileged'))
    const further = extracted.about ? extracted.warnings.slice(1).map(noteAttribute) : []
    const notes = (extracted.notes ?? []).map(noteAttribute)
    return nothing(emptyResult(extracted), [...(extracted.about ?? []), ...further, ...notes])
  }
  const language = reader.language(text)
  const findings: TextFinding[] = [
    ...(await scored(reader, { ...extracted, text: blanked(text, extracted.unsure ?? []) })),
    ...(extracted.about ?? []),
    ...(extracted.attributes ?? []),
    ...addressesIn(text),
    ...seedPhrasesIn(text),
    ...(language === null ? [] : [attribute('language', { language })]),
    ...(messages.length > 0 ? [attribute('messages', { messages: messages.length })] : []),
    // The result contains the first warning.
    ...[...extracted.warnings.slice(1), ...(extracted.notes ?? [])].map(noteAttribute),
  ]
  return {
    reply: {
      result: resultOf(extracted),
      findings,
      language,
      places: extracted.places ?? [],
      unsure: extracted.unsure ?? [],
    },
    text: header.text ? Buffer.from(text, 'utf8') : NOTHING,
  }
}

async function extractedOr(
  header: ReadTextHeader,
  joined: Buffer,
  { words, sound, frames = null, scans = null }: Pick<TextReader, 'words' | 'sound' | 'frames' | 'scans'>,
  lent: ByteSource | null,
): Promise<ExtractedText | StageResult> {
  const { bytes, logs } = parted(joined, header)
  if (header.mediaType === ENCRYPTED_OFFICE) return notDone('encrypted')
  const extractor = textExtractorFor(header.mediaType)
  const picture = words !== null && lookOf(header.mediaType) === 'picture'
  if (sound !== null && holdsSound(header.mediaType))
    return heardAndSeen(lent ?? sourceOfBuffer(bytes), header, sound, frames)
  if (!extractor && !picture) return notDone('not-built')
  try {
    if (picture) return await words(bytes, header.mediaType, { ...header.limits, pixels: header.pixels })
    return await extractor!.extract(bytes, header.limits, {
      logs,
      privileged: header.privileged,
      passwords: new Keys(header.secrets ?? []),
      ...(scans && { scans: scans(header.limits) }),
    })
  } catch (error) {
    if (error instanceof TextEncrypted) return notDone('encrypted')
    if (error instanceof TextNotBuilt) return notDone('not-built')
    if (error instanceof TextDamaged) return notDone('decode-failed', error.detail)
    // The content causes every other error of a parser too. The process pool converts it to `decode-failed` or
    // `out-of-memory`.
    throw error
  }
}

async function heardAndSeen(
  source: ByteSource,
  { mediaType, limits, pixels }: ReadTextHeader,
  sound: SoundListener,
  frames: FrameReader | null,
): Promise<ExtractedText> {
  const heard = await sound(source, mediaType, limits)
  if (frames === null || lookOf(mediaType) !== 'video') return heard
  const shown = await frames(source, mediaType, { ...limits, pixels })
  return shown === null ? heard : heardAndShown(heard, shown)
}

function resultOf({ warnings, whenRead }: ExtractedText): StageResult {
  const [first] = warnings
  return first === undefined ? (whenRead ?? { result: 'done' }) : withWarnings('partly-examined', first)
}

function emptyResult(extracted: ExtractedText): StageResult {
  return (
    extracted.without ?? (extracted.warnings.length === 0 ? notApplicable('no-text') : resultOf(extracted))
  )
}

function nothing(result: StageResult, findings: readonly Attribute[] = []) {
  return { reply: { result, findings: [...findings], language: null, places: [], unsure: [] }, text: NOTHING }
}

function noteAttribute(note: TextNote): Attribute {
  return { kind: 'attribute', ...note }
}
