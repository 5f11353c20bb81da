/**
 * Which pieces of a sound are heard: all of it up to an hour; of a longer one, pieces of a minute that are spread evenly, an hour
 * together. A length that the bytes cannot hold is not believed: such a sound is heard from its beginning.
 */
import type { SoundReader } from '../media/ffmpeg/sound-reader.ts'
import { SAMPLES_PER_SECOND } from '../media/ffmpeg/sound-reader.ts'
import { WINDOW_SAMPLES } from './voice-activity.ts'

const MOST_HEARD_MS = 60 * 60 * 1000
const PIECE_MS = 60 * 1000
/** Bits a second of the leanest codec for speech (AMR's comfort noise); less is a false length. */
const LEAST_BITS_A_SECOND = 200
/** The file states that the sound goes on this much later or earlier: what follows is another stretch. */
const GAP_MS = 1000

export interface HeardWindow {
  /** {@link WINDOW_SAMPLES} samples, zeros after the end. Valid until the next window. */
  readonly samples: Float32Array
  /** From the beginning of the sound. */
  readonly startMs: number
  /** Less than a window's length for the last one. */
  readonly lengthMs: number
  /** True where it does not follow the one before. */
  readonly jumped: boolean
}

export function piecesOf(
  durationMs: number | null,
  sizeBytes: number,
  mostMs = MOST_HEARD_MS,
): readonly { readonly startMs: number; readonly lengthMs: number }[] {
  const plausible = durationMs !== null && (sizeBytes * 8000) / durationMs >= LEAST_BITS_A_SECOND
  if (durationMs === null || !plausible || durationMs <= mostMs) return [{ startMs: 0, lengthMs: mostMs }]
  const pieceMs = Math.min(PIECE_MS, mostMs)
  const count = Math.floor(mostMs / pieceMs)
  const between = (durationMs - pieceMs) / Math.max(1, count - 1)
  return Array.from({ length: count }, (_, i) => ({
    startMs: Math.round(i * between),
    lengthMs: pieceMs,
  }))
}

/** The windows of one piece. Ends early where the sound does. */
export function* windowsOf(
  reader: Pick<SoundReader, 'blocks'>,
  piece: { readonly startMs: number; readonly lengthMs: number },
): Generator<HeardWindow> {
  const window = new Float32Array(WINDOW_SAMPLES)
  let [filled, startMs, jumped, heardMs, isFirst] = [0, piece.startMs, true, 0, true]
  const msOf = (samples: number) => (samples * 1000) / SAMPLES_PER_SECOND
  for (const { samples, startMs: stated } of reader.blocks()) {
    const isElsewhere = stated !== null && Math.abs(stated - startMs - msOf(filled)) > GAP_MS
    if (stated !== null && (isFirst || isElsewhere)) {
      if (filled > 0) {
        window.fill(0, filled)
        yield { samples: window, startMs, lengthMs: msOf(filled), jumped }
        heardMs += msOf(filled)
      }
      ;[filled, startMs, jumped] = [0, stated, true]
    }
    isFirst = false
    for (let at = 0; at < samples.length; ) {
      const taken = Math.min(WINDOW_SAMPLES - filled, samples.length - at)
      window.set(samples.subarray(at, at + taken), filled)
      filled += taken
      at += taken
      if (filled < WINDOW_SAMPLES) continue
      yield { samples: window, startMs, lengthMs: msOf(WINDOW_SAMPLES), jumped }
      ;[filled, startMs, jumped] = [0, startMs + msOf(WINDOW_SAMPLES), false]
      heardMs += msOf(WINDOW_SAMPLES)
      if (heardMs >= piece.lengthMs) return
    }
  }
  if (filled > 0) {
    window.fill(0, filled)
    yield { samples: window, startMs, lengthMs: msOf(filled), jumped }
  }
}
