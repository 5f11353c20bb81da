/**
 * Faces: blazeface on every picture, and the SSD where a picture is at all explicit.
 *
 * They miss different faces: the SSD a fifth of large close-ups, blazeface the small ones. A missed face is not an
 * absence, and no rule reads it as one. Only boxes and detector scores are kept, never a descriptor.
 *
 * A prefilter, the SSD in eight bits, runs before it: where it is far from certain of a face, the SSD does not run. It
 * gives no box, so each face of the SSD comes from the float32 model.
 */
import { attribute } from '../contracts/attribute.ts'
import type { ModelUse } from '../contracts/case.ts'
import type { Pixels } from '../contracts/content.ts'
import { type Face, type LoadedClassifier, type PictureClassifier, strongestPer10k } from './classifier.ts'
import type { Eyes } from './face-crop.ts'
import { type Box, padScale } from './pixels.ts'
import { per10k, type Runner } from './session.ts'
import { THRESHOLDS } from './thresholds.ts'

const BLAZEFACE = 'human-blazeface'
const SSD = 'face-api-ssd'
const SCREEN = 'face-api-ssd-int8'

export const FACES: PictureClassifier = {
  id: 'faces',
  models: [BLAZEFACE, SSD, SCREEN],
  after: ['explicitness'],
  load(runners, { everyModel }) {
    const blazeface = runners.get(BLAZEFACE)
    const [ssd = null, screen = null] = [runners.get(SSD), runners.get(SCREEN)]
    return blazeface ? faces(blazeface, ssd, ssd && screen, everyModel ? 0 : THRESHOLDS.ssdGate) : null
  },
}

function faces(
  blazeface: Runner,
  ssd: Runner | null,
  screen: Runner | null,
  gatePer10k: number,
): LoadedClassifier {
  const use = ({ card }: Runner, thresholds: Readonly<Record<string, number>>): ModelUse => ({
    id: card.id,
    sha256: card.sha256,
    thresholds,
  })
  return {
    uses: [
      use(blazeface, { face: THRESHOLDS.face.blazeface }),
      ...(ssd ? [use(ssd, { face: THRESHOLDS.face.ssd, gate: gatePer10k })] : []),
      ...(screen ? [use(screen, THRESHOLDS.ssdScreen)] : []),
    ],
    async ready() {
      await blazeface.ready()
    },
    async look(pixels, soFar, effort) {
      const found = await byBlazeface(blazeface, pixels)
      // Without a score of explicitness, the second detector may be needed.
      const wanted = ssd && (strongestPer10k(soFar, 'explicit') ?? 10_000) >= gatePer10k
      const looks = wanted && effort !== 'fast' && (screen === null || (await mayHoldFace(screen, pixels)))
      const more = looks ? await bySsd(ssd, pixels) : []
      const all = union(more, found).slice(0, MOST_FACES)
      return {
        leftOut: wanted !== null && wanted && effort === 'fast',
        faces: all,
        attributes: all.length === 0 ? [] : [attribute('faces', { faces: all.length })],
      }
    },
  }
}

/** A picture with more faces is a crowd; the strongest are kept. */
const MOST_FACES = 64

// Two boxes of one detector are one face above this overlap: real faces seldom cover a third of each other.
const SAME_FACE_OVERLAP = 0.3
// Boxes of two detectors, or of two looks, differ in size: half the overlap is enough to call them one face.
export const SAME_FACE_ACROSS = 0.25

/** The SSD's box first: the age models were measured best on it. */
function union(first: readonly Face[], second: readonly Face[]): Face[] {
  const added = second.filter((face) => first.every((f) => overlap(f.box, face.box) <= SAME_FACE_ACROSS))
  return [...first, ...added].sort(
    (a, b) => b.scorePer10k - a.scorePer10k || a.box.x - b.box.x || a.box.y - b.box.y,
  )
}

async function byBlazeface(runner: Runner, pixels: Pixels): Promise<Face[]> {
  return distinct(await blazefaceIn(runner, pixels, THRESHOLDS.face.blazeface))
}

/**
 * Every answer of blazeface of which it is so sure, several a face.
 * @param region the whole picture when left out
 */
export async function blazefaceIn(
  runner: Runner,
  pixels: Pixels,
  leastPer10k: number,
  region?: Box,
): Promise<Face[]> {
  const [scores, boxes] = await runner.run(pixels, region)
  const scale = padScale(region ?? pixels, runner.card.input)
  const candidates: Face[] = []
  for (const [i, [anchorX, anchorY]] of ANCHORS.entries()) {
    const scorePer10k = per10k(1 / (1 + Math.exp(-scores![i]!)))
    if (scorePer10k < leastPer10k) continue
    const [dx, dy, width, height] = boxes!.subarray(i * 16, i * 16 + 4) as unknown as [
      number,
      number,
      number,
      number,
    ]
    candidates.push(
      faceOf('blazeface', scorePer10k, {
        x: (region?.x ?? 0) + (anchorX + dx - width / 2) / scale,
        y: (region?.y ?? 0) + (anchorY + dy - height / 2) / scale,
        width: width / scale,
        height: height / scale,
      }),
    )
  }
  return candidates
}

