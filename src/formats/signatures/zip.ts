/**
 * Determines the format behind a ZIP archive: office documents, e-books, program packages. Member names come from
 * local headers in the head and from the central directory in the tail. Only one small member is unpacked.
 * @see APPNOTE.TXT 6.3.10, 4.3.7 and 4.3.12
 */
import { inflateRawSync } from 'node:zlib'
import type { Sample } from '../../media-types/sample.ts'

interface Member {
  readonly name: string
  /** Content of the member when it is in the head, else null. */
  readonly stored: Buffer | null
  readonly deflated: Buffer | null
}

const MAX_MEMBERS = 512
const MAX_UNPACKED_BYTES = 64 * 1024

/**
 * Types that an archive may declare in its first member. Every other declaration is ignored: an archive that declares
 * itself a font would not be opened.
 */
const DECLARED = /^application\/(epub\+zip|vnd\.oasis\.opendocument\.[a-z-]+)$/

export function zipType(sample: Sample): string {
  const members = [...localMembers(sample.head), ...centralNames(sample)]
  const names = new Set(members.map(({ name }) => name))
  const first = members[0]
  if (first?.name === 'mimetype' && first.stored) {
    const type = first.stored.toString('latin1', 0, 100).trim()
    if (DECLARED.test(type)) return type
  }
  if (names.has('[Content_Types].xml')) return packageType(members)
  const has = (prefix: string) => members.some(({ name }) => name.startsWith(prefix))
  if (names.has('AndroidManifest.xml')) return 'application/vnd.android.package-archive'
  if (names.has('META-INF/mozilla.rsa')) return 'application/x-xpinstall'
  if (names.has('META-INF/MANIFEST.MF')) return 'application/java-archive'
  if (has('Payload/') && members.some(({ name }) => /^Payload\/[^/]+\.app\//.test(name)))
    return 'application/x-ios-app'
  if (has('word/')) return `${OPEN_XML}.wordprocessingml.document`
  if (has('xl/')) return `${OPEN_XML}.spreadsheetml.sheet`
  if (has('ppt/')) return `${OPEN_XML}.presentationml.presentation`
  if (names.has('doc.kml')) return 'application/vnd.google-earth.kmz'
  return 'application/zip'
}

const OPEN_XML = 'application/vnd.openxmlformats-officedocument'

/** Main content types of Office packages ([MS-OFFMACRO2], ECMA-376 part 1) and the media type of each package. */
const MAIN_PARTS: readonly (readonly [content: RegExp, mediaType: string])[] = [
  [/ms-word\.document\.macroEnabled\.main/, 'application/vnd.ms-word.document.macroenabled.12'],
  [/ms-word\.template\.macroEnabledTemplate\.main/, 'application/vnd.ms-word.template.macroenabled.12'],
  [/ms-excel\.sheet\.macroEnabled\.main/, 'application/vnd.ms-excel.sheet.macroenabled.12'],
  [/ms-excel\.template\.macroEnabled\.main/, 'application/vnd.ms-excel.template.macroenabled.12'],
  [/ms-excel\.sheet\.binary\.macroEnabled\.main/, 'application/vnd.ms-excel.sheet.binary.macroenabled.12'],
  [
    /ms-powerpoint\.presentation\.macroEnabled\.main/,
    'application/vnd.ms-powerpoint.presentation.macroenabled.12',
  ],
  [/ms-powerpoint\.slideshow\.macroEnabled\.main/, 'application/vnd.ms-powerpoint.slideshow.macroenabled.12'],
  [/ms-powerpoint\.template\.macroEnabled\.main/, 'application/vnd.ms-powerpoint.template.macroenabled.12'],
  [/wordprocessingml\.template\.main/, `${OPEN_XML}.wordprocessingml.template`],
  [/wordprocessingml\.document\.main/, `${OPEN_XML}.wordprocessingml.document`],
  [/spreadsheetml\.template\.main/, `${OPEN_XML}.spreadsheetml.template`],
  [/spreadsheetml\.sheet\.main/, `${OPEN_XML}.spreadsheetml.sheet`],
  [/presentationml\.template\.main/, `${OPEN_XML}.presentationml.template`],
  [/presentationml\.slideshow\.main/, `${OPEN_XML}.presentationml.slideshow`],
  [/presentationml\.presentation\.main/, `${OPEN_XML}.presentationml.presentation`],
  [/ms-visio\./, 'application/vnd.visio'],
  [/3dmanufacturing-3dmodel/, 'model/3mf'],
]

function packageType(members: readonly Member[]): string {
  const types = members.find(({ name }) => name === '[Content_Types].xml')
  const text = types ? unpacked(types) : ''
  const main = MAIN_PARTS.find(([content]) => content.test(text))
  if (main) return main[1]
  const has = (prefix: string) => members.some(({ name }) => name.startsWith(prefix))
  if (has('word/')) return `${OPEN_XML}.wordprocessingml.document`
  if (has('xl/')) return `${OPEN_XML}.spreadsheetml.sheet`
  if (has('ppt/')) return `${OPEN_XML}.presentationml.presentation`
  if (has('visio/')) return 'application/vnd.visio'
  return has('3D/') ? 'model/3mf' : 'application/zip'
}

function unpacked(member: Member): string {
  if (member.stored) return member.stored.toString('latin1', 0, MAX_UNPACKED_BYTES)
  if (!member.deflated) return ''
  try {
    return inflateRawSync(member.deflated, {
      maxOutputLength: MAX_UNPACKED_BYTES,
      // The member may be truncated at the end of the head; the output so far is enough.
      finishFlush: 2,
    }).toString('latin1')
  } catch {
    // Damaged or too long: the member names decide.
    return ''
  }
}

function* localMembers(head: Buffer): Generator<Member> {
  let at = 0
  for (let i = 0; i < MAX_MEMBERS && at + 30 <= head.length; i++) {
    if (head.readUInt32LE(at) !== 0x04034b50) return
    const [flags, method, packed] = [
      head.readUInt16LE(at + 6),
      head.readUInt16LE(at + 8),
      head.readUInt32LE(at + 18),
    ]
    const nameEnd = at + 30 + head.readUInt16LE(at + 26)
    const start = nameEnd + head.readUInt16LE(at + 28)
    // With a data descriptor the length follows the data, so the code searches for the next signature.
    const unknown = (flags & 8) !== 0 && packed === 0
    const end = unknown ? head.indexOf(DESCRIPTOR, start) : start + packed
    const content = head.subarray(start, end === -1 ? head.length : end)
    const encrypted = (flags & 1) !== 0
    yield {
      name: head.toString('utf8', at + 30, nameEnd),
      stored: method === 0 && !encrypted ? content : null,
      deflated: method === 8 && !encrypted ? content : null,
    }
    at = unknown ? head.indexOf(LOCAL, start) : end
    if (at === -1) return
  }
}

const LOCAL = Buffer.from('PK\x03\x04', 'latin1')
const DESCRIPTOR = Buffer.from('PK\x07\x08', 'latin1')
const CENTRAL = Buffer.from('PK\x01\x02', 'latin1')
const END = Buffer.from('PK\x05\x06', 'latin1')

/** Names in the part of the central directory that is in the tail. */
function* centralNames({ tail, sizeBytes }: Sample): Generator<Member> {
  const end = tail.lastIndexOf(END)
  if (end === -1 || end + 22 > tail.length) return
  const begins = tail.readUInt32LE(end + 16) - (sizeBytes - tail.length)
  let at = begins >= 0 ? begins : tail.indexOf(CENTRAL)
  for (let i = 0; i < MAX_MEMBERS && at >= 0 && at + 46 <= end; i++) {
    if (tail.readUInt32LE(at) !== 0x02014b50) return
    const nameEnd = at + 46 + tail.readUInt16LE(at + 28)
    yield { name: tail.toString('utf8', at + 46, nameEnd), stored: null, deflated: null }
    at = nameEnd + tail.readUInt16LE(at + 30) + tail.readUInt16LE(at + 32)
  }
}
