/**
 * Virtual hard disks of Virtual PC and Hyper-V, fixed and dynamic. A differencing disk contains only changes against
 * its parent and is refused.
 *
 * @see Microsoft, "Virtual Hard Disk Image Format Specification", 2006
 */
import type { ContainerFormat, Medium, OpenImage } from '../../../contracts/image.ts'
import { ImageRefused, plausibleSize } from '../../../wire/image-refused.ts'
import { type BlockPlace, blockMedium, lackingBlocks, ZEROS } from '../content/block-medium.ts'
import { joinedMedium } from '../content/joined-medium.ts'
import { PagedTable } from '../content/paged-table.ts'
import { partOf } from '../content/ranges.ts'
import { readAt, u64be } from '../content/read-at.ts'

const FOOTER_BYTES = 512
const COOKIE = Buffer.from('conectix')
const HEADER_BYTES = 1024
const HEADER_COOKIE = Buffer.from('cxsparse')
const SECTOR_BYTES = 512
const BLOCK_BYTES_AT_MOST = 1 << 28
const UNUSED = 0xffffffff
const [FIXED, DYNAMIC, DIFFERENCING] = [2, 3, 4]
/** 2000-01-01 UTC in seconds since 1970; VHD counts its times from there. */
const EPOCH_SECONDS = 946_684_800

export const VHD: ContainerFormat = {
  name: 'vhd',
  recognises: ([first]) => footersOf(first.medium).length > 0,
  open([{ name, medium }]) {
    const footers = footersOf(medium)
    // A footer that is identical at two offsets is accepted despite a wrong checksum.
    const footer =
      footers.find(sound) ??
      footers.find((one, index) => footers.slice(index + 1).some((other) => one.equals(other)))
    if (!footer) {
      throw new ImageRefused('header-damaged', `No footer of ${name} has the checksum that it states.`, {
        segment: name,
        format: 'vhd',
      })
    }
    const type = footer.readUInt32BE(60)
    if (type === DIFFERENCING) {
      const parent = parentName(medium, footer)
      throw new ImageRefused(
        'parent-missing',
        `${name} holds only what differs from ${parent || 'its parent'}: a differencing disk is not read.`,
        {
          segment: name,
          parent,
        },
      )
    }
    if (type !== FIXED && type !== DYNAMIC) {
      throw new ImageRefused('format-not-built', `${name} is a VHD of type ${type}, which is not read.`, {
        segment: name,
        format: `vhd type ${type}`,
      })
    }
    const sizeBytes = plausibleSize(u64be(footer, 48), 'vhd')
    const remarks: { code: string; params: Record<string, string | number> }[] = []
    if (!COOKIE.equals(readAt(medium, medium.sizeBytes - FOOTER_BYTES, COOKIE.length))) {
      remarks.push({ code: 'image-cut', params: { segment: name } })
    }
    if (!sound(footer)) remarks.push({ code: 'header-checksum', params: { segment: name } })
    return {
      format: 'vhd',
      ...(type === FIXED ? { medium: fixed(medium, sizeBytes) } : dynamic(name, medium, footer, sizeBytes)),
      stated: stated(footer),
      storedHashes: [],
      remarks,
      logical: null,
    }
  },
}

/** The footer at the end, and its copy at the beginning of all disks except fixed ones. */
function footersOf(medium: Medium): Buffer[] {
  // Versions before Virtual PC 2004 wrote 511 bytes.
  const places = [medium.sizeBytes - FOOTER_BYTES, medium.sizeBytes - FOOTER_BYTES + 1, 0]
  return places
    .filter((at) => at >= 0)
    .map((at) => readAt(medium, at, FOOTER_BYTES))
    .map((bytes) =>
      bytes.length === FOOTER_BYTES
        ? bytes
        : Buffer.concat([bytes, Buffer.alloc(FOOTER_BYTES - bytes.length)]),
    )
    .filter((bytes) => COOKIE.equals(bytes.subarray(0, 8)))
}

const sound = (footer: Buffer): boolean => onesComplement(footer, 64) === footer.readUInt32BE(64)

/** The complement of the sum of all bytes except the four bytes of the checksum. */
function onesComplement(bytes: Buffer, at: number): number {
  let sum = 0
  for (const [index, byte] of bytes.entries()) if (index < at || index >= at + 4) sum += byte
  return ~sum >>> 0
}

function fixed(medium: Medium, sizeBytes: number): Medium {
  const body = partOf(medium, { offset: 0, length: sizeBytes })
  return joinedMedium([{ medium: body, lengthBytes: sizeBytes }])
}

function dynamic(
  name: string,
  medium: Medium,
  footer: Buffer,
  sizeBytes: number,
): Pick<OpenImage, 'medium' | 'lacks'> {
  const header = readAt(medium, u64be(footer, 16), HEADER_BYTES)
  const blockBytes = header.length === HEADER_BYTES ? header.readUInt32BE(32) : 0
  const usable =
    header.length === HEADER_BYTES &&
    HEADER_COOKIE.equals(header.subarray(0, 8)) &&
    onesComplement(header, 36) === header.readUInt32BE(36) &&
    blockBytes >= SECTOR_BYTES &&
    blockBytes <= BLOCK_BYTES_AT_MOST &&
    (blockBytes & (blockBytes - 1)) === 0
  if (!usable) {
    throw new ImageRefused('header-damaged', `The header of ${name} cannot be used.`, {
      segment: name,
      format: 'vhd',
    })
  }
  const [tableOffset, entries] = [u64be(header, 16), header.readUInt32BE(28)]
  const table = new PagedTable(medium, tableOffset, entries, 4)
  const bitmapBytes = Math.ceil(blockBytes / SECTOR_BYTES / 8 / SECTOR_BYTES) * SECTOR_BYTES
  const placeOf = (index: number): BlockPlace => {
    const sector = table.entry(index)?.readUInt32BE(0)
    if (sector === undefined) return { kind: 'damaged', cause: 'table' }
    return sector === UNUSED ? ZEROS : { kind: 'stored', medium, offset: sector * SECTOR_BYTES + bitmapBytes }
  }
  return {
    medium: blockMedium(sizeBytes, blockBytes, placeOf),
    lacks: () =>
      lackingBlocks(sizeBytes, blockBytes, placeOf, Math.min(entries, (medium.sizeBytes - tableOffset) / 4)),
  }
}

function parentName(medium: Medium, footer: Buffer): string {
  const name = Buffer.from(readAt(medium, u64be(footer, 16) + 64, 512))
  if (name.length < 512) return ''
  return name.swap16().toString('utf16le').replace(/\0.*$/s, '')
}

function stated(footer: Buffer): OpenImage['stated'] {
  const seconds = footer.readUInt32BE(24) + EPOCH_SECONDS
  return [
    { name: 'created', value: new Date(seconds * 1000).toISOString() },
    { name: 'program-version', value: footer.toString('latin1', 28, 32).replace(/[^\x20-\x7e]/g, '') },
    { name: 'set-identifier', value: footer.toString('hex', 68, 84) },
    { name: 'subformat', value: footer.readUInt32BE(60) === FIXED ? 'fixed' : 'dynamic' },
  ]
}
