/**
 * Backup of an Android device (`adb backup`, `.ab`): four lines of text, then a TAR. The TAR is deflated when the
 * third line is 1. When the fourth line names a cipher, everything after it is encrypted, and five more lines have what
 * a password needs (android-backup-key.ts).
 */
import { type ByteSource, piecesOf } from '../bytes/byte-source.ts'
import { backupKey, type EncryptedHeader } from './android-backup-key.ts'
import {
  ContainerDamaged,
  ContainerEncrypted,
  ContainerNotBuilt,
  charged,
  type Extractor,
} from './common/container.ts'
import { deciphered, skipped } from './common/deciphered.ts'
import { inflated, type Pieces } from './common/inflate.ts'
import { NO_KEYS } from './common/keys.ts'

/** Salts of 64 bytes and a master key of 96 in hexadecimal digits, with room. */
const MOST_HEADER = 2048
/** Length of the zlib header before the deflated data (RFC 1950). */
const ZLIB_HEADER = 2

export const androidBackup: Extractor = {
  id: 'android-backup',
  mediaTypes: ['application/x-android-backup'],
  async *members(source, budget, _beside, _mediaType, keys = NO_KEYS) {
    const { version, compressed, cipher, locked, from } = headerOf(source)
    let plain = () => piecesOf(source, from) as Pieces
    if (cipher !== 'none') {
      if (cipher !== 'AES-256') throw new ContainerNotBuilt({ code: 'library', params: { text: cipher } })
      if (locked === null) throw new ContainerEncrypted()
      const check = compressed === '1' ? 'checksum' : 'key'
      const key = keys.open(['password'], check, (secret) => backupKey(secret, version, locked))
      plain = () => deciphered('aes-256-cbc', key, piecesOf(source, from))
    }
    if (compressed !== '0' && compressed !== '1')
      throw new ContainerNotBuilt({ code: 'library', params: { text: `compression ${compressed}` } })
    budget.entry()
    yield {
      kind: 'member',
      name: Buffer.from('backup.tar'),
      entryKind: 'file',
      sizeBytes: 0n,
      modified: null,
      linkTarget: null,
      read: async () =>
        charged(
          compressed === '1'
            ? inflated('zlib', plain(), () => skipped(plain(), ZLIB_HEADER))
            : inOrder(plain()),
          budget,
        ),
    }
  },
}

interface Header {
  readonly version: number
  readonly compressed: string
  readonly cipher: string
  /** Null: not encrypted, or its lines are no such lines. */
  readonly locked: EncryptedHeader | null
  /** Offset behind the header. */
  readonly from: number
}

const LINES = /^ANDROID BACKUP\n(\d{1,3})\n([^\n]{0,8})\n([^\n]{1,32})\n/
const LOCKED = /^([0-9A-F]{2,256})\n([0-9A-F]{2,256})\n(\d{1,9})\n([0-9A-F]{32})\n([0-9A-F]{32,512})\n/i

/** @throws ContainerDamaged */
function headerOf(source: ByteSource): Header {
  const text = source.read(0, Math.min(MOST_HEADER, source.sizeBytes)).toString('latin1')
  const lines = LINES.exec(text)
  if (lines === null) throw new ContainerDamaged({ code: 'ends-inside-header', params: {} })
  const [all, version, compressed, cipher] = lines as unknown as [string, string, string, string]
  const common = { version: Number(version), compressed, cipher }
  const of = cipher === 'none' ? null : LOCKED.exec(text.slice(all.length))
  if (of === null) return { ...common, locked: null, from: all.length }
  const hex = (group: number) => Buffer.from(of[group]!, 'hex')
  return {
    ...common,
    locked: { userSalt: hex(1), checkSalt: hex(2), rounds: Number(of[3]), userIv: hex(4), masterKey: hex(5) },
    from: all.length + of[0].length,
  }
}

async function* inOrder(pieces: Pieces): AsyncGenerator<Buffer> {
  yield* pieces
}
