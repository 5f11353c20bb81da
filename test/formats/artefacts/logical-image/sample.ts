/** What is read of this kind: a sample of each of its files. */
import { ad1, l01, listOf } from '../../../image/container/writers.ts'
import type { ArtefactSample } from '../../sample.ts'

export const samples: readonly ArtefactSample[] = [
  {
    mediaType: 'application/x-ad1-image',
    make: () => ad1([{ name: 'a.jpg', data: Buffer.from('a') }])[0]!,
    records: 1,
  },
  {
    mediaType: 'application/x-ewf-logical',
    make: () => {
      const cells = { ls: '7', be: '1 0 7', ha: 'a1'.repeat(16) }
      return l01(Buffer.alloc(32_768, 3), listOf(32_768, [{ name: 'a.jpg', cells }, { name: 'b.jpg' }]))
    },
    records: 1,
  },
]
