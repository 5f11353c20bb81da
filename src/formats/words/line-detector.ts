/**
 * Finds lines of text: PP-OCRv4's detector gives each point of the reduced picture the certainty that it lies in the
 * middle of a line; points above a threshold that touch are one line.
 *
 * @see Liao et al., "Real-time Scene Text Detection with Differentiable Binarization", 2020: the middle of a line is the
 * line shrunk by (1 − 0.4²) of its area over its perimeter, so the whole line is larger by 1.5 times that of the middle.
 */
import type { InferenceSession } from 'onnxruntime-node'
import type { ModelInput } from '../../classify/model-card.ts'
import { onnxRuntime } from '../../classify/onnx-runtime.ts'
import { type Box, inputOf } from '../../classify/pixels.ts'
import { SESSION_OPTIONS } from '../../classify/session.ts'
import type { Pixels } from '../../contracts/content.ts'
import type { LineBox } from './text-line.ts'

/** Certainty of a point, and mean certainty of a line: the values of the model's own programs. */
const POINT = 0.3
const LINE = 0.6
const GROWS = 1.5
/** Noise of the detector; a narrow letter alone has more. */
const LEAST_POINTS = 4
/** A middle of fewer rows cannot be read at any size. */
const LEAST_ROWS = 3
const STEP = 32

/** Mean and divisor of ImageNet for values 0–255, in the order of the channels that the model was trained with. */
const INPUT: Omit<ModelInput, 'width' | 'height'> = {
  name: 'x',
  layout: 'NCHW',
  channels: 'BGR',
  mean: [123.675, 116.28, 103.53],
  divisor: [58.395, 57.12, 57.375],
  resize: 'squash',
  sampling: 'area',
}

export class LineDetector {
  #session: Promise<InferenceSession> | null = null
  readonly #model: () => Buffer

  /** @param model bytes of the ONNX file; called once, when the first picture is searched */
  constructor(model: () => Buffer) {
    this.#model = model
  }

  /**
   * Lines in a part of a picture, in pixels of the picture.
   * @param scale pixels of the model's input for a pixel of the picture
   */
  async lines(pixels: Pixels, part: Box, scale: number): Promise<LineBox[]> {
    const width = steps(part.width * scale)
    const height = steps(part.height * scale)
    this.#session ??= onnxRuntime().then((ort) => ort.InferenceSession.create(this.#model(), SESSION_OPTIONS))
    const session = await this.#session
    const { Tensor } = await onnxRuntime()
    const values = inputOf(pixels, { ...INPUT, width, height }, part)
    const outputs = await session.run({ x: new Tensor('float32', values, [1, 3, height, width]) })
    const certain = Object.values(outputs)[0]!.data as Float32Array
    const across = part.width / width
    const down = part.height / height
    const middles = middlesOf(certain, width, height)
    return joined(middles)
      .filter((middle) => Math.min(middle.width, middle.height) >= LEAST_ROWS)
      .map((middle) => wholeLine(middle, part, across, down))
  }
}

/** A multiple of 32, at least one: the network halves its input five times. */
function steps(side: number): number {
  return Math.max(STEP, Math.round(side / STEP) * STEP)
}

interface Middle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly angle: number
  readonly score: number
}

/** Points that touch, by sides or corners, as rectangles turned into the direction of their longer side. */
function middlesOf(certain: Float32Array, width: number, height: number): Middle[] {
  const seen = new Uint8Array(width * height)
  const found: Middle[] = []
  const stack: number[] = []
  for (let start = 0; start < seen.length; start++) {
    if (seen[start] === 1 || certain[start]! < POINT) continue
    const points: number[] = []
    stack.push(start)
    seen[start] = 1
    while (stack.length > 0) {
      const at = stack.pop()!
      points.push(at)
      const x = at % width
      const y = (at - x) / width
      for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++)
        for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
          const next = ny * width + nx
          if (seen[next] === 1 || certain[next]! < POINT) continue
          seen[next] = 1
          stack.push(next)
        }
    }
    const middle = middleOf(points, certain, width)
    if (middle !== null) found.push(middle)
  }
  return found
}

