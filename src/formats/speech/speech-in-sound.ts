/**
 * The share of speech of a sound, or of a video with sound, and where it is; with a model of the agency, what was said.
 */
import { type Attribute, attribute } from '../../contracts/attribute.ts'
import { notApplicable, notDone, withWarnings } from '../../contracts/stage.ts'
import type { TextNote } from '../../contracts/text-note.ts'
import type { ByteSource } from '../bytes/byte-source.ts'
import type { ExtractedText, SoundListener } from '../documents/text-extractor.ts'
import { openSound } from '../media/ffmpeg/open-sound.ts'
import type { SoundReader } from '../media/ffmpeg/sound-reader.ts'
import { piecesOf, windowsOf } from './heard-pieces.ts'
import { type SpeechChunk, SpeechChunks } from './speech-chunks.ts'
import { joined, lengthMs, type Span, SpeechSpans } from './speech-spans.ts'
import { spokenNames, type Transcribe, Transcript } from './transcript.ts'
import type { VoiceActivity } from './voice-activity.ts'

/** Spans with a shorter pause are one stretch in the ledger: sentences of one person, not their words. */
const PAUSE_MS = 2000
/** Stretches that the ledger names. */
const MOST_STRETCHES = 100

/** @param transcribe null: speech is found and not transcribed */
export function soundListener(voice: VoiceActivity, transcribe: Transcribe | null): SoundListener {
  return async (source, mediaType, limits) => {
    const opened = await openSound(source, mediaType)
    if (!opened.ok)
      return opened.reason === 'no-sound'
        ? { ...NOTHING, without: notApplicable('no-sound') }
        : { ...NOTHING, without: notDone(opened.reason, opened.detail) }
    const { reader } = opened
    try {
      const transcript = transcribe && new Transcript(transcribe, limits.textChars)
      return textOf(await heard(reader, source, voice, transcript), reader, transcript)
    } finally {
      reader.close()
    }
  }
}

const NOTHING: ExtractedText = { text: '', warnings: [] }

export interface Heard {
  readonly spans: readonly Span[]
  readonly heardMs: number
  /** Longer than what was heard where the sound was heard in part; null: whole. */
  readonly ofMs: number | null
}

export async function heard(
  reader: SoundReader,
  { sizeBytes }: Pick<ByteSource, 'sizeBytes'>,
  voice: VoiceActivity,
  transcript: Transcript | null = null,
): Promise<Heard> {
  const pieces = piecesOf(reader.durationMs, sizeBytes)
  const spans = new SpeechSpans()
  let heardMs = 0
  let cut = false
  const chunks = new SpeechChunks()
  const transcribed = async (chunk: SpeechChunk | null) => {
    if (chunk !== null) await transcript?.add(chunk)
  }
  for (const piece of pieces) {
    // What cannot be sought is heard from where it stands.
    if (piece.startMs > 0 && !reader.seek(piece.startMs)) break
    let inPieceMs = 0
    for (const { samples, startMs, lengthMs, jumped } of windowsOf(reader, piece)) {
      if (jumped) {
        spans.breaksOff(startMs)
        voice.forget()
        await transcribed(chunks.take())
      }
      const probability = await voice.probability(samples)
      spans.add(probability, startMs, startMs + lengthMs)
      if (transcript !== null) await transcribed(chunks.add(samples, startMs, probability))
      inPieceMs += lengthMs
    }
    heardMs += inPieceMs
    cut ||= inPieceMs >= piece.lengthMs
  }
  spans.breaksOff(0)
  await transcribed(chunks.take())
  const ofMs = !cut ? null : Math.max(heardMs, reader.durationMs ?? 0)
  return { spans: inOrder(spans.spans), heardMs, ofMs }
}

/** Pieces may overlap where the container seeks to a place before the one asked for. */
function inOrder(spans: readonly Span[]): Span[] {
  return joined(
    spans.toSorted((a, b) => a.startMs - b.startMs),
    0,
  )
}

function textOf(
  { spans, heardMs, ofMs }: Heard,
  { damaged }: SoundReader,
  transcript: Transcript | null,
): ExtractedText {
  if (heardMs === 0)
    return {
      ...NOTHING,
      without:
        damaged > 0
          ? notDone('decode-failed', { code: 'sound-damaged', params: { packets: damaged } })
          : notApplicable('no-sound'),
    }
  const warnings: TextNote[] = [
    ...(ofMs === null
      ? []
      : [
          { code: 'sound-heard-in-part' as const, params: { ms: Math.round(heardMs), of: Math.round(ofMs) } },
        ]),
    ...(transcript !== null && transcript.leftOutMs > 0
      ? [{ code: 'speech-left-out' as const, params: { ms: Math.round(transcript.leftOutMs) } }]
      : []),
    ...(damaged > 0 ? [{ code: 'sound-damaged' as const, params: { packets: damaged } }] : []),
  ]
  return {
    text: transcript?.text ?? '',
    unsure: transcript?.unsure ?? [],
    addresses: spokenNames(transcript?.text ?? ''),
    warnings,
    about: speechAttributes(spans, heardMs),
    ...(warnings.length === 0 && {
      without:
        spans.length > 0 && transcript === null ? withWarnings('speech-not-transcribed') : { result: 'done' },
    }),
  }
}

function speechAttributes(spans: readonly Span[], heardMs: number): Attribute[] {
  const ms = Math.min(lengthMs(spans), heardMs)
  const stretches = joined(spans, PAUSE_MS)
  const kept = stretches.slice(0, MOST_STRETCHES)
  return [
    attribute('speech', {
      ms: Math.round(ms),
      ofMs: Math.round(heardMs),
      sharePer10k: Math.round((ms / heardMs) * 10_000),
    }),
    ...kept.map(({ startMs, endMs }) =>
      attribute('speech-span', { startMs: Math.round(startMs), endMs: Math.round(endMs) }),
    ),
    ...(stretches.length > kept.length
      ? [attribute('speech-spans-left-out', { spans: stretches.length - kept.length })]
      : []),
  ]
}
