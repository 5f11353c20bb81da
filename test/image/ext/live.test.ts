import { statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  canMount,
  differences,
  haveTools,
  linesOf,
  linesOfMount,
  makeVolume,
  mounted,
  openVolume,
  run,
  sampleTree,
} from './volumes.ts'

const tree = haveTools ? sampleTree() : ''

/** What mke2fs can make, by name: options and size in KiB. */
const VARIANTS: Readonly<Record<string, { kind: string; sizeKiB: number; options: readonly string[] }>> = {
  'ext2, 1 KiB blocks, inodes of 128 bytes': {
    kind: 'ext2',
    sizeKiB: 12_288,
    options: ['-t', 'ext2', '-b', '1024', '-I', '128'],
  },
  'ext2, revision 0': {
    kind: 'ext2',
    sizeKiB: 12_288,
    options: ['-t', 'ext2', '-E', 'revision=0', '-b', '1024'],
  },
  'ext2, sparse_super2': {
    kind: 'ext2',
    sizeKiB: 24_576,
    options: ['-t', 'ext2', '-b', '1024', '-O', 'sparse_super2,^resize_inode'],
  },
  ext3: { kind: 'ext3', sizeKiB: 12_288, options: ['-t', 'ext3', '-b', '2048'] },
  ext4: { kind: 'ext4', sizeKiB: 16_384, options: ['-t', 'ext4', '-b', '4096'] },
  'ext4, 1 KiB blocks': { kind: 'ext4', sizeKiB: 24_576, options: ['-t', 'ext4', '-b', '1024'] },
  'ext4, without checksums': {
    kind: 'ext4',
    sizeKiB: 16_384,
    options: ['-t', 'ext4', '-O', '^metadata_csum'],
  },
  'ext4, checksums of groups only': {
    kind: 'ext4',
    sizeKiB: 24_576,
    options: ['-t', 'ext4', '-b', '1024', '-O', '^metadata_csum,uninit_bg'],
  },
  'ext4, 32 bits': { kind: 'ext4', sizeKiB: 16_384, options: ['-t', 'ext4', '-O', '^64bit'] },
  'ext4, meta_bg': {
    kind: 'ext4',
    sizeKiB: 262_144,
    options: ['-t', 'ext4', '-b', '1024', '-O', 'meta_bg,^resize_inode', '-N', '4096'],
  },
  'ext4, bigalloc': {
    kind: 'ext4',
    sizeKiB: 65_536,
    options: ['-t', 'ext4', '-O', 'bigalloc', '-C', '16384'],
  },
  'ext4, inline data': {
    kind: 'ext4',
    sizeKiB: 16_384,
    options: ['-t', 'ext4', '-O', 'inline_data', '-I', '256'],
  },
  'ext4, inodes of 1 KiB': {
    kind: 'ext4',
    sizeKiB: 16_384,
    options: ['-t', 'ext4', '-O', 'inline_data', '-I', '1024'],
  },
  'ext4, encrypt, quota, large_dir, orphan_file': {
    kind: 'ext4',
    sizeKiB: 16_384,
    options: ['-t', 'ext4', '-O', 'encrypt,quota,project,large_dir,orphan_file,metadata_csum_seed'],
  },
}

describe.skipIf(!canMount)('live entries equal what a kernel shows', () => {
  for (const [name, { kind, sizeKiB, options }] of Object.entries(VARIANTS)) {
    it(name, () => {
      const path = makeVolume(name.replace(/[^a-z0-9]/g, '-'), sizeKiB, tree, ...options)
      const { medium, system, entries } = openVolume(path)
      expect(system.kind).toBe(kind)
      expect(differences(linesOf(medium, entries), mounted(path, 'ro', linesOfMount))).toEqual([])
      expect(system.problems()).toEqual([])
      const { metadata, allocated, unallocated, slack, bad } = system.classes()
      expect(metadata + allocated + unallocated + slack + bad).toBe(statSync(path).size)
      const free = /Free blocks: +(\d+)/.exec(run('dumpe2fs', '-h', path))?.[1]
      expect(unallocated / blockBytesOf(path)).toBe(Number(free))
    })
  }
})

function blockBytesOf(path: string): number {
  return Number(/Block size: +(\d+)/.exec(run('dumpe2fs', '-h', path))?.[1])
}
