/**
 * Recognises formats without a signature by their structure: checksums that agree, consecutive frames. Strict checks
 * run before the text check; the loose check (TGA) runs last of all.
 */

import type { Sample } from '../../media-types/sample.ts'
import { KIND_SIGNATURES } from './kinds.ts'
import { rawVideoType } from './raw-video.ts'

export function byStructure(sample: Sample): string | null {
  return (
    tarType(sample) ??
    transportType(sample) ??
    rawVideoType(sample) ??
    mpegAudioType(sample) ??
    anymapType(sample) ??
    pdfType(sample) ??
    thumbdataType(sample) ??
    firstOf(KIND_SIGNATURES, sample) ??
    diskImageType(sample) ??
    partitionedType(sample)
  )
}

/** The first media type that one of the detectors finds. */
export function firstOf<T>(detectors: readonly ((given: T) => string | null)[], given: T): string | null {
  for (const detect of detectors) {
    const type = detect(given)
    if (type !== null) return type
  }
  return null
}

const TAR_BLOCK = 512
const TAR_SUM = 148

/** Tar before POSIX has no magic number. Its header has a checksum, computed with the checksum field as spaces. */
function tarType({ head }: Sample): string | null {
  if (head.length < TAR_BLOCK || head[0] === 0) return null
  const written = Number.parseInt(head.toString('latin1', TAR_SUM, TAR_SUM + 8).replace(/[\0 ]+$/, ''), 8)
  if (!(written > 0)) return null
  let sum = 0
  for (let i = 0; i < TAR_BLOCK; i++) sum += i >= TAR_SUM && i < TAR_SUM + 8 ? 0x20 : head[i]!
  return sum === written ? 'application/x-tar' : null
}

/**
 * Android's store of small thumbnails (.thumbdata): slots of 10,000 bytes. A used slot starts with 1, eight bytes,
 * the length and a JPEG. The first slots may be empty.
 */
function thumbdataType({ head }: Sample): string | null {
  for (let at = 0; at + 16 <= head.length; at += 10_000) {
    if (head[at] === 0) continue
    const isSlot =
      head[at] === 1 && head.readUInt32BE(at + 9) < 9988 && head.readUIntBE(at + 13, 3) === 0xffd8ff
    return isSlot ? 'application/x-android-thumbdata' : null
  }
  return null
}

/**
 * MPEG transport stream: a sync byte every 188 bytes; every 192 bytes with a time code before it (M2TS); or every 204
 * bytes.
 */
function transportType({ head }: Sample): string | null {
  for (const [first, step] of [
    [0, 188],
    [4, 192],
    [0, 204],
  ] as const) {
    if (head.length < first + step * 3 + 1) continue
    if ([0, 1, 2, 3].every((i) => head[first + step * i] === 0x47)) return 'video/mp2t'
  }
  return null
}

/** MPEG audio, AAC (ADTS) and AC-3: a frame header, and a second one at the end of the first frame. */
function mpegAudioType({ head }: Sample): string | null {
  const first = audioFrame(head, 0)
  if (first === null) return null
  // Encoders write their name into the first frame.
  if (/Xing|Info|LAME|VBRI/.test(head.toString('latin1', 13, 60))) return first.type
  const second = audioFrame(head, first.bytes)
  // A file of one frame is accepted when it ends there.
  return (second === null ? first.bytes === head.length : second.type === first.type) ? first.type : null
}

/** Audio follows an ID3 tag, nearly always MPEG. The tag length uses bytes of seven bits. */
export function taggedAudioType({ head }: Sample): string | null {
  if (head.length < 10 || head[3]! > 4) return null
  const length = (head[6]! << 21) | (head[7]! << 14) | (head[8]! << 7) | head[9]!
  return audioFrame(head, 10 + length)?.type ?? 'audio/mpeg'
}

interface AudioFrame {
  readonly type: string
  readonly bytes: number
}

