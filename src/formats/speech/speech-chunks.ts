/**
 * Gathers the sound of spans of speech, at most half a minute at a time, while windows pass: nothing but these is transcribed, and no
 * more than one chunk is in memory.
 */
import { WINDOW_SAMPLES } from './voice-activity.ts'

const CHUNK_WINDOWS = Math.floor(480_000 / WINDOW_SAMPLES)
/** Half a second before speech begins. */
const BEFORE_WINDOWS = 16
/** A pause of a second ends a chunk. */
const PAUSE_WINDOWS = 31
/** A quarter of a second of speech. */
const LEAST_WINDOWS = 8
const [BEGINS, GOES_ON] = [0.5, 0.35] as const

export interface SpeechChunk {
  readonly startMs: number
  readonly samples: Float32Array
}

export class SpeechChunks {
  readonly #windows: { readonly startMs: number; readonly samples: Float32Array }[] = []
  #isOpen = false
  #voiced = 0
  #pause = 0

  /** @returns a chunk that is complete; null: none yet */
  add(samples: Float32Array, startMs: number, probability: number): SpeechChunk | null {
    this.#windows.push({ startMs, samples: samples.slice() })
    if (probability >= BEGINS) {
      this.#isOpen = true
      this.#voiced++
    }
    if (!this.#isOpen) {
      if (this.#windows.length > BEFORE_WINDOWS) this.#windows.shift()
      return null
    }
    this.#pause = probability >= GOES_ON ? 0 : this.#pause + 1
    return this.#pause >= PAUSE_WINDOWS || this.#windows.length >= CHUNK_WINDOWS ? this.take() : null
  }

  /** At the end of the sound, and before a jump. */
  take(): SpeechChunk | null {
    const windows = this.#windows.splice(0)
    const isSpeech = this.#voiced >= LEAST_WINDOWS
    this.#isOpen = false
    this.#voiced = 0
    this.#pause = 0
    if (!isSpeech) return null
    const samples = new Float32Array(windows.length * WINDOW_SAMPLES)
    for (const [i, one] of windows.entries()) samples.set(one.samples, i * WINDOW_SAMPLES)
    return { startMs: windows[0]!.startMs, samples }
  }
}
