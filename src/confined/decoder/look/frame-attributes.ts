/** Attributes of single frames as attributes of their video. */
import { type Attribute, attribute } from '../../../contracts/attribute.ts'

/** Adds the number of frames to an attribute of single frames. */
export function inFrames(one: Attribute, frames: number, ofFrames: number): Attribute {
  switch (one.code) {
    case 'picture-kind':
    case 'faces':
    case 'apparent-age':
      return attribute(one.code, { ...one.params, frames, ofFrames })
    default:
      return one
  }
}

/** Maximum number of other attributes per video. */
const MOST_FOUND = 50

/** The first of them, and how many were left out. */
export function withinBounds(found: readonly Attribute[]): Attribute[] {
  const attributes = found.length - MOST_FOUND
  if (attributes <= 0) return [...found]
  return [...found.slice(0, MOST_FOUND), attribute('frame-attributes-left-out', { attributes })]
}
