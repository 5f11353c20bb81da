/**
 * Runs an agency's hasher on one picture at a time. A WASM module without imports can only compute: it has no file, no
 * clock, no network and no memory but its own.
 * It is created anew for each picture, so that no hash depends on another picture, and is ended when its budget is used
 * up.
 *
 * Exports of the module: `memory`; `hash_bytes() → i32`, the size of a hash; `reserve(width, height) → i32`, the
 * address for the pixels. Pixels are RGB, three bytes each, row by row from the top, as stored in the file (EXIF
 * orientation is not applied).
 * `hash(width, height) → i32` is the address of the hash, or 0 without one; `quality() → i32`, 0 to 100, is optional.
 */
import { createContext, Script } from 'node:vm'
import type { ModelUse } from '../contracts/case.ts'
import type { Detail } from '../contracts/detail.ts'
import { ModelRefused } from './model-card.ts'

export interface HasherPicture {
  readonly data: Uint8Array
  readonly width: number
  readonly height: number
  readonly channels: 3 | 4
}

export type Hashed =
  | { readonly ok: true; readonly bytes: Uint8Array | null; readonly quality: number }
  | { readonly ok: false; readonly reason: 'hasher-failed' | 'over-time-limit'; readonly detail: Detail }

export type HasherOf = (picture: HasherPicture) => Hashed

/** The used part of the engine's interface. */
interface Engine {
  Module: { new (bytes: Uint8Array): object; imports(module: object): readonly { name: string }[] }
  Instance: new (module: object, imports: object) => { readonly exports: Readonly<Record<string, unknown>> }
}

const engine = (globalThis as unknown as { WebAssembly: Engine }).WebAssembly

/** @throws ModelRefused when the bytes are no module, or one that asks for anything from outside itself */
export function hasherOf({ id, hasher }: ModelUse, wasm: Uint8Array): HasherOf {
  const { hashBytes, budgetMs } = hasher!
  const module = compiled(id, wasm)
  const sandbox: { work: (() => void) | null } = { work: null }
  const context = createContext(sandbox)
  const script = new Script('work()')
  return (picture) => {
    let hashed: Hashed | null = null
    sandbox.work = () => {
      hashed = hashOnce(id, module, hashBytes, picture)
    }
    try {
      script.runInContext(context, { timeout: budgetMs })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
        return failure('over-time-limit', { code: 'hasher-over-time', params: { hasher: id, ms: budgetMs } })
      return trapped(id, error)
    } finally {
      sandbox.work = null
    }
    return hashed!
  }
}

function compiled(id: string, wasm: Uint8Array): object {
  let module: object
  try {
    module = new engine.Module(wasm)
  } catch (error) {
    throw new ModelRefused(
      `The hasher ${id} was refused: it is no WASM module (${(error as Error).message}).`,
      {
        cause: error,
      },
    )
  }
  const [first] = engine.Module.imports(module)
  if (first !== undefined)
    throw new ModelRefused(
      `The hasher ${id} was refused: it imports “${first.name}”; a hasher computes, and may ask for nothing from outside itself.`,
    )
  return module
}

function hashOnce(id: string, module: object, hashBytes: number, picture: HasherPicture): Hashed {
  const { exports } = new engine.Instance(module, {})
  const { width, height } = picture
  const at = call(exports, 'reserve', width, height) >>> 0
  // After each call: memory that grew is another buffer.
  put(picture, room(exports, at, width * height * 3))
  const from = call(exports, 'hash', width, height) >>> 0
  const size = call(exports, 'hash_bytes')
  if (size !== hashBytes) return wrongSize(id, size, hashBytes)
  const quality = exports.quality === undefined ? 100 : call(exports, 'quality')
  if (!Number.isInteger(quality) || quality < 0 || quality > 100)
    throw new RangeError(`quality is ${quality}`)
  return { ok: true, bytes: from === 0 ? null : room(exports, from, hashBytes).slice(), quality }
}

function call(exports: Readonly<Record<string, unknown>>, name: string, ...given: readonly number[]): number {
  const { [name]: called } = exports
  if (typeof called !== 'function') throw new TypeError(`it exports no function ${name}`)
  return Number(called(...given))
}

/** @throws RangeError when it names a place outside its memory */
function room({ memory }: Readonly<Record<string, unknown>>, at: number, bytes: number): Uint8Array {
  const { buffer } = (memory ?? {}) as { readonly buffer?: ArrayBuffer }
  if (!(buffer instanceof ArrayBuffer)) throw new TypeError('it exports no memory')
  if (at + bytes > buffer.byteLength) throw new RangeError('it names a place outside its memory')
  return new Uint8Array(buffer, at, bytes)
}

function put({ data, channels }: HasherPicture, into: Uint8Array): void {
  if (channels === 3) into.set(data.subarray(0, into.length))
  else
    for (let from = 0, to = 0; to < into.length; from += 4, to += 3) {
      into[to] = data[from]!
      into[to + 1] = data[from + 1]!
      into[to + 2] = data[from + 2]!
    }
}

function wrongSize(hasher: string, bytes: number, of: number): Hashed {
  return failure('hasher-failed', { code: 'hasher-size', params: { hasher, bytes, of } })
}

function trapped(hasher: string, error: unknown): Hashed {
  const text = error instanceof Error ? error.message : String(error)
  return failure('hasher-failed', { code: 'hasher-trapped', params: { hasher, text } })
}

function failure(reason: 'hasher-failed' | 'over-time-limit', detail: Detail): Hashed {
  return { ok: false, reason, detail }
}
