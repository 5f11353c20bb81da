/**
 * From the probability of speech in each window to spans of speech, by the rule and with the values of silero-vad's own program
 * (get_speech_timestamps): a span begins at 0.5, ends after 100 ms below 0.35, and counts from 250 ms.
 */
export interface Span {
  readonly startMs: number
  readonly endMs: number
}

const BEGINS = 0.5
const GOES_ON = 0.35
const LEAST_SILENCE_MS = 100
const LEAST_SPEECH_MS = 250
/** A span has this much of its surroundings before and after. */
const PAD_MS = 30

export class SpeechSpans {
  readonly spans: Span[] = []
  #startMs: number | null = null
  /** End of the last window of speech, while what follows may be a pause. */
  #pauseMs: number | null = null
  #heardFromMs = 0
  #heardToMs = 0

  /** @param probability of speech in the window from `startMs` to `endMs` */
  add(probability: number, startMs: number, endMs: number): void {
    this.#heardToMs = endMs
    if (probability >= BEGINS) {
      this.#pauseMs = null
      this.#startMs ??= startMs
      return
    }
    if (this.#startMs === null || probability >= GOES_ON) return
    this.#pauseMs ??= startMs
    if (endMs - this.#pauseMs >= LEAST_SILENCE_MS) this.#close(this.#pauseMs)
  }

  /** At the end, and where the next window does not follow the last one. */
  breaksOff(nextMs: number): void {
    if (this.#startMs !== null) this.#close(this.#pauseMs ?? this.#heardToMs)
    this.#heardFromMs = nextMs
    this.#heardToMs = nextMs
  }

  #close(endMs: number): void {
    const startMs = this.#startMs!
    this.#startMs = null
    this.#pauseMs = null
    if (endMs - startMs < LEAST_SPEECH_MS) return
    const from = Math.max(startMs - PAD_MS, this.#heardFromMs, 0)
    const to = Math.min(endMs + PAD_MS, Math.max(endMs, this.#heardToMs))
    const last = this.spans.at(-1)
    if (last && last.endMs >= from) this.spans[this.spans.length - 1] = { ...last, endMs: to }
    else this.spans.push({ startMs: from, endMs: to })
  }
}

/** Spans with a shorter pause between them become one. */
export function joined(spans: readonly Span[], pauseMs: number): Span[] {
  const out: Span[] = []
  for (const span of spans) {
    const last = out.at(-1)
    if (last && span.startMs - last.endMs < pauseMs) out[out.length - 1] = { ...last, endMs: span.endMs }
    else out.push(span)
  }
  return out
}

export function lengthMs(spans: readonly Span[]): number {
  return spans.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0)
}
