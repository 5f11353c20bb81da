import type { Writable } from 'node:stream'
import { type FrameHead, frameParts } from './frame.ts'

/** A whole frame into a stream, as one piece where it can be. */
export function writeFrame(channel: Writable, head: FrameHead, header: unknown, payload?: Buffer): void {
  channel.cork()
  for (const part of frameParts(head, header, payload)) channel.write(part)
  channel.uncork()
}
