/** The contract of a part of the picture cascade: one file and one line in CLASSIFIERS (index.ts). */

import { createHash } from 'node:crypto'
import type { Attribute } from '../contracts/attribute.ts'
import type { ModelUse } from '../contracts/case.ts'
import type { Pixels } from '../contracts/content.ts'
import type { Score } from '../contracts/finding.ts'
import type { CloseUpHead } from './close-up-head.ts'
import type { OpenHead } from './head-card.ts'
import type { Box } from './pixels.ts'
import type { Runner } from './session.ts'

/** Results for one picture so far. A part of the cascade returns additions only; it never removes a result. */
export interface Looked {
  readonly scores: readonly Score[]
  readonly attributes: readonly Attribute[]
  readonly faces: readonly Face[]
  /** An expensive model was needed, but skipped because the effort was `fast`. */
  readonly leftOut?: boolean
}

/** `fast`: no expensive model, for the many frames of a video; `whole`: a frame by every model; `still`: a picture by itself. */
export type Effort = 'fast' | 'whole' | 'still'

/** A face that a detector found. Only its box and the two scores are kept: no descriptor, no age in years. */
export interface Face {
  /** In pixels of the decoded picture. */
  readonly box: Box
  readonly detector: 'blazeface' | 'ssd'
  readonly scorePer10k: number
  /** Null when no age model ran, or the face is too small for one. */
  readonly apparentMinorPer10k: number | null
  readonly ageBand: AgeBand | null
}

/** Apparent age as a band that overlaps its neighbour, never in years (the error at 16–17 is ± 5 to 8 years). */
export type AgeBand = 'likely' | 'possible' | 'below-both'

export interface PictureClassifier {
  readonly id: string
  /** Models of this part. It loads when the available models suffice, and otherwise returns null. */
  readonly models: readonly string[]
  /** Parts that must run before; they are earlier in CLASSIFIERS (a test checks this). */
  readonly after: readonly string[]
  load(runners: ReadonlyMap<string, Runner>, options: LoadOptions): LoadedClassifier | null
}

export interface LoadOptions {
  /** Run every model on every picture: no gate saves time, at about 80 ms a picture more. */
  readonly everyModel: boolean
  /** Ids of the models that no part of ours names. */
  readonly added: readonly string[]
  /** Heads of the agency that the scan was given; their backbones are tapped. */
  readonly heads?: readonly OpenHead[]
  /** The head that knows close-ups of hands; its backbones are tapped too. */
  readonly closeUp?: CloseUpHead | null
}

export interface LoadedClassifier {
  /** Models and thresholds as the plan records them. */
  readonly uses: readonly ModelUse[]
  /** Creates the sessions that every picture needs; those behind a gate are created at first need. */
  ready(): Promise<void>
  look(pixels: Pixels, soFar: Looked, effort?: Effort): Promise<Partial<Looked>>
}

/** Digest of models that give one score together: SHA-256 over the lines `id sha256` of its members, in order. */
export function combinedSha256(members: readonly { readonly id: string; readonly sha256: string }[]): string {
  return createHash('sha256')
    .update(members.map((m) => `${m.id} ${m.sha256}\n`).join(''))
    .digest('hex')
}

/** The strongest score with this label, from any classifier; null when there is none. */
export function strongestPer10k(looked: Looked, label: string): number | null {
  const found = looked.scores.filter((s) => s.label === label).map((s) => s.scorePer10k)
  return found.length === 0 ? null : Math.max(...found)
}