/** Eyes of a face, by the surest answer of blazeface to one and a half times its square. */
export async function landmarksOf(runner: Runner, pixels: Pixels, { box }: Face): Promise<Eyes> {
  const side = Math.max(box.width, box.height) * 1.5
  const region = {
    x: box.x + (box.width - side) / 2,
    y: box.y + (box.height - side) / 2,
    width: side,
    height: side,
  }
  const [scores, boxes] = await runner.run(pixels, region)
  const best = ANCHORS.reduce((most, _, i) => (scores![i]! > scores![most]! ? i : most), 0)
  const [anchorX, anchorY] = ANCHORS[best]!
  const scale = padScale(region, runner.card.input)
  // After centre and size come six points: right eye, left eye, nose, mouth, ears.
  const point = (n: number) => {
    const [dx, dy] = boxes!.subarray(best * 16 + 4 + n * 2, best * 16 + 6 + n * 2) as unknown as [
      number,
      number,
    ]
    return [region.x + (anchorX + dx) / scale, region.y + (anchorY + dy) / scale] as const
  }
  return { right: point(0), left: point(1) }
}

/** Centres in pixels of the 256-pixel input: 16 × 16 cells with two anchors, then 8 × 8 with six (MediaPipe BlazeFace). */
const ANCHORS: readonly (readonly [number, number])[] = [
  { cells: 16, each: 2 },
  { cells: 8, each: 6 },
].flatMap(({ cells, each }) =>
  Array.from({ length: cells * cells * each }, (_, i): [number, number] => {
    const cell = Math.floor(i / each)
    const size = 256 / cells
    return [((cell % cells) + 0.5) * size, (Math.floor(cell / cells) + 0.5) * size]
  }),
)

async function mayHoldFace(screen: Runner, pixels: Pixels): Promise<boolean> {
  const [scores] = await screen.run(pixels)
  return scores!.some((score) => per10k(score) >= THRESHOLDS.ssdScreen.face)
}

async function bySsd(runner: Runner, pixels: Pixels): Promise<Face[]> {
  return distinct(await ssdIn(runner, pixels, THRESHOLDS.face.ssd))
}

/** The same of the SSD. */
export async function ssdIn(
  runner: Runner,
  pixels: Pixels,
  leastPer10k: number,
  region?: Box,
): Promise<Face[]> {
  const [boxes, scores] = await runner.run(pixels, region)
  const { input } = runner.card
  const scale = padScale(region ?? pixels, input)
  const candidates: Face[] = []
  for (let i = 0; i < scores!.length; i++) {
    const scorePer10k = per10k(scores![i]!)
    if (scorePer10k < leastPer10k) continue
    const [top, left, bottom, right] = boxes!.subarray(i * 4, i * 4 + 4) as unknown as [
      number,
      number,
      number,
      number,
    ]
    candidates.push(
      faceOf('ssd', scorePer10k, {
        x: (region?.x ?? 0) + (left * input.width) / scale,
        y: (region?.y ?? 0) + (top * input.height) / scale,
        width: ((right - left) * input.width) / scale,
        height: ((bottom - top) * input.height) / scale,
      }),
    )
  }
  return candidates
}

function faceOf(detector: Face['detector'], scorePer10k: number, box: Box): Face {
  const rounded = {
    x: Math.round(box.x),
    y: Math.round(box.y),
    width: Math.max(1, Math.round(box.width)),
    height: Math.max(1, Math.round(box.height)),
  }
  return { box: rounded, detector, scorePer10k, apparentMinorPer10k: null, ageBand: null }
}

/** Strongest first; a box that overlaps a stronger one is the same face. */
function distinct(candidates: readonly Face[]): Face[] {
  const kept: Face[] = []
  for (const face of [...candidates].sort((a, b) => b.scorePer10k - a.scorePer10k)) {
    if (kept.every((k) => overlap(k.box, face.box) <= SAME_FACE_OVERLAP)) kept.push(face)
    if (kept.length === MOST_FACES) break
  }
  return kept
}

/** Intersection over union. */
export function overlap(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  if (width <= 0 || height <= 0) return 0
  const shared = width * height
  return shared / (a.width * a.height + b.width * b.height - shared)
}
