/**
 * Transcribes half a minute of speech with a whisper model: an encoder and a decoder as ONNX, in the shape that Hugging Face's
 * exporter writes (`input_features` → `last_hidden_state`; `input_ids`, `encoder_hidden_states` → `logits`). Greedy, with timestamps.
 */
import type { InferenceSession, Tensor } from 'onnxruntime-node'
import { logMel, MEL_BANDS, MEL_FRAMES } from './log-mel.ts'
import { onnxRuntime } from './onnx-runtime.ts'
import { SESSION_OPTIONS } from './session.ts'
import { chooseToken } from './whisper-rules.ts'
import { SECONDS_A_TIMESTAMP, type WhisperTokens } from './whisper-tokens.ts'

export interface TranscribedPiece {
  /** From the beginning of the samples. */
  readonly startMs: number
  readonly endMs: number
  readonly text: string
  /** Geometric mean of the probabilities of its tokens, 0–100. */
  readonly confidence: number
}

/** Half of the decoder's context, as whisper's own program. */
const MOST_TOKENS = 224

export class Whisper {
  readonly #files: { readonly encoder: Buffer; readonly decoder: Buffer }
  readonly #tokens: WhisperTokens
  #sessions: { readonly encoder: InferenceSession; readonly decoder: InferenceSession } | null = null

  constructor(encoder: Buffer, decoder: Buffer, tokens: WhisperTokens) {
    this.#files = { encoder, decoder }
    this.#tokens = tokens
  }

  /**
   * @param samples at most half a minute, from −1 to 1, 16,000 a second
   * @throws RangeError when the model's answer has another form than a whisper model's
   */
  async transcribe(samples: Float32Array): Promise<TranscribedPiece[]> {
    const { Tensor, InferenceSession } = await onnxRuntime()
    const make = (file: Buffer) => InferenceSession.create(file, SESSION_OPTIONS)
    this.#sessions ??= { encoder: await make(this.#files.encoder), decoder: await make(this.#files.decoder) }
    const { encoder, decoder } = this.#sessions
    const features = new Tensor('float32', logMel(samples), [1, MEL_BANDS, MEL_FRAMES])
    const { last_hidden_state: hidden } = await encoder.run({ input_features: features })
    if (!hidden) throw new RangeError('the encoder has no last_hidden_state')
    const logitsAfter = async (ids: readonly number[]): Promise<Float32Array> => {
      const { logits } = await decoder.run({
        input_ids: new Tensor('int64', BigInt64Array.from(ids, BigInt), [1, ids.length]),
        encoder_hidden_states: hidden as Tensor,
      })
      const count = logits?.dims.at(-1) ?? 0
      if (!logits || count < this.#tokens.count)
        throw new RangeError('the decoder knows fewer tokens than the tokenizer')
      return (logits.data as Float32Array).subarray(
        (ids.length - 1) * count,
        (ids.length - 1) * count + this.#tokens.count,
      )
    }
    return this.#greedy(logitsAfter, (samples.length * 1000) / 16_000)
  }

  async #greedy(
    logitsAfter: (ids: readonly number[]) => Promise<Float32Array>,
    lengthMs: number,
  ): Promise<TranscribedPiece[]> {
    const { startOfTranscript, transcribe, endOfText, languages } = this.#tokens
    const candidates = [...languages.values()]
    const language =
      candidates.length === 1 ? candidates[0]! : likeliest(await logitsAfter([startOfTranscript]), candidates)
    const begins = [startOfTranscript, language, transcribe]
    const said: { readonly token: number; readonly logProbability: number }[] = []
    let ended = false
    while (!ended && said.length < MOST_TOKENS) {
      const sampled = said.map(({ token }) => token)
      const next = chooseToken(await logitsAfter([...begins, ...sampled]), sampled, this.#tokens)
      if (next.token === endOfText) ended = true
      else said.push(next)
    }
    return this.#pieces(said, lengthMs, ended)
  }

  /** @param ended false: the model went on to the limit, as it does where it repeats itself; of that nothing is sure */
  #pieces(
    said: readonly { readonly token: number; readonly logProbability: number }[],
    lengthMs: number,
    ended: boolean,
  ): TranscribedPiece[] {
    const { firstTimestamp } = this.#tokens
    const pieces: TranscribedPiece[] = []
    let [startMs, words] = [0, [] as (typeof said)[number][]]
    const close = (endMs: number) => {
      const text = this.#tokens.text(words.map(({ token }) => token)).trim()
      const mean =
        words.reduce((sum, { logProbability }) => sum + logProbability, 0) / Math.max(1, words.length)
      if (text !== '')
        pieces.push({
          startMs,
          endMs: Math.max(startMs, endMs),
          text,
          confidence: ended ? Math.round(100 * Math.exp(mean)) : 0,
        })
      words = []
    }
    for (const one of said) {
      if (one.token < firstTimestamp) {
        words.push(one)
        continue
      }
      const atMs = Math.min(lengthMs, Math.round((one.token - firstTimestamp) * SECONDS_A_TIMESTAMP * 1000))
      close(atMs)
      startMs = atMs
    }
    close(lengthMs)
    return pieces
  }
}

function likeliest(logits: Float32Array, ids: readonly number[]): number {
  return ids.reduce((best, id) => (logits[id]! > logits[best]! ? id : best))
}
