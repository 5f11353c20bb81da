/** Extractor for office documents that are ZIP archives. */
import { isNoText } from '../signatures/index.ts'
import { type Extractor, type Member, wholeContent } from './common/container.ts'
import { NO_KEYS } from './common/keys.ts'
import { isWrittenIn } from './embedded/written.ts'
import { zipMembers } from './zip.ts'

/** Markup parts of an office document. Text extraction reads them; they are not listed as files. */
const MARKUP = /(\.xml|\.rels|\.rdf|^mimetype)$/i

/** OOXML and ODF: embedded pictures, objects and fonts. The markup is the document itself, not a member. */
export const officeZip: Extractor = {
  id: 'office-zip',
  mediaTypes: [
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    'application/vnd.openxmlformats-officedocument.presentationml.presentation',
    'application/vnd.oasis.opendocument.text',
    'application/vnd.oasis.opendocument.spreadsheet',
    'application/vnd.oasis.opendocument.presentation',
  ],
  async *members(source, budget, _beside, _type, passwords = NO_KEYS) {
    for await (const member of zipMembers(source, budget, 'embedded', passwords)) {
      if (await statesEncryption(member)) passwords.closed()
      if (member.entryKind !== 'file') continue
      if (!MARKUP.test(member.name.toString('latin1')) || (await holdsMore(member))) yield member
    }
  },
}

/** OpenDocument: the manifest says how each part is encrypted. The archive itself is not. */
async function statesEncryption(member: Member): Promise<boolean> {
  if (member.name.toString('latin1') !== 'META-INF/manifest.xml') return false
  const manifest = await wholeContent(member)
  return Buffer.isBuffer(manifest) && manifest.includes('encryption-data')
}

/**
 * Whether a part that has the name of markup is listed all the same: it is no markup, it carries a picture in base64 as its
 * own data (`customXml`), or it cannot be read, which its own outcome then says.
 */
async function holdsMore(member: Member): Promise<boolean> {
  const isOwnData = OWN_DATA.test(member.name.toString('latin1'))
  const bytes = isOwnData ? await wholeContent(member) : await beginningOf(member)
  if (!Buffer.isBuffer(bytes)) return true
  return isNoText(bytes, Number(member.sizeBytes)) || (isOwnData && isWrittenIn(bytes))
}

const OWN_DATA = /^customXml\/[^/]*\.xml$/i

/** The first piece; null when it cannot be read, is damaged, or is over the limit. */
async function beginningOf(member: Member): Promise<Buffer | null> {
  try {
    const content = member.read === null ? null : await member.read()
    if (Buffer.isBuffer(content)) return content
    if (content === null || !(Symbol.asyncIterator in content)) return null
    for await (const piece of content) return piece
    return Buffer.alloc(0)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return null
  }
}
