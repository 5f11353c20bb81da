/**
 * Possible first-generation material: a picture that no list contains, made with a camera whose other pictures are on
 * this exhibit too. A victim not yet identified should come first.
 *
 * Pure: it depends on the ledger, not on the order of its rows. By itself it is no reason to look: family pictures fit
 * too.
 */
import { type Attribute, type AttributeParams, attribute } from '../contracts/attribute.ts'
import type { PlanRules } from '../contracts/case.ts'
import type { CameraGroup } from '../contracts/view.ts'

/** A content that names a camera, on no list, and the other contents here that name the same camera. */
export interface CameraFit {
  readonly camera: Pick<CameraGroup, 'make' | 'model' | 'serial' | 'software'>
  /** The picture is in a folder of a camera's naming. */
  readonly inCameraFolder: boolean
  readonly others: Pick<CameraGroup, 'contents' | 'listed' | 'inCameraFolder'> & {
    readonly sameSoftware: number
  }
}

/** Evidence that ties the picture to the camera, strongest first. */
export type CameraSign = 'serial' | 'camera-folder' | 'software' | 'make-and-model'

/**
 * With so many others on no list a camera counts as found here. One or two pictures with a camera's name are downloads
 * as often as not; a judgement, not a measurement.
 */
const LEAST_OTHERS = 2

/** Never stored: made of all contents of a ledger together, whenever it is read. */
export function firstGeneration(fit: CameraFit | null, { version }: PlanRules): Attribute | null {
  if (fit === null) return null
  const { camera, others } = fit
  if (others.contents - others.listed < LEAST_OTHERS) return null
  const sign = signOf(fit)
  // The first rules took a make and a model alone; a million cameras share one.
  if (version >= 2 && sign === 'make-and-model') return null
  // Version 2 also took the same firmware: every camera of a model that was updated has it.
  if (version >= 4 && sign === 'software') return null
  const params: AttributeParams<'possible-first-generation'> = {
    sign,
    ...namedParams(camera),
    others: others.contents,
    inCameraFolder: others.inCameraFolder,
    sameSoftware: others.sameSoftware,
    listed: others.listed,
  }
  return attribute('possible-first-generation', params)
}

function signOf({ camera, inCameraFolder, others }: CameraFit): CameraSign {
  if (camera.serial !== null) return 'serial'
  if (camera.make === null) return 'make-and-model'
  if (inCameraFolder && others.inCameraFolder >= LEAST_OTHERS) return 'camera-folder'
  return camera.software !== null && others.sameSoftware >= LEAST_OTHERS ? 'software' : 'make-and-model'
}

function namedParams({ make, model, serial, software }: CameraFit['camera']) {
  return {
    ...(make !== null && { make: short(make) }),
    model: short(model),
    ...(serial !== null && { serial: short(serial) }),
    ...(software !== null && { software: short(software) }),
  }
}

const NAME_CHARACTERS = 60

function short(text: string): string {
  return text.length > NAME_CHARACTERS ? `${text.slice(0, NAME_CHARACTERS)}…` : text
}
