/** Describes the pixels that follow: all frames in order, row-major, 1 byte a pixel in grey, 3 in colour. */
import * as v from 'valibot'
import { isReasonCode, type ReasonCode } from '../contracts/reason.ts'
import { checked, countUpTo, type Message } from './checks.ts'
import { MOST_FRAMES, MOST_SIDE } from './reveal.ts'

const SIDE = v.pipe(countUpTo(MOST_SIDE), v.minValue(1))

const REPLY = v.variant('shown', [
  v.object({
    shown: v.literal(true),
    channels: v.picklist([1, 3]),
    frames: v.pipe(
      v.array(v.object({ width: SIDE, height: SIDE })),
      v.minLength(1),
      v.maxLength(MOST_FRAMES),
    ),
  }),
  v.object({
    shown: v.literal(false),
    reason: v.custom<ReasonCode>(isReasonCode),
  }),
])

export type RevealReply = Message<typeof REPLY>

/** @throws ImplausibleReply */
export function revealReply(header: unknown): RevealReply {
  return checked(REPLY, header, 'pixels')
}
