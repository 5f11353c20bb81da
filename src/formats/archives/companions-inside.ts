/** Companion files of databases and caches inside a top-level container: read first, in a pass of their own. */
import type { OpenHeader } from '../../wire/open.ts'
import type { OpenPart } from '../../wire/open-part.ts'
import type { Beside } from './common/container.ts'

type Emit = (part: OpenPart, bytes: Buffer) => void

/**
 * @param open one pass over the top-level container
 * @returns companion files by container; one that is missing or beyond the limit on memory is left out
 */
export async function companionsInside(
  header: OpenHeader,
  open: (header: OpenHeader, emit: Emit) => Promise<void>,
): Promise<ReadonlyMap<string, Beside>> {
  const { inside = [], heldBytes } = header
  if (inside.length === 0) return new Map()
  const targets = [...new Set(inside.map(({ at }) => at))].sort()
  const read = new Map<string, Buffer>()
  let left = heldBytes
  await open({ ...header, mode: 'bytes', targets, budgets: [], inside: [] }, (part, bytes) => {
    if (part.type !== 'bytes' || bytes.length > left) return
    left -= bytes.length
    read.set(part.target, bytes)
  })
  const found = new Map<string, Map<string, Buffer>>()
  for (const { of, name, at } of inside) {
    const bytes = read.get(at)
    if (bytes !== undefined) found.set(of, (found.get(of) ?? new Map()).set(name, bytes))
  }
  return found
}
