/** FAT12, FAT16 and FAT32: memory cards, USB sticks, cameras, the boot partition of nearly everything. */
import type {
  FileSystem,
  FileSystemFormat,
  Medium,
  StatedField,
  VolumeProblem,
} from '../../../../contracts/image.ts'
import { AllocationTable, FREE } from '../clusters/allocation-table.ts'
import { ClusterHeap, FIRST_CLUSTER } from '../clusters/heap.ts'
import { ProblemList } from '../clusters/problem-list.ts'
import { ClusterTree } from '../clusters/tree.ts'
import { NotThisFileSystem } from '../common/not-this-file-system.ts'
import { type FatBoot, fatBootOf } from './boot-sector.ts'
import { FatDirectoryReader } from './directory.ts'
import { labelOf } from './label.ts'

export const FAT: FileSystemFormat = {
  name: 'fat',
  recognises: (volume) => fatBootOf(volume) !== null,
  open(volume) {
    const boot = fatBootOf(volume)
    if (!boot)
      throw new NotThisFileSystem(
        'superblock-damaged',
        'the boot sector of the FAT volume is unusable, and its copy too',
      )
    return openFat(volume, boot)
  },
}

function openFat(volume: Medium, boot: FatBoot): FileSystem {
  const problems = new ProblemList()
  const problem = (found: VolumeProblem) => problems.add(found)
  if (boot.fromBackup) problem({ code: 'boot-sector-from-copy', record: 0, detail: '' })
  if (boot.sizeBytes > volume.sizeBytes)
    problem({ code: 'volume-cut', record: null, detail: `${volume.sizeBytes} of ${boot.sizeBytes} bytes` })
  const table = new AllocationTable(volume, boot.tables, boot.tableBytes, boot.bits)
  const heap = new ClusterHeap(volume, boot, table, (cluster) => table.next(cluster) !== FREE)
  const reader = new FatDirectoryReader(boot.bits === 28, boot.clusterCount, problem)
  const tree = new ClusterTree(heap, reader, { fixed: boot.root, first: boot.rootCluster }, problem)
  return {
    kind: boot.bits === 28 ? 'fat32' : `fat${boot.bits}`,
    label: labelOf(heap, boot) ?? boot.label,
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

function statedOf(boot: FatBoot): StatedField[] {
  return [
    { name: 'oem', value: boot.oem },
    { name: 'boot-label', value: boot.label },
    { name: 'sector-bytes', value: String(boot.sectorBytes) },
    { name: 'clusters', value: String(boot.clusterCount) },
    { name: 'tables', value: String(boot.tables.length) },
  ]
}
