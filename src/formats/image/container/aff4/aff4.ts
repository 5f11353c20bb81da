/**
 * AFF4 disk images of Evimetry, MacQuisition and aff4imager.
 *
 * @see AFF4 Standard v1.0a; aff4/ReferenceImages
 */
import type { ContainerFormat, OpenImage, Segment, StatedField } from '../../../../contracts/image.ts'
import { ImageRefused, plausibleSize } from '../../../../wire/image-refused.ts'
import { damageOf } from '../../content/lacking.ts'
import { readAt } from '../../content/read-at.ts'
import { aff4Map, type Target } from './map.ts'
import { type Aff4Stream, aff4Stream } from './stream.ts'
import { parseTurtle, type Said, type Statements } from './turtle.ts'
import { Aff4Members } from './volume.ts'

const ZIP = Buffer.from('PK\x03\x04')
const DESCRIPTION = 'information.turtle'
const DESCRIPTION_BYTES_AT_MOST = 16 << 20
const INDEX_BYTES_AT_MOST = 1 << 20
const HASHES: ReadonlyMap<string, 'md5' | 'sha1' | 'sha256'> = new Map([
  ['aff4:MD5', 'md5'],
  ['aff4:SHA1', 'sha1'],
  ['aff4:SHA256', 'sha256'],
])
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

export const AFF4: ContainerFormat = {
  name: 'aff4',
  recognises: ([first]) => isAff4(first),
  open(segments) {
    const members = new Aff4Members(segments)
    const statements = parseTurtle(descriptionOf(members))
    const image = subjectOf(
      statements,
      ['aff4:Image', 'aff4:DiskImage', 'aff4:ContiguousImage'],
      'aff4:dataStream',
    )
    const data = image
      ? first(image.said, 'aff4:dataStream')
      : subjectOf(statements, ['aff4:Map', 'aff4:ImageStream'])?.urn
    if (!data) {
      throw new ImageRefused('format-not-built', `${segments[0].name} holds no image of a disk.`, {
        segment: segments[0].name,
        format: 'aff4',
      })
    }
    const { medium, lacks } = mediumOf(data, statements, members, segments)
    return {
      format: 'aff4',
      medium,
      stated: fieldsOf(statements),
      storedHashes: hashesOf(image?.said.get('aff4:hash') ?? []),
      remarks: [],
      lacks: () => damageOf(medium.sizeBytes, lacks()),
      logical: null,
    }
  },
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

const first = (said: ReadonlyMap<string, readonly Said[]>, name: string): string | undefined =>
  said.get(name)?.[0]?.value

function descriptionOf(members: Aff4Members): string {
  return members
    .named(DESCRIPTION)
    .map((name) => members.member(name))
    .map((medium) => (medium ? readAt(medium, 0, DESCRIPTION_BYTES_AT_MOST).toString('utf8') : ''))
    .join('\n')
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

function mediumOf(
  urn: string,
  statements: Statements,
  members: Aff4Members,
  segments: readonly [Segment, ...Segment[]],
): Aff4Stream {
  const said = statements.get(urn) ?? new Map<string, readonly Said[]>()
  const map = members.of(urn, 'map')
  if (!map) return streamOf(urn, statements, members, segments)
  const index = members.of(urn, 'idx')
  const names = index ? readAt(index, 0, INDEX_BYTES_AT_MOST).toString('utf8').split(/\r?\n/) : []
  const targets = names.map((name) => targetOf(name, statements, members, segments))
  const gap = symbolOf(first(said, 'aff4:mapGapDefaultStream') ?? 'aff4:Zero') ?? { kind: 'filler', byte: 0 }
  return aff4Map(plausibleSize(Number(first(said, 'aff4:size')), 'aff4'), map, targets, gap)
}

function targetOf(
  name: string,
  statements: Statements,
  members: Aff4Members,
  segments: readonly [Segment, ...Segment[]],
): Target {
  return symbolOf(name) ?? { kind: 'stream', ...streamOf(name, statements, members, segments) }
}

function streamOf(
  urn: string,
  statements: Statements,
  members: Aff4Members,
  segments: readonly [Segment, ...Segment[]],
): Aff4Stream {
  const said = statements.get(urn)
  if (!said?.has('aff4:chunkSize')) {
    const volume = said ? (first(said, 'aff4:stored') ?? urn) : urn
    throw new ImageRefused(
      'segment-missing',
      `A part of the image is not in ${segments[0].name}: the volume ${volume} is missing.`,
      {
        segment: segments[0].name,
        volume,
      },
    )
  }
  return aff4Stream(urn, said, members)
}

function symbolOf(name: string): Target | null {
  const symbol = name.replace('http://aff4.org/Schema#', 'aff4:')
  if (symbol === '' || symbol === 'aff4:Zero') return { kind: 'filler', byte: 0 }
  const byte = /^aff4:SymbolicStream([0-9A-Fa-f]{2})$/.exec(symbol)?.[1]
  if (byte) return { kind: 'filler', byte: Number.parseInt(byte, 16) }
  if (symbol === 'aff4:UnreadableData') return { kind: 'lost', cause: 'acquisition-error' }
  if (symbol === 'aff4:UnknownData') return { kind: 'lost', cause: 'not-acquired' }
  return null
}

function hashesOf(said: readonly Said[]): OpenImage['storedHashes'] {
  return said.flatMap(({ value, type }) => {
    const algorithm = HASHES.get(type)
    return algorithm ? [{ algorithm, hex: value.toLowerCase() }] : []
  })
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
