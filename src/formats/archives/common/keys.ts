/** Secrets that a decoder was sent for a locked file, and which of them opened it. */
import type { LockCheck } from '../../../contracts/file-lock.ts'
import type { Secret, SecretKind } from '../../../contracts/lock.ts'

export class ContainerEncrypted extends Error {}

export class Keys {
  readonly #secrets: readonly Secret[]
  readonly #tried = new Set<number>()
  #opened: number | null = null
  #check: LockCheck = 'key'

  constructor(secrets: readonly Secret[]) {
    this.#secrets = secrets
  }

  /**
   * Tries the secrets in the order of the keys file.
   * @param attempt null: this secret does not open it. Only a result that something confirms may be returned.
   * @throws ContainerEncrypted when none opens it
   */
  open<T>(
    takes: readonly SecretKind[],
    check: LockCheck,
    attempt: (secret: Buffer, kind: SecretKind) => T | null,
  ): T {
    for (const { number, kind, hex } of this.#secrets) {
      if (!takes.includes(kind)) continue
      this.#tried.add(number)
      const opened = attempt(Buffer.from(hex, 'hex'), kind)
      if (opened === null) continue
      this.#opened = number
      this.#check = check
      return opened
    }
    throw new ContainerEncrypted()
  }

  /** Null: nothing was locked, or no secret was sent for it. */
  get lock(): { readonly secret: number | null; readonly check: LockCheck; readonly tried: number[] } | null {
    if (this.#tried.size === 0) return null
    return { secret: this.#opened, check: this.#check, tried: [...this.#tried] }
  }
}

export const NO_KEYS = new Keys([])
