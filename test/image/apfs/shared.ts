/** What tests of APFS ask of a listing. */
import { createHash } from 'node:crypto'
import type { VolumeEntry } from '../../../src/contracts/image.ts'
import { bytesOf, type Listing, listedMedium, memoryMedium, pathOf } from '../volume.ts'

export const open = (bytes: Buffer): Listing => listedMedium(memoryMedium(bytes))
export const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

/** Path below a folder → SHA-256 of the files that have a content, streams aside. */
export function digests(
  { medium, entries }: Listing,
  folder: string,
  which: (entry: VolumeEntry) => boolean = ({ status }) => status === 'live',
): ReadonlyMap<string, string> {
  const files = entries.filter(
    (one) => which(one) && one.kind === 'file' && one.stream === null && one.place.kind !== 'none',
  )
  return new Map(
    files
      .filter((one) => pathOf(one).startsWith(folder))
      .map((one) => [pathOf(one).slice(folder.length), sha256(bytesOf(medium, one))]),
  )
}
