/**
 * Wires the `look` operation: decoders of child/picture, heif and video, the hash of hash/, the classifiers of
 * classify/.
 */

import { X509Certificate } from 'node:crypto'
import { MODELS_DIR } from '../../base/version.ts'
import type { OpenHead } from '../../classify/head-card.ts'
import { type Face, type ImageClassifiers, loadPlanned, plannedHashers } from '../../classify/index.ts'
import { runModelsOn } from '../../classify/session.ts'
import type { AcceleratorName } from '../../contracts/accelerator.ts'
import { type Attribute, attribute } from '../../contracts/attribute.ts'
import type { ModelUse } from '../../contracts/case.ts'
import { loadFfmpeg } from '../../formats/media/ffmpeg/ffmpeg.ts'
import { decodeVideosOn } from '../../formats/media/ffmpeg/hardware.ts'
import { release } from '../../formats/media/pixels/pixel-memory.ts'
import { pdqFromPlane, pdqFromRgb, pdqOrientations } from '../../hash/pdq.ts'
import type { LookHeader } from '../../wire/look.ts'
import { prepareLook } from './look/look.ts'
import type { LookParts } from './look/look-parts.ts'
import type { OpRun } from './op.ts'

export interface LookConfig {
  /** The models of the plan; absent: no models. */
  readonly models: readonly ModelUse[]
  /** Heads of the agency, opened by their passphrase. */
  readonly heads?: readonly OpenHead[]
  /** Certificates of the agency's trust list, DER in base64; absent: none was given. */
  readonly trusted?: readonly string[]
  /** Absent: models and decoders run on the main processor. */
  readonly accelerator?: AcceleratorName
}

export async function prepareLookOp(config: unknown): Promise<OpRun> {
  const { models, heads = [], accelerator, trusted } = (config as LookConfig | undefined) ?? { models: [] }
  if (accelerator) await analyseOn(accelerator)
  const [scoring, hashing] = [models.filter((use) => !use.hasher), models.filter((use) => use.hasher)]
  const planned = scoring.length === 0 ? null : await loadPlanned(scoring, MODELS_DIR, heads)
  const look = await prepareLook({
    pdq: pdqFromRgb,
    pdqOfPlane: (plane) => pdqFromPlane(plane.bytes, plane, plane.stride, plane.gain),
    pdqOrientations,
    hashers: plannedHashers(hashing, MODELS_DIR),
    classify: planned && withFaces(planned),
    ...(trusted && { trusted: trusted.map((der) => new X509Certificate(Buffer.from(der, 'base64'))) }),
  })
  return async ({ header, bytes, lent }) => {
    const { reply, cells } = await look(header as LookHeader, bytes, lent)
    release(bytes)
    return { header: reply, bytes: cells }
  }
}

/** @throws Error where this process cannot reach it: nothing falls back to the main processor */
async function analyseOn(name: AcceleratorName): Promise<void> {
  runModelsOn(name)
  await loadFfmpeg()
  decodeVideosOn(name)
}

/** A face becomes an attribute: its position, its detector and two scores. The face is not described. */
function withFaces({ classify }: ImageClassifiers): NonNullable<LookParts['classify']> {
  return async (pixels, effort) => {
    const { scores, attributes, faces, leftOut } = await classify(pixels, effort)
    return { scores, attributes: [...attributes, ...faces.map(faceAttribute)], leftOut: leftOut ?? false }
  }
}

function faceAttribute({ box, detector, scorePer10k, ageBand, apparentMinorPer10k }: Face): Attribute {
  return attribute('face', {
    x: Math.round(box.x),
    y: Math.round(box.y),
    width: Math.round(box.width),
    height: Math.round(box.height),
    detector,
    scorePer10k,
    ...(ageBand !== null && { ageBand }),
    ...(apparentMinorPer10k !== null && { apparentMinorPer10k }),
  })
}
