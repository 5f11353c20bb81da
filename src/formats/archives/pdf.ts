/** Extractor for files attached to a PDF, through pdf.js. Pictures on its pages are not extracted. */
import { withPdf } from '../documents/pdf.ts'
import { TextDamaged, TextEncrypted } from '../documents/text-extractor.ts'
import { ContainerDamaged, ContainerEncrypted, type Extractor, wholeOf } from './common/container.ts'

export const pdf: Extractor = {
  id: 'pdf',
  mediaTypes: ['application/pdf'],
  inMemory: true,
  async *members(source, budget) {
    for (const { filename, content } of await attachmentsOf(wholeOf(source))) {
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

async function attachmentsOf(bytes: Buffer): Promise<Attachment[]> {
  try {
    return await withPdf(bytes, async (document) => {
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