/** Slants below this are those of steps between rows. */
const STRAIGHT = 0.02
const SHORT_STRAIGHT = 0.1
/** Points along a short word. */
const SHORT_POINTS = 64
/** A line that stands upright is not turned: its letters may stand one above the other. */
const MOST_SLANT = 0.6

function middleOf(points: readonly number[], certain: Float32Array, width: number): Middle | null {
  let [sum, sx, sy] = [0, 0, 0]
  for (const at of points) {
    const x = at % width
    sum += certain[at]!
    sx += x
    sy += (at - x) / width
  }
  const n = points.length
  if (n < LEAST_POINTS || sum / n < LINE) return null
  const [mx, my] = [sx / n, sy / n]
  let [xx, xy, yy] = [0, 0, 0]
  for (const at of points) {
    const x = (at % width) - mx
    const y = (at - (at % width)) / width - my
    xx += x * x
    xy += x * y
    yy += y * y
  }
  const slant = Math.atan2(2 * xy, xx - yy) / 2
  // Of a short word the detector's points lean by more than its letters do.
  const isShort = xx + yy < (SHORT_POINTS * SHORT_POINTS * n) / 12
  const angle =
    Math.abs(slant) < (isShort ? SHORT_STRAIGHT : STRAIGHT) || Math.abs(slant) > MOST_SLANT ? 0 : slant
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  let [left, right, top, bottom] = [1e9, -1e9, 1e9, -1e9]
  for (const at of points) {
    const x = (at % width) - mx
    const y = (at - (at % width)) / width - my
    const along = x * cos + y * sin
    const beside = y * cos - x * sin
    left = Math.min(left, along)
    right = Math.max(right, along)
    top = Math.min(top, beside)
    bottom = Math.max(bottom, beside)
  }
  const [w, h] = [right - left + 1, bottom - top + 1]
  const [a, b] = [(left + right) / 2, (top + bottom) / 2]
  return {
    x: mx + a * cos - b * sin + 0.5,
    y: my + a * sin + b * cos + 0.5,
    width: w,
    height: h,
    angle,
    score: sum / n,
  }
}

/** Of the height: a gap between two words of a line is narrower, one between two columns wider. */
const WORD_GAP = 1.2
/** Of the lower one's height, that both share. */
const SAME_ROW = 0.6

/** A narrow letter at the beginning of a line (“I”) is often found apart: middles of one row that are near are one line. */
function joined(middles: readonly Middle[]): Middle[] {
  const rest = [...middles].sort((a, b) => a.x - a.width / 2 - (b.x - b.width / 2) || a.y - b.y)
  const lines: Middle[] = []
  for (const one of rest) {
    const at = lines.findIndex((line) => isNext(line, one))
    if (at === -1) lines.push(one)
    else lines[at] = both(lines[at]!, one)
  }
  return lines
}

function isNext(line: Middle, one: Middle): boolean {
  if (line.angle !== 0 || one.angle !== 0) return false
  const shared =
    Math.min(line.y + line.height / 2, one.y + one.height / 2) -
    Math.max(line.y - line.height / 2, one.y - one.height / 2)
  const gap = one.x - one.width / 2 - (line.x + line.width / 2)
  const [lower, higher] = [Math.min(line.height, one.height), Math.max(line.height, one.height)]
  return shared >= SAME_ROW * lower && lower >= higher / 4 && gap < WORD_GAP * higher
}

function both(a: Middle, b: Middle): Middle {
  const left = Math.min(a.x - a.width / 2, b.x - b.width / 2)
  const right = Math.max(a.x + a.width / 2, b.x + b.width / 2)
  const top = Math.min(a.y - a.height / 2, b.y - b.height / 2)
  const bottom = Math.max(a.y + a.height / 2, b.y + b.height / 2)
  return {
    x: (left + right) / 2,
    y: (top + bottom) / 2,
    width: right - left,
    height: bottom - top,
    angle: 0,
    score: Math.max(a.score, b.score),
  }
}

function wholeLine(middle: Middle, part: Box, across: number, down: number): LineBox {
  const { width, height } = middle
  const grows = (width * height * GROWS) / (2 * (width + height))
  return {
    x: part.x + middle.x * across,
    y: part.y + middle.y * down,
    width: (width + 2 * grows) * across,
    height: (height + 2 * grows) * down,
    angle: middle.angle,
    score: middle.score,
  }
}
