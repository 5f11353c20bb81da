/**
 * 7z, RAR, CAB, ISO and the single-stream compressors through 7-Zip compiled to WebAssembly. It sees a memory file
 * system of its own: names from the archive create nothing outside it. Sizes are listed and checked before unpacking.
 */
import type { EntryKind, FileTime } from '../../contracts/entry.ts'
import { notDone } from '../../contracts/stage.ts'
import { libraryText } from '../said.ts'
import type { ByteSource } from './byte-source.ts'
import {
  type Budget,
  ContainerDamaged,
  ContainerEncrypted,
  ContainerNotBuilt,
  type Member,
  type Opener,
} from './container.ts'
import { CONTAINER, callSevenZip, NO_PASSWORD, NO_PROGRESS, startSevenZip } from './seven-zip-run.ts'

export const sevenZip: Opener = {
  id: 'seven-zip',
  mediaTypes: [
    'application/x-7z-compressed',
    'application/vnd.rar',
    'application/x-rar-compressed',
    'application/vnd.ms-cab-compressed',
    'application/x-iso9660-image',
    'application/x-xz',
    'application/x-bzip2',
    'application/zstd',
    'application/x-lzip',
    'application/x-compress',
    'application/x-lzma',
    'application/x-lzh-compressed',
    'application/x-arj',
    'application/x-cpio',
    'application/x-archive',
    'application/x-ms-wim',
    'application/x-deb',
    'application/x-rpm',
    'application/x-xar',
    'application/x-squashfs-image',
    'application/vnd.ms-htmlhelp',
  ],
  members: (source, budget) => membersOf(source, budget, false),
}

/** Images of disks: 7-Zip opens what they hold at once, a table of partitions or a file system, and does not know them all. */
export const diskImage: Opener = {
  id: 'disk-image',
  mediaTypes: [
    'application/x-apple-diskimage',
    'application/x-qcow-disk',
    'application/x-raw-disk-image',
    'application/x-vhd-disk',
    'application/x-vhdx-disk',
    'application/x-virtualbox-vdi',
    'application/x-vmdk-disk',
  ],
  async *members(source, budget) {
    if (ENCRYPTED.some(([at, mark]) => source.read(at, mark.length).toString('latin1') === mark))
      throw new ContainerEncrypted()
    yield* membersOf(source, budget, true)
  },
}

/** BitLocker, and an image that Apple's hdiutil encrypted. */
const ENCRYPTED = [
  [3, '-FVE-FS-'],
  [0, 'encrcdsa'],
] as const

async function* membersOf(source: ByteSource, budget: Budget, isDisk: boolean): AsyncGenerator<Member> {
  const { listed, problem, isPart } = await list(source)
  for (const item of listed) {
    budget.entry()
    budget.expect(item.sizeBytes)
  }
  budget.expect(listed.reduce((sum, item) => sum + item.sizeBytes, 0))
  if (listed.length === 0 && problem && isDisk) throw new ContainerNotBuilt(libraryText(problem))
  for (const batch of batchesOf(listed)) {
    // Unpacked when the first of them is read: whoever wants one member unpacks no other batch.
    let unpacking: Promise<Unpacked> | null = null
    const unpacked = () => {
      unpacking ??= extract(source, batch.length === listed.length ? null : batch)
      return unpacking
    }
    for (const item of batch) yield memberOf(item, unpacked, budget, listed.length === 1)
  }
  if (problem) throw new ContainerDamaged(libraryText(problem))
  if (isDisk && isPart) throw new ContainerDamaged(libraryText(DATA_AFTER))
}

interface Listed {
  readonly path: string
  readonly sizeBytes: number
  readonly kind: EntryKind
  readonly linkTarget: Buffer | null
  readonly encrypted: boolean
  readonly modified: FileTime | null
}

/** What is unpacked lies in memory until it was handed on. */
const BATCH_BYTES = 256 << 20

function* batchesOf(listed: readonly Listed[]): Generator<readonly Listed[]> {
  let batch: Listed[] = []
  let bytes = 0
  for (const item of listed) {
    if (batch.length > 0 && bytes + item.sizeBytes > BATCH_BYTES) {
      yield batch
      batch = []
      bytes = 0
    }
    batch.push(item)
    bytes += item.sizeBytes
  }
  if (batch.length > 0) yield batch
}

interface Listing {
  readonly listed: readonly Listed[]
  readonly problem: string | null
  /** What was found is less than the whole, as 7-Zip says: one volume of a disk, found by its mark. */
  readonly isPart: boolean
}

