/** Makes an entry from an inode, or from a name alone. */
import type { VolumeEntry } from '../../../../contracts/image.ts'
import type { VolumeTimes } from '../../../../contracts/volume-times.ts'
import { MODE_KINDS } from '../common/mode-kinds.ts'
import { lostPlace, nameOnly } from '../common/name-only.ts'
import type { Content } from './content.ts'
import { shownId } from './file-id.ts'
import type { Inode, Name } from './records.ts'

/** Facts of an entry besides its inode and content. */
export interface Shown {
  readonly path: readonly Buffer[]
  readonly status: VolumeEntry['status']
  readonly basis: VolumeEntry['basis']
  readonly notes: readonly string[]
}

export const isFolder = ({ mode }: Inode): boolean => mode >>> 12 === 4

/** A file, followed by its streams. */
export function* entriesOf(
  inode: Inode,
  content: Content,
  shown: Shown,
): Generator<VolumeEntry, void, undefined> {
  const kind = MODE_KINDS[inode.mode >>> 12] ?? 'unknown'
  const identity = {
    path: shown.path,
    status: shown.status,
    basis: shown.basis,
    record: shownId(inode.id),
    sequence: null,
    links: kind === 'directory' ? null : inode.links,
    times: timesOf(inode),
    nameTimes: null,
    mode: inode.mode,
    uid: inode.uid,
    gid: inode.gid,
  } as const
  yield {
    ...identity,
    stream: null,
    kind,
    sizeBytes: content.sizeBytes,
    allocatedBytes: storedBytes(content),
    linkTarget: content.linkTarget,
    place: content.place,
    notes: [...shown.notes, ...content.notes],
  }
  for (const { name, sizeBytes, place, layout } of content.streams)
    yield {
      ...identity,
      stream: shownName(name).name,
      kind: 'file',
      sizeBytes,
      allocatedBytes: layout.storedBytes,
      linkTarget: null,
      place,
      notes: layout.problems,
    }
}

/** Stored bytes of a compressed file include those of its fork. */
function storedBytes({ layout, beside, notes }: Content): number {
  const others = notes.includes('compressed') ? beside : []
  return others.reduce((sum, one) => sum + one.layout.storedBytes, layout.storedBytes)
}

/** A name with an unreadable inode. */
export function lostEntry({ id, type }: Name, shown: Shown): VolumeEntry {
  const kind = MODE_KINDS[type] ?? 'unknown'
  const named = nameOnly(shown.path, kind, shownId(id))
  return {
    ...named,
    ...shown,
    place: lostPlace(kind, 'inode-missing'),
    notes: [...shown.notes, 'inode-missing'],
  }
}

const NANOSECONDS = { modified: 'ns', changed: 'ns', accessed: 'ns', born: 'ns' } as const

function timesOf(inode: Inode): VolumeTimes {
  const time = (ns: bigint): bigint | null => (ns === 0n ? null : ns)
  return {
    modifiedNs: time(inode.modifiedNs),
    changedNs: time(inode.changedNs),
    accessedNs: time(inode.accessedNs),
    bornNs: time(inode.createdNs),
    resolution: NANOSECONDS,
    zone: 'utc',
  }
}

/** An empty name and `/`, which no kernel writes in a name, are percent-encoded. */
export function shownName(stored: Buffer): { readonly name: Buffer; readonly notes: readonly string[] } {
  if (stored.length > 0 && !stored.includes(SLASH)) return { name: Buffer.from(stored), notes: [] }
  const written = stored.length === 0 ? '%00' : stored.toString('latin1').replaceAll('/', '%2F')
  return { name: Buffer.from(written, 'latin1'), notes: ['name-damaged'] }
}

const SLASH = 0x2f
