/**
 * VMware disks: one sparse file, a descriptor with flat or sparse extents, and stream-optimised files.
 *
 * @see VMware, "Virtual Disk Format 5.0", 2011
 */
import { bytesOf } from '../../../../base/byte-string.ts'
import type { ContainerFormat, Damage, Medium, OpenImage, Segment } from '../../../../contracts/image.ts'
import { ImageRefused, plausibleSize } from '../../../../wire/image-refused.ts'
import { type JoinedPart, joinedMedium } from '../../content/joined-medium.ts'
import { damageOf } from '../../content/lacking.ts'
import { partOf } from '../../content/ranges.ts'
import { readAt } from '../../content/read-at.ts'
import { DESCRIPTOR_BYTES_AT_MOST, parseDescriptor, type VmdkDescriptor } from './descriptor.ts'
import { isSparse, SECTOR_BYTES, type SparseExtent, sparseDescriptor, sparseExtent } from './sparse.ts'

const FLAT = new Set(['FLAT', 'VMFS', 'VMFSRAW', 'VMFSRDM'])
const SPARSE = new Set(['SPARSE', 'VMFSSPARSE'])

export const VMDK: ContainerFormat = {
  name: 'vmdk',
  recognises: ([first]) => isSparse(first.medium) || descriptorOf(first.medium) !== null,
  open([first, ...extents]) {
    const text = descriptorOf(first.medium)
    const descriptor = text ?? sparseDescriptor(first.medium)
    if (!descriptor) {
      throw new ImageRefused(
        'segment-order',
        `${first.name} is an extent of a disk: give the file that describes the disk.`,
        {
          segment: first.name,
        },
      )
    }
    if (descriptor.parent !== 'ffffffff' && descriptor.parent !== '') {
      throw new ImageRefused(
        'parent-missing',
        `${first.name} holds only what differs from its parent: a snapshot is not read alone.`,
        {
          segment: first.name,
          parent: descriptor.parent,
        },
      )
    }
    const disk = text ? joinedExtents(descriptor, extents) : sparseExtent(first)
    plausibleSize(disk.medium.sizeBytes, 'vmdk')
    return image(descriptor, disk)
  },
}

function image(descriptor: VmdkDescriptor, { medium, lacks }: SparseExtent): OpenImage {
  return {
    format: 'vmdk',
    medium,
    stated: [
      { name: 'subformat', value: descriptor.createType },
      { name: 'set-identifier', value: descriptor.identifier },
    ].filter(({ value }) => value !== ''),
    storedHashes: [],
    remarks: [],
    lacks: () => damageOf(medium.sizeBytes, lacks()),
    logical: null,
  }
}

function descriptorOf(medium: Medium): VmdkDescriptor | null {
  return parseDescriptor(readAt(medium, 0, DESCRIPTOR_BYTES_AT_MOST))
}

interface Extent extends JoinedPart, Partial<SparseExtent> {
  readonly medium: Medium
}

function joinedExtents(descriptor: VmdkDescriptor, segments: readonly Segment[]): SparseExtent {
  const parts = descriptor.extents.map(({ type, name, sectors, offsetSectors }): Extent => {
    const lengthBytes = plausibleSize(sectors * SECTOR_BYTES, 'vmdk')
    if (type === 'ZERO') return { medium: zeros(lengthBytes), lengthBytes }
    // Descriptors are written in UTF-8, or in the code page of a Windows machine.
    const segment = segments.find((one) => one.name === name || one.name === bytesOf(name).toString())
    if (!segment) {
      throw new ImageRefused('segment-missing', `${name} is missing, which the descriptor names.`, {
        segment: name,
      })
    }
    if (SPARSE.has(type)) return { ...sparseExtent(segment), lengthBytes }
    if (!FLAT.has(type)) {
      throw new ImageRefused('format-not-built', `${name} is an extent of type ${type}, which is not read.`, {
        segment: name,
        format: `vmdk ${type}`,
      })
    }
    return {
      medium: partOf(segment.medium, { offset: offsetSectors * SECTOR_BYTES, length: lengthBytes }),
      lengthBytes,
    }
  })
  const medium = joinedMedium(parts)
  return { medium, lacks: () => lackingIn(parts, medium) }
}

/**
 * Missing data of each sparse extent, cut to the size in the descriptor; for flat extents, the missing bytes of their
 * files.
 */
function* lackingIn(parts: readonly Extent[], medium: Medium): Iterable<Damage> {
  let at = 0
  for (const { lengthBytes, lacks } of parts) {
    for (const damage of lacks?.() ?? []) {
      const length = Math.min(damage.length, lengthBytes - damage.offset)
      if (length > 0) yield { ...damage, offset: at + damage.offset, length }
    }
    at += lengthBytes
  }
  yield* medium.damageIn(0, medium.sizeBytes)
}

function zeros(sizeBytes: number): Medium {
  return {
    sizeBytes,
    readInto(target, offset) {
      const wanted = Math.max(0, Math.min(target.length, sizeBytes - offset))
      target.fill(0, 0, wanted)
      return wanted
    },
    damageIn: () => [],
  }
}
