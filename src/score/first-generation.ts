/**
 * Possible first-generation material: a picture that was made with a camera whose other pictures lie on this exhibit too,
 * and that no list holds. Whom nobody has found yet should come first.
 *
 * Pure: what a ledger holds, whatever the order in which it came. By itself no reason to look: family pictures fit too.
 */
import type { Attribute } from '../contracts/finding.ts'
import type { CameraGroup } from '../contracts/view.ts'

/** Never stored: made of all contents of a ledger together, whenever it is read. */
export const FIRST_GENERATION = 'possible-first-generation'

/** A content that names a camera, on no list, and the other contents here that name the same camera. */
export interface CameraFit {
  readonly camera: Pick<CameraGroup, 'make' | 'model' | 'serial' | 'software'>
  readonly others: Pick<CameraGroup, 'contents' | 'listed' | 'inCameraFolder'> & {
    readonly sameSoftware: number
  }
}

/**
 * With so many others on no list a camera counts as found here. One or two pictures with a camera's name are downloads
 * as often as not; a judgement, not a measurement.
 */
const LEAST_OTHERS = 2

export function firstGeneration(fit: CameraFit | null): Attribute | null {
  if (fit === null) return null
  const { camera, others } = fit
  const unlisted = others.contents - others.listed
  if (unlisted < LEAST_OTHERS) return null
  const details = [
    others.inCameraFolder === 0 ? null : `${others.inCameraFolder} in a camera’s folder`,
    camera.software === null || others.sameSoftware === 0
      ? null
      : `${others.sameSoftware} with the same software “${short(camera.software)}”`,
    others.listed === 0 ? null : `${others.listed} on lists`,
  ].filter((detail) => detail !== null)
  const name = [camera.make, camera.model].flatMap((part) => (part === null ? [] : [short(part)])).join(' ')
  const which =
    camera.serial === null
      ? `the make and model “${name}” (no serial number: another such camera would look the same)`
      : `the camera “${name}” with the serial number ${short(camera.serial)}`
  const value = `it is on no list and names ${which}, as ${others.contents} other contents here do${
    details.length === 0 ? '' : ` (${details.join(', ')})`
  }`
  return { kind: 'attribute', name: FIRST_GENERATION, value }
}

const NAME_CHARACTERS = 60

function short(text: string): string {
  return text.length > NAME_CHARACTERS ? `${text.slice(0, NAME_CHARACTERS)}…` : text
}
