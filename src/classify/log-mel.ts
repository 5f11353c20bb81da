/**
 * The picture of a sound that whisper reads: the logarithm of its power in 80 bands of Slaney's mel scale, each 10 ms over 25 ms.
 * @see Radford and others, "Robust Speech Recognition via Large-Scale Weak Supervision", 2022, 2.2; librosa.filters.mel
 */
export const MEL_BANDS = 80
export const MEL_FRAMES = 3000
/** Thirty seconds of 16,000 samples. */
const CHUNK_SAMPLES = 480_000

const [RATE, LENGTH, HOP] = [16_000, 400, 160] as const
const BINS = LENGTH / 2 + 1
/** Of the power, before its logarithm; and how far below the loudest a value may lie, in powers of ten. */
const [LEAST_POWER, MOST_BELOW] = [1e-10, 8] as const

/**
 * @param samples from −1 to 1, 16,000 a second; more than {@link CHUNK_SAMPLES} are left out, fewer end in silence
 * @returns band-major, MEL_BANDS × MEL_FRAMES
 */
export function logMel(samples: Float32Array): Float32Array {
  const power = new Float64Array(BINS)
  const piece = new Float64Array(LENGTH)
  const out = new Float32Array(MEL_BANDS * MEL_FRAMES)
  let loudest = Number.NEGATIVE_INFINITY
  for (let frame = 0; frame < MEL_FRAMES; frame++) {
    let isSilent = true
    for (let i = 0; i < LENGTH; i++) {
      piece[i] = WINDOW[i]! * sampleAt(samples, frame * HOP + i - LENGTH / 2)
      if (piece[i] !== 0) isSilent = false
    }
    if (isSilent) power.fill(0)
    else powerOf(piece, power)
    for (let band = 0; band < MEL_BANDS; band++) {
      let sum = 0
      const { from, weights } = FILTERS[band]!
      for (const [i, weight] of weights.entries()) sum += weight * power[from + i]!
      const value = Math.log10(Math.max(LEAST_POWER, sum))
      loudest = Math.max(loudest, value)
      out[band * MEL_FRAMES + frame] = value
    }
  }
  for (let i = 0; i < out.length; i++) out[i] = (Math.max(out[i]!, loudest - MOST_BELOW) + 4) / 4
  return out
}

/** The sound before its beginning is its mirror; behind its end is silence. */
function sampleAt(samples: Float32Array, at: number): number {
  const i = Math.abs(at)
  const mirrored = i < CHUNK_SAMPLES ? i : 2 * (CHUNK_SAMPLES - 1) - i
  return mirrored < samples.length ? samples[mirrored]! : 0
}

/** Hann's window for a periodic signal. */
const WINDOW = Float64Array.from(
  { length: LENGTH },
  (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / LENGTH),
)
const COS = Float64Array.from({ length: LENGTH }, (_, i) => Math.cos((2 * Math.PI * i) / LENGTH))
const SIN = Float64Array.from({ length: LENGTH }, (_, i) => Math.sin((2 * Math.PI * i) / LENGTH))

/** Discrete Fourier transform as it is defined: 400 is no power of two, and the network behind it takes longer. */
function powerOf(piece: Float64Array, power: Float64Array): void {
  const half = LENGTH / 2
  for (let bin = 0; bin < BINS; bin++) {
    // A real signal: samples i and 400 − i share their cosine, and their sines differ in sign.
    let real = piece[0]! + (bin % 2 === 0 ? piece[half]! : -piece[half]!)
    let imaginary = 0
    for (let i = 1, at = bin; i < half; i++, at = (at + bin) % LENGTH) {
      real += (piece[i]! + piece[LENGTH - i]!) * COS[at]!
      imaginary += (piece[i]! - piece[LENGTH - i]!) * SIN[at]!
    }
    power[bin] = real * real + imaginary * imaginary
  }
}

interface Filter {
  readonly from: number
  readonly weights: readonly number[]
}

/** Triangles between neighbouring bands, each with the area of its width. */
const FILTERS: readonly Filter[] = Array.from({ length: MEL_BANDS }, (_, band): Filter => {
  const [low, mid, high] = [band, band + 1, band + 2].map((i) =>
    hertzOf((i * melOf(RATE / 2)) / (MEL_BANDS + 1)),
  )
  const weights = Array.from({ length: BINS }, (_, bin) => {
    const hertz = (bin * RATE) / LENGTH
    const height = Math.min((hertz - low!) / (mid! - low!), (high! - hertz) / (high! - mid!))
    return (Math.max(0, height) * 2) / (high! - low!)
  })
  const from = weights.findIndex((weight) => weight > 0)
  const to = weights.findLastIndex((weight) => weight > 0)
  return { from: Math.max(0, from), weights: weights.slice(Math.max(0, from), to + 1) }
})

/** Slaney's scale: linear below 1,000 Hz, logarithmic above (Auditory Toolbox, 1998). */
function melOf(hertz: number): number {
  return hertz < 1000 ? (3 * hertz) / 200 : 15 + (27 * Math.log(hertz / 1000)) / Math.log(6.4)
}

function hertzOf(mel: number): number {
  return mel < 15 ? (200 * mel) / 3 : 1000 * 6.4 ** ((mel - 15) / 27)
}
