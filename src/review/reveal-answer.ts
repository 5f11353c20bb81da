/** The answer to a reveal: the mark is burnt in here, and the source pixels are overwritten. */
import type { RevealedFrame } from '../host/decoder/reveal-request.ts'
import { marked } from './mark.ts'
import type { RevealHead } from './said-reveal.ts'

/**
 * Length of a JSON object (4 bytes, little-endian), the object, then the pixels of all frames one after the other.
 * @param made frames without a mark; overwritten
 */
export function revealAnswer(
  { number, mostMs }: Pick<RevealHead, 'number' | 'mostMs'>,
  made: { readonly channels: 1 | 3; readonly frames: readonly RevealedFrame[] },
  mark: string,
): Buffer {
  const frames = made.frames.map((frame) => {
    const one = marked(frame, made.channels, mark)
    frame.pixels.fill(0)
    return one
  })
  const sizes = frames.map(({ width, height }) => ({ width, height }))
  const said: RevealHead = { number, mostMs, channels: made.channels, frames: sizes }
  const head = Buffer.from(JSON.stringify(said))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(head.length)
  const answer = Buffer.concat([length, head, ...frames.map(({ pixels }) => pixels)])
  for (const { pixels } of frames) pixels.fill(0)
  return answer
}