// kbit/s by index; ISO 11172-3 2.4.2.3 (MPEG-1 layers I, II, III) and ISO 13818-3 (MPEG-2 layer I; II and III).
const RATES = {
  '1-1': [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  '1-2': [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  '1-3': [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  '2-1': [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
  '2-2': [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
} as const

function audioFrame(head: Buffer, at: number): AudioFrame | null {
  if (at + 6 > head.length) return null
  if (head[at] === 0x0b && head[at + 1] === 0x77) return ac3Frame(head, at)
  if (head[at] !== 0xff || (head[at + 1]! & 0xe0) !== 0xe0) return null
  const layer = 4 - ((head[at + 1]! >> 1) & 3)
  if (layer === 4) return adtsFrame(head, at)
  const version = (head[at + 1]! >> 3) & 3
  const [rateIndex, sampleIndex] = [head[at + 2]! >> 4, (head[at + 2]! >> 2) & 3]
  if (version === 1 || rateIndex === 0 || rateIndex === 15 || sampleIndex === 3) return null
  const table = version === 3 ? RATES[`1-${layer as 1 | 2 | 3}`] : layer === 1 ? RATES['2-1'] : RATES['2-2']
  const sampleRate = [44100, 48000, 32000][sampleIndex]! / (version === 3 ? 1 : version === 2 ? 2 : 4)
  const padding = (head[at + 2]! >> 1) & 1
  const bits = table[rateIndex]! * 1000
  const bytes =
    layer === 1
      ? (Math.floor((12 * bits) / sampleRate) + padding) * 4
      : Math.floor(((layer === 3 && version !== 3 ? 72 : 144) * bits) / sampleRate) + padding
  return { type: 'audio/mpeg', bytes }
}

function adtsFrame(head: Buffer, at: number): AudioFrame | null {
  if ((head[at + 1]! & 0xf6) !== 0xf0 || ((head[at + 2]! >> 2) & 15) > 12) return null
  const bytes = ((head[at + 3]! & 3) << 11) | (head[at + 4]! << 3) | (head[at + 5]! >> 5)
  return bytes >= 7 ? { type: 'audio/aac', bytes } : null
}

// Words of 16 bits a frame at 48 kHz by half the size code (ATSC A/52, table 5.18).
const AC3_WORDS = [
  64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 640, 768, 896, 1024, 1152, 1280,
]

function ac3Frame(head: Buffer, at: number): AudioFrame | null {
  const [rate, size] = [head[at + 4]! >> 6, head[at + 4]! & 63]
  const words = AC3_WORDS[size >> 1]
  if (rate === 3 || words === undefined) return null
  const scaled =
    rate === 0 ? words : rate === 2 ? words * 1.5 : Math.floor((words * 48000) / 44100) + (size & 1)
  return { type: 'audio/vnd.dolby.dd-raw', bytes: scaled * 2 }
}

function anymapType({ head }: Sample): string | null {
  if (head[0] !== 0x50 || head[1]! < 0x31 || head[1]! > 0x37) return null
  const text = head.toString('latin1', 0, 200)
  return /^P[1-6]\s+(#[^\n]*\n\s*)*\d+\s+(#[^\n]*\n\s*)*\d+\s/.test(text) || /^P7\nWIDTH \d/.test(text)
    ? 'image/x-portable-anymap'
    : null
}

/** Readers accept a PDF header anywhere in the first kilobyte (ISO 32000-1, Annex H, note 13). */
function pdfType({ head }: Sample): string | null {
  const at = head.subarray(0, 1024 + 5).indexOf('%PDF-')
  return at > 0 && /^%PDF-[12]\.\d/.test(head.toString('latin1', at, at + 8)) ? 'application/pdf' : null
}

/** Apple's disk images and fixed VHDs have their signature in the last 512 bytes. */
function diskImageType({ tail }: Sample): string | null {
  if (tail.length < 512) return null
  const trailer = tail.subarray(tail.length - 512)
  if (trailer.subarray(0, 4).equals(KOLY)) return 'application/x-apple-diskimage'
  return trailer.subarray(0, 8).equals(CONECTIX) ? 'application/x-vhd-disk' : null
}

const SECTOR = 512
const PARTITIONS_AT = 446

/**
 * A disk with a partition table in its first sector. Each of the four rows is empty or starts inside the disk; at
 * least one is used.
 */
function partitionedType({ head, sizeBytes }: Sample): string | null {
  if (head.length < SECTOR || head.readUInt16BE(510) !== 0x55aa) return null
  let used = 0
  for (let at = PARTITIONS_AT; at < 510; at += 16) {
    const [active, kind] = [head[at]!, head[at + 4]!]
    const [first, sectors] = [head.readUInt32LE(at + 8), head.readUInt32LE(at + 12)]
    if (kind === 0 && first === 0 && sectors === 0) continue
    if ((active & 0x7f) !== 0 || kind === 0 || first === 0 || sectors === 0) return null
    if (first * SECTOR >= sizeBytes) return null
    used++
  }
  return used > 0 ? 'application/x-raw-disk-image' : null
}

const KOLY = Buffer.from('koly')
const CONECTIX = Buffer.from('conectix')
const TGA_FOOTER = Buffer.from('TRUEVISION-XFILE.\0')

/** Truevision TGA: a footer in newer files; otherwise a header with plausible fields and a file size that fits. */
export function targaType({ head, sizeBytes, tail }: Sample): string | null {
  if (tail.length >= 26 && tail.subarray(tail.length - 18).equals(TGA_FOOTER)) return 'image/x-tga'
  if (head.length < 18) return null
  const [idBytes, mapKind, kind] = [head[0]!, head[1]!, head[2]!]
  const [mapLength, mapBits] = [head.readUInt16LE(5), head[7]!]
  const [width, height, bits] = [head.readUInt16LE(12), head.readUInt16LE(14), head[16]!]
  if (mapKind > 1 || ![1, 2, 3, 9, 10, 11].includes(kind) || ![8, 15, 16, 24, 32].includes(bits)) return null
  if (width === 0 || height === 0 || (head[17]! & 0xc0) !== 0 || (head[17]! & 0x0f) > 8) return null
  const mapped = kind === 1 || kind === 9
  if (mapped !== (mapKind === 1) || (mapped && (mapLength === 0 || ![15, 16, 24, 32].includes(mapBits))))
    return null
  if (!mapped && mapLength !== 0) return null
  if ((kind === 3 || kind === 11) && bits > 16) return null
  const pixels = width * height * Math.ceil(bits / 8)
  const before = 18 + idBytes + mapLength * Math.ceil(mapBits / 8)
  const rest = sizeBytes - before
  // Run-length coding adds at most one byte to 128 pixels. It saves at most the same factor.
  const fits =
    kind < 8 ? rest >= pixels && rest <= pixels + 4096 : rest >= pixels / 128 && rest <= pixels * 1.2 + 4096
  return fits ? 'image/x-tga' : null
}