async function list(source: ByteSource): Promise<Listing> {
  const { module, printed } = await startSevenZip(source)
  const args = ['l', '-slt', ...asIs(source), NO_PROGRESS, NO_PASSWORD, '--', CONTAINER]
  const code = callSevenZip(module, args)
  if (code !== 0 && (/password|encrypted/i.test(printed.join('\n')) || hasEncryptedHeader(source)))
    throw new ContainerEncrypted('names are encrypted')
  const begins = printed.indexOf(ITEMS_BEGIN)
  const [head, text] = [printed.slice(0, begins), begins === -1 ? '' : printed.slice(begins + 1).join('\n')]
  // A single-stream compressor prints one item without a path.
  const items = text.includes('Path = ') ? text.split(/^(?=Path = )/m) : [text]
  const listed = items.map(parseItem).filter((item) => item !== null)
  return {
    listed,
    problem: code === 0 ? null : failureIn(printed),
    isPart: head.includes(DATA_AFTER) && head.some((line) => /^Offset = [1-9]/.test(line)),
  }
}

const ITEMS_BEGIN = '----------'
const DATA_AFTER = 'There are data after the end of archive'

const ARCHIVE = Buffer.from('!<arch>\n')

/** Of a Debian package 7-Zip would show the larger of its two archives only. */
function asIs(source: ByteSource): readonly string[] {
  return source.read(0, ARCHIVE.length).equals(ARCHIVE) ? ['-tar'] : []
}

// 7zFormat.txt: signature, start header with offset and size of the next header at 12 and 20; AES is method 06F10701.
const SIGNATURE_7Z = Buffer.from('7z\xbc\xaf\x27\x1c', 'latin1')
const START_BYTES = 32
const AES_METHOD = Buffer.from('06f10701', 'hex')

/** 7-Zip ends without a word on an archive whose names are encrypted; the header says so in the clear. */
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
  if (!fields.has('Size') && !fields.has('Path')) return null
  const link = fields.get('Symbolic Link') ?? ''
  return {
    path: fields.get('Path') ?? '',
    sizeBytes: Number(fields.get('Size') ?? 0) || 0,
    kind: kindOf(fields),
    linkTarget: link === '' ? null : Buffer.from(link, 'utf8'),
    encrypted: fields.get('Encrypted') === '+',
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

/** 7-Zip prints local time of a process whose zone is UTC. */
function timeOf(text: string): FileTime | null {
  const [, date, time, fraction] = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d+))?$/.exec(text) ?? []
  if (!date) return null
  const ns =
    BigInt(Date.parse(`${date}T${time}Z`)) * 1_000_000n + BigInt((fraction ?? '').padEnd(9, '0').slice(0, 9))
  return { ns, source: 'archive', resolution: fraction ? '100ns' : 's', zone: 'utc' }
}

interface Unpacked {
  readonly files: ReadonlyMap<string, () => Buffer>
  readonly problem: string
}

/** @param wanted null: everything */
async function extract(source: ByteSource, wanted: readonly Listed[] | null): Promise<Unpacked> {
  const { module, printed } = await startSevenZip(source)
  const only: string[] = []
  if (wanted) {
    module.FS.writeFile('/in/list', wanted.map(({ path }) => `${path}\n`).join(''))
    // Names are names: no wildcards in them (-spd).
    only.push('-spd', '-scsUTF-8', '-i@/in/list')
  }
  const code = callSevenZip(module, [
    'x',
    '-y',
    ...asIs(source),
    NO_PROGRESS,
    NO_PASSWORD,
    '-o/out',
    ...only,
    '--',
    CONTAINER,
  ])
  module.FS.unlink(CONTAINER)
  const files = new Map<string, () => Buffer>()
  const walk = (folder: string) => {
    for (const name of module.FS.readdir(folder)) {
      if (name === '.' || name === '..') continue
      const path = `${folder}/${name}`
      const { mode } = module.FS.lstat(path)
      if (module.FS.isDir(mode)) walk(path)
      else if (module.FS.isFile(mode))
        files.set(path.slice('/out/'.length), () => Buffer.from(module.FS.readFile(path)))
    }
  }
  if (module.FS.readdir('/').includes('out')) walk('/out')
  return { files, problem: code === 0 ? '' : failureIn(printed) }
}

function memberOf(item: Listed, unpacked: () => Promise<Unpacked>, budget: Budget, only: boolean): Member {
  return {
    kind: 'member',
    name: Buffer.from(item.path || 'content', 'utf8'),
    entryKind: item.kind,
    sizeBytes: BigInt(item.sizeBytes),
    modified: item.modified,
    linkTarget: item.linkTarget,
    read:
      item.kind !== 'file'
        ? null
        : async () => {
            if (item.encrypted) return notDone('encrypted-member')
            const { files, problem } = await unpacked()
            // A single-stream compressor has no name inside; 7-Zip makes one up.
            const file =
              files.get(item.path) ?? (only && files.size === 1 ? [...files.values()][0] : undefined)
            if (!file)
              return notDone(
                'decode-failed',
                problem ? libraryText(problem) : { code: 'not-unpacked', params: {} },
              )
            const content = file()
            budget.charge(content.length)
            return content
          },
  }
}

function failureIn(printed: readonly string[]): string {
  const line = printed.find((text) => /error|warning|can ?not|unexpected/i.test(text))
  return (line ?? '7-Zip could not read it').slice(0, 200)
}
