/**
 * Removed files as entries: the newest record of each number without a live name, with its content only where all its
 * blocks are free.
 * A number with another live name gives its old name, without a content.
 */
import type { EntryStatus, VolumeEntry } from '../../../../contracts/image.ts'
import { ClusterSet } from '../clusters/cluster-set.ts'
import type { Attribute } from './attributes.ts'
import { type LeftContent, openLeft, type Placed, type Stream } from './content.ts'
import { entryOf, type Named } from './entries.ts'
import { type Folder, Folders } from './folders.ts'
import { inJournal, inSlack, type Leftover } from './leftovers.ts'
import { shownName } from './names.ts'
import { dataFork, hardLinkOf, type Item, isItem, saysCompressed, type Thread } from './record.ts'
import type { Volume } from './volume.ts'

/** Names that are kept of one volume. */
const MOST = 100_000
/** Of one file. */
const ATTRIBUTES_MOST = 64

export function* removedEntries(volume: Volume): Generator<VolumeEntry> {
  const { removed, renamed, threads } = collected(volume)
  const folders = new Folders((id) => {
    const left = removed.get(id)?.item
    return volume.catalog.placeOf(id) ?? (left?.kind === 'folder' ? left : (threads.get(id) ?? null))
  })
  const later = new ClusterSet(volume.clusters)
  const attributes = attributesOf(volume, removed)
  // Blocks of two removed files contain the bytes written last. A copy keeps the time of its original's content, and not that of the record.
  for (const { item, basis } of [...removed.values()].sort((a, b) => changedOf(b.item) - changedOf(a.item))) {
    const { main, streams } = contentsOf(volume, item, attributes.get(item.id) ?? [], later)
    const named = (placed: Placed): Named => under(folders.of(item.parent), item, basis, placed)
    yield entryOf(item, main, named(main))
    for (const { name, ...placed } of streams)
      yield { ...entryOf(item, placed, named(placed)), kind: 'file', stream: name }
  }
  for (const { item, basis } of renamed.values()) {
    const placed = nothing(0, 'not-recorded', 'renamed')
    yield entryOf(item, placed, under(folders.of(item.parent), item, basis, placed))
  }
}

function under({ path, lost }: Folder, item: Item, basis: Leftover['basis'], { place }: Placed): Named {
  const shown = shownName(item.name)
  const overwritten = place.kind === 'none' && place.reason.startsWith('overwritten')
  const status: EntryStatus = overwritten ? 'deleted-overwritten' : lost ? 'orphan' : 'deleted'
  return { path: [...path, shown.bytes], status, basis, notes: shown.altered ? ['name-altered'] : [] }
}

interface Left {
  readonly item: Item
  readonly basis: Leftover['basis']
}

function collected(volume: Volume): {
  readonly removed: ReadonlyMap<number, Left>
  readonly renamed: ReadonlyMap<string, Left>
  readonly threads: ReadonlyMap<number, Thread>
} {
  const { catalog, problem } = volume
  const removed = new Map<number, Left>()
  const renamed = new Map<string, Left>()
  const threads = new Map<number, Thread>()
  for (const { record: item, basis } of leftovers(volume)) {
    if (!isItem(item)) {
      if (threads.size < MOST && !threads.has(item.id)) threads.set(item.id, item)
      continue
    }
    const left = { item, basis }
    if (removed.size + renamed.size >= MOST) {
      problem({ code: 'leftover-limit', record: null, detail: '' })
      break
    }
    if (!catalog.ids.has(item.id)) {
      const held = removed.get(item.id)
      if (!held || isNewer(item, held.item)) removed.set(item.id, left)
      continue
    }
    // Files of Mac OS 9 have no thread, so it is unknown whether that is their name.
    const thread = catalog.thread(item.id)
    if (!thread || (thread.parent === item.parent && thread.name.equals(item.name))) continue
    const key = `${item.id} ${item.parent} ${item.name.toString('latin1')}`
    if (!renamed.has(key)) renamed.set(key, left)
  }
  return { removed, renamed, threads }
}

