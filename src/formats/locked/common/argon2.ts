/** Argon2 of node:crypto: from Node 24.7 on. Under an older one it is null, and what needs it is named as not built. */
import crypto from 'node:crypto'

export interface Argon2Parameters {
  readonly message: Buffer
  readonly nonce: Buffer
  readonly parallelism: number
  readonly tagLength: number
  /** KiB. */
  readonly memory: number
  readonly passes: number
}

type Argon2 = (kind: 'argon2i' | 'argon2id', of: Argon2Parameters) => Buffer

export const argon2: Argon2 | null = (crypto as { readonly argon2Sync?: Argon2 }).argon2Sync ?? null

/** cryptsetup's own bound; a lister is given half as much again. */
export const MOST_ARGON2_KIB = 1 << 20
