import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { PROGRAM_ROOT } from '../../src/base/version.ts'
import { WHOLE } from '../whole.ts'
import { CAN_MOUNT } from './ntfs/helpers.ts'
import { hasTools } from './volume.ts'

/** Of each file system and container; 500 and runs of the program itself by hand: `node dist/scripts/soak/mutants.js --runs 5`. */
const EACH = WHOLE ? 20 : 8
const TOOLS = [
  'mkntfs',
  'ntfs-3g',
  'mke2fs',
  'mkfs.xfs',
  'mkfs.btrfs',
  'mkfs.f2fs',
  'mkfs.exfat',
  'mount.exfat-fuse',
  'mkfs.vfat',
  'mcopy',
  'qemu-img',
  'ewfacquire',
  'zip',
  'losetup',
  'setfattr',
]

describe.skipIf(!CAN_MOUNT || !hasTools(...TOOLS))(
  `mutants (skipped without root, ${TOOLS.join(', ')})`,
  () => {
    it('of every file system and container end by themselves in a child with a limit, and every byte has a class', () => {
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        [join(PROGRAM_ROOT, 'dist/scripts/soak/mutants.js'), '--each', String(EACH)],
        { encoding: 'utf8' },
      )
      expect([status, stderr]).toEqual([0, ''])
      const rows = stdout.split('\n').filter((line) => line.includes(`${EACH} mutants of `))
      expect(rows).toHaveLength(23)
      expect(rows.filter((row) => !row.includes('hung or crashed 0; wrong 0'))).toEqual([])
    })
  },
)
