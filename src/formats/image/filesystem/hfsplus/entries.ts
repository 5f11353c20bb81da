/** Names of a volume as entries: each file and folder, and under it each of its streams. */
import type { EntryStatus, RecoveryBasis, VolumeEntry } from '../../../../contracts/image.ts'
import { runsContent } from '../../content/runs.ts'
import { BitSet } from '../clusters/bit-set.ts'
import type { FoundItem } from './catalog.ts'
import { EMPTY_PLACE, type Opened, openItem, type Placed } from './content.ts'
import { Folders } from './folders.ts'
import { shownName } from './names.ts'
import { groupOf, hardLinkOf, type Item, modeOf, ownerOf, ROOT, ROOT_PARENT, specialOf } from './record.ts'
import { timesOf } from './times.ts'
import type { Volume } from './volume.ts'

const TARGET_BYTES_MOST = 4096
const FORMAT = 0xf000
const LINK = 0xa000
/** Kinds by the format bits of a mode. */
const KINDS: Readonly<Record<number, VolumeEntry['kind']>> = {
  4096: 'fifo',
  8192: 'character-device',
  24576: 'block-device',
  [LINK]: 'symlink',
  49152: 'socket',
}

/** All live entries, in the order of the folders' numbers; then unreferenced targets of hard links. */
export function* liveEntries(volume: Volume): Generator<VolumeEntry> {
  const { catalog } = volume
  const folders = Folders.ofCatalog(catalog)
  const counted = new BitSet()
  for (const found of catalog.items()) {
    const { item } = found
    if (item.parent === ROOT_PARENT && item.id !== ROOT) continue
    if (!catalog.isLinkTarget(item)) yield* namedEntries(volume, folders, found, counted)
  }
  for (const found of catalog.itemsOfFolder(catalog.privateFolder.file)) {
    const { item } = found
    if (!catalog.isLinkTarget(item) || counted.has(item.id)) continue
    yield* namedEntries(volume, folders, found, counted, ['no-link-left'])
  }
}

function* namedEntries(
  volume: Volume,
  folders: Folders,
  { item, salvaged }: FoundItem,
  counted: BitSet,
  remarks: readonly string[] = [],
): Generator<VolumeEntry> {
  const folder = item.id === ROOT ? { path: [], lost: false } : folders.of(item.parent)
  const shown = shownName(item.name)
  const path = item.id === ROOT ? [] : [...folder.path, shown.bytes]
  const notes = [
    ...remarks,
    ...(salvaged ? ['node-damaged'] : []),
    ...(shown.altered ? ['name-altered'] : []),
  ]
  const status = folder.lost ? 'orphan' : 'live'
  if (folder.lost) volume.problem({ code: 'folder-lost', record: item.parent, detail: '' })
  const link = hardLinkOf(item)
  const target = link ? volume.catalog.linked(link, specialOf(item.record)) : item
  if (link && !target) volume.problem({ code: 'hard-link-broken', record: item.id, detail: '' })
  if (link === 'folder' || !target) {
    yield brokenOrFolder(item, path, status, target, notes)
    return
  }
  const opened = openItem(volume, target)
  if (counted.add(target.id))
    for (const { runs, sizeBytes } of opened.claims) volume.tally.content(runs, sizeBytes)
  yield* entriesOf(volume, target, opened, { path, status, basis: folder.lost ? 'catalog' : null, notes })
}

export interface Named {
  readonly path: readonly Buffer[]
  readonly status: EntryStatus
  readonly basis: RecoveryBasis | null
  readonly notes: readonly string[]
}

/** @param item target of the name */
function* entriesOf(volume: Volume, item: Item, opened: Opened, named: Named): Generator<VolumeEntry> {
  // The root has no name, but streams.
  if (named.path.length > 0) {
    const main = entryOf(item, opened.main, named)
    yield main.kind === 'symlink' ? { ...main, linkTarget: targetOf(volume, opened.main) } : main
  }
  for (const stream of opened.streams) {
    const { sizeBytes, allocatedBytes, place, notes, name } = stream
    yield {
      ...entryOf(item, { sizeBytes, allocatedBytes, place, notes }, named),
      kind: 'file',
      stream: name.length > 0 ? name : Buffer.from('?'),
    }
  }
}

export function entryOf(
  item: Item,
  { sizeBytes, allocatedBytes, place, notes }: Placed,
  named: Named,
): VolumeEntry {
  const { record } = item
  const kind = kindOf(item)
  return {
    path: named.path,
    stream: null,
    kind,
    status: named.status,
    basis: named.basis,
    record: item.id,
    sequence: null,
    // For a target of hard links, the number of its links.
    links: kind === 'file' ? Math.max(1, linksOf(item)) : null,
    sizeBytes: kind === 'file' || kind === 'symlink' ? sizeBytes : 0,
    allocatedBytes,
    times: timesOf(record),
    nameTimes: null,
    mode: modeOf(record) === 0 ? null : modeOf(record),
    uid: ownerOf(record),
    gid: groupOf(record),
    linkTarget: null,
    place: kind === 'file' || kind === 'symlink' ? place : EMPTY_PLACE,
    notes: named.notes.length === 0 ? notes : [...named.notes, ...notes],
  }
}

function kindOf({ kind, record }: Item): VolumeEntry['kind'] {
  if (kind === 'folder') return 'directory'
  return KINDS[modeOf(record) & FORMAT] ?? 'file'
}

/** Devices keep their number there. */
function linksOf({ record }: Item): number {
  const links = specialOf(record)
  return links < 65_536 ? links : 1
}

function targetOf({ bytes }: Volume, { place, sizeBytes }: Placed): Buffer | null {
  if (place.kind !== 'runs' || sizeBytes === 0 || sizeBytes > TARGET_BYTES_MOST) return null
  const target = Buffer.alloc(sizeBytes)
  const content = runsContent(bytes, place.runs, sizeBytes, sizeBytes)
  content.readInto(target, 0)
  return content.damageIn(0, sizeBytes).length > 0 ? null : target
}

/** A hard link to a folder, whose files are listed under that folder; or one without a target. */
function brokenOrFolder(
  item: Item,
  path: readonly Buffer[],
  status: 'live' | 'orphan',
  target: Item | null,
  notes: readonly string[],
): VolumeEntry {
  const place = { kind: 'none', reason: 'damaged', detail: 'hard-link' } as const
  const note = target ? 'folder-hard-link' : 'hard-link-broken'
  const entry = entryOf(
    target ?? item,
    { sizeBytes: 0, allocatedBytes: 0, place: target ? EMPTY_PLACE : place, notes: [note] },
    { path, status, basis: status === 'live' ? null : 'catalog', notes },
  )
  return { ...entry, record: item.id }
}