function* leftovers({ catalog, journal, bytes }: Volume): Generator<Leftover> {
  yield* inSlack(catalog)
  if (journal) yield* inJournal(bytes, journal, catalog.tree.nodeBytes)
}

/** By its last change, then by its size: a file grows before it is removed. */
function isNewer(one: Item, than: Item): boolean {
  const difference = changedOf(one) - changedOf(than)
  return difference > 0 || (difference === 0 && sizeOf(one) > sizeOf(than))
}

const changedOf = ({ record }: Item): number => Math.max(record.readUInt32BE(16), record.readUInt32BE(20))
const sizeOf = ({ kind, record }: Item): number => (kind === 'file' ? dataFork(record).sizeBytes : 0)

/** Extended attributes of the removed files that still exist somewhere. */
function attributesOf({ attributes }: Volume, removed: ReadonlyMap<number, Left>): Map<number, Attribute[]> {
  const found = new Map<number, Attribute[]>()
  if (removed.size === 0) return found
  for (const { file, attribute } of attributes.left()) {
    if (!removed.has(file)) continue
    const held = found.get(file) ?? []
    const isNew = held.length < ATTRIBUTES_MOST && !held.some(({ name }) => name.equals(attribute.name))
    if (isNew) found.set(file, [...held, attribute])
  }
  return found
}

function contentsOf(
  volume: Volume,
  item: Item,
  attributes: readonly Attribute[],
  later: ClusterSet,
): { readonly main: Placed; readonly streams: readonly Stream[] } {
  const opened = openLeft(volume, item, attributes)
  const streams = opened.streams.map((stream) => ({ name: stream.name, ...survived(volume, stream, later) }))
  if (item.kind === 'folder') return { main: opened.main, streams }
  if (hardLinkOf(item)) return { main: nothing(0, 'not-recorded', 'hard-link'), streams }
  const isCoded = saysCompressed(item.record) && opened.main.sizeBytes === 0
  return {
    main: isCoded ? nothing(0, 'not-recorded', 'decmpfs') : survived(volume, opened.main, later),
    streams,
  }
}

/**
 * Place of a removed content while all its blocks are free, else the reason.
 * @param later blocks of removed contents that were written later
 */
function survived({ tally, geometry }: Volume, left: LeftContent, later: ClusterSet): Placed {
  const { blocks, ...placed } = left
  const { place, sizeBytes, notes } = placed
  if (place.kind === 'none' || blocks === null) return placed
  // macOS empties large files before it removes them.
  if (sizeBytes === 0) return nothing(0, 'not-recorded', 'empty')
  // Extents in the overflow file are lost with it.
  if (notes.includes('runs-end')) return { ...placed, ...nothing(sizeBytes, 'not-recorded', 'extents') }
  const end = geometry.origin + geometry.blocks * geometry.blockBytes
  if (blocks.some(({ offset, length }) => (offset ?? 0) + length > end))
    return { ...placed, ...nothing(sizeBytes, 'damaged', 'extents') }
  const { gone, all } = tally.held(blocks)
  if (gone > 0) return overwritten(placed, gone, all)
  let again = 0
  for (const [from, to] of tally.clustersOf(blocks)) again += to - from - later.add(from, to)
  return again > 0 ? overwritten(placed, again, all) : placed
}

function overwritten(placed: Placed, gone: number, all: number): Placed {
  const reason = gone === all ? 'overwritten' : 'overwritten-in-part'
  return { ...placed, ...nothing(placed.sizeBytes, reason, `${gone}/${all}`) }
}

function nothing(sizeBytes: number, reason: string, detail: string): Placed {
  return { sizeBytes, allocatedBytes: 0, place: { kind: 'none', reason, detail }, notes: [] }
}
