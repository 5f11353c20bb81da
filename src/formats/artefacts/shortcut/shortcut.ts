/**
 * Reads Windows shortcuts (LNK), which Explorer and Office create for opened files: path, size and times of the
 * target at that time, its volume, and the machine.
 *
 * @see Microsoft, "[MS-SHLLINK]: Shell Link (.LNK) Binary File Format", sections 2.1, 2.3, 2.4, 2.5.10
 */
import { definedOnly } from '../../../base/defined-only.ts'
import { decodeLocal } from '../../bytes/local-text.ts'
import { fileTime } from '../../bytes/times.ts'
import { type ArtefactReader, type KindedTime, NotAnArtefact, timesOfRecord } from '../../records/artefact.ts'

export const HEADER = 76
const HAS_ID_LIST = 0x01
const HAS_LINK_INFO = 0x02
const IS_UNICODE = 0x80
/** Flags of the strings, in order: description, relative path, working folder, arguments, icon. */
const STRINGS = [0x04, 0x08, 0x10, 0x20, 0x40]
const TRACKER = 0xa0000003
const DRIVES = ['unknown', 'none', 'removable', 'fixed', 'network', 'optical', 'ram'] as const

export const shortcut: ArtefactReader = {
  id: 'shortcut',
  mediaTypes: ['application/x.ms.shortcut'],
  read(bytes, sink) {
    if (bytes.length < HEADER || bytes.readUInt32LE(0) !== HEADER) throw new NotAnArtefact()
    const flags = bytes.readUInt32LE(20)
    let at = HEADER
    if (flags & HAS_ID_LIST) at += at + 2 <= bytes.length ? 2 + bytes.readUInt16LE(at) : 0
    const info = flags & HAS_LINK_INFO ? linkInfo(bytes, at) : {}
    if (flags & HAS_LINK_INFO && at + 4 <= bytes.length) at += bytes.readUInt32LE(at)
    let relative: string | undefined
    for (const flag of STRINGS) {
      if (!(flags & flag) || at + 2 > bytes.length) continue
      const length = bytes.readUInt16LE(at) * (flags & IS_UNICODE ? 2 : 1)
      const stretch = bytes.subarray(at + 2, Math.min(bytes.length, at + 2 + length))
      if (flag === 0x08) relative = flags & IS_UNICODE ? stretch.toString('utf16le') : decodeLocal(stretch)
      at += 2 + length
    }
    const path = info.path ?? relative
    sink.add({
      what: {
        code: 'shortcut',
        params: definedOnly({
          path,
          sizeBytes: bytes.readUInt32LE(52),
          drive: info.drive,
          volumeSerial: info.serial,
          volumeName: info.label,
          machine: machineOf(bytes, at),
        }),
      },
      ...timesOfRecord(...targetTimes(bytes)),
    })
    if (path === undefined) sink.spoiled(HEADER)
    return []
  },
}

/** Times of the target, as stored in the shortcut. @param bytes a shortcut of at least {@link HEADER} bytes */
export function targetTimes(bytes: Buffer): readonly KindedTime[] {
  return [
    ['accessed', fileTime(bytes.readBigUInt64LE(36))],
    ['written', fileTime(bytes.readBigUInt64LE(44))],
    ['created', fileTime(bytes.readBigUInt64LE(28))],
  ]
}

interface LinkInfo {
  readonly path?: string
  readonly drive?: string
  readonly serial?: string
  readonly label?: string
}

function linkInfo(bytes: Buffer, from: number): LinkInfo {
  if (from + 28 > bytes.length) return {}
  const info = bytes.subarray(from, from + bytes.readUInt32LE(from))
  if (info.length < 28) return {}
  const headBytes = info.readUInt32LE(4)
  const flags = info.readUInt32LE(8)
  const suffix = textAt(info, info.readUInt32LE(24)) ?? ''
  if (flags & 1) {
    const volume = info.subarray(info.readUInt32LE(12))
    const unicode = headBytes >= 36 && info.length >= 36 ? wideAt(info, info.readUInt32LE(28)) : undefined
    const unicodeSuffix =
      headBytes >= 36 && info.length >= 36 ? wideAt(info, info.readUInt32LE(32)) : undefined
    const base = textAt(info, info.readUInt32LE(16))
    const path = unicode ? unicode + (unicodeSuffix ?? '') : base === undefined ? undefined : base + suffix
    const known = volume.length >= 16
    return definedOnly({
      path: path === '' ? undefined : path,
      drive: known ? (DRIVES[volume.readUInt32LE(4)] ?? 'unknown') : undefined,
      serial: known ? volume.readUInt32LE(8).toString(16).padStart(8, '0') : undefined,
      label: known ? textAt(volume, volume.readUInt32LE(12)) || undefined : undefined,
    })
  }
  if (!(flags & 2)) return {}
  const network = info.subarray(info.readUInt32LE(20))
  const share = network.length >= 20 ? textAt(network, network.readUInt32LE(8)) : undefined
  return share === undefined ? {} : { path: `${share}\\${suffix}`, drive: 'network' }
}

const MOST_TEXT = 4096

/** Text up to a zero; undefined outside the bytes. */
function textAt(bytes: Buffer, at: number): string | undefined {
  if (at <= 0 || at >= bytes.length) return undefined
  const stretch = bytes.subarray(at, at + MOST_TEXT)
  const end = stretch.indexOf(0)
  return decodeLocal(end < 0 ? stretch : stretch.subarray(0, end))
}

function wideAt(bytes: Buffer, at: number): string | undefined {
  if (at <= 0 || at >= bytes.length) return undefined
  const text = bytes.toString('utf16le', at, Math.min(bytes.length, at + MOST_TEXT))
  return text.split('\0', 1)[0]
}

/** Extra blocks follow, each with a size and a signature. */
function machineOf(bytes: Buffer, from: number): string | undefined {
  let at = from
  while (at + 8 <= bytes.length) {
    const size = bytes.readUInt32LE(at)
    if (size < 4) return undefined
    if (bytes.readUInt32LE(at + 4) === TRACKER && size >= 32) return machineText(bytes, at + 16)
    at += size
  }
  return undefined
}

function machineText(bytes: Buffer, at: number): string | undefined {
  const stretch = bytes.subarray(at, at + 16)
  const end = stretch.indexOf(0)
  return (end < 0 ? stretch : stretch.subarray(0, end)).toString('latin1') || undefined
}
