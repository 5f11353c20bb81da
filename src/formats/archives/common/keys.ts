/** Secrets that a decoder was sent for a locked file, and which of them opened it. */
import {
  type ClosedFormat,
  type FileLockTried,
  type FilePassword,
  type FilePasswords,
  LOCK_CHECKS,
  type LockCheck,
} from '../../../contracts/file-lock.ts'
import type { Secret, SecretKind } from '../../../contracts/lock.ts'

export class ContainerEncrypted extends Error {}

export class Keys implements FilePasswords {
  readonly #secrets: readonly Secret[]
  readonly #tried = new Set<number>()
  #opened: number | null = null
  #check: LockCheck = 'key'
  #isLeft = false
  #form: ClosedFormat | null = null

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

  get passwords(): readonly FilePassword[] {
    const typed = this.#secrets.filter(({ kind }) => kind === 'password')
    const last = typed.filter(({ number }) => number === this.#opened)
    return [...last, ...typed.filter((one) => !last.includes(one))].map(({ number, hex }) => ({
      number,
      text: Buffer.from(hex, 'hex').toString('utf8'),
    }))
  }

  opened({ number }: FilePassword, check: LockCheck): void {
    this.#tried.add(number)
    // The weakest check of all members counts.
    this.#check = this.#opened === null ? check : weaker(this.#check, check)
    this.#opened = number
  }

  closed(form: ClosedFormat | null = null): void {
    for (const { number, kind } of this.#secrets) if (kind === 'password') this.#tried.add(number)
    this.#isLeft = true
    this.#form ??= form
  }

  /** Null: nothing was locked, or no secret was sent for it. */
  get lock(): Omit<FileLockTried, 'by'> | null {
    if (this.#tried.size === 0 && !this.#isLeft) return null
    return {
      secret: this.#opened,
      check: this.#check,
      tried: [...this.#tried],
      isLeft: this.#isLeft,
      form: this.#form,
    }
  }
}

function weaker(one: LockCheck, other: LockCheck): LockCheck {
  return LOCK_CHECKS.indexOf(one) > LOCK_CHECKS.indexOf(other) ? one : other
}

export const NO_KEYS = new Keys([])
