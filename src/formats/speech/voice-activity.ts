/** The probability of speech in each window of 32 ms, by the network of silero-vad. Windows follow each other: its state goes on. */
import type { InferenceSession, Tensor } from 'onnxruntime-node'
import { onnxRuntime } from '../../classify/onnx-runtime.ts'
import { SESSION_OPTIONS } from '../../classify/session.ts'

/** Of 16,000 a second. */
export const WINDOW_SAMPLES = 512
/** The network sees these of the window before, too. */
const CONTEXT_SAMPLES = 64
const STATE = [2, 1, 128] as const
/** Two steps of 16 bits: in a window that is nowhere louder there is no speech, and the network is not asked. */
const SILENT = 2 / 32768

export class VoiceActivity {
  readonly #take: () => Buffer
  #session: InferenceSession | null = null
  #runtime: Awaited<ReturnType<typeof onnxRuntime>> | null = null
  #state: Tensor | null = null
  readonly #input = new Float32Array(CONTEXT_SAMPLES + WINDOW_SAMPLES)

  /** @param take bytes of the network, asked once */
  constructor(take: () => Buffer) {
    this.#take = take
  }

  /** Before the first window of a sound, and after a jump. */
  forget(): void {
    this.#state = null
    this.#input.fill(0)
  }

  /** @param window exactly {@link WINDOW_SAMPLES} samples from −1 to 1 @returns from 0 to 1 */
  async probability(window: Float32Array): Promise<number> {
    const input = this.#input
    input.copyWithin(0, WINDOW_SAMPLES)
    input.set(window, CONTEXT_SAMPLES)
    if (window.every((sample) => sample <= SILENT && sample >= -SILENT)) return 0
    const { Tensor } = (this.#runtime ??= await onnxRuntime())
    this.#session ??= await this.#runtime.InferenceSession.create(this.#take(), SESSION_OPTIONS)
    this.#state ??= new Tensor('float32', new Float32Array(STATE[0] * STATE[1] * STATE[2]), STATE)
    const { output, stateN } = await this.#session.run({
      input: new Tensor('float32', input, [1, input.length]),
      state: this.#state,
      sr: new Tensor('int64', BigInt64Array.of(16_000n), []),
    })
    this.#state = stateN as Tensor
    const probability = Number((output!.data as Float32Array)[0])
    // Samples that are no numbers make the state no numbers for good.
    if (!Number.isFinite(probability)) this.#state = null
    return Number.isFinite(probability) ? probability : 0
  }
}
