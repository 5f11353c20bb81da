/** The words of chunks of speech, with their times, as a text. Words of which the model is not sure are marked: they are no sign. */
import type { TranscribedPiece } from '../../classify/whisper.ts'
import type { SpeechChunk } from './speech-chunks.ts'

export type Transcribe = (samples: Float32Array) => Promise<readonly TranscribedPiece[]>

/** Twenty minutes of speech: what follows is counted. */
const MOST_CHUNKS = 40
/** Below this confidence, 0–100, words are searched and never a sign. */
const LEAST_CONFIDENCE = 60

export class Transcript {
  readonly #transcribe: Transcribe
  readonly #limit: number
  readonly unsure: (readonly [number, number])[] = []
  text = ''
  /** Seconds of speech over the limit of chunks, or of characters. */
  leftOutMs = 0
  #chunks = 0

  constructor(transcribe: Transcribe, textChars: number) {
    this.#transcribe = transcribe
    this.#limit = textChars
  }

  async add({ startMs, samples }: SpeechChunk): Promise<void> {
    if (this.#chunks >= MOST_CHUNKS || this.text.length >= this.#limit) {
      this.leftOutMs += samples.length / 16
      return
    }
    this.#chunks++
    for (const piece of await this.#transcribe(samples)) {
      const line = `(${clock(startMs + piece.startMs)}) `
      const from = this.text.length + line.length
      this.text = `${this.text}${line}${piece.text}\n`.slice(0, this.#limit)
      const to = Math.min(from + piece.text.length, this.text.length)
      if (piece.confidence < LEAST_CONFIDENCE && to > from) this.unsure.push([from, to])
    }
  }
}

const MOST_WORDS_OF_A_NAME = 4

/** Every one to four words that were spoken in a row: a person of the privilege list may be named anywhere. */
export function spokenNames(text: string): string[] {
  const words = text.replace(/^\([\d:]+\) /gm, '').match(/[\p{L}\p{N}\p{M}@+'’.-]*[\p{L}\p{N}\p{M}]/gu) ?? []
  const names = new Set<string>()
  for (let count = 1; count <= MOST_WORDS_OF_A_NAME; count++)
    for (let i = 0; i + count <= words.length; i++) names.add(words.slice(i, i + count).join(' '))
  return [...names]
}

/** Hours, minutes and seconds. */
function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}
