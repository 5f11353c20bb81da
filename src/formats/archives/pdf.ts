/** Extractor for files attached to a PDF, through pdf.js. Pictures on its pages are not extracted. */
import type { FilePasswords } from '../../contracts/file-lock.ts'
import { withPdf } from '../documents/pdf.ts'
import { TextDamaged, TextEncrypted } from '../documents/text-extractor.ts'
import { ContainerDamaged, ContainerEncrypted, type Extractor, wholeOf } from './common/container.ts'
import { NO_KEYS } from './common/keys.ts'

export const pdf: Extractor = {
  id: 'pdf',
  mediaTypes: ['application/pdf'],
  inMemory: true,
  async *members(source, budget, _beside, _type, passwords = NO_KEYS) {
    for (const { filename, content } of await attachmentsOf(wholeOf(source), passwords)) {
      budget.entry()
      budget.charge(content.length)
      yield {
        kind: 'attachment',
        name: Buffer.from(filename),
        entryKind: 'file',
        sizeBytes: BigInt(content.length),
        modified: null,
        linkTarget: null,
        read: async () => content,
      }
    }
  },
}

interface Attachment {
  readonly filename: string
  readonly content: Buffer
}

async function attachmentsOf(bytes: Buffer, passwords: FilePasswords): Promise<Attachment[]> {
  try {
    return await withPdf(bytes, passwords, async (document) => {
      const found = ((await document.getAttachments()) ?? {}) as Readonly<
        Record<string, Partial<Record<'filename' | 'rawFilename', string>> & { content?: Uint8Array }>
      >
      return Object.entries(found).map(([key, { filename, rawFilename, content }]) => ({
        filename: rawFilename || filename || key,
        content: Buffer.from(content ?? []),
      }))
    })
  } catch (cause) {
    if (cause instanceof TextEncrypted) throw new ContainerEncrypted()
    if (cause instanceof TextDamaged) throw new ContainerDamaged(cause.detail, { cause })
    throw cause
  }
}
