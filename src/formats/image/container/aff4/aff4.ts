/**
 * AFF4 images of Evimetry, MacQuisition, aff4imager and pyaff4.
 *
 * @see AFF4 Standard v1.0a; aff4/ReferenceImages
 */
import type { ContainerFormat, OpenImage, Segment, StatedField } from '../../../../contracts/image.ts'
import { ImageRefused } from '../../../../wire/image-refused.ts'
import { damageOf } from '../../content/lacking.ts'
import { readAt } from '../../content/read-at.ts'
import { isLogical, logicalAff4 } from './logical.ts'
import { first, hashesOf, mediumOf } from './objects.ts'
import { parseTurtle, type Statements } from './turtle.ts'
import { Aff4Members } from './volume.ts'

const ZIP = Buffer.from('PK\x03\x04')
const DESCRIPTION = 'information.turtle'
/** Of all volumes together: about eighty thousand files of a logical image. */
const DESCRIPTION_BYTES_AT_MOST = 64 << 20
const FIELDS: Readonly<Record<string, string>> = {
  'aff4:caseNumber': 'case-number',
  'aff4:caseName': 'case-name',
  'aff4:caseDescription': 'description',
  'aff4:evidenceNumber': 'evidence-number',
  'aff4:examiner': 'examiner',
  'aff4:notes': 'notes',
  'aff4:startTime': 'acquired',
  'aff4:diskMake': 'make',
  'aff4:diskModel': 'model',
  'aff4:diskSerial': 'serial-number',
  'aff4:acquisitionCompletionState': 'acquisition',
  'aff4:tool': 'program-version',
}

export const AFF4: ContainerFormat = { name: 'aff4', recognises: ([first]) => isAff4(first), open }

/** Its name is among the statements; they are read as such when it is opened. */
export const AFF4_LOGICAL: ContainerFormat = {
  name: 'aff4-logical',
  recognises: (segments) =>
    isAff4(segments[0]) && /FileImage|Folder/.test(descriptionOf(new Aff4Members(segments)).text),
  open,
}

function open(segments: readonly [Segment, ...Segment[]]): OpenImage {
  const members = new Aff4Members(segments)
  const { text, isCut } = descriptionOf(members)
  const { statements, isWhole } = parseTurtle(text)
  const objects = { statements, members, name: segments[0].name }
  const stated = fieldsOf(statements)
  if (isLogical(statements)) return logicalAff4(objects, segments, stated, isWhole && !isCut)
  const image = subjectOf(
    statements,
    ['aff4:Image', 'aff4:DiskImage', 'aff4:ContiguousImage'],
    'aff4:dataStream',
  )
  const data = image
    ? first(image.said, 'aff4:dataStream')
    : subjectOf(statements, ['aff4:Map', 'aff4:ImageStream'])?.urn
  if (!data && subjectOf(statements, ['aff4:EncryptedStream'])) {
    throw new ImageRefused('format-encrypted', `${segments[0].name} is encrypted.`, {
      segment: segments[0].name,
      format: 'aff4',
    })
  }
  if (!data) {
    throw new ImageRefused('format-not-built', `${segments[0].name} holds no image of a disk.`, {
      segment: segments[0].name,
      format: 'aff4',
    })
  }
  const { medium, lacks } = mediumOf(data, objects)
  return {
    format: 'aff4',
    medium,
    stated,
    storedHashes: hashesOf(image?.said.get('aff4:hash') ?? []),
    remarks: [],
    lacks: () => damageOf(medium.sizeBytes, lacks()),
    logical: null,
  }
}

/**
 * Every ZIP has this signature. Only files named `.aff4`, or with a first member `container.description` (or an aff4
 * URN), are parsed.
 */
function isAff4(segment: Segment): boolean {
  const begin = readAt(segment.medium, 0, 64)
  if (begin.length < 64 || !ZIP.equals(begin.subarray(0, 4))) return false
  const member = begin.toString('latin1', 30, Math.min(64, 30 + begin.readUInt16LE(26)))
  const says =
    /\.aff4$/i.test(segment.name) || member === 'container.description' || member.startsWith('aff4%3A')
  return says && new Aff4Members([segment]).named(DESCRIPTION).length > 0
}

function descriptionOf(members: Aff4Members): { readonly text: string; readonly isCut: boolean } {
  let left = DESCRIPTION_BYTES_AT_MOST
  let isCut = false
  const texts = members.named(DESCRIPTION).map((name) => {
    const medium = members.member(name)
    if (!medium || medium.sizeBytes > left) isCut = true
    const bytes = medium ? readAt(medium, 0, left) : Buffer.alloc(0)
    left -= bytes.length
    return bytes.toString('utf8')
  })
  return { text: texts.join('\n'), isCut }
}

function subjectOf(statements: Statements, types: readonly string[], needs?: string) {
  for (const type of types) {
    for (const [urn, said] of statements) {
      const is = said.get('rdf:type')?.some(({ value }) => value === type)
      if (is && (!needs || said.has(needs))) return { urn, said }
    }
  }
  return null
}

function fieldsOf(statements: Statements): StatedField[] {
  const fields = new Map<string, StatedField>()
  for (const said of statements.values()) {
    for (const [predicate, values] of said) {
      const name = Object.hasOwn(FIELDS, predicate) ? FIELDS[predicate] : undefined
      for (const { value } of name ? values : []) {
        const field = { name: name ?? '', value: value.slice(0, 4096) }
        fields.set(`${field.name} ${field.value}`, field)
      }
    }
  }
  return [...fields.values()]
}
