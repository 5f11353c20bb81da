/**
 * Keys of an encrypted iOS backup. The password opens the class keys in the keybag of `Manifest.plist`; a class key opens the
 * key of the manifest, and the key of each file that the manifest names.
 *
 * The format checks the keys (RFC 3394), and has no check of the files.
 *
 * @see Apple, "Apple Platform Security", Keybags; dinosec/iphone-dataprotection, keystore/keybag.py;
 *   jsharkey13/iphone_backup_decrypt
 */
import { createDecipheriv, createHash, pbkdf2Sync } from 'node:crypto'
import type { BackupKeys } from '../../contracts/lock.ts'
import { NotPropertyList, type PropertyValue, propertyList } from './property-list.ts'

/** Apple: ten million rounds of SHA-256, then ten thousand of SHA-1. A keybag may state any number. */
const MOST_ROUNDS = 1_000_000
const MOST_FIRST_ROUNDS = 20_000_000
const KEY_BYTES = 32
const WRAPPED_BYTES = 40
const RFC_3394_IV = Buffer.alloc(8, 0xa6)
const ZERO_IV = Buffer.alloc(16)
/** The passcode of the backup wraps this class key. */
const WRAP_PASSCODE = 2
const MOST_CLASSES = 32

export interface BackupPlist {
  /** SHA-256 of the list: the backup is known by it. */
  readonly id: string
  readonly keybag: Keybag
  /** Of `Manifest.db`: its class and its wrapped key; null: the manifest is not encrypted (before iOS 10.2). */
  readonly manifestKey: WrappedKey | null
}

export interface WrappedKey {
  readonly protection: number
  readonly wrapped: Buffer
}

interface Keybag {
  readonly salt: Buffer
  readonly rounds: number
  /** From iOS 10.2 on; null: the older derivation. */
  readonly first: { readonly salt: Buffer; readonly rounds: number } | null
  readonly classes: readonly WrappedKey[]
}

/** Null: not the list of an encrypted backup. */
export function backupPlist(bytes: Buffer): BackupPlist | null {
  const list = listOf(bytes)
  if (!(list instanceof Map) || list.get('IsEncrypted') !== true) return null
  const [bag, key] = [list.get('BackupKeyBag'), list.get('ManifestKey')]
  const keybag = Buffer.isBuffer(bag) ? keybagOf(bag) : null
  if (keybag === null) return null
  const manifestKey =
    Buffer.isBuffer(key) && key.length === 4 + WRAPPED_BYTES
      ? { protection: key.readUInt32LE(0), wrapped: key.subarray(4) }
      : null
  return { id: createHash('sha256').update(bytes).digest('hex'), keybag, manifestKey }
}

function listOf(bytes: Buffer): PropertyValue | null {
  try {
    return propertyList(bytes)
  } catch (error) {
    if (error instanceof NotPropertyList) return null
    throw error
  }
}

/** Four letters, a length, a value; from the second `UUID` on one class after the other. */
function keybagOf(bag: Buffer): Keybag | null {
  const head = new Map<string, Buffer>()
  const classes: Map<string, Buffer>[] = []
  let uuids = 0
  for (let at = 0; at + 8 <= bag.length; ) {
    const [tag, length] = [bag.toString('latin1', at, at + 4), bag.readUInt32BE(at + 4)]
    if (at + 8 + length > bag.length) return null
    const value = bag.subarray(at + 8, at + 8 + length)
    at += 8 + length
    if (tag === 'UUID' && ++uuids > 1) classes.push(new Map())
    if (classes.length > MOST_CLASSES) return null
    ;(classes.at(-1) ?? head).set(tag, value)
  }
  const [salt, rounds] = [head.get('SALT'), number(head.get('ITER'))]
  const [firstSalt, firstRounds] = [head.get('DPSL'), number(head.get('DPIC'))]
  if (salt === undefined || rounds === null) return null
  return {
    salt,
    rounds,
    first: firstSalt && firstRounds !== null ? { salt: firstSalt, rounds: firstRounds } : null,
    classes: classes.flatMap((of) => {
      const [protection, wrap, wrapped] = [number(of.get('CLAS')), number(of.get('WRAP')), of.get('WPKY')]
      const isOne = protection !== null && wrapped?.length === WRAPPED_BYTES
      return isOne && ((wrap ?? 0) & WRAP_PASSCODE) !== 0 ? [{ protection, wrapped }] : []
    }),
  }
}

function number(bytes: Buffer | undefined): number | null {
  return bytes?.length === 4 ? bytes.readUInt32BE(0) : null
}

/** Null: the password is another one, or the keybag states a work that nobody waits for. */
export function openBackup({ id, keybag }: BackupPlist, password: Buffer): BackupKeys | null {
  const { salt, rounds, first, classes } = keybag
  const isBounded = (one: number, most: number) => one >= 1 && one <= most
  if (classes.length === 0 || !isBounded(rounds, MOST_ROUNDS)) return null
  if (first !== null && !isBounded(first.rounds, MOST_FIRST_ROUNDS)) return null
  const passcode =
    first === null ? password : pbkdf2Sync(password, first.salt, first.rounds, KEY_BYTES, 'sha256')
  const key = pbkdf2Sync(passcode, salt, rounds, KEY_BYTES, 'sha1')
  const opened = classes.flatMap(({ protection, wrapped }) => {
    const of = unwrapped(wrapped, key)
    return of === null ? [] : [{ protection, keyHex: of.toString('hex') }]
  })
  return opened.length === 0 ? null : { id, classes: opened }
}

/** Key of a file or of the manifest. Null: no class key of the backup opens it. */
export function fileKeyOf({ classes }: BackupKeys, { protection, wrapped }: WrappedKey): Buffer | null {
  const of = classes.find((one) => one.protection === protection)
  return of === undefined ? null : unwrapped(wrapped, Buffer.from(of.keyHex, 'hex'))
}

/** RFC 3394. Null: the check in it does not hold. */
function unwrapped(wrapped: Buffer, key: Buffer): Buffer | null {
  try {
    const cipher = createDecipheriv('id-aes256-wrap', key, RFC_3394_IV)
    return Buffer.concat([cipher.update(wrapped), cipher.final()])
  } catch (error) {
    if (error instanceof Error) return null
    throw error
  }
}

/** The manifest in the clear: whole blocks of AES-256-CBC, without padding. Null: no class key opens it. */
export function decryptedManifest(bytes: Buffer, plist: BackupPlist, opened: BackupKeys): Buffer | null {
  const key = plist.manifestKey && fileKeyOf(opened, plist.manifestKey)
  if (key === null) return null
  const cipher = createDecipheriv('aes-256-cbc', key, ZERO_IV).setAutoPadding(false)
  return Buffer.concat([cipher.update(bytes.subarray(0, bytes.length - (bytes.length % 16))), cipher.final()])
}
