/** A picture or video that was hidden by XOR with one byte: its one member is what it is without. Some apps change the first 128 bytes alone. */
import { maskOf } from '../signatures/masked.ts'
import { ContainerDamaged, type Extractor, wholeOf } from './common/container.ts'

export const maskedMedia: Extractor = {
  id: 'masked-media',
  mediaTypes: ['application/x-masked-media'],
  inMemory: true,
  async *members(source, budget) {
    const bytes = wholeOf(source)
    const mask = maskOf(bytes)
    if (mask === null) throw new ContainerDamaged({ code: 'ends-inside-header', params: {} })
    budget.entry()
    yield {
      kind: 'member',
      name: Buffer.from('content'),
      entryKind: 'file',
      sizeBytes: BigInt(bytes.length),
      modified: null,
      linkTarget: null,
      read: async () => {
        budget.charge(bytes.length)
        const masked = endsPlain(bytes) ? MASKED_BEGINNING : bytes.length
        const plain = Buffer.from(bytes)
        for (let i = 0; i < Math.min(masked, plain.length); i++) plain[i]! ^= mask
        return plain
      },
    }
  },
}

/** NQ Vault does so. */
const MASKED_BEGINNING = 128

/** As a JPEG, a PNG or a GIF ends, or boxes of a video that are named where they are not changed. */
function endsPlain(bytes: Buffer): boolean {
  const end = bytes.subarray(-12).toString('latin1')
  if (end.endsWith('\xff\xd9') || end.includes('IEND') || end.endsWith('\0;')) return true
  return ['moov', 'mdat', 'moof'].some((name) => bytes.includes(name, MASKED_BEGINNING, 'latin1'))
}
