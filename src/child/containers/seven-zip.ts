/**
 * 7z, RAR, CAB, ISO and the single-stream compressors through 7-Zip compiled to WebAssembly. It sees a memory file
 * system of its own: names from the archive create nothing outside it. Sizes are listed and checked before unpacking.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import sevenZipModule, { type SevenZipModuleFactory } from '7z-wasm'
import type { FileTime } from '../../contracts/entry.ts'
import { notDone } from '../../contracts/stage.ts'
import { libraryText } from '../said.ts'
import type { ByteSource } from './byte-source.ts'
import { type Budget, ContainerDamaged, ContainerEncrypted, type Member, type Opener } from './container.ts'

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
  ],
  async *members(source, budget) {
    const { listed, problem } = await list(source)
    for (const item of listed) {
      budget.entry()
      budget.expect(item.sizeBytes)
    }
    budget.expect(listed.reduce((sum, item) => sum + item.sizeBytes, 0))
    if (listed.length === 0 && problem) throw new ContainerDamaged(libraryText(problem))
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
  },
}

interface Listed {
  readonly path: string
  readonly sizeBytes: number
  readonly folder: boolean
  readonly encrypted: boolean
  readonly modified: FileTime | null
}

// A CommonJS package: what is typed as its default export is the module itself.
const SevenZip = sevenZipModule as unknown as SevenZipModuleFactory

let wasmBinary: ArrayBuffer | null = null

/** Reads the WebAssembly now: after a child has given up root the disk may be unreadable. */
export function prepareSevenZip(): void {
  const file = readFileSync(createRequire(import.meta.url).resolve('7z-wasm/7zz.wasm'))
  wasmBinary = file.buffer.slice(file.byteOffset, file.byteOffset + file.length) as ArrayBuffer
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

async function start(source: ByteSource) {
  if (wasmBinary === null) prepareSevenZip()
  const printed: string[] = []
  const keep = (line: string) => void (printed.length < MOST_LINES && printed.push(line))
  const module = await SevenZip({ print: keep, printErr: keep, wasmBinary: wasmBinary! })
  module.FS.mkdir('/in')
  mount(module.FS as unknown as FileSystem, '/in/c', source)
  return { module, printed }
}

/** EINVAL of WASI. */
const INVALID = 28

/** A file whose bytes are read where they lie: nothing of it is copied into the memory of 7-Zip. */
function mount(fs: FileSystem, path: string, source: ByteSource): void {
  fs.writeFile(path, new Uint8Array(0))
  const { node } = fs.lookupPath(path)
  const { getattr } = node.node_ops
  const size = source.sizeBytes
  node.node_ops = { ...node.node_ops, getattr: (of: unknown) => ({ ...getattr(of), size }) }
  node.stream_ops = {
    ...node.stream_ops,
    read(_stream: unknown, buffer: Uint8Array, offset: number, length: number, position: number): number {
      const bytes = source.read(position, Math.max(0, Math.min(length, size - position)))
      buffer.set(bytes, offset)
      return bytes.length
    },
    llseek(stream: { position: number }, offset: number, whence: number): number {
      const from = whence === 1 ? stream.position : whence === 2 ? size : 0
      if (from + offset < 0) throw new fs.ErrnoError(INVALID)
      return from + offset
    },
  }
}

/** Of Emscripten's file system, what its types leave out. */
interface FileSystem {
  writeFile(path: string, bytes: Uint8Array): void
  lookupPath(path: string): {
    node: {
      node_ops: { getattr(of: unknown): Record<string, unknown> }
      stream_ops: Record<string, unknown>
    }
  }
  readonly ErrnoError: new (errno: number) => Error
}

/** Nine lines a member at the most, for more members than any limit lets through. */
const MOST_LINES = 4_000_000

const NO_PROGRESS = '-bsp0'

/** A wrong password rather than none: 7-Zip must never wait for a keyboard. */
const NO_PASSWORD = '-pnone'

async function list(source: ByteSource): Promise<{ listed: Listed[]; problem: string | null }> {
  const { module, printed } = await start(source)
  const code = call(module, ['l', '-slt', '-ba', NO_PROGRESS, NO_PASSWORD, '--', '/in/c'])
  const text = printed.join('\n')
  if (code !== 0 && (/password|encrypted/i.test(text) || hasEncryptedHeader(source)))
    throw new ContainerEncrypted('names are encrypted')
  // A single-stream compressor prints one item without a path.
  const items = text.includes('Path = ') ? text.split(/^(?=Path = )/m) : [text]
  const listed = items.map(parseItem).filter((item) => item !== null)
  return { listed, problem: code === 0 ? null : failureIn(printed) }
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

function call(module: { callMain(args: string[]): unknown }, args: string[]): number {
  try {
    return Number(module.callMain(args) ?? 0)
  } catch (error) {
    // Emscripten throws a number for a C++ exception that 7-Zip itself turns into an exit code elsewhere.
    if (typeof error === 'number') return 2
    throw error
  }
}

function parseItem(text: string): Listed | null {
  const fields = new Map(
    text.split('\n').flatMap((line) => (line.includes(' = ') || line.endsWith(' =') ? [field(line)] : [])),
  )
  if (!fields.has('Size') && !fields.has('Path')) return null
  return {
    path: fields.get('Path') ?? '',
    sizeBytes: Number(fields.get('Size') ?? 0) || 0,
    folder: fields.get('Folder') === '+' || (fields.get('Attributes') ?? '').startsWith('D'),
    encrypted: fields.get('Encrypted') === '+',
    modified: timeOf(fields.get('Modified') ?? ''),
  }
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
  const { module, printed } = await start(source)
  const only: string[] = []
  if (wanted) {
    module.FS.writeFile('/in/list', wanted.map(({ path }) => `${path}\n`).join(''))
    // Names are names: no wildcards in them (-spd).
    only.push('-spd', '-scsUTF-8', '-i@/in/list')
  }
  const code = call(module, ['x', '-y', NO_PROGRESS, NO_PASSWORD, '-o/out', ...only, '--', '/in/c'])
  module.FS.unlink('/in/c')
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
    entryKind: item.folder ? 'directory' : 'file',
    sizeBytes: BigInt(item.sizeBytes),
    modified: item.modified,
    linkTarget: null,
    read: item.folder
      ? null
      : async () => {
          if (item.encrypted) return notDone('encrypted-member')
          const { files, problem } = await unpacked()
          // A single-stream compressor has no name inside; 7-Zip makes one up.
          const file = files.get(item.path) ?? (only && files.size === 1 ? [...files.values()][0] : undefined)
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
