/**
 * Table of formats with a signature in the first bytes. One row each: the bytes, and the media type or a function for
 * further checks. Rows with the same first byte are tried in order; the most common formats cost one comparison.
 */

import type { Sample } from '../../media-types/sample.ts'
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

type Verdict = string | ((sample: Sample) => string | null)

interface Signature {
  readonly offset: number
  readonly bytes: Buffer
  readonly verdict: Verdict
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
const ROWS: readonly (readonly [offset: number, bytes: Buffer | string, verdict: Verdict])[] = [
  // pictures
  [0, hex('ffd8ff'), ({ head }) => (head[3] === 0xf7 ? 'image/jls' : 'image/jpeg')],
  [0, hex('89504e470d0a1a0a'), pngType],
  [0, 'GIF87a', 'image/gif'],
  [0, 'GIF89a', 'image/gif'],
  [0, 'RIFF', riffType],
  [0, 'RIFX', riffType],
  [4, 'ftyp', brandType],
  [0, hex('49492a00'), tiffType],
  [0, hex('4d4d002a'), tiffType],
  [0, hex('49492b00'), 'image/tiff'],
  [0, hex('4d4d002b'), 'image/tiff'],
  [0, 'IIRO', 'image/x-olympus-orf'],
  [0, 'IIRS', 'image/x-olympus-orf'],
  [0, hex('49495500'), 'image/x-panasonic-rw2'],
  [0, 'FUJIFILMCCD-RAW', 'image/x-fujifilm-raf'],
  [0, hex('00 4d524d'), 'image/x-minolta-mrw'],
  [0, hex('4949bc01'), 'image/vnd.ms-photo'],
  [0, '8BPS', 'image/vnd.adobe.photoshop'],
  [0, 'BM', bmpType],
  [0, hex('00000100'), iconType],
  [0, hex('00000200'), iconType],
  [0, hex('0000000c6a5020200d0a870a'), jpeg2000Type],
  [0, hex('ff4fff51'), 'image/j2c'],
  [0, hex('ff0a'), (sample) => (sample.sizeBytes > 12 ? 'image/jxl' : null)],
  [0, hex('0000000c4a584c200d0a870a'), 'image/jxl'],
  [0, 'FLIF', 'image/flif'],
  [0, 'BPG\xfb', 'image/bpg'],
  [0, 'gimp xcf ', 'image/x-xcf'],
  [0, 'icns', 'image/icns'],
  [0, 'DDS ', 'image/vnd.ms-dds'],
  [0, 'qoif', 'image/qoi'],
  [0, hex('762f3101'), 'image/x-exr'],
  [0, '#?RADIANCE', 'image/vnd.radiance'],
  [0, '#?RGBE', 'image/vnd.radiance'],
  [0, 'AT&TFORM', 'image/vnd.djvu'],
  [0, hex('d7cdc69a0000'), 'image/wmf'],
  [40, ' EMF', (sample) => (sample.head.readUInt32LE(0) === 1 ? 'image/emf' : null)],
  [0, hex('59a66a95'), 'image/x-sun-raster'],
  [
    0,
    hex('01da'),
    (sample) =>
      sample.head[2]! <= 1 && (sample.head[3] === 1 || sample.head[3] === 2) ? 'image/x-sgi' : null,
  ],
  [0, hex('0a'), pcxType],
  [4, hex('11af'), (sample) => fliType(sample)],
  [4, hex('12af'), (sample) => fliType(sample)],
  [0, 'AC10', dwgType],
  [0, 'farbfeld', 'image/x-farbfeld'],
  [0, 'SDPX', 'image/dpx'],
  [0, 'XPDS', 'image/dpx'],
  [0, hex('802a5fd7'), 'image/cineon'],
  [0, 'SIMPLE  =', 'image/fits'],
  [0, hex('b168de3a'), 'image/x-dcx'],
  [0, hex('8b4a4e470d0a1a0a'), 'image/x-jng'],
  [0, hex('8a4d4e470d0a1a0a'), 'video/x-mng'],
  [0, hex('974a42320d0a1a0a'), 'image/jbig2'],
  [0, 'Paint Shop Pro Image File', 'image/x-paint-shop'],
  [2048, 'PCD_IPI', 'image/x-photo-cd'],
  [0, 'SFW94A', 'image/x-filmworks'],
  [0, 'CSFCHUNK', 'image/x-clip-studio'],
  [0, 'PDN3', 'image/x-paint-net'],
  [0, 'id=ImageMagick', 'image/miff'],
  [522, hex('001102ff0c00'), 'image/x-pict'],
  // video
  [0, hex('1a45dfa3'), ebmlType],
  [0, hex('000001ba'), 'video/mpeg'],
  [0, hex('000001b3'), 'video/mpv'],
  [0, 'FLV\x01', 'video/x-flv'],
  [0, hex('3026b2758e66cf11a6d900aa0062ce6c'), asfType],
  [0, '.RMF', 'application/vnd.rn-realmedia'],
  [0, hex('060e2b34020501010d010201'), 'application/mxf'],
  [4, 'moov', quickTimeType],
  [4, 'mdat', quickTimeType],
  [4, 'free', quickTimeType],
  [4, 'skip', quickTimeType],
  [4, 'wide', quickTimeType],
  [4, 'pnot', quickTimeType],
  [4, 'uuid', quickTimeType],
  [0, 'NSVf', 'video/x-nsv'],
  [0, 'DKIF', 'video/x-ivf'],
  [0, 'YUV4MPEG2 ', 'video/x-yuv4mpeg'],
  [0, 'nut/multimedia container\0', 'video/x-nut'],
  [0, hex('b7d800203749da11a64e0007e95ead8d'), 'video/x-wtv'],
  [0, 'DHAV', 'video/x-dhav'],
  [0, 'DAHUA', 'video/x-dhav'],
  [0, 'IMKH', 'video/x-hikvision'],
  [0, 'BIKb', 'video/x-bink'],
  [0, 'BIKf', 'video/x-bink'],
  [0, 'BIKg', 'video/x-bink'],
  [0, 'BIKh', 'video/x-bink'],
  [0, 'BIKi', 'video/x-bink'],
  [0, 'KB2', (sample) => ('adfghij'.includes(String.fromCharCode(sample.head[3]!)) ? 'video/x-bink' : null)],
  [0, 'SMK2', 'video/x-smacker'],
  [0, 'SMK4', 'video/x-smacker'],
  [0, hex('8410ffffffff'), 'video/x-roq'],
  [0, hex('000a 534d4a504547'), 'video/x-smjpeg'],
  [0, 'BBCD', (sample) => (sample.head[4] === 0 ? 'video/x-dirac' : null)],
  [4, 'RED1', 'video/x-r3d'],
  [4, 'RED2', 'video/x-r3d'],
  // audio
  [0, 'ID3', taggedAudioType],
  [0, 'OggS', oggType],
  [0, 'fLaC', 'audio/flac'],
  [0, 'FORM', formType],
  [0, 'MThd', 'audio/midi'],
  [0, '#!AMR', 'audio/amr'],
  [0, '#!SILK', 'audio/x-silk'],
  [0, hex('02'), (sample) => (starts(sample, 1, '#!SILK_V3') ? 'audio/x-silk' : null)],
  [0, 'MAC ', 'audio/ape'],
  [0, 'wvpk', 'audio/wavpack'],
  [0, 'MP+', 'audio/x-musepack'],
  [0, 'MPCK', 'audio/x-musepack'],
  [0, '.snd', 'audio/basic'],
  [0, 'Creative Voice File', 'audio/x-voc'],
  [0, 'DSD ', 'audio/x-dsf'],
  [0, 'IMPM', 'audio/x-it'],
  [0, 'Extended Module:', 'audio/x-xm'],
  [44, 'SCRM', 'audio/x-s3m'],
  [36, 'acsp', 'application/vnd.iccprofile'],
  [34, 'LP', eotType],
  [0, 'caff', 'audio/x-caf'],
  // archives and disk images
  [0, 'PK\x03\x04', zipType],
  [0, 'PK\x05\x06', 'application/zip'],
  [0, 'PK\x07\x08', 'application/zip'],
  [0, hex('1f8b08'), 'application/gzip'],
  [0, hex('1fa0'), 'application/x-compress'],
  [0, hex('1f9d'), 'application/x-compress'],
  [
    0,
    'BZh',
    (sample) =>
      starts(sample, 4, hex('314159265359')) || starts(sample, 4, hex('177245385090'))
        ? 'application/x-bzip2'
        : null,
  ],
  [0, hex('fd377a585a00'), 'application/x-xz'],
  [0, hex('377abcaf271c'), 'application/x-7z-compressed'],
  [0, 'Rar!\x1a\x07', 'application/vnd.rar'],
  [0, 'RE~^', 'application/vnd.rar'],
  [0, hex('28b52ffd'), 'application/zstd'],
  [0, 'LZIP\x01', 'application/x-lzip'],
  [0, hex('04224d18'), 'application/x-lz4'],
  [0, hex('5d00008000'), lzmaType],
  [0, hex('5d00000001'), lzmaType],
  [0, hex('5d00001000'), lzmaType],
  [0, 'MSCF\0\0\0\0', 'application/vnd.ms-cab-compressed'],
  [0, 'ISc(', 'application/x-installshield'],
  [0, hex('60ea'), (sample) => (sample.sizeBytes > 30 && sample.head[10]! <= 2 ? 'application/x-arj' : null)],
  [2, '-lh', (sample) => (sample.head[6] === 0x2d ? 'application/x-lzh-compressed' : null)],
  [2, '-lz', (sample) => (sample.head[6] === 0x2d ? 'application/x-lzh-compressed' : null)],
  [7, '**ACE**', 'application/x-ace-compressed'],
  [0, 'xar!', 'application/x-xar'],
  [0, 'MSWIM\0\0\0', 'application/x-ms-wim'],
  [
    0,
    '!<arch>\n',
    (sample) => (starts(sample, 8, 'debian-binary') ? 'application/x-deb' : 'application/x-archive'),
  ],
  [0, hex('edabeedb'), 'application/x-rpm'],
  [0, 'ANDROID BACKUP\n', 'application/x-android-backup'],
  [0, '070707', 'application/x-cpio'],
  [0, '070701', 'application/x-cpio'],
  [0, '070702', 'application/x-cpio'],
  [0, hex('c771'), 'application/x-cpio'],
  [0, hex('71c7'), 'application/x-cpio'],
  [257, 'ustar', 'application/x-tar'],
  [0, 'hsqs', 'application/x-squashfs-image'],
  [0, 'sqsh', 'application/x-squashfs-image'],
  [32769, 'CD001', 'application/x-iso9660-image'],
  [34817, 'NSR0', 'application/x-iso9660-image'],
  [3, 'NTFS    ', ntfsType],
  [3, 'EXFAT   ', 'application/x-raw-disk-image'],
  [3, '-FVE-FS-', 'application/x-raw-disk-image'],
  [3, 'MSDOS5.0', 'application/x-raw-disk-image'],
  [3, 'mkfs.fat', 'application/x-raw-disk-image'],
  [54, 'FAT12   ', bootType],
  [54, 'FAT16   ', bootType],
  [82, 'FAT32   ', bootType],
  [1024, hex('482b0004'), 'application/x-raw-disk-image'],
  [1024, hex('48580005'), 'application/x-raw-disk-image'],
  [32, 'NXSB', 'application/x-raw-disk-image'],
  [0, 'XFSB', 'application/x-raw-disk-image'],
  [0, hex('45520200'), 'application/x-raw-disk-image'],
  [0, 'encrcdsa', 'application/x-apple-diskimage'],
  [1080, hex('53ef'), extType],
  [512, 'EFI PART', 'application/x-raw-disk-image'],
  [0, 'LUKS\xba\xbe', 'application/x-luks-volume'],
  [0, 'EVF\x09\x0d\x0a\xff\x00', 'application/x-ewf-image'],
  [0, 'EVF2\x0d\x0a\x81\x00', 'application/x-ewf-image'],
  [0, 'LVF\x09\x0d\x0a\xff\x00', 'application/x-ewf-logical'],
  [0, 'LEF2\x0d\x0a\x81\x00', 'application/x-ewf-logical'],
  [0, 'ADSEGMENTEDFILE\0', 'application/x-ad1-image'],
  [0, 'KDMV', 'application/x-vmdk-disk'],
  [0, '# Disk DescriptorFile', 'application/x-vmdk-disk'],
  [0, 'vhdxfile', 'application/x-vhdx-disk'],
  [0, 'conectix', 'application/x-vhd-disk'],
  [0, 'QFI\xfb', 'application/x-qcow-disk'],
  [64, hex('7f10dabe'), 'application/x-virtualbox-vdi'],
  // documents
  [0, '%PDF-', 'application/pdf'],
  [0, hex('d0cf11e0a1b11ae1'), compoundType],
  [0, '{\\rtf', 'application/rtf'],
  [0, hex('c5d0d3c6'), 'application/eps'],
  [
    0,
    '%!PS',
    (sample) =>
      sample.head.subarray(0, 40).includes(' EPSF-') ? 'application/eps' : 'application/postscript',
  ],
  [0, '!BDN', 'application/vnd.ms-outlook-pst'],
  [0, 'ITSF', 'application/vnd.ms-htmlhelp'],
  [60, 'BOOKMOBI', 'application/x-mobipocket-ebook'],
  [0, hex('e4525c7b8cd8a74daeb15378d02996d3'), 'application/onenote'],
  // databases and traces of use
  [0, 'SQLite format 3\0', 'application/x-sqlite3'],
  [0, hex('377f0682'), 'application/x-sqlite3-wal'],
  [0, hex('377f0683'), 'application/x-sqlite3-wal'],
  [0, hex('d9d505f920a163d7'), 'application/x-sqlite3-journal'],
  [0, '[Trash Info]', 'text/x-trash-info'],
  [0, '[ZoneTransfer]', 'text/x-zone-identifier'],
  [0, '__ARESDB1.02H_', 'application/x-ares-catalogue'],
  [0, '__ARESDB1.04L_', 'application/x-ares-catalogue'],
  [0, '___ARESTRA__', 'application/x-ares-partial'],
  [0, '# Tor state file last generated', 'text/x-tor-state'],
  [0, 'GGUF', 'application/x-gguf'],
  [0, 'TDF$', 'application/x-telegram-data'],
  [0, '# This file was generated by Tor;', 'text/x-torrc'],
  [0, '## Configuration file for a typical Tor user', 'text/x-torrc'],
  [0, '// Mozilla User Preferences', 'text/x-mozilla-preferences'],
  [0, '# Mozilla User Preferences', 'text/x-mozilla-preferences'],
  [0, '## Configuration file for a typical i2pd user', 'text/x-i2pd-config'],
  [0, '# NOTE: This I2P config file must use UTF-8', 'text/x-i2p-config'],
  [0, '# This file is overwritten whenever Freenet', 'text/x-freenet-config'],
  [0, '== ed25519v1-secret: type0 ==', 'application/x-tor-service-key'],
  [0, '== ed25519v1-public: type0 ==', 'application/x-tor-service-key'],
  [0, hex('305c72a71b6dfbfc'), 'application/x-chromium-cache-entry'],
  [0, hex('c3ca04c1'), 'application/x-chromium-cache-blocks'],
  [0, 'Client UrlCache MMF Ver ', 'application/x-ms-index-dat'],
  [4, hex('efcdab89'), 'application/x-ms-ese-database'],
  [4, 'Standard Jet DB', 'application/vnd.ms-access'],
  [4, 'Standard ACE DB', 'application/vnd.ms-access'],
  [0, 'bplist0', propertyListType],
  [0, hex('0005160700020000'), 'application/x-apple-double'],
  [0, 'CMMM', 'application/x-ms-thumbcache'],
  [0, 'IMMM', 'application/x-ms-thumbcache'],
  [0, 'regf', 'application/x-ft-windows-registry-hive'],
  [0, 'ElfFile\0', 'application/x-ms-evtx'],
  [0, hex('4c0000000114020000000000c000000000000046'), 'application/x.ms.shortcut'],
  [0, 'book\0\0\0\0mark\0\0\0\0', 'application/x.apple.alias'],
  [0, hex('0000000142756431'), 'application/x-apple-ds-store'],
  [4, 'SCCA', 'application/x-ms-prefetch'],
  [0, 'MAM\x04', 'application/x-ms-prefetch'],
  [0, hex('d4c3b2a1'), 'application/vnd.tcpdump.pcap'],
  [0, hex('a1b2c3d4'), 'application/vnd.tcpdump.pcap'],
  [0, hex('0a0d0d0a'), 'application/vnd.tcpdump.pcap'],
  [0, 'Obj\x01', 'application/avro'],
  [0, 'PAR1', 'application/vnd.apache.parquet'],
  // programs, fonts, the rest
  [0, hex('7f454c46'), 'application/x-elf'],
  [0, 'MZ', (sample) => (sample.sizeBytes >= 64 ? 'application/x-msdownload' : null)],
  [0, hex('feedface'), 'application/x-mach-binary'],
  [0, hex('feedfacf'), 'application/x-mach-binary'],
  [0, hex('cefaedfe'), 'application/x-mach-binary'],
  [0, hex('cffaedfe'), 'application/x-mach-binary'],
  [0, hex('cafebabe'), javaOrMach],
  [0, 'dex\n', 'application/x-dex'],
  [0, hex('0061736d'), 'application/wasm'],
  [0, 'wOFF', 'font/woff'],
  [0, 'wOF2', 'font/woff2'],
  [0, 'OTTO', 'font/otf'],
  [0, 'ttcf', 'font/collection'],
  [0, hex('0001000000'), 'font/ttf'],
  [0, 'true\0', 'font/ttf'],
  [0, 'Cr24', 'application/x-google-chrome-extension'],
  [0, 'CWS', flashType],
  [0, 'FWS', flashType],
  [0, 'ZWS', flashType],
  [0, 'glTF', 'model/gltf-binary'],
  [0, 'BLENDER', 'application/x-blender'],
  [0, '-----BEGIN PGP MESSAGE', 'application/pgp-encrypted'],
  [0, '-----BEGIN PGP ', 'application/pgp-keys'],
  [0, '-----BEGIN ', 'application/x-pem-file'],
  [128, 'DICM', 'application/dicom'],
]

const SIGNATURES: readonly Signature[] = ROWS.map(([offset, bytes, verdict]) => ({
  offset,
  bytes: typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes,
  verdict,
}))
const AT_START: readonly (readonly Signature[])[] = Array.from({ length: 256 }, (_, byte) =>
  SIGNATURES.filter(({ offset, bytes }) => offset === 0 && bytes[0] === byte),
)
const ELSEWHERE = SIGNATURES.filter(({ offset }) => offset > 0)

function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(' ', ''), 'hex')
}
