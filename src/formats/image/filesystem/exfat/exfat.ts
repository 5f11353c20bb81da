/** exFAT: memory cards above 32 GB, cameras, sticks that go between systems. */
import type { DataRun } from '../../../../contracts/content-place.ts'
import type {
  FileSystem,
  FileSystemFormat,
  Medium,
  StatedField,
  VolumeProblem,
} from '../../../../contracts/image.ts'
import { AllocationTable } from '../clusters/allocation-table.ts'
import { BitSet } from '../clusters/bit-set.ts'
import { ClusterHeap, FIRST_CLUSTER } from '../clusters/heap.ts'
import { piecesOf } from '../clusters/pieces.ts'
import { ProblemList } from '../clusters/problem-list.ts'
import { ClusterTree } from '../clusters/tree.ts'
import { NotThisFileSystem } from '../common/not-this-file-system.ts'
import { AllocationBitmap } from './bitmap.ts'
import { type ExfatBoot, exfatBootOf } from './boot-sector.ts'
import { ExfatDirectoryReader } from './directory.ts'
import { SLOT, TYPE } from './entry-set.ts'

/** Entries of the root directory that are searched for bitmap, up-case table and label: they come first. */
const MOST_LOOKED_AT = 4096

export const EXFAT: FileSystemFormat = {
  name: 'exfat',
  recognises: (volume) => exfatBootOf(volume) !== null,
  open(volume) {
    const boot = exfatBootOf(volume)
    if (!boot)
      throw new NotThisFileSystem('superblock-damaged', 'both boot regions of the exFAT volume are unusable')
    return openExfat(volume, boot)
  },
}

function openExfat(volume: Medium, boot: ExfatBoot): FileSystem {
  const problems = new ProblemList()
  const problem = (found: VolumeProblem) => problems.add(found)
  if (boot.fromBackup) problem({ code: 'boot-sector-from-copy', record: 0, detail: '' })
  else if (!boot.checksumFits) problem({ code: 'boot-checksum-failed', record: 0, detail: '' })
  if (boot.sizeBytes > volume.sizeBytes)
    problem({ code: 'volume-cut', record: null, detail: `${volume.sizeBytes} of ${boot.sizeBytes} bytes` })
  const table = new AllocationTable(volume, boot.tables, boot.tableBytes, 32)
  const bitmap: { held: AllocationBitmap | null } = { held: null }
  const heap = new ClusterHeap(volume, boot, table, (cluster) => bitmap.held?.has(cluster) ?? false)
  const critical = criticalEntries(heap, boot)
  const found = critical.files.find(
    ({ type, isSecond }) => type === TYPE.bitmap && isSecond === boot.secondIsActive,
  )
  for (const file of critical.files) {
    const runs = heap.claimDirectory(file.first, heap.clustersFor(file.sizeBytes), false, new BitSet()).runs
    if (file === found) bitmap.held = new AllocationBitmap(volume, runs, file.sizeBytes)
  }
  if (!found) problem({ code: 'bitmap-missing', record: null, detail: '' })
  const reader = new ExfatDirectoryReader(heap.end, problem)
  const tree = new ClusterTree(heap, reader, { fixed: null, first: boot.rootCluster }, problem)
  return {
    kind: 'exfat',
    label: critical.label,
    uuid: boot.serial,
    clusterBytes: boot.clusterBytes,
    firstCluster: { number: FIRST_CLUSTER, offset: boot.heapOffset },
    stated: statedOf(boot),
    entries: () => tree.entries(),
    problems: () => problems.all(),
    classes: () => heap.classes(),
    unallocated: () => heap.unallocated(),
  }
}

interface CriticalFile {
  readonly type: number
  readonly isSecond: boolean
  readonly first: number
  readonly sizeBytes: number
}

/** Bitmap and table of capitals are files without names. Sizes are bounded by the clusters that there are. */
function criticalEntries(heap: ClusterHeap, boot: ExfatBoot): { files: CriticalFile[]; label: string } {
  const files: CriticalFile[] = []
  let label = ''
  let looked = 0
  for (const { bytes } of piecesOf(heap, rootRuns(heap, boot))) {
    for (let at = 0; at + SLOT <= bytes.length; at += SLOT) {
      const type = bytes.readUInt8(at)
      if (type === 0 || ++looked > MOST_LOOKED_AT) return { files, label }
      if (type === TYPE.label)
        label = bytes.toString('utf16le', at + 2, at + 2 + 2 * Math.min(11, bytes.readUInt8(at + 1)))
      if ((type !== TYPE.bitmap && type !== TYPE.upcase) || files.length >= 4) continue
      const sizeBytes = Number(bytes.readBigUInt64LE(at + 24))
      if (heap.clustersFor(sizeBytes) > boot.clusterCount) continue
      const isSecond = type === TYPE.bitmap && (bytes.readUInt8(at + 1) & 1) !== 0
      files.push({ type, isSecond, first: bytes.readUInt32LE(at + 20), sizeBytes })
    }
  }
  return { files, label }
}

/** The searched part of the root directory; no cluster is claimed. */
function rootRuns(heap: ClusterHeap, boot: ExfatBoot): DataRun[] {
  const runs: DataRun[] = []
  const most = Math.ceil((MOST_LOOKED_AT * SLOT) / boot.clusterBytes)
  for (
    let cluster = boot.rootCluster;
    heap.holds(cluster) && runs.length < most;
    cluster = heap.table.next(cluster)
  )
    runs.push({ offset: heap.offsetOf(cluster), length: boot.clusterBytes })
  return runs
}

function statedOf(boot: ExfatBoot): StatedField[] {
  return [
    { name: 'revision', value: boot.revision },
    { name: 'sector-bytes', value: String(boot.sectorBytes) },
    { name: 'clusters', value: String(boot.clusterCount) },
    { name: 'tables', value: String(boot.tables.length) },
  ]
}
