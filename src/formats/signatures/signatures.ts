/**
 * Signatures in the first bytes: those that alone tell a type stand in its row (media-types/table.ts, facts.ts of a kind),
 * those that need a further check stand here. Of those that begin alike the longest is tried first; the most common
 * formats cost one comparison.
 */

import { SQLCIPHER_DATABASE } from '../../media-types/placed-types.ts'
import type { Sample } from '../../media-types/sample.ts'
import { MEDIA_TYPES } from '../../media-types/table.ts'
import { isEncryptedBehindHeader } from '../sqlite/encrypted-pages.ts'
import {
  asfType,
  brandType,
  ebmlType,
  formType,
  jpeg2000Type,
  oggType,
  pngType,
  quickTimeType,
  riffType,
} from './boxes.ts'
import {
  bmpType,
  bootType,
  dwgType,
  eotType,
  extType,
  flashType,
  fliType,
  iconType,
  javaOrMach,
  lzmaType,
  ntfsType,
  pcxType,
  starts,
} from './closer.ts'
import { compoundType } from './compound.ts'
import { propertyListType } from './property-list.ts'
import { taggedAudioType } from './structures.ts'
import { tiffType } from './tiff.ts'
import { zipType } from './zip.ts'

type Check = (sample: Sample) => string | null

interface Signature {
  readonly offset: number
  readonly bytes: Buffer
  readonly verdict: string | Check
}

export function bySignature(sample: Sample): string | null {
  const { head } = sample
  for (const signature of AT_START[head[0]!]!) {
    const type = tried(signature, sample)
    if (type !== null) return type
  }
  for (const signature of ELSEWHERE) {
    const type = tried(signature, sample)
    if (type !== null) return type
  }
  return null
}

function tried({ offset, bytes, verdict }: Signature, sample: Sample): string | null {
  const { head } = sample
  if (head.length < offset + bytes.length) return null
  for (let i = 0; i < bytes.length; i++) if (head[offset + i] !== bytes[i]) return null
  return typeof verdict === 'string' ? verdict : verdict(sample)
}

// The bytes are written as text when they are text, otherwise as hex.
type Checked = readonly [offset: number, bytes: Buffer | string, check: Check]

const FIRST_BYTES: readonly Checked[] = [
  [0, hex('ffd8ff'), ({ head }) => (head[3] === 0xf7 ? 'image/jls' : 'image/jpeg')],
  [0, hex('89504e470d0a1a0a'), pngType],
  [0, 'RIFF', riffType],
  [0, 'RIFX', riffType],
  [0, hex('49492a00'), tiffType],
  [0, hex('4d4d002a'), tiffType],
  [0, 'BM', bmpType],
  [0, hex('00000100'), iconType],
  [0, hex('00000200'), iconType],
  [0, hex('0000000c6a5020200d0a870a'), jpeg2000Type],
  [0, hex('ff0a'), (sample) => (sample.sizeBytes > 12 ? 'image/jxl' : null)],
  [
    0,
    hex('01da'),
    (sample) =>
      sample.head[2]! <= 1 && (sample.head[3] === 1 || sample.head[3] === 2) ? 'image/x-sgi' : null,
  ],
  [0, 'SQLite format 3\0', ({ head }) => (isEncryptedBehindHeader(head) ? SQLCIPHER_DATABASE : null)],
  [0, hex('0a'), pcxType],
  [0, 'AC10', dwgType],
  [0, hex('1a45dfa3'), ebmlType],
  [0, hex('3026b2758e66cf11a6d900aa0062ce6c'), asfType],
  [0, 'KB2', (sample) => ('adfghij'.includes(String.fromCharCode(sample.head[3]!)) ? 'video/x-bink' : null)],
  [0, 'BBCD', (sample) => (sample.head[4] === 0 ? 'video/x-dirac' : null)],
  [0, 'ID3', taggedAudioType],
  [0, 'OggS', oggType],
  [0, 'FORM', formType],
  [0, hex('02'), (sample) => (starts(sample, 1, '#!SILK_V3') ? 'audio/x-silk' : null)],
  [0, 'PK\x03\x04', zipType],
  [
    0,
    'BZh',
    (sample) =>
      starts(sample, 4, hex('314159265359')) || starts(sample, 4, hex('177245385090'))
        ? 'application/x-bzip2'
        : null,
  ],
  [0, hex('5d00008000'), lzmaType],
  [0, hex('5d00000001'), lzmaType],
  [0, hex('5d00001000'), lzmaType],
  [0, hex('60ea'), (sample) => (sample.sizeBytes > 30 && sample.head[10]! <= 2 ? 'application/x-arj' : null)],
  [
    0,
    '!<arch>\n',
    (sample) => (starts(sample, 8, 'debian-binary') ? 'application/x-deb' : 'application/x-archive'),
  ],
  [0, hex('d0cf11e0a1b11ae1'), compoundType],
  [
    0,
    '%!PS',
    (sample) =>
      sample.head.subarray(0, 40).includes(' EPSF-') ? 'application/eps' : 'application/postscript',
  ],
  [0, 'bplist0', propertyListType],
  [0, 'MZ', (sample) => (sample.sizeBytes >= 64 ? 'application/x-msdownload' : null)],
  [0, hex('cafebabe'), javaOrMach],
  [0, 'CWS', flashType],
  [0, 'FWS', flashType],
  [0, 'ZWS', flashType],
]

