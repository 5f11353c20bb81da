/**
 * Encrypted volumes (locks), the secrets of an examiner, and the volumes that a secret opened.
 *
 * `Lock` is public: ledger and reports contain it. `UnlockedVolume` contains the key of a volume, `Secret` a secret of
 * a person: both exist only in memory and in messages between our processes.
 */

/** Kinds of secret in a keys file. */
export const SECRET_KINDS = [
  'recovery-password',
  'password',
  'startup-key',
  'key-file',
  'raw-key',
  'backup-key',
  'keychain',
] as const
export type SecretKind = (typeof SECRET_KINDS)[number]

export interface Secret {
  /** 1-based place in the keys file: messages name a secret by it. */
  readonly number: number
  readonly kind: SecretKind
  /** Lower-case hex: UTF-8 of what is typed, the bytes of a raw key, or the content of a file. */
  readonly hex: string
  /** VeraCrypt's personal iterations multiplier; 0: none. */
  readonly pim: number
  /** `files`: never tried on a volume; `volumes`: never on a file inside. Absent: tried on both. */
  readonly for?: SecretUse
}

export const SECRET_USES = ['volumes', 'files'] as const
export type SecretUse = (typeof SECRET_USES)[number]

/** No volume takes them. */
const OF_FILES: ReadonlySet<SecretKind> = new Set(['backup-key', 'keychain'])

/** Whether a secret is tried on volumes, or on locked files inside them. */
export function isUsedFor(use: SecretUse, { kind, for: of }: Pick<Secret, 'kind' | 'for'>): boolean {
  return of === undefined ? use === 'files' || !OF_FILES.has(kind) : of === use
}

export const LOCK_FORMATS = [
  'bitlocker',
  'luks1',
  'luks2',
  'veracrypt',
  'truecrypt',
  'filevault2',
  'apfs',
  /** Bytes that look random, without a header: VeraCrypt, a cipher without a header, or wiped. */
  'noise',
] as const
export type LockFormat = (typeof LOCK_FORMATS)[number]

/** Protectors of a volume's key, with the kinds of secret that open each; empty: no secret of a keys file does. */
export const PROTECTORS = {
  'recovery-password': ['recovery-password'],
  password: ['password'],
  'startup-key': ['startup-key'],
  /** The key is in the volume's own metadata: protection is suspended. */
  'clear-key': [],
  tpm: [],
  'tpm-pin': [],
  'smart-card': [],
  /** A keyslot of LUKS or a header of VeraCrypt, which a passphrase or the content of a file opens. */
  passphrase: ['password', 'key-file'],
  /** A user of a Mac: the password, or the recovery key, which is a user of its own. */
  user: ['recovery-password', 'password'],
  'raw-key': ['raw-key'],
  unknown: [],
} as const satisfies Readonly<Record<string, readonly SecretKind[]>>
export type ProtectorKind = keyof typeof PROTECTORS

export interface Protector {
  readonly kind: ProtectorKind
  /** Its GUID or slot, as the metadata has it; empty: it has none. */
  readonly id: string
}

/** Reasons, by code, why a lock stays closed with any key. */
export const LOCK_OBSTACLES = [
  /** No copy of the metadata is valid. */
  'metadata-damaged',
  /** A cipher, mode or key derivation that this program does not have. */
  'cipher-not-built',
  /** A state of the volume that is not read: encrypt-on-write, re-encryption, integrity. */
  'state-not-built',
  /** The derivation of its key wants more memory than a process is given. */
  'memory-short',
  /** Locks of this kind are named and not opened. */
  'format-not-built',
] as const
export type LockObstacle = (typeof LOCK_OBSTACLES)[number]

export interface Lock {
  /** Number of the volume. */
  readonly volume: number
  readonly format: LockFormat
  /** GUID or UUID of the encrypted volume; empty: it has none. */
  readonly id: string
  /** Cipher, mode and bits of the key: `aes-xts-128`; empty: known only when it is open. */
  readonly method: string
  /** Description in the metadata (computer, drive, date); empty: none. */
  readonly label: string
  readonly protectors: readonly Protector[]
  readonly obstacle: LockObstacle | null
  /** Each secret that opens it, with its protector, the first first; a clear key needs none (null). Empty: nothing opens it. */
  readonly openedBy: readonly { readonly protector: Protector; readonly secret: number | null }[]
  /** Numbers of the secrets that were tried and do not open it. */
  readonly wrong: readonly number[]
}

/** How the sectors of a run are encrypted. */
export interface SectorKey {
  readonly cipher: 'aes' | 'camellia'
  /**
   * `cbc-plain`, `cbc-plain64`: IV is the sector's number; `cbc-essiv`: that number, encrypted by SHA-256 of the key;
   * `cbc-eboiv`: the byte offset, encrypted; `cbc-elephant`: the same with the diffuser behind it.
   */
  readonly mode: 'xts' | 'cbc-plain' | 'cbc-plain64' | 'cbc-essiv' | 'cbc-eboiv' | 'cbc-elephant'
  readonly keyHex: string
  /** Bytes that are encrypted as one: 512 to 4,096. */
  readonly sectorBytes: number
  /** By so much the number in the IV grows from one sector to the next: 8 where sectors of 4,096 are counted by 512. */
  readonly ivStep: number
}

/** A run of the opened volume, in order and without gaps. */
export interface UnlockedRun {
  readonly length: number
  /** First byte on the encrypted volume; null: reads as zeros. */
  readonly from: number | null
  /** Index of its key; null: the bytes are stored as they are. */
  readonly key: number | null
  /** Number of its first sector, as its IV has it. */
  readonly ivStart: number
  /** Metadata of the encryption lies there: the zeros belong to no file. */
  readonly isMetadata?: true
}

/** All that decrypting sectors needs, and nothing that opens anything else. */
export interface UnlockedVolume {
  readonly volume: number
  readonly keys: readonly SectorKey[]
  /** Empty: the volume itself is not encrypted. */
  readonly runs: readonly UnlockedRun[]
  /** Encrypted backups on it that a password opened. */
  readonly backups?: readonly OpenedBackup[]
}

/** An encrypted iOS backup that a password opened. */
export interface OpenedBackup extends BackupKeys {
  /** Number of that secret. */
  readonly secret: number
}

/** Class keys of an encrypted iOS backup. */
export interface BackupKeys {
  /** SHA-256 of its `Manifest.plist`. */
  readonly id: string
  readonly classes: readonly { readonly protection: number; readonly keyHex: string }[]
}

export function unlockedBytes({ runs }: Pick<UnlockedVolume, 'runs'>): number {
  return runs.reduce((sum, { length }) => sum + length, 0)
}

/** Kinds of secret that would open a lock, each once, in the order of the kinds. */
export function wantedFor({ protectors, obstacle }: Pick<Lock, 'protectors' | 'obstacle'>): SecretKind[] {
  if (obstacle !== null) return []
  const kinds = new Set<SecretKind>(protectors.flatMap(({ kind }) => PROTECTORS[kind]))
  return SECRET_KINDS.filter((kind) => kinds.has(kind))
}

/** Ids of a hidden volume's headers (formats/locked/veracrypt). */
const HIDDEN = /^(?:backup-)?hidden$/

/** Of an outer and a hidden volume that two secrets open, the one that was not examined: the first is. */
export function volumeLeft({
  openedBy: [first, ...others],
}: Pick<Lock, 'openedBy'>): Lock['openedBy'][number] | null {
  const isHidden = (id: string) => HIDDEN.test(id)
  return others.find(({ protector: { id } }) => isHidden(id) !== isHidden(first!.protector.id)) ?? null
}
