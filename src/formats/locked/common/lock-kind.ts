/** The contract of a kind of lock: one row of LOCK_KINDS. */
import type { Medium } from '../../../contracts/image.ts'
import type { Lock, Protector, Secret, UnlockedVolume } from '../../../contracts/lock.ts'

export type SeenLock = Omit<Lock, 'volume' | 'openedBy' | 'wrong'>

/** Key material that decrypts the volume. */
export type Unlocking = Omit<UnlockedVolume, 'volume'>

export interface OpenedBy {
  readonly protector: Protector
  readonly unlocking: Unlocking
  /** Facts known only after opening: the cipher of VeraCrypt, or that it is TrueCrypt. */
  readonly seen?: Partial<Pick<SeenLock, 'format' | 'method'>>
}

export interface LockKind {
  /** Contents of a volume (formats/image/volume/signatures.ts) that it is asked of. */
  readonly contents: readonly string[]
  /** Public facts of its metadata, without a key; null: it looks like noise. */
  see(volume: Medium, content: string): SeenLock | null
  /**
   * @param moved called now and then: a derivation takes seconds
   * @param disk  the whole medium, and where the volume begins on it
   * @param all   every secret of the keys file: key files are mixed into a password
   * @returns null: this secret does not open it. Never a volume whose key nothing confirms.
   */
  open(
    volume: Medium,
    secret: Secret,
    moved: () => void,
    all: readonly Secret[],
    disk?: { readonly medium: Medium; readonly offset: number },
  ): OpenedBy | null
  /** What a right secret tells of a lock that this program does not open; null: nothing. Asked of secrets that open nothing. */
  names?(volume: Medium, secret: Secret, all: readonly Secret[]): Partial<SeenLock> | null
  /** Opens a lock that needs no secret; absent: there is none of this kind. */
  openWithout?(volume: Medium): OpenedBy | null
}
