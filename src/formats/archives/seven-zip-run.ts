/**
 * Starts 7-Zip, compiled to WebAssembly, on one container. The container is a file in the memory file system of
 * 7-Zip; its bytes are read from the source on demand.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import sevenZipModule, { type SevenZipModuleFactory } from '7z-wasm'
import { isWasmModule } from '../../base/wasm-module.ts'
import type { ByteSource } from '../bytes/byte-source.ts'

// 7z-wasm is a CommonJS package: the value typed as its default export is the module itself.
const SevenZip = sevenZipModule as unknown as SevenZipModuleFactory

let wasmBinary: ArrayBuffer | null = null

/** Loads the WebAssembly early: after a child process has given up root, the disk may be unreadable. */
export function prepareSevenZip(): void {
  const file = readFileSync(createRequire(import.meta.url).resolve('7z-wasm/7zz.wasm'))
  // Checked here, because a later failure would be reported as damage of the container.
  if (!isWasmModule(file)) throw new Error('7z-wasm/7zz.wasm is damaged')
  wasmBinary = file.buffer.slice(file.byteOffset, file.byteOffset + file.length) as ArrayBuffer
}

/** @returns the module, with the container at CONTAINER, and the lines that 7-Zip prints */
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

/** Adds a file whose reads go to the source. No bytes are copied into the memory of 7-Zip in advance. */
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

/** Parts of Emscripten's file system that its type declarations omit. */
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

/** At most nine lines a member, for more members than any limit allows. */
const MOST_LINES = 4_000_000

export const NO_PROGRESS = '-bsp0'

/**
 * A password goes to 7-Zip in the memory of this process, never to another one. Without any it gets one that cannot be
 * right, because 7-Zip must never wait for a keyboard.
 */
export function passwordSwitch(password: string | null): string {
  return `-p${password ?? NO_PASSWORD}`
}

const NO_PASSWORD = 'seized was given no password 5d1f0c62'

/** @returns the exit code */
export function callSevenZip(module: { callMain(args: string[]): unknown }, args: string[]): number {
  try {
    return Number(module.callMain(args) ?? 0)
  } catch (error) {
    // Emscripten throws a number for a C++ exception that 7-Zip itself converts to an exit code on other platforms.
    if (typeof error === 'number') return 2
    throw error
  }
}
