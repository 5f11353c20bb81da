/**
 * Further checks for formats whose signature is too short. Each function returns null when the format does not fit.
 */
import type { Sample } from '../../media-types/sample.ts'

export function starts({ head }: Sample, offset: number, bytes: Buffer | string): boolean {
  const wanted = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes
  return (
    head.length >= offset + wanted.length &&
    head.compare(wanted, 0, wanted.length, offset, offset + wanted.length) === 0
  )
}

// Sizes of the existing bitmap headers: OS/2 1 and 2, Windows 3, its undocumented and later versions.
const BITMAP_HEADERS = new Set([12, 16, 40, 52, 56, 64, 108, 124])

export function bmpType({ head }: Sample): string | null {
  if (head.length < 26) return null
  return BITMAP_HEADERS.has(head.readUInt32LE(14)) ? 'image/bmp' : null
}

/** Icon or cursor: the first directory entry must point inside the file. */
export function iconType({ head, sizeBytes }: Sample): string | null {
  if (head.length < 22) return null
  const count = head.readUInt16LE(4)
  const [length, offset] = [head.readUInt32LE(14), head.readUInt32LE(18)]
  const sane = count > 0 && count <= 256 && (head[9] === 0 || head[9] === 255)
  return sane && length > 0 && offset >= 6 + 16 * count && offset + 4 <= sizeBytes ? 'image/x-icon' : null
}

const ICON_DEPTHS = new Set([0, 1, 4, 8, 16, 24, 32])

/**
 * Rejects a false icon: the library recognises icons by four bytes, and NTFS's $UpCase starts with them. No icon has
 * these plane counts or depths.
 */
export function isNoIcon(head: Buffer): boolean {
  const cursor = head[2] === 2
  if (cursor || head.length < 22) return false
  return head.readUInt16LE(10) > 1 || !ICON_DEPTHS.has(head.readUInt16LE(12))
}

export function pcxType({ head }: Sample): string | null {
  const [, version, encoding, bits] = head
  const sane = [0, 2, 3, 4, 5].includes(version!) && encoding! <= 1 && [1, 2, 4, 8].includes(bits!)
  return sane && head.length >= 128 && head[64] === 0 ? 'image/vnd.zbrush.pcx' : null
}

export function fliType({ head, sizeBytes }: Sample): string | null {
  return head.length >= 128 &&
    head.readUInt32LE(0) <= sizeBytes * 2 &&
    head.readUInt16LE(12) <= 8 &&
    head.readUInt16LE(8) > 0
    ? 'video/x-flc'
    : null
}

export function dwgType({ head }: Sample): string | null {
  return /^AC10\d\d/.test(head.toString('latin1', 0, 6)) ? 'image/vnd.dwg' : null
}

/** LZMA alone has no signature: properties, dictionary size, and a size that is unknown or below 256 GiB. */
export function lzmaType({ head }: Sample): string | null {
  if (head.length < 18) return null
  const [low, high] = [head.readUInt32LE(5), head.readUInt32LE(9)]
  return (low === 0xffffffff && high === 0xffffffff) || high < 64 ? 'application/x-lzma' : null
}

/** Superblock of ext2–4: magic at 56, a block size of at most 64 KiB, a valid state. */
export function extType({ head }: Sample): string | null {
  return head.readUInt32LE(1024 + 24) <= 6 && head.readUInt16LE(1024 + 58) <= 7
    ? 'application/x-raw-disk-image'
    : null
}

/** A boot sector ends with the bytes 55 AA. */
export function bootType({ head }: Sample): string | null {
  return head.length >= 512 && head.readUInt16BE(510) === 0x55aa ? 'application/x-raw-disk-image' : null
}

/**
 * Boot sector of NTFS. NTFS's own $Boot has neither the file table nor its copy inside the content, so it cannot be
 * listed.
 */
export function ntfsType({ head, sizeBytes }: Sample): string | null {
  if (head.length < 64) return null
  const [sectorBytes, sectors] = [head.readUInt16LE(11), head[13]!]
  const clusterBytes = BigInt(sectorBytes * (sectors > 128 ? 2 ** (256 - sectors) : sectors))
  const tables = [head.readBigUInt64LE(48), head.readBigUInt64LE(56)]
  return tables.some((cluster) => cluster * clusterBytes < BigInt(sizeBytes))
    ? 'application/x-raw-disk-image'
    : null
}

/** Both formats start with cafebabe. A class-file version (from 45) or a small count of architectures follows. */
export function javaOrMach({ head }: Sample): string | null {
  if (head.length < 8) return null
  return head.readUInt32BE(4) < 40 ? 'application/x-mach-binary' : 'application/java-vm'
}

export function flashType({ head, sizeBytes }: Sample): string | null {
  return head[3]! > 0 && head[3]! < 64 && sizeBytes > 16 ? 'application/x-shockwave-flash' : null
}

/**
 * Embedded OpenType: the two letters at 34 are not sufficient, so the version must fit (W3C submission "EOT", 2008,
 * §3).
 */
export function eotType({ head }: Sample): string | null {
  const version = head.length >= 82 ? head.readUInt32LE(8) : 0
  return [0x10000, 0x20001, 0x20002].includes(version) ? 'application/vnd.ms-fontobject' : null
}
