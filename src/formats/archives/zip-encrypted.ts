/** Encrypted members of a ZIP: WinZip AES by node:crypto, ZipCrypto by 7-Zip; strong encryption stays closed. */
import type { Entry as ZipEntry } from 'yauzl'
import type { FilePasswords } from '../../contracts/file-lock.ts'
import { notDone } from '../../contracts/stage.ts'
import type { ByteSource } from '../bytes/byte-source.ts'
import { type Budget, charged, type MemberContent } from './common/container.ts'
import { checkedSum, inflated } from './common/inflate.ts'
import { aesMember, deciphered, METHOD_AES } from './zip-aes.ts'

interface EncryptedIn {
  readonly archive: ByteSource
  readonly passwords: FilePasswords
  /** The same member by 7-Zip. */
  readonly other: () => Promise<MemberContent>
}

const [STORED, DEFLATED] = [0, 8]
/** Bit of the general purpose flag (APPNOTE 4.4.4). */
const STRONG = 1 << 6

/** ZipCrypto, and methods below AES that zlib does not have, go to 7-Zip. */
export async function encryptedContent(
  entry: ZipEntry,
  { archive, passwords, other }: EncryptedIn,
  budget: Budget,
): Promise<MemberContent> {
  if (entry.generalPurposeBitFlag & STRONG) {
    passwords.closed('zip-strong')
    return notDone('encrypted-member')
  }
  budget.expect(entry.uncompressedSize)
  const aes = entry.compressionMethod === METHOD_AES ? aesMember(entry.extraFields) : null
  if (aes === null || (aes.method !== STORED && aes.method !== DEFLATED)) return charge(await other(), budget)
  const local = archive.read(entry.relativeOffsetOfLocalHeader, LOCAL_BYTES)
  if (local.length < LOCAL_BYTES) return notDone('decode-failed', { code: 'archive-ends-inside', params: {} })
  const at = entry.relativeOffsetOfLocalHeader + LOCAL_BYTES + local.readUInt16LE(26) + local.readUInt16LE(28)
  const packed = deciphered(archive, aes, at, at + entry.compressedSize, passwords)
  if ('result' in packed) return packed
  const pieces = aes.method === STORED ? asStored(packed()) : inflated('raw', packed(), packed)
  const stated = { crc: aes.hasCrc ? entry.crc32 : null, bytes: entry.uncompressedSize }
  return charged(checkedSum(pieces, stated), budget)
}

const LOCAL_BYTES = 30

/** Of a member that 7-Zip unpacked and checked. @throws LimitReached */
function charge(content: MemberContent, budget: Budget): MemberContent {
  if (Buffer.isBuffer(content)) budget.charge(content.length)
  return content
}

async function* asStored(pieces: Iterable<Buffer>): AsyncGenerator<Buffer> {
  yield* pieces
}
