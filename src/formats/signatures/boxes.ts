/**
 * Determines the exact type of formats made of tagged boxes or chunks. Every length is limited by the available
 * bytes.
 */
import type { Sample } from '../../media-types/sample.ts'

/** Animated when an `acTL` chunk comes before the first image data (APNG 1.0). */
export function pngType({ head }: Sample): string {
  for (let at = 8; at + 8 <= head.length; ) {
    const name = head.toString('latin1', at + 4, at + 8)
    if (name === 'acTL') return 'image/apng'
    if (name === 'IDAT') break
    at += 12 + head.readUInt32BE(at)
  }
  return 'image/png'
}

const RIFF: Readonly<Record<string, string>> = {
  WEBP: 'image/webp',
  'AVI ': 'video/vnd.avi',
  WAVE: 'audio/wav',
  RMID: 'audio/midi',
  QLCM: 'audio/qcelp',
  ACON: 'application/x-navi-animation',
  CDXA: 'video/mpeg',
  // Files of small media players: an AVI without an index.
  'AMV ': 'video/vnd.avi',
}

export function riffType({ head }: Sample): string | null {
  const form = head.toString('latin1', 8, 12)
  // CorelDRAW: the last character is the version.
  return RIFF[form] ?? (/^(CDR|cdr)[\dA-Zt ]$/.test(form) ? 'image/x-coreldraw' : null)
}

export function formType({ head }: Sample): string | null {
  const form = head.toString('latin1', 8, 12)
  if (form === 'AIFF' || form === 'AIFC') return 'audio/aiff'
  return DRAWN.has(form) ? 'image/x-ilbm' : null
}

const DRAWN = new Set(['ILBM', 'PBM ', 'ACBM', 'ANIM', 'DEEP', 'RGB8', 'RGBN', 'TVPP'])

/** ISO base media: the major brand, and for neutral brands the compatible ones. @see https://mp4ra.org/registered-types/brands */
export function brandType({ head }: Sample): string | null {
  const length = head.readUInt32BE(0)
  if (length < 12 || head.length < 12) return null
  const brands: string[] = []
  for (let at = 8; at + 4 <= Math.min(length, head.length, 4096); at += at === 8 ? 8 : 4)
    brands.push(head.toString('latin1', at, at + 4))
  const [major] = brands as [string]
  const named = brands.map(brandOf).filter((type) => type !== null)
  // A picture of an unknown brand has a `meta` box behind `ftyp`; a video has its index or its data there.
  const isPicture = head.toString('latin1', length + 4, length + 8) === 'meta'
  return (
    brandOf(major) ??
    (NEUTRAL.has(major) ? named[0] : null) ??
    (isPicture ? (named.find((type) => type.startsWith('image/')) ?? 'image/heif') : null) ??
    fallback(major)
  )
}

const NEUTRAL = new Set(['mif1', 'msf1', 'miaf', 'MiHB', 'MiHE'])

function brandOf(brand: string): string | null {
  const exact = BRANDS[brand]
  if (exact) return exact
  if (brand.startsWith('3g2')) return 'video/3gpp2'
  return /^3g[a-z]/.test(brand) ? 'video/3gpp' : null
}

function fallback(major: string): string {
  return NEUTRAL.has(major) ? 'image/heif' : 'video/mp4'
}

const BRANDS: Readonly<Record<string, string>> = {
  avif: 'image/avif',
  avis: 'image/avif',
  heic: 'image/heic',
  heix: 'image/heic',
  heim: 'image/heic',
  heis: 'image/heic',
  hevc: 'image/heic-sequence',
  hevx: 'image/heic-sequence',
  'jxl ': 'image/jxl',
  'crx ': 'image/x-canon-cr3',
  'qt  ': 'video/quicktime',
  'M4A ': 'audio/mp4',
  'M4B ': 'audio/mp4',
  'M4P ': 'audio/mp4',
  'F4A ': 'audio/mp4',
  'F4B ': 'audio/mp4',
  'M4V ': 'video/x-m4v',
  M4VH: 'video/x-m4v',
  M4VP: 'video/x-m4v',
  'F4V ': 'video/mp4',
  'F4P ': 'video/mp4',
}

/**
 * QuickTime without `ftyp`: an atom that is sufficient alone, or an atom of plausible length with another atom behind
 * it.
 */
export function quickTimeType({ head, sizeBytes }: Sample): string | null {
  const length = head.readUInt32BE(0)
  const name = head.toString('latin1', 4, 8)
  if (name === 'moov' && head.toString('latin1', 12, 16) === 'mvhd') return 'video/quicktime'
  // Length 0 (to the end) and 1 (64-bit length follows) belong to large media data; a truncated file is still a
  // video.
  if (name === 'mdat' && (length <= 1 || length + 8 > head.length)) return 'video/quicktime'
  if (length < 8 || length > sizeBytes || length + 8 > head.length) return null
  if (!ATOMS.has(head.toString('latin1', length + 4, length + 8))) return null
  return head.toString('latin1', length + 4, length + 8) === 'ftyp' ? 'video/mp4' : 'video/quicktime'
}

const ATOMS = new Set(['moov', 'mdat', 'free', 'skip', 'wide', 'pnot', 'ftyp', 'PICT', 'udta', 'uuid'])

const JPEG2000: Readonly<Record<string, string>> = {
  'jp2 ': 'image/jp2',
  'jpx ': 'image/jpx',
  'jpm ': 'image/jpm',
  mjp2: 'image/mj2',
}

export function jpeg2000Type({ head }: Sample): string {
  return JPEG2000[head.toString('latin1', 20, 24)] ?? 'image/jp2'
}

/** Matroska and WebM differ in the DocType element (0x4282) of the EBML header. */
export function ebmlType({ head }: Sample): string {
  const at = head.subarray(0, 4096).indexOf(Buffer.from([0x42, 0x82]))
  const name = at === -1 ? '' : head.toString('latin1', at + 3, at + 11)
  // Players ignore every other DocType and use the tracks, so it counts as Matroska.
  return name.startsWith('webm') ? 'video/webm' : 'video/matroska'
}

/** Determines the type from the start of the first packet in the first Ogg page. */
export function oggType({ head }: Sample): string {
  const packet = head.subarray(28, 60)
  const says = (text: string) => packet.subarray(0, text.length + 1).includes(text)
  if (says('OpusHead')) return 'audio/ogg'
  if (says('\x80theora') || says('theora')) return 'video/ogg'
  if (says('\x01video')) return 'video/ogg'
  if (says('vorbis') || says('Speex') || says('FLAC')) return 'audio/ogg'
  return 'application/ogg'
}

// Stream type GUIDs of the ASF specification, 10.1, in file byte order.
const ASF_AUDIO = Buffer.from('409e69f84d5bcf11a8fd00805f5c442b', 'hex')
const ASF_VIDEO = Buffer.from('c0ef19bc4d5bcf11a8fd00805f5c442b', 'hex')

export function asfType({ head }: Sample): string {
  const properties = head.subarray(0, 16 * 1024)
  return properties.includes(ASF_AUDIO) && !properties.includes(ASF_VIDEO)
    ? 'audio/x-ms-asf'
    : 'video/x-ms-asf'
}
