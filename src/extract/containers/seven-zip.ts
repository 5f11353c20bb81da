/**
 * 7z, RAR, CAB, ISO and the single-stream compressors through 7-Zip compiled to WebAssembly. It sees a memory file
 * system of its own: names from the archive create nothing outside it. Sizes are listed and checked before unpacking.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import sevenZipModule, { type SevenZipModuleFactory } from '7z-wasm'
import type { FileTime } from '../../contracts.ts'
import {
  type Budget,
  ContainerDamaged,
  ContainerEncrypted,
  type Member,
  notDone,
  type Opener,
} from './container.ts'

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
  async *members(bytes, budget) {
    const { listed, problem } = await list(bytes)
    for (const item of listed) {
      budget.entry()
      budget.expect(item.sizeBytes)
    }
    budget.expect(listed.reduce((sum, item) => sum + item.sizeBytes, 0))
    if (listed.length === 0 && problem) throw new ContainerDamaged(problem)
    const unpacked = await extract(bytes)
    const found = new Map(unpacked.files.map((file) => [file.path, file]))
    for (const item of listed) yield memberOf(item, found, unpacked.problem, budget, listed.length === 1)
    if (problem) throw new ContainerDamaged(problem)
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

async function start(bytes: Buffer) {
  if (wasmBinary === null) prepareSevenZip()
  const printed: string[] = []
  const keep = (line: string) => void (printed.length < MOST_LINES && printed.push(line))
  const module = await SevenZip({ print: keep, printErr: keep, wasmBinary: wasmBinary! })
  module.FS.mkdir('/in')
  module.FS.writeFile('/in/c', bytes)
  return { module, printed }
}

/** Nine lines a member at the most, for more members than any limit lets through. */
const MOST_LINES = 4_000_000

const NO_PROGRESS = '-bsp0'

/** A wrong password rather than none: 7-Zip must never wait for a keyboard. */
const NO_PASSWORD = '-pnone'

async function list(bytes: Buffer): Promise<{ listed: Listed[]; problem: string | null }> {
  const { module, printed } = await start(bytes)
  const code = call(module, ['l', '-slt', '-ba', NO_PROGRESS, NO_PASSWORD, '--', '/in/c'])
  const text = printed.join('\n')
  if (code !== 0 && (/password|encrypted/i.test(text) || hasEncryptedHeader(bytes)))
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
function hasEncryptedHeader(bytes: Buffer): boolean {
  if (bytes.length < START_BYTES || !bytes.subarray(0, 6).equals(SIGNATURE_7Z)) return false
  const start = START_BYTES + Number(bytes.readBigUInt64LE(12))
  return bytes.subarray(start, start + Number(bytes.readBigUInt64LE(20))).includes(AES_METHOD)
}

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
  readonly path: string
  readonly content: () => Buffer
}

async function extract(bytes: Buffer): Promise<{ files: Unpacked[]; problem: string }> {
  const { module, printed } = await start(bytes)
  const code = call(module, ['x', '-y', NO_PROGRESS, NO_PASSWORD, '-o/out', '--', '/in/c'])
  module.FS.unlink('/in/c')
  const files: Unpacked[] = []
  const walk = (folder: string) => {
    for (const name of module.FS.readdir(folder)) {
      if (name === '.' || name === '..') continue
      const path = `${folder}/${name}`
      const { mode } = module.FS.lstat(path)
      if (module.FS.isDir(mode)) walk(path)
      else if (module.FS.isFile(mode))
        files.push({ path: path.slice('/out/'.length), content: () => Buffer.from(module.FS.readFile(path)) })
    }
  }
  if (module.FS.readdir('/').includes('out')) walk('/out')
  return { files, problem: code === 0 ? '' : failureIn(printed) }
}

function memberOf(
  item: Listed,
  found: ReadonlyMap<string, Unpacked>,
  problem: string,
  budget: Budget,
  only: boolean,
): Member {
  // A single-stream compressor has no name inside; 7-Zip makes one up.
  const file = found.get(item.path) ?? (only && found.size === 1 ? [...found.values()][0] : undefined)
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
          if (!file) return notDone('decode-failed', problem || 'not unpacked')
          const content = file.content()
          budget.charge(content.length)
          return content
        },
  }
}

function failureIn(printed: readonly string[]): string {
  const line = printed.find((text) => /error|warning|can ?not|unexpected/i.test(text))
  return (line ?? '7-Zip could not read it').slice(0, 200)
}
