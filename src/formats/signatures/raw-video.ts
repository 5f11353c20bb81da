/**
 * Recognises video streams without a container, as encoders output them, camera recorders store them and tools
 * extract them. A start code alone is not sufficient: the headers before the first picture must be present, in order.
 */
import type { Sample } from '../../media-types/sample.ts'

export function rawVideoType(sample: Sample): string | null {
  const { head } = sample
  switch (head[0]) {
    case 0:
      return head[1] === 0 ? (coded(head) ?? gxfType(head)) : null
    case 0x12:
      return av1Type(head)
    case 0x1f:
      return dvType(sample)
    default:
      return pictureStreamType(sample)
  }
}

/** The parameters of a stream must be within this range. */
const PARAMETER_BYTES = 4096

function coded(head: Buffer): string | null {
  const at = head[2] === 1 ? 3 : head[2] === 0 && head[3] === 1 ? 4 : 0
  if (at === 0 || at + 8 > head.length) return null
  // A sequence of MPEG-4 part 2 states a profile, then a visual object; ISO/IEC 14496-2, 6.2.2.
  if (head[at] === 0xb0 && head.readUInt32BE(at + 2) === 0x0000_01b5) return 'video/mp4v-es'
  // Or the stream starts with an object (0x00 to 0x1f) and its layer (0x20 to 0x2f).
  if (head[at]! < 0x20 && head.readUIntBE(at + 1, 3) === 1 && (head[at + 4]! & 0xf0) === 0x20)
    return 'video/mp4v-es'
  // A sequence of VC-1 in its advanced profile; SMPTE 421M, annex E.
  if (head[at] === 0x0f && (head[at + 1]! & 0xc0) === 0xc0) return 'video/vc1'
  const units = startCodes(head, PARAMETER_BYTES)
  return h264Type(head, units) ?? h265Type(head, units)
}

/** Offsets behind `00 00 01`. */
function startCodes(head: Buffer, most: number): readonly number[] {
  const found: number[] = []
  const end = Math.min(head.length, most) - 3
  for (let at = 0; at < end; at++)
    if (head[at] === 0 && head[at + 1] === 0 && head[at + 2] === 1) {
      found.push(at + 3)
      at += 2
    }
  return found
}

// profile_idc; ITU-T H.264, annexes A, F, G and H.
const PROFILES = new Set([44, 66, 77, 83, 86, 88, 100, 110, 118, 122, 128, 244])

/**
 * A sequence parameter set (7) with a valid profile, then picture parameters (8). Only units 9 and 6 may precede it.
 */
function h264Type(head: Buffer, units: readonly number[]): string | null {
  for (const [i, at] of units.entries()) {
    const kind = head[at]! & 0x1f
    if ((head[at]! & 0x80) !== 0) return null
    if (kind === 7) {
      const next = units[i + 1]
      const follows = next !== undefined && [8, 15].includes(head[next]! & 0x9f)
      return PROFILES.has(head[at + 1]!) && (head[at + 2]! & 3) === 0 && follows ? 'video/h264' : null
    }
    if (kind !== 9 && kind !== 6) return null
  }
  return null
}

/** A video parameter set (32), then a sequence parameter set (33); ITU-T H.265, 7.3.1. */
function h265Type(head: Buffer, units: readonly number[]): string | null {
  const kindAt = (at: number) =>
    (head[at]! & 0x81) === 0 && (head[at + 1]! & 0xf8) === 0 && (head[at + 1]! & 7) > 0
      ? head[at]! >> 1
      : null
  for (const [i, at] of units.entries()) {
    const kind = kindAt(at)
    if (kind === 32) return units[i + 1] !== undefined && kindAt(units[i + 1]!) === 33 ? 'video/h265' : null
    if (kind !== 35 && kind !== 39) return null
  }
  return null
}

/**
 * A temporal delimiter, then a sequence header of plausible length; AV1, 5.3 and annex "low overhead bitstream
 * format".
 */
function av1Type(head: Buffer): string | null {
  return head[1] === 0 && head[2] === 0x0a && head[3]! >= 4 && head[3]! < 64 && head[4 + head[3]!] !== 0x12
    ? 'video/av1'
    : null
}

/** General exchange format of broadcasters: packet header of a map; SMPTE 360M, 6.1. */
function gxfType(head: Buffer): string | null {
  if (head.length < 16 || head.readUIntBE(0, 5) !== 1 || head[5] !== 0xbc) return null
  return head.readUInt16BE(14) === 0xe1e2 ? 'application/gxf' : null
}

/** A camera's HTTP response, stored unchanged: a boundary, the type of one picture, the picture, and so on. */
function pictureStreamType({ head }: Sample): string | null {
  if (head[0] !== 0x2d && head[0] !== 0x0d) return null
  const text = head.toString('latin1', 0, 512)
  return /^(\r?\n)?--[^\r\n]{1,70}\r?\n([\w-]+:[^\r\n]*\r?\n)*content-type: ?image\/jpeg\b/i.test(text)
    ? 'video/x-mpjpeg'
    : null
}

/** Digital video of a tape: the header of a sequence, then its subcode, then auxiliary data; IEC 61834-2, 11. */
function dvType({ head }: Sample): string | null {
  if (head[0] !== 0x1f || head[1] !== 7 || head[2] !== 0 || (head[3]! & 0x7f) !== 0x3f) return null
  return head[80] === 0x3f && head[81] === 7 && head[82] === 0 ? 'video/x-dv' : null
}
