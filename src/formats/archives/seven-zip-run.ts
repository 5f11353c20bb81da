/** Starts 7-Zip compiled to WebAssembly on one container, which is a file of its memory file system and read where it lies. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import sevenZipModule, { type SevenZipModuleFactory } from '7z-wasm'
import { isWasmModule } from '../../base/wasm-module.ts'
import type { ByteSource } from '../bytes/byte-source.ts'

// A CommonJS package: what is typed as its default export is the module itself.
const SevenZip = sevenZipModule as unknown as SevenZipModuleFactory

let wasmBinary: ArrayBuffer | null = null

/** Reads the WebAssembly now: after a child has given up root the disk may be unreadable. */
export function prepareSevenZip(): void {
  const file = readFileSync(createRequire(import.meta.url).resolve('7z-wasm/7zz.wasm'))
  // Found out later, it would be said of the container.
  if (!isWasmModule(file)) throw new Error('7z-wasm/7zz.wasm is damaged')
  wasmBinary = file.buffer.slice(file.byteOffset, file.byteOffset + file.length) as ArrayBuffer
}

/** @returns the module, with the container at CONTAINER, and what it prints */
export async function startSevenZip(source: ByteSource) {
  if (wasmBinary === null) prepareSevenZip()
  const printed: string[] = []
  const keep = (line: string) => void (printed.length < MOST_LINES && printed.push(line))
  const module = await SevenZip({ print: keep, printErr: keep, wasmBinary: wasmBinary! })
  module.FS.mkdir('/in')
  mount(module.FS as unknown as FileSystem, CONTAINER, source)
  return { module, printed }
}

export const CONTAINER = '/in/c'

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

export const NO_PROGRESS = '-bsp0'

/** A wrong password rather than none: 7-Zip must never wait for a keyboard. */
export const NO_PASSWORD = '-pnone'

/** @returns the exit code */
export function callSevenZip(module: { callMain(args: string[]): unknown }, args: string[]): number {
  try {
    return Number(module.callMain(args) ?? 0)
  } catch (error) {
    // Emscripten throws a number for a C++ exception that 7-Zip itself turns into an exit code elsewhere.
    if (typeof error === 'number') return 2
    throw error
  }
}
