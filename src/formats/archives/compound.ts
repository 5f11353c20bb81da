/**
 * Extractor for compound files: embedded objects in documents of the older Office formats, attachments of Outlook
 * messages, pictures of Thumbs.db. The streams that form the document itself are its text and format, not members.
 */
import type { FilePasswords } from '../../contracts/file-lock.ts'
import { CompoundDamaged, CompoundFile, DIRECTORY_DAMAGED } from '../compound/compound-file.ts'
import { programOf } from '../compound/compound-program.ts'
import { isEncryptedOffice } from '../compound/office-encryption.ts'
import { openedPackage } from '../compound/office-package.ts'
import {
  type Budget,
  ContainerDamaged,
  ContainerEncrypted,
  type Extractor,
  type Member,
} from './common/container.ts'
import { NO_KEYS } from './common/keys.ts'
import { documentMembers } from './office-binary.ts'
import { messageMembers } from './outlook.ts'
import { thumbnailMembers } from './thumbs-db.ts'

export const compound: Extractor = {
  id: 'compound',
  mediaTypes: [
    'application/msword',
    'application/vnd.ms-excel',
    'application/vnd.ms-powerpoint',
    'application/vnd.ms-outlook',
    'application/vnd.visio',
    'application/x-mspublisher',
    'application/x-ms-thumbs-db',
    'application/x-ole-encrypted',
    'application/x-cfb',
  ],
  async *members(source, budget, _beside, _type, passwords = NO_KEYS) {
    try {
      const file = new CompoundFile(source)
      if (isEncryptedOffice(file)) {
        yield packageOf(file, passwords, budget)
        return
      }
      const program = programOf(file)
      if (program === 'outlook') yield* messageMembers(file, budget)
      else if (program === 'thumbs-db') yield* thumbnailMembers(file, budget)
      else yield* documentMembers(file, budget)
      if (!file.directoryWhole) throw new ContainerDamaged(DIRECTORY_DAMAGED)
    } catch (cause) {
      if (cause instanceof CompoundDamaged) throw new ContainerDamaged(cause.detail, { cause })
      throw cause
    }
  },
}

/** The document as it was before a password encrypted it. @throws ContainerEncrypted when no password opens it */
function packageOf(file: CompoundFile, passwords: FilePasswords, budget: Budget): Member {
  const opened = openedPackage(file, passwords)
  if (opened === null) throw new ContainerEncrypted()
  const { bytes, isWhole } = opened
  budget.entry()
  budget.charge(bytes.length)
  return {
    kind: 'embedded',
    name: Buffer.from('EncryptedPackage'),
    entryKind: 'file',
    sizeBytes: BigInt(bytes.length),
    modified: null,
    linkTarget: null,
    read: async () =>
      isWhole ? bytes : { kind: 'damaged', bytes, detail: { code: 'checksum-differs', params: {} } },
  }
}
