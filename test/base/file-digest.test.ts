import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { fileDigest, fileSha256 } from '../../src/base/file-digest.ts'

describe('the digest of a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'seized-digest-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const file = (bytes: number) => {
    const path = join(folder, `${bytes}`)
    writeFileSync(path, Buffer.alloc(bytes, 'one of our own files'))
    return path
  }
  const hashed = (bytes: number, algorithm: string) =>
    createHash(algorithm).update(Buffer.alloc(bytes, 'one of our own files')).digest('hex')

  it('is that of all its bytes, whatever its length', async () => {
    for (const bytes of [0, 1, 1_048_576, 3_000_001]) {
      expect(await fileSha256(file(bytes))).toBe(hashed(bytes, 'sha256'))
      expect(await fileDigest(file(bytes), 'md5')).toBe(hashed(bytes, 'md5'))
    }
  })

  it('takes no more memory for a long one', async () => {
    const path = file(300_000_000)
    const before = process.memoryUsage().arrayBuffers
    let most = 0
    const look = setInterval(() => (most = Math.max(most, process.memoryUsage().arrayBuffers)), 1)
    await fileSha256(path)
    clearInterval(look)
    expect(most - before).toBeLessThan(4_000_000)
  })

  it('of a file that is not there is an error', async () => {
    await expect(fileSha256(join(folder, 'missing'))).rejects.toThrow('ENOENT')
  })
})
