/** The contract of a kind of lock: one row of LOCK_KINDS. */
import type { Medium } from '../../../contracts/image.ts'
import type { Lock, Protector, Secret, UnlockedVolume } from '../../../contracts/lock.ts'

export type SeenLock = Omit<Lock, 'volume' | 'openedBy' | 'wrong'>

/** What decrypts the volume. */
export type Unlocking = Omit<UnlockedVolume, 'volume'>

export interface OpenedBy {
  readonly protector: Protector
  readonly unlocking: Unlocking
  /** Where the format says more once it is open: the cipher of VeraCrypt, whether it was TrueCrypt. */
  readonly seen?: Partial<Pick<SeenLock, 'format' | 'method'>>
}

export interface LockKind {
  /** Contents of a volume (formats/image/volume/signatures.ts) that it is asked of. */
  readonly contents: readonly string[]
  /** What its metadata says without a key; null: nothing there tells it from noise. */
  see(volume: Medium, content: string): SeenLock | null
  /**
   * @param moved called now and then: a derivation takes seconds
   * @param all   every secret of the keys file: key files are mixed into a password
   * @returns null: this secret does not open it. Never a volume whose key nothing confirms.
   */
  open(volume: Medium, secret: Secret, moved: () => void, all: readonly Secret[]): OpenedBy | null
  /** Opens what needs no secret; absent: nothing does. */
  openWithout?(volume: Medium): OpenedBy | null
}
