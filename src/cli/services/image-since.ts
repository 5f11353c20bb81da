/** Whether the image of a resumed run was written to since the run began: a ledger holds no other sign of it. */
import { fstatSync } from 'node:fs'
import { UsageError } from '../../base/errors.ts'
import { printText } from '../../base/evidence-path.ts'
import type { ImageHash } from '../../contracts/image-exhibit.ts'
import type { HeldImage } from '../../host/held/held-image.ts'
import { verifyAside } from '../../host/lister/list-in-process.ts'

export interface Begun {
  readonly beganUtc: string
  /** Of every byte of the image, before the run began; empty: it was not hashed. */
  readonly hashes: readonly ImageHash[]
}

/**
 * A copy without its times looks the same as a change. The hashes of the ledger tell them apart, where there are some.
 * @param held null: the exhibit is a mount, whose files are compared one by one
 * @returns segments that may be changed
 * @throws UsageError when a hash of the image is not the one in the ledger
 */
export async function writtenSince(
  held: HeldImage | null,
  { beganUtc, hashes }: Begun,
  readStallMs: number,
): Promise<readonly string[]> {
  if (held === null) return []
  const names = laterThan(held, Date.parse(beganUtc))
  if (names.length === 0 || hashes.length === 0) return names
  process.stderr.write(`seized: ${writtenText(names)} It is read whole, to compare its hash …\n`)
  const algorithms = hashes.map(({ algorithm }) => algorithm)
  const { verified } = await verifyAside(held, algorithms, readStallMs)
  const isSame = hashes.every(({ algorithm, hex }) =>
    verified.hashes.some((now) => now.algorithm === algorithm && now.hex === hex),
  )
  if (isSame) return []
  throw new UsageError(
    `${writtenText(names)} Its hash is not the one that the run computed. Nothing more was examined. Restore the image, or scan into a new ledger.`,
    { code: 'exhibit-differs' },
  )
}

export function writtenText(names: readonly string[]): string {
  return `The image was written to after the run began, or copied without its times: ${printText(names.join(', '))}.`
}

/** The time of a device is not that of its content. */
function laterThan({ segments, descriptors }: HeldImage, beganMs: number): readonly string[] {
  return descriptors.flatMap((fd, i) => {
    const stats = fstatSync(fd)
    return stats.isFile() && stats.mtimeMs > beganMs ? [segments[i]?.name ?? ''] : []
  })
}
