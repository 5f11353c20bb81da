/**
 * Known but unsupported containers. Their images must not be treated as raw bytes, because a search of those would
 * find nothing.
 */
import type { Segment } from '../../../contracts/image.ts'
import { ImageRefused, type RefusedCode } from '../../../wire/image-refused.ts'
import { readAt } from '../content/read-at.ts'

interface Other {
  readonly format: string
  readonly signature: Buffer
  readonly code: RefusedCode
}

const OTHERS: readonly Other[] = [
  { format: 'aff', signature: Buffer.from('AFF10\r\n\0'), code: 'format-not-built' },
  { format: 'ad1', signature: Buffer.from('ADCRYPT\0'), code: 'format-encrypted' },
  { format: 'parallels', signature: Buffer.from('WithoutFreeSpace'), code: 'format-not-built' },
  { format: 'sparsebundle', signature: Buffer.from('sprs'), code: 'format-not-built' },
  { format: 'encrypted-dmg', signature: Buffer.from('encrcdsa'), code: 'format-encrypted' },
]

/** File extensions of containers: raw bytes under such a name mean a container with a damaged header. */
const PROMISES = /(?<!-flat)\.(?:e01|ex01|s01|l01|lx01|ad1|vhd|vhdx|avhdx|vmdk|qcow2?|aff4?)$/i

/** @throws ImageRefused */
export function refuseOthers({ name, medium }: Segment): void {
  for (const { format, signature, code } of OTHERS) {
    if (!signature.equals(readAt(medium, 0, signature.length))) continue
    const why = code === 'format-encrypted' ? 'is encrypted' : 'is not read'
    throw new ImageRefused(code, `${name} is a container of the format ${format}, which ${why}.`, {
      segment: name,
      format,
    })
  }
}

/** Where raw disks and volumes have their signatures: MBR and FAT, Apple's partition table, APFS, HFS+, ISO 9660. */
const DISKS: readonly (readonly [number, Buffer])[] = [
  [510, Buffer.of(0x55, 0xaa)],
  [0, Buffer.from('ER')],
  [32, Buffer.from('NXSB')],
  [1024, Buffer.from('H+')],
  [1024, Buffer.from('HX')],
  [32_769, Buffer.from('CD001')],
]

/**
 * Apple's name for disk images promises a trailer, but raw disks have it too.
 *
 * @throws ImageRefused when a file without any signature has the extension of a container
 */
export function refusePromised({ name, medium }: Segment): void {
  const isDisk = () => DISKS.some(([at, bytes]) => bytes.equals(readAt(medium, at, bytes.length)))
  if (!PROMISES.test(name) && (!/\.dmg$/i.test(name) || isDisk())) return
  throw new ImageRefused('header-damaged', `${name} is not what its ending promises.`, {
    segment: name,
  })
}
