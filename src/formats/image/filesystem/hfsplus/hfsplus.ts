/**
 * HFS+ and HFSX: every name of the catalog, its forks and extended attributes, then the removed ones.
 *
 * It reads the leaves instead of walking the tree. An unwritten journal is replayed in memory first.
 */
import type { DataRun } from '../../../../contracts/content-place.ts'
import type {
  FileSystem,
  FileSystemFormat,
  Medium,
  StatedField,
  VolumeEntry,
} from '../../../../contracts/image.ts'
import { runsContent } from '../../content/runs.ts'
import { ClusterSet } from '../clusters/cluster-set.ts'
import { ProblemList } from '../clusters/problem-list.ts'
import { ClusterTally } from '../clusters/tally.ts'
import { NotThisFileSystem } from '../common/not-this-file-system.ts'
import { Attributes } from './attributes.ts'
import { BTree } from './b-tree.ts'
import { Catalog, rootOf } from './catalog.ts'
import { liveEntries } from './entries.ts'
import { blocksOf, type Fork, runsOf } from './fork.ts'
import { type Journal, journalOf, notWritten } from './journal.ts'
import { shownName } from './names.ts'
import { DATA_FORK, Overflow } from './overflow.ts'
import { removedEntries } from './removed.ts'
import { replayed } from './replayed.ts'
import { timeText } from './times.ts'
import type { Volume } from './volume.ts'
import {
  FLAG,
  HEADER_AT,
  HEADER_BYTES,
  hasCopy,
  hasHeader,
  headersOf,
  type VolumeHeader,
} from './volume-header.ts'

/** Numbers of the file system's own files. */
const OWN = { extents: 3, catalog: 4, allocation: 6, startup: 7, attributes: 8 } as const

export const HFSPLUS: FileSystemFormat = {
  name: 'hfsplus',
  recognises: hasHeader,
  open(volume) {
    const [header] = headersOf(volume)
    if (!header)
      throw new NotThisFileSystem(
        'superblock-damaged',
        'the volume header of HFS+ and its copy cannot be used',
      )
    return openHfsPlus(volume, header)
  },
}

/** Recognised by the copy of its header, where the beginning is overwritten. */
export const HFSPLUS_BY_COPY: FileSystemFormat = { ...HFSPLUS, recognises: hasCopy }

function openHfsPlus(medium: Medium, header: VolumeHeader): FileSystem {
  const problems = new ProblemList()
  const problem = problems.add.bind(problems)
  const tell = (code: string, detail = ''): void => problem({ code, record: null, detail })
  if (header.fromCopy) tell('volume-header-from-copy')
  const { origin, blockBytes, blocks } = header
  const beyond = origin + blocks * blockBytes - medium.sizeBytes
  if (beyond > 0) tell('volume-cut', `${beyond}`)
  const journal = journalIn(medium, header, tell)
  const copies = journal ? notWritten(medium, journal, () => tell('journal-not-replayed')) : []
  const { bytes, through } = replayed(medium, origin, copies)
  // The header itself may be in the journal.
  const current = bytes === medium ? header : (headersOf(bytes)[0] ?? header)
  // A caller that only asks for the label must not read the whole catalog.
  let opened: Volume | null = null
  const volume = (): Volume => (opened ??= openVolume(bytes, through, current, journal, problem))

  return {
    kind: current.kind,
    label: labelOf(bytes, current),
    uuid: current.uuid,
    clusterBytes: blockBytes,
    stated: stated(current),
    entries: () => entriesOf(volume()),
    problems: () => problems.all(),
    classes: () => volume().tally.classes(medium.sizeBytes),
    unallocated: () => volume().tally.unallocated(),
  }
}

/** The name of the root, which is the first of the catalog. */
function labelOf(bytes: Medium, { catalog, ...geometry }: VolumeHeader): string {
  const runs = runsOf(geometry, catalog.extents)
  const held = Math.min(catalog.sizeBytes, blocksOf(catalog.extents) * geometry.blockBytes)
  const root = rootOf(new BTree(runsContent(bytes, runs, held, held), 'catalog', () => {}))
  return root ? shownName(root.name).bytes.toString('utf8') : ''
}

function journalIn(medium: Medium, header: VolumeHeader, tell: (code: string) => void): Journal | null {
  const found = journalOf(medium, header)
  if (typeof found !== 'string') return found
  tell(found)
  return null
}

