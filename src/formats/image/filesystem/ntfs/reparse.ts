/** Reparse points: replacements of a name's own data (MS-FSCC 2.1.2). */
import type { VolumeEntry } from '../../../../contracts/image.ts'
import { type Value, viewOf } from './record.ts'
import { wtf8 } from './text.ts'

export interface Reparse {
  /** Kind that it makes of the entry; null leaves it. */
  readonly kind: VolumeEntry['kind'] | null
  readonly linkTarget: Buffer | null
  readonly note: string
  /** Location or coding of the content. */
  readonly content: 'own' | 'wof' | 'wim' | 'dedup' | 'cloud'
  /** Coding of WOF; null for an unknown number. */
  readonly wof: 'xpress4k' | 'lzx' | 'xpress8k' | 'xpress16k' | null
}

const WOF_CODINGS = ['xpress4k', 'lzx', 'xpress8k', 'xpress16k'] as const
const own = { kind: null, linkTarget: null, content: 'own', wof: null } as const

/** @param value value of the attribute: tag, length, then data by tag */
export function reparseOf(value: Buffer): Reparse {
  if (value.length < 8) return { ...own, note: 'reparse-damaged' }
  const tag = value.readUInt32LE(0)
  const data = value.subarray(8)
  // OneDrive and its like: 0x9000_0x1A to 0x9000_Fx1A.
  if ((tag & 0xffff0fff) >>> 0 === 0x9000001a) return { ...own, note: 'cloud-file', content: 'cloud' }
  switch (tag) {
    case 0xa000000c:
      return { ...own, kind: 'symlink', linkTarget: substitute(data, 12), note: 'symlink' }
    case 0xa0000003:
      return { ...own, kind: 'symlink', linkTarget: substitute(data, 8), note: 'junction' }
    // Subsystem for Linux: a version, then the target in UTF-8.
    case 0xa000001d:
      return { ...own, kind: 'symlink', linkTarget: Buffer.from(data.subarray(4)), note: 'linux-symlink' }
    case 0x80000023:
      return { ...own, kind: 'socket', note: 'linux-socket' }
    case 0x80000024:
      return { ...own, kind: 'fifo', note: 'linux-fifo' }
    case 0x80000025:
      return { ...own, kind: 'character-device', note: 'linux-device' }
    case 0x80000026:
      return { ...own, kind: 'block-device', note: 'linux-device' }
    case 0x80000013:
      return { ...own, note: 'dedup', content: 'dedup' }
    case 0x80000017:
      return wof(data)
    default:
      return { ...own, note: `reparse-0x${tag.toString(16).padStart(8, '0')}` }
  }
}

/** Provider 1 is a WIM on another place, 2 a stream of the file itself; both in version 1. */
function wof(data: Buffer): Reparse {
  if (data.length >= 8 && data.readUInt32LE(4) === 1) return { ...own, note: 'wim-backed', content: 'wim' }
  const coding =
    data.length >= 16 && data.readUInt32LE(4) === 2 ? WOF_CODINGS[data.readUInt32LE(12)] : undefined
  return { ...own, note: 'compressed', content: 'wof', wof: coding ?? null }
}

const INTERIX = 'IntxLNK\x01'
const SYSTEM_FILE = 4

/**
 * Links of Interix, which ntfs-3g still makes: a system file with a mark and the target.
 * @param attributes flags in $STANDARD_INFORMATION
 */
export function interixLink(attributes: number, value: Value | null): Reparse | null {
  if ((attributes & SYSTEM_FILE) === 0 || !value) return null
  const held = viewOf(value)
  if (held.toString('latin1', 0, 8) !== INTERIX) return null
  return { ...own, kind: 'symlink', linkTarget: wtf8(held.subarray(8)), note: 'interix-symlink' }
}

/** The name that the system follows, as stored. */
function substitute(data: Buffer, head: number): Buffer | null {
  if (data.length < head) return null
  const from = head + data.readUInt16LE(0)
  const to = from + data.readUInt16LE(2)
  return to <= data.length ? wtf8(data.subarray(from, to)) : null
}
