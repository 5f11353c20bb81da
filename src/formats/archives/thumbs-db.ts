/** Lists the pictures of Thumbs.db. Each has the name of the original file, which may be deleted. */

import { windowsTime } from '../bytes/windows-time.ts'
import type { CompoundFile } from '../compound/compound-file.ts'
import { catalogEntries, thumbnailIn } from '../compound/thumbnail-catalog.ts'
import { type Budget, ContainerDamaged, type Member } from './common/container.ts'

export function* thumbnailMembers(file: CompoundFile, budget: Budget): Generator<Member> {
  const catalog = file.stream('Catalog')
  const named = catalogEntries(catalog?.bytes ?? Buffer.alloc(0))
  const state = { broken: catalog?.whole === false ? 1 : 0 }
  for (const entry of file.entries) {
    if (entry.kind !== 'stream' || entry.path === 'Catalog') continue
    budget.entry()
    const made = named.get(entry.path)
    yield {
      kind: 'thumbnail',
      name: Buffer.from(made?.name || entry.path),
      entryKind: 'file',
      sizeBytes: BigInt(entry.sizeBytes),
      modified: made ? windowsTime(made.modified, 'archive') : null,
      linkTarget: null,
      read: async () => {
        const { bytes, whole } = file.read(entry)
        if (!whole) state.broken++
        budget.charge(bytes.length)
        return thumbnailIn(bytes) ?? bytes
      },
    }
  }
  if (state.broken > 0)
    throw new ContainerDamaged({ code: 'streams-break-off', params: { streams: state.broken } })
}