function openVolume(
  bytes: Medium,
  through: Volume['through'],
  header: VolumeHeader,
  journal: Journal | null,
  problem: Volume['problem'],
): Volume {
  const { origin, blockBytes } = header
  const geometry = { origin, blockBytes, blocks: header.blocks }
  const clusters = Math.max(0, Math.min(header.blocks, Math.floor((bytes.sizeBytes - origin) / blockBytes)))
  const tally = new ClusterTally({ origin, clusterBytes: blockBytes, clusters })
  const content = (fork: Fork, runs: readonly DataRun[]): Medium => {
    const held = runs.reduce((sum, { length }) => sum + length, 0)
    const sizeBytes = Math.min(fork.sizeBytes, held)
    return runsContent(bytes, runs, sizeBytes, sizeBytes)
  }
  const treeOf = (fork: Fork, runs: readonly DataRun[], name: string): BTree | null =>
    fork.sizeBytes === 0 ? null : new BTree(content(fork, runs), name, problem)

  // The overflow file has no extents elsewhere (TN1150).
  const extentRuns = runsOf(geometry, header.extents.extents)
  const overflow = new Overflow(treeOf(header.extents, extentRuns, 'extents'), problem)
  const own = (number: number, fork: Fork) => runsOf(geometry, overflow.extentsOf(number, DATA_FORK, fork))
  const catalogRuns = own(OWN.catalog, header.catalog)
  const attributeRuns = own(OWN.attributes, header.attributes)
  const bitmapRuns = own(OWN.allocation, header.allocation)
  for (const runs of [extentRuns, catalogRuns, attributeRuns, bitmapRuns, own(OWN.startup, header.startup)])
    tally.metadata(runs)
  tally.metadata(reserved(header, journal))
  tally.bad(runsOf(geometry, overflow.badBlocks()))
  const bitmap = header.allocation.sizeBytes > 0 ? content(header.allocation, bitmapRuns) : null
  return {
    header,
    geometry,
    bytes,
    through,
    journal,
    catalog: new Catalog(new BTree(content(header.catalog, catalogRuns), 'catalog', problem), problem),
    overflow,
    attributes: new Attributes(treeOf(header.attributes, attributeRuns, 'attributes'), problem),
    attributeRuns,
    tally,
    bitmap: bitmap && bitmap.sizeBytes * 8 >= clusters ? bitmap : null,
    clusters,
    problem,
  }
}

/** Blocks of the boot sectors and the header, of its copy, and of the journal. */
function reserved(
  { origin, blockBytes, blocks, journalInfoBlock }: VolumeHeader,
  journal: Journal | null,
): DataRun[] {
  const covering = (from: number, to: number): DataRun => {
    const first = Math.floor(from / blockBytes)
    return {
      offset: origin + first * blockBytes,
      length: (Math.ceil(to / blockBytes) - first) * blockBytes,
    }
  }
  const end = blocks * blockBytes
  const runs = [covering(0, HEADER_AT + HEADER_BYTES), covering(end - HEADER_AT, end)]
  if (!journal) return runs
  const info = journalInfoBlock * blockBytes
  const at = journal.at - origin
  return [...runs, covering(info, info + blockBytes), covering(at, at + journal.sizeBytes)]
}

function* entriesOf(volume: Volume): Generator<VolumeEntry> {
  if (!volume.catalog.root()) volume.problem({ code: 'root-damaged', record: null, detail: '' })
  yield* liveEntries(volume)
  settle(volume)
  yield* removedEntries(volume)
}

function settle({ bitmap, tally, clusters, problem }: Volume): void {
  const tell = (code: string, detail = ''): void => problem({ code, record: null, detail })
  if (!bitmap) {
    tell('bitmap-lost')
    tally.settle(null)
    return
  }
  const marked = new ClusterSet(clusters)
  bitmap.readInto(marked.bytes, 0)
  for (let index = 0; index < marked.bytes.length; index++)
    marked.bytes[index] = REVERSED[marked.bytes[index] as number] as number
  if (bitmap.damageIn(0, marked.bytes.length).length > 0) tell('bitmap-damaged')
  const { unmarked, ownerless } = tally.settle(marked)
  if (unmarked > 0) tell('live-but-free', `${unmarked}`)
  if (ownerless > 0) tell('allocated-without-owner', `${ownerless}`)
}

/** The allocation file counts bits from the highest on, sets of clusters from the lowest. */
const REVERSED = Uint8Array.from({ length: 256 }, (_, byte) => {
  let reversed = 0
  for (let bit = 0; bit < 8; bit++) if (byte & (1 << bit)) reversed |= 0x80 >> bit
  return reversed
})

function stated(header: VolumeHeader): StatedField[] {
  const local = timeText(header.createdSeconds).replace('Z', '')
  return [
    { name: 'created', value: local === '' ? '' : `${local} (local time)` },
    { name: 'last-written', value: timeText(header.modifiedSeconds) },
    { name: 'last-checked', value: timeText(header.checkedSeconds) },
    { name: 'last-mounted-by', value: header.lastMountedBy.replace(/[^ -~]/g, '?') },
    { name: 'state', value: (header.flags & FLAG.unmounted) !== 0 ? 'clean' : 'not-clean' },
    { name: 'files', value: `${header.files}` },
    { name: 'folders', value: `${header.folders}` },
  ].filter(({ value }) => value !== '')
}
