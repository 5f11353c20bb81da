/** Extended attributes and resource forks of a volume that 7-Zip opens. */
import { hash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { LAST_USED, QUARANTINE, WHERE_FROMS } from '../../fixtures/device/apple.ts'
import { hfsPlus } from '../../fixtures/device/hfs-plus.ts'
import { jpeg } from '../../fixtures/pictures.ts'
import { mutant } from '../formats/artefacts/records-of.ts'
import { listContainer } from './list-container.ts'

const picture = (await jpeg({ seed: 3, width: 64, height: 48 })).subarray(0, 4096)
const fork = Buffer.from('a fork of its own')
const attributes = {
  'com.apple.lastuseddate#PS': LAST_USED,
  'com.apple.metadata:kMDItemWhereFroms': WHERE_FROMS,
  'com.apple.quarantine': QUARANTINE,
}
const volume = hfsPlus('lake.jpg', picture, attributes, fork)

describe('a volume of HFS+', () => {
  it('gives extended attributes and the resource fork of a file as members beside it', async () => {
    const { members, mediaType, result } = await listContainer(volume)
    expect([mediaType, result]).toEqual([expect.stringContaining('application/'), { result: 'done' }])
    const files = members.filter(({ digests }) => digests !== undefined && digests !== null)
    const sha256 = (bytes: Buffer) => hash('sha256', bytes)
    expect(Object.fromEntries(files.map(({ name, digests }) => [name, digests!.sha256]))).toEqual({
      'Lake/lake.jpg': sha256(picture),
      'Lake/lake.jpg:rsrc': sha256(fork),
      ...Object.fromEntries(
        Object.entries(attributes).map(([name, bytes]) => [`Lake/lake.jpg:${name}`, sha256(bytes)]),
      ),
    })
  })

  it('survives 50 mutants', async () => {
    for (let i = 0; i < 50; i++) {
      const { result } = await listContainer(mutant(volume, i), 'application/x-apple-diskimage')
      expect(result.result).toMatch(/^(done|done-with-warnings|not-done)$/)
    }
  })
})
