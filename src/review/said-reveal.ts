/** Messages about a reveal between page and server: types only. */
import type { RevealReason } from '../contracts/custody.ts'

export interface RevealAsked {
  readonly sha256: string
  readonly reason: RevealReason
  /** The reason that the person typed; empty unless the reason is `other`. */
  readonly words: string
  readonly colour: boolean
  /** 0 (no blur), 1 or 2. */
  readonly blur: number
}

/** Header of a reveal: the pixels of all frames follow, one after the other. */
export interface RevealHead {
  /** Number of its event. */
  readonly number: number
  readonly mostMs: number
  /** 1: grey, 3: RGB. */
  readonly channels: 1 | 3
  readonly frames: readonly { readonly width: number; readonly height: number }[]
}