/**
 * Further in: a check, or the type whose row has the bytes. They are tried in this order, because a video, an archive or the
 * image of a disc may hold the bytes of another type at such an offset. Types that are not named here come last.
 */
const FURTHER_IN: readonly (string | Checked)[] = [
  [4, 'ftyp', brandType],
  [40, ' EMF', (sample) => (sample.head.readUInt32LE(0) === 1 ? 'image/emf' : null)],
  [4, hex('11af'), (sample) => fliType(sample)],
  [4, hex('12af'), (sample) => fliType(sample)],
  'image/x-photo-cd',
  'image/x-pict',
  [4, 'moov', quickTimeType],
  [4, 'mdat', quickTimeType],
  [4, 'free', quickTimeType],
  [4, 'skip', quickTimeType],
  [4, 'wide', quickTimeType],
  [4, 'pnot', quickTimeType],
  [4, 'uuid', quickTimeType],
  'video/x-r3d',
  'audio/x-s3m',
  'application/vnd.iccprofile',
  [34, 'LP', eotType],
  [2, '-lh', (sample) => (sample.head[6] === 0x2d ? 'application/x-lzh-compressed' : null)],
  [2, '-lz', (sample) => (sample.head[6] === 0x2d ? 'application/x-lzh-compressed' : null)],
  'application/x-ace-compressed',
  'application/x-tar',
  'application/x-iso9660-image',
  [3, 'NTFS    ', ntfsType],
  [54, 'FAT12   ', bootType],
  [54, 'FAT16   ', bootType],
  [82, 'FAT32   ', bootType],
  [1080, hex('53ef'), extType],
  'application/x-raw-disk-image',
  'application/x-virtualbox-vdi',
  'application/x-mobipocket-ebook',
  'application/vnd.ms-access',
]

const ROWS: readonly Signature[] = MEDIA_TYPES.flatMap(({ type, begins = [] }) =>
  begins.map((written) => ({ ...signatureOf(written), verdict: type })),
)

const AT_START: readonly (readonly Signature[])[] = Array.from({ length: 256 }, (_, byte) =>
  [...FIRST_BYTES.map(checked), ...ROWS]
    .filter(({ offset, bytes }) => offset === 0 && bytes[0] === byte)
    .sort((a, b) => b.bytes.length - a.bytes.length),
)

const ELSEWHERE: readonly Signature[] = [
  ...FURTHER_IN.flatMap((one) => (typeof one === 'string' ? furtherIn(one) : [checked(one)])),
  ...ROWS.filter(({ offset, verdict }) => offset > 0 && !FURTHER_IN.includes(verdict as string)),
]

function furtherIn(type: string): readonly Signature[] {
  return ROWS.filter(({ offset, verdict }) => offset > 0 && verdict === type)
}

function checked([offset, bytes, verdict]: Checked): Signature {
  return { offset, bytes: typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes, verdict }
}

/** @param written as in a row: text, or `hex …`; behind an offset `@60 …` */
function signatureOf(written: string): Pick<Signature, 'offset' | 'bytes'> {
  const [, offset = '0', digits, text] = /^(?:@(\d+) )?(?:hex ([0-9a-f]+)|([\s\S]+))$/.exec(written)!
  return {
    offset: Number(offset),
    bytes: digits === undefined ? Buffer.from(text!, 'latin1') : hex(digits),
  }
}

function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(' ', ''), 'hex')
}
