/**
 * Extractor for compound files: embedded objects in documents of the older Office formats, attachments of Outlook
 * messages, pictures of Thumbs.db. The streams that form the document itself are its text and format, not members.
 */
import { CompoundDamaged, CompoundFile, DIRECTORY_DAMAGED } from '../compound/compound-file.ts'
import { programOf } from '../compound/compound-program.ts'
import { isEncryptedOffice } from '../compound/office-encryption.ts'
import { ContainerDamaged, ContainerEncrypted, type Extractor } from './common/container.ts'
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
  async *members(source, budget) {
    try {
      const file = new CompoundFile(source)
      if (isEncryptedOffice(file)) throw new ContainerEncrypted()
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
