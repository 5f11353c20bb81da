/** Weights as TensorFlow.js stores them: a manifest of names, shapes and quantisation beside one run of bytes. */

export interface Weight {
  readonly name: string
  readonly shape: readonly number[]
  /** What the model computes with. */
  readonly dtype: 'float32' | 'int32'
  /** What is stored: plain little-endian numbers, half floats, or bytes that mean `min + scale × byte`. */
  readonly stored: 'float32' | 'float16' | 'int32' | 'uint8'
  readonly min: number
  readonly scale: number
  readonly bytes: Buffer
}

interface ManifestWeight {
  readonly name: string
  readonly shape: readonly number[]
  readonly dtype: 'float32' | 'int32'
  readonly quantization?: {
    readonly dtype: 'uint8' | 'float16'
    readonly min?: number
    readonly scale?: number
  }
}

export type Manifest = readonly {
  readonly paths: readonly string[]
  readonly weights: readonly ManifestWeight[]
}[]

const STORED_BYTES = { float32: 4, float16: 2, int32: 4, uint8: 1 } as const

/**
 * @param read bytes of one shard by the manifest's name for it
 * @throws Error when the shards are longer or shorter than the manifest says
 */
export function readWeights(manifest: Manifest, read: (shard: string) => Buffer): Map<string, Weight> {
  const weights = new Map<string, Weight>()
  for (const group of manifest) {
    const bytes = Buffer.concat(group.paths.map(read))
    let offset = 0
    for (const spec of group.weights) {
      const stored = spec.quantization?.dtype ?? spec.dtype
      const length = spec.shape.reduce((a, b) => a * b, 1) * STORED_BYTES[stored]
      const part = bytes.subarray(offset, offset + length)
      if (part.length !== length) throw new Error(`weight ${spec.name} is cut short`)
      weights.set(spec.name, {
        name: spec.name,
        shape: spec.shape,
        dtype: spec.dtype,
        stored,
        min: spec.quantization?.min ?? 0,
        scale: spec.quantization?.scale ?? 1,
        bytes: part,
      })
      offset += length
    }
    if (offset !== bytes.length)
      throw new Error(`${bytes.length - offset} bytes of weights are in no manifest`)
  }
  return weights
}

/** The same weight with its axes in another order: `order[i]` is the old axis that becomes axis `i`. */
export function transpose(weight: Weight, order: readonly number[]): Weight {
  const size = STORED_BYTES[weight.stored]
  const shape = order.map((axis) => weight.shape[axis]!)
  const strides = weight.shape.map((_, axis) => weight.shape.slice(axis + 1).reduce((a, b) => a * b, 1))
  const out = Buffer.alloc(weight.bytes.length)
  const index = shape.map(() => 0)
  for (let to = 0; to < out.length; to += size) {
    const from = index.reduce((sum, at, i) => sum + at * strides[order[i]!]!, 0) * size
    weight.bytes.copy(out, to, from, from + size)
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      if (++index[axis]! < shape[axis]!) break
      index[axis] = 0
    }
  }
  return { ...weight, shape, bytes: out }
}

/** The same numbers under another shape of the same size. */
export function reshape(weight: Weight, shape: readonly number[]): Weight {
  return { ...weight, shape }
}

/** The numbers themselves, for small weights that the conversion itself must read (paddings, axes, limits). */
export function numbersOf(weight: Weight): number[] {
  const count = weight.bytes.length / STORED_BYTES[weight.stored]
  return Array.from({ length: count }, (_, i) => numberAt(weight, i))
}

function numberAt(weight: Weight, i: number): number {
  switch (weight.stored) {
    case 'float32':
      return weight.bytes.readFloatLE(i * 4)
    case 'int32':
      return weight.bytes.readInt32LE(i * 4)
    case 'uint8':
      return Math.fround(weight.bytes[i]! * weight.scale + weight.min)
    case 'float16':
      return halfToNumber(weight.bytes.readUInt16LE(i * 2))
  }
}

function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}
