/**
 * Parses the listing that 7-Zip prints for a container: its members, their stated properties, and whether the list is
 * complete.
 */
import type { EntryKind, FileTime } from '../../contracts/entry.ts'
import type { ByteSource } from '../bytes/byte-source.ts'
import { ContainerEncrypted } from './common/container.ts'
import { CONTAINER, callSevenZip, NO_PROGRESS, passwordSwitch, startSevenZip } from './seven-zip-run.ts'

export interface Listed {
  readonly path: string
  readonly sizeBytes: number
  /** Null: the container does not state it. */
  readonly statedBytes: number | null
  /** CRC-32 of the member, in formats that store it; null: not stated. */
  readonly crc: number | null
  readonly kind: EntryKind
  readonly linkTarget: Buffer | null
  readonly encrypted: boolean
  /** Extended attribute or fork of the file whose name precedes the colon. */
  readonly isStream: boolean
  readonly modified: FileTime | null
}

export interface Listing {
  readonly listed: readonly Listed[]
  readonly problem: string | null
  /**
   * 7-Zip reports that the listing covers only part of the container: one volume of a disk, found by its signature.
   */
  readonly isPart: boolean
  /** The format has no length, no checksum and no end mark, so truncation cannot be detected. */
  readonly isEndless: boolean
}

/**
 * @param password null: none
 * @throws ContainerEncrypted when even the names are encrypted, with no or another password
 */
export async function listedIn(source: ByteSource, password: string | null = null): Promise<Listing> {
  const first = await listing(source, [], password)
  const { code, printed } = first.printed.some((line) => APPLE.has(line))
    ? await listing(source, STREAMS, password)
    : first
  if (code !== 0 && (printed.some(asksPassword) || hasEncryptedHeader(source)))
    throw new ContainerEncrypted('names are encrypted')
  const begins = printed.indexOf(ITEMS_BEGIN)
  const [head, text] = [printed.slice(0, begins), begins === -1 ? '' : printed.slice(begins + 1).join('\n')]
  // For a single-stream compressor, 7-Zip prints one item without a path.
  const items = text.includes('Path = ') ? text.split(/^(?=Path = )/m) : [text]
  const hasSums = head.some((line) => SUMMED.has(line))
  const members = items
    .map(parseItem)
    .filter((item) => item !== null)
    .map((item) => (hasSums ? item : { ...item, crc: null }))
  return {
    listed: members,
    problem: code === 0 ? null : failureIn(printed),
    isPart: head.includes(DATA_AFTER) && head.some((line) => /^Offset = [1-9]/.test(line)),
    isEndless: head.includes('Type = Z'),
  }
}

async function listing(source: ByteSource, more: readonly string[], password: string | null) {
  const { module, printed } = await startSevenZip(source)
  const args = ['l', '-slt', ...more, ...asIs(source), NO_PROGRESS, passwordSwitch(password), '--', CONTAINER]
  return { code: callSevenZip(module, args), printed }
}

/**
 * Lists extended attributes and resource forks as members `file:name`. Used only for Apple's file systems: in NTFS,
 * streams that belong to the file system are as large as the disk.
 */
const STREAMS = ['-sns']
const APPLE = new Set(['HFS', 'APFS'].map((type) => `Type = ${type}`))

/**
 * Ignores fields of members: every damaged RAR prints `Encrypted = -`, and a member may print `Path = password.txt`.
 */
function asksPassword(line: string): boolean {
  return !line.includes(' = ') && /wrong password|encrypted archive|enter password/i.test(line)
}

/** Formats whose field `CRC` is a CRC-32 of the member. LHA's checksum has 16 bits. */
const SUMMED = new Set(['7z', 'zip', 'Rar', 'Rar5', 'Arj'].map((type) => `Type = ${type}`))

const ITEMS_BEGIN = '----------'
export const DATA_AFTER = 'There are data after the end of archive'

/**
 * Packages that 7-Zip would open one level further. For a Debian package it would then list only the larger of the
 * two archives, and for an RPM package with a truncated payload no member at all.
 */
