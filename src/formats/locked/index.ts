/** The kinds of lock, and the attempt to open every locked volume of an image. */
import type { Medium, VolumeRange } from '../../contracts/image.ts'
import {
  isUsedFor,
  type Lock,
  type Protector,
  type Secret,
  type UnlockedVolume,
  unlockedBytes,
  wantedFor,
} from '../../contracts/lock.ts'
import { partOf } from '../image/content/ranges.ts'
import { APFS_LOCK } from './apfs/apfs-lock.ts'
import { BITLOCKER } from './bitlocker/bitlocker.ts'
import type { LockKind, OpenedBy, SeenLock } from './common/lock-kind.ts'
import { FILEVAULT } from './filevault/filevault.ts'
import { LUKS } from './luks/luks.ts'
import { VERACRYPT } from './veracrypt/veracrypt.ts'

/** One row a kind; the first whose contents name that of a volume is asked. */
const LOCK_KINDS: readonly LockKind[] = [BITLOCKER, LUKS, FILEVAULT, APFS_LOCK, VERACRYPT]

export interface Unlocked {
  readonly locks: readonly Lock[]
  readonly unlocked: readonly UnlockedVolume[]
}

/**
 * Tries every secret on every lock: also one that is not needed is known as right or wrong.
 * @param moved called between and during attempts, each of which may take seconds
 */
export function unlockVolumes(
  medium: Medium,
  ranges: readonly VolumeRange[],
  secrets: readonly Secret[],
  moved: () => void,
): Unlocked {
  const locks: Lock[] = []
  const unlocked: UnlockedVolume[] = []
  const tried = secrets.filter((secret) => isUsedFor('volumes', secret))
  for (const range of ranges) {
    const kind = LOCK_KINDS.find(({ contents }) => contents.includes(range.content))
    if (range.number === null || range.length === 0 || kind === undefined) continue
    const one = unlockOne(medium, range, range.number, kind, tried, moved)
    if (one === null) continue
    locks.push(one.lock)
    if (one.unlocked !== null) unlocked.push(one.unlocked)
  }
  return { locks, unlocked }
}

function unlockOne(
  medium: Medium,
  range: VolumeRange,
  number: number,
  kind: LockKind,
  secrets: readonly Secret[],
  moved: () => void,
): { readonly lock: Lock; readonly unlocked: UnlockedVolume | null } | null {
  const { content, offset } = range
  const volume = partOf(medium, range)
  const seen = kind.see(volume, content)
  const opened: (OpenedBy & { readonly secret: number | null })[] = []
  const wrong: number[] = []
  let named: Partial<SeenLock> | null = null
  const free = seen?.obstacle === null ? (kind.openWithout?.(volume) ?? null) : null
  if (free !== null) opened.push({ ...free, secret: null })
  for (const secret of seen === null || seen.obstacle === null ? secrets : []) {
    moved()
    if (seen !== null && !isFor(seen, secret)) continue
    const by = kind.open(volume, secret, moved, secrets, { medium, offset })
    const isOpen = by !== null && isSayable(by, volume.sizeBytes)
    const told = isOpen ? null : (kind.names?.(volume, secret, secrets) ?? null)
    if (told !== null) named ??= told
    else if (!isOpen) wrong.push(secret.number)
    else opened.push({ ...by, secret: secret.number })
  }
  const [first] = opened
  if (seen === null && first === undefined && named === null) return null
  const further = first === undefined ? named : first.seen
  return {
    lock: {
      ...sayable({ ...(seen ?? NOT_SEEN), ...further }),
      volume: number,
      openedBy: opened.map(({ protector, secret }) => ({ protector: worded(protector), secret })),
      wrong,
    },
    unlocked: first === undefined ? null : { volume: number, ...first.unlocking },
  }
}

const NOT_SEEN: SeenLock = {
  format: 'veracrypt',
  id: '',
  method: '',
  label: '',
  protectors: [{ kind: 'passphrase', id: '' }],
  obstacle: null,
}

/** Metadata is hostile: its texts are cut to the limits of a message (wire/lock.ts). */
function sayable(seen: SeenLock): SeenLock {
  return {
    ...seen,
    id: word(seen.id),
    method: /^[A-Za-z0-9][\w.+-]{0,79}$/.test(seen.method) ? seen.method : '',
    label: seen.label.slice(0, MOST_LABEL).toWellFormed(),
    protectors: seen.protectors.slice(0, MOST_PROTECTORS).map(worded),
  }
}

function worded({ kind, id }: Protector): Protector {
  return { kind, id: word(id) }
}

function word(text: string): string {
  return text.replace(/[^\w.-]/g, '_').slice(0, 64)
}

const MOST_LABEL = 200
const MOST_PROTECTORS = 100
const MOST_KEYS = 64
const MOST_RUNS = 100_000

function isSayable({ unlocking: { keys, runs } }: OpenedBy, sizeBytes: number): boolean {
  const fits = unlockedBytes({ runs }) <= sizeBytes
  return fits && keys.length <= MOST_KEYS && runs.length > 0 && runs.length <= MOST_RUNS
}

/** A raw key is tried wherever a format takes one: no metadata names it. */
function isFor({ protectors }: Pick<Lock, 'protectors'>, { kind }: Secret): boolean {
  return kind === 'raw-key' || wantedFor({ protectors, obstacle: null }).includes(kind)
}
