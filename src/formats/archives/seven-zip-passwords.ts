/**
 * Encrypted members and encrypted lists of names, by 7-Zip and the passwords of the keys file. A password is right for a member
 * only when 7-Zip reports no error on it, and its size and CRC-32 are those that the container states.
 */
import { crc32 } from 'node:zlib'
import type { FilePasswords } from '../../contracts/file-lock.ts'
import { notDone } from '../../contracts/stage.ts'
import type { ByteSource } from '../bytes/byte-source.ts'
import { ContainerEncrypted, type MemberContent } from './common/container.ts'
import { type Unpacked, unpackedPath } from './seven-zip-extract.ts'
import { type Listed, type Listing, listedIn } from './seven-zip-list.ts'

/** @throws ContainerEncrypted when the names are encrypted and no password opens them */
export async function listedWith(
  source: ByteSource,
  passwords: FilePasswords,
): Promise<{ readonly listing: Listing; readonly password: string | null }> {
  try {
    return { listing: await listedIn(source), password: null }
  } catch (error) {
    if (!(error instanceof ContainerEncrypted)) throw error
    for (const password of passwords.passwords) {
      const listing = await listedOr(source, password.text)
      if (listing === null) continue
      passwords.opened(password, 'checksum')
      return { listing, password: password.text }
    }
    passwords.closed()
    throw error
  }
}

async function listedOr(source: ByteSource, password: string): Promise<Listing | null> {
  try {
    return await listedIn(source, password)
  } catch (error) {
    if (error instanceof ContainerEncrypted) return null
    throw error
  }
}

export interface Unlocking {
  readonly source: ByteSource
  readonly batch: readonly Listed[]
  readonly passwords: FilePasswords
  /** Unpacks the batch. */
  readonly unpack: (password: string) => Promise<Unpacked>
  /** What each password brought, by its number; null: it is right for no member of the batch. */
  readonly unpacked: Map<number, Unpacked | null>
}

/** A password is tried once on each batch, in the order of the keys file. */
export async function unlockedContent(item: Listed, unlocking: Unlocking): Promise<MemberContent> {
  const { source, batch, passwords, unpack, unpacked } = unlocking
  for (const password of passwords.passwords) {
    if (!unpacked.has(password.number)) {
      const made = await unpack(password.text)
      const opens = batch.some((one) => one.encrypted && rightBytes(one, made, source) !== null)
      unpacked.set(password.number, opens ? made : null)
    }
    const made = unpacked.get(password.number) ?? null
    const bytes = made === null ? null : rightBytes(item, made, source)
    if (bytes === null) continue
    passwords.opened(password, 'checksum')
    return bytes
  }
  passwords.closed()
  return notDone('encrypted-member')
}

/** Null: the password is not that of this member, or the member is damaged. */
function rightBytes(item: Listed, { files, problem, said }: Unpacked, source: ByteSource): Buffer | null {
  const file = files.get(unpackedPath(item))
  if (file === undefined || said.has(item.path)) return null
  const bytes = file()
  if (item.statedBytes !== bytes.length) return null
  // RAR5 keeps a keyed checksum in place of the CRC-32, which 7-Zip alone compares.
  if (item.crc === null || isRar(source)) return problem === '' ? bytes : null
  return crc32(bytes) === item.crc ? bytes : null
}

function isRar(source: ByteSource): boolean {
  return source.read(0, 4).toString('latin1') === 'Rar!'
}