const PACKAGES: readonly (readonly [Buffer, string])[] = [
  [Buffer.from('!<arch>\n'), '-tar'],
  [Buffer.from('edabeedb', 'hex'), '-trpm'],
]

export function asIs(source: ByteSource): readonly string[] {
  const head = source.read(0, 8)
  return PACKAGES.flatMap(([mark, type]) => (head.subarray(0, mark.length).equals(mark) ? [type] : []))
}

// 7zFormat.txt: signature, start header with offset and size of the next header at 12 and 20; AES is method 06F10701.
const SIGNATURE_7Z = Buffer.from('7z\xbc\xaf\x27\x1c', 'latin1')
const START_BYTES = 32
const AES_METHOD = Buffer.from('06f10701', 'hex')

/** 7-Zip prints no message for an archive with encrypted names. The header states the encryption in plain bytes. */
function hasEncryptedHeader(source: ByteSource): boolean {
  const head = source.read(0, START_BYTES)
  if (head.length < START_BYTES || !head.subarray(0, 6).equals(SIGNATURE_7Z)) return false
  const start = START_BYTES + Number(head.readBigUInt64LE(12))
  const length = Math.min(Number(head.readBigUInt64LE(20)), MOST_HEADER_BYTES)
  return start < source.sizeBytes && source.read(start, length).includes(AES_METHOD)
}

const MOST_HEADER_BYTES = 1 << 20

function parseItem(text: string): Listed | null {
  const fields = new Map(
    text.split('\n').flatMap((line) => (line.includes(' = ') || line.endsWith(' =') ? [field(line)] : [])),
  )
  // For compress (.Z) only the packed size is known.
  if (!['Size', 'Path', 'Packed Size'].some((name) => fields.has(name))) return null
  const link = fields.get('Symbolic Link') ?? ''
  return {
    path: fields.get('Path') ?? '',
    sizeBytes: Number(fields.get('Size') ?? 0) || 0,
    statedBytes: /^\d+$/.test(fields.get('Size') ?? '') ? Number(fields.get('Size')) : null,
    crc: /^[0-9A-F]{8}$/.test(fields.get('CRC') ?? '') ? Number.parseInt(fields.get('CRC')!, 16) : null,
    kind: kindOf(fields),
    linkTarget: link === '' ? null : Buffer.from(link, 'utf8'),
    encrypted: fields.get('Encrypted') === '+',
    isStream: fields.get('Alternate Stream') === '+',
    modified: timeOf(fields.get('Modified') ?? ''),
  }
}

/** First letter of a Unix mode. */
const MODES: Readonly<Record<string, EntryKind>> = {
  d: 'directory',
  l: 'symlink',
  p: 'fifo',
  s: 'socket',
  b: 'block-device',
  c: 'character-device',
}

function kindOf(fields: ReadonlyMap<string, string>): EntryKind {
  if (fields.get('Folder') === '+' || (fields.get('Attributes') ?? '').startsWith('D')) return 'directory'
  if (fields.get('Symbolic Link')) return 'symlink'
  return MODES[fields.get('Mode')?.[0] ?? ''] ?? 'file'
}

function field(line: string): [string, string] {
  const at = line.indexOf(' =')
  return [line.slice(0, at), line.slice(at + 3)]
}

/** 7-Zip prints local time; the time zone of the process is UTC. */
function timeOf(text: string): FileTime | null {
  const [, date, time, fraction] = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d+))?$/.exec(text) ?? []
  if (!date) return null
  const ns =
    BigInt(Date.parse(`${date}T${time}Z`)) * 1_000_000n + BigInt((fraction ?? '').padEnd(9, '0').slice(0, 9))
  return { ns, source: 'archive', resolution: fraction ? '100ns' : 's', zone: 'utc' }
}

export function failureIn(printed: readonly string[]): string {
  const line = printed.find(
    (text) => /error|warning|can ?not|unexpected/i.test(text) && !/^(ERRORS|WARNINGS):$/.test(text),
  )
  return (line ?? '7-Zip could not read it').slice(0, 200)
}
