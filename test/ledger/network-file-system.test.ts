import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { networkFileSystemWarning } from '../../src/ledger/write/network-file-system.ts'
import { temporaryFolder } from './temporary.ts'

const ROOT = '22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw'

it('warns of a ledger on a network file system, by the deepest mount above it', () => {
  const folder = temporaryFolder()
  const path = join(folder, 'case.sqlite')
  const nfs = `40 22 0:50 / ${tmpdir()} rw - nfs4 server:/cases rw`
  expect(networkFileSystemWarning(path, ROOT)).toBe(null)
  expect(networkFileSystemWarning(path, `${ROOT}\n${nfs}`)).toMatch(/network file system \(nfs4\)/)
  expect(
    networkFileSystemWarning(path, `${ROOT}\n${nfs}\n41 40 8:2 / ${folder} rw shared:1 - xfs /dev/sdb rw`),
  ).toBe(null)
  expect(networkFileSystemWarning(path, '')).toBe(null)
})
