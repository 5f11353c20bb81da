/** Selects faces for the face models, and the crop of the picture for each face. */
import type { Face } from './classifier.ts'
import type { Box } from './pixels.ts'

// The age models were measured on one square crop of 1.1 times the face; face-api loses much from 1.4 on.
const CROP = 1.1
// Below 32 pixels the error of the age models grows.
const SMALLEST_FACE = 32
/** Faces that are read in one picture, largest first: a crowd costs 6 ms a face. */
const MOST_READ = 32

export type Point = readonly [x: number, y: number]

/** In pixels of the decoded picture; right and left of the person. */
export interface Eyes {
  readonly right: Point
  readonly left: Point
}

export function readableFaces(faces: readonly Face[]): Face[] {
  return faces
    .filter((face) => faceSide(face) >= SMALLEST_FACE)
    .sort((a, b) => faceSide(b) - faceSide(a))
    .slice(0, MOST_READ)
}

/** The shorter side in pixels, which limits a model's accuracy. */
export function faceSide(face: Face): number {
  return Math.min(face.box.width, face.box.height)
}

export function squareCrop(box: Box): Box {
  const side = Math.max(box.width, box.height) * CROP
  return { x: box.x + (box.width - side) / 2, y: box.y + (box.height - side) / 2, width: side, height: side }
}
