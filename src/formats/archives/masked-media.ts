/**
 * Extractor for a picture or video hidden by XOR with one byte. Its only member is the original content. Some apps
 * change only the first 128 bytes.
 */
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

/** NQ Vault changes only these bytes. */
const MASKED_BEGINNING = 128

/** The content ends like a JPEG, PNG or GIF, or contains box names of a video behind the changed bytes. */
function endsPlain(bytes: Buffer): boolean {
  const end = bytes.subarray(-12).toString('latin1')
  if (end.endsWith('\xff\xd9') || end.includes('IEND') || end.endsWith('\0;')) return true
  return ['moov', 'mdat', 'moof'].some((name) => bytes.includes(name, MASKED_BEGINNING, 'latin1'))
}
