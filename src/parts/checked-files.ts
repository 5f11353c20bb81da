/**
 * Results of checks of files, kept between runs while none of the files changes, as the digests of the parts are. A child process that
 * loads a model hashes it, whatever was kept.
 */
import { VERSION } from '../base/version.ts'
import { cacheFile, keep, readKept, stampOf } from './parts-cache.ts'

interface Check {
  /** Path, size, times and inode of each file. */
  readonly files: readonly string[]
  readonly result: string
}

export class CheckedFiles {
  readonly #file: string
  readonly #checks: Map<string, Check>
  #isNew = false

  constructor(file: string = cacheFile('models')) {
    this.#file = file
    const kept = readKept(file)
    this.#checks = new Map(isKept(kept) && kept.version === VERSION ? kept.checks : [])
  }

  /**
   * @param what the check, by a name of its own
   * @returns the result of `check`, now or at an earlier start. An error of `check` is not kept.
   */
  once(what: string, paths: readonly string[], check: () => string): string {
    // Before the check: a file that changes meanwhile has another stamp at the next start.
    const files = paths.map((path) => `${path} ${stampOf(path)}`)
    const before = this.#checks.get(what)
    if (before?.files.join('\n') === files.join('\n')) return before.result
    const result = check()
    this.#checks.set(what, { files, result })
    this.#isNew = true
    return result
  }

  /** Writes what is new. */
  save(): void {
    if (this.#isNew) keep(this.#file, { version: VERSION, checks: [...this.#checks] } satisfies Kept)
    this.#isNew = false
  }
}

interface Kept {
  readonly version: string
  readonly checks: readonly (readonly [what: string, check: Check])[]
}

function isKept(value: unknown): value is Kept {
  const { version, checks } = (value ?? {}) as Partial<Kept>
  return typeof version === 'string' && Array.isArray(checks) && checks.every(isNamedCheck)
}

function isNamedCheck(value: unknown): boolean {
  if (!Array.isArray(value) || typeof value[0] !== 'string') return false
  const { files, result } = (value[1] ?? {}) as Partial<Check>
  return Array.isArray(files) && files.every((file) => typeof file === 'string') && typeof result === 'string'
}
