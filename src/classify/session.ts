/** One model ready to run: a one-thread session, made from memory at its first use. */
import type { InferenceSession } from 'onnxruntime-node'
import { ACCELERATORS, type AcceleratorName } from '../contracts/accelerator.ts'
import type { Pixels } from '../contracts/content.ts'
import { type ModelCard, type ModelInput, ModelRefused } from './model-card.ts'
import { letGo, type Model } from './models.ts'
import { onnxRuntime } from './onnx-runtime.ts'
import { type Box, inputOf } from './pixels.ts'
import { plainWeights } from './plain-weights.ts'

export interface Runner {
  readonly card: ModelCard
  /** Makes the session now instead of at the first run. */
  ready(): Promise<void>
  /** @returns the outputs in the order of the card, flat */
  run(pixels: Pixels, region?: Box): Promise<Float32Array[]>
  /**
   * The tensor that was tapped, of the whole picture, from the same run.
   * @throws ModelRefused when the model was not tapped
   */
  features(pixels: Pixels): Promise<Float32Array>
}

// One thread, and no spinning: a child a core is the parallelism, and a spinning session slows its neighbours
// (up to 2.6 times, measured while other work ran).
export const SESSION_OPTIONS: InferenceSession.SessionOptions = {
  executionProviders: ['cpu'],
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  // The runtime's own pool doubles its size and keeps it: 130 MB more for nine sessions, and no run is faster by more
  // than 2 % (docs/evidence/models.md).
  enableCpuMemArena: false,
  logSeverityLevel: 3,
  extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
}

let provider: string | null = null

/** From now on models of pictures run on this provider of ONNX Runtime. A session that it cannot serve is not made. */
export function runModelsOn(accelerator: AcceleratorName): void {
  provider = ACCELERATORS[accelerator].provider
}

function sessionOptions(): InferenceSession.SessionOptions {
  return provider === null ? SESSION_OPTIONS : { ...SESSION_OPTIONS, executionProviders: [provider] }
}

/**
 * The session is created at the first run, so that a child without a flagged picture never pays for the expensive
 * models.
 * The bytes are already in memory, so no file is opened, and they are freed once the session has its own copy.
 */
export function runnerOf({ card, bytes }: Model): Runner {
  return runnerTaking({ card, take: () => bytes })
}

/**
 * @param take called once, before the session is created
 * @param tap name of an output besides those of the card; absent: none
 */
export function runnerTaking(
  { card, take }: Pick<Model, 'card'> & { readonly take: () => Buffer },
  tap?: string,
): Runner {
  let sessionMade: Promise<InferenceSession> | null = null
  const session = (): Promise<InferenceSession> => {
    sessionMade ??= onnxRuntime().then(async (ort) => {
      const bytes = take()
      const plain = plainWeights(bytes)
      if (plain !== bytes) letGo(bytes)
      const made = await ort.InferenceSession.create(plain, sessionOptions())
      letGo(plain)
      return made
    })
    return sessionMade
  }
  // A frame of a video is seen twice: by the fast models, and again when the expensive ones are due.
  const ran = new WeakMap<Pixels, Map<string, Promise<Ran>>>()
  const once = (pixels: Pixels, region?: Box): Promise<Ran> => {
    const known = ran.get(pixels) ?? new Map<string, Promise<Ran>>()
    ran.set(pixels, known)
    const key = region ? JSON.stringify(region) : ''
    const outputs = known.get(key) ?? compute(pixels, region)
    known.set(key, outputs)
    return outputs
  }
  return {
    card,
    async ready() {
      await session()
    },
    async run(pixels, region) {
      return (await once(pixels, region)).outputs
    },
    async features(pixels) {
      const { tapped } = await once(pixels)
      if (tapped === null) throw new ModelRefused(`The model ${card.id} gives no features.`)
      return tapped
    },
  }

  async function compute(pixels: Pixels, region: Box | undefined): Promise<Ran> {
    const { input } = card
    const dims =
      input.layout === 'NHWC' ? [1, input.height, input.width, 3] : [1, 3, input.height, input.width]
    const { Tensor } = await onnxRuntime()
    const tensor = new Tensor(
      'float32',
      region ? inputOf(pixels, input, region) : wholeInputOf(pixels, input),
      dims,
    )
    const outputs = await (await session()).run({ [input.name]: tensor })
    const tapped = tap === undefined ? null : outputs[tap]?.data
    if (tapped !== null && !(tapped instanceof Float32Array))
      throw new ModelRefused(`The features “${tap}” of the model ${card.id} are not float32.`)
    const declared = card.outputs.map((declared) => {
      const data = outputs[declared.name]?.data
      if (!(data instanceof Float32Array)) {
        throw new ModelRefused(`The output “${declared.name}” of the model ${card.id} is not float32.`)
      }
      if (declared.labels.length > 0 && data.length !== declared.labels.length) {
        throw new ModelRefused(
          `The output “${declared.name}” of the model ${card.id} has ${data.length} numbers, its card ${declared.labels.length} labels.`,
        )
      }
      return data
    })
    return { outputs: declared, tapped }
  }
}

interface Ran {
  /** In the order of the card. */
  readonly outputs: Float32Array[]
  readonly tapped: Float32Array | null
}

// Two of the explicitness models take the same input, so it is made once per picture. Only the last one is kept: frames
// of a video wait for slow models, 6 MB of inputs each.
let last: { readonly pixels: Pixels; readonly made: Map<string, Float32Array> } | null = null

function wholeInputOf(pixels: Pixels, input: ModelInput): Float32Array {
  if (last?.pixels !== pixels) last = { pixels, made: new Map() }
  const { made } = last
  const key = JSON.stringify(input)
  const tensor = made.get(key) ?? inputOf(pixels, input)
  made.set(key, tensor)
  return tensor
}

/** A share of 1 as parts per 10,000; NaN counts as 0. */
export function per10k(share: number): number {
  return Number.isFinite(share) ? Math.round(Math.min(1, Math.max(0, share)) * 10_000) : 0
}
