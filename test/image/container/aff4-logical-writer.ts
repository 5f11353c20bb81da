/** Logical AFF4 images written as pyaff4 writes them: members, streams in chunks, and maps of blocks that files share. */
import { createHash } from 'node:crypto'
import { zipSync } from 'fflate'
import { snappy } from './aff4-writer.ts'

const VOLUME = 'aff4://22222222-0000-4000-8000-000000000001'
const STORE = 'aff4://22222222-0000-4000-8000-000000000002'
const CHUNK = 32_768
const CHUNKS_IN_BEVY = 4
const WRITTEN = Date.UTC(2026, 0, 2)

export interface LogicalFile {
  /** As the imager saw it: `/a/b`, `./a`, `C:\a`, `\\server\share\a`. */
  readonly path: string
  readonly data: Buffer
  readonly how: 'deflate' | 'stored' | 'stream' | 'blocks' | 'folder'
  /** Further statements, each with its end: `aff4:size 12 ;`. */
  readonly says?: string
  /** Digests that are stated; of the content where none is given. */
  readonly digests?: Readonly<Record<string, string>>
}

/** The URN of a file, and the name of its member: the path behind the URN of the volume. */
const urnOf = (path: string): string => {
  const inside = path.replaceAll('\\', '/').replace(/^\.?\/*/, '')
  return `${VOLUME}//${inside.replaceAll('%', '%25').replaceAll(' ', '%20').replaceAll('"', '%22').replaceAll('\n', '%0a')}`
}

/** @param more further statements */
export function aff4Logical(files: readonly LogicalFile[], more = ''): Buffer {
  const members: Record<string, [Buffer, { level: 0 | 6; mtime: number }]> = {
    'container.description': [Buffer.from(VOLUME), { level: 0, mtime: WRITTEN }],
    'version.txt': [Buffer.from('major=1\nminor=1\ntool=test\n'), { level: 0, mtime: WRITTEN }],
  }
  const add = (name: string, bytes: Buffer, level: 0 | 6 = 0): void => {
    members[name] = [bytes, { level, mtime: WRITTEN }]
  }
  const blocks = new Map<string, number>()
  const store: Buffer[] = []
  const said: string[] = []
  for (const file of files) {
    const { path, data, how, says = '' } = file
    const urn = urnOf(path)
    const inside = urn.slice(VOLUME.length + 1).replaceAll('%20', ' ')
    const digests = file.digests ?? {
      MD5: createHash('md5').update(data).digest('hex'),
      SHA1: createHash('sha1').update(data).digest('hex'),
    }
    const types = {
      deflate: 'zip_segment',
      stored: 'ZipSegment',
      stream: 'ImageStream',
      blocks: 'Map',
    } as const
    said.push(
      how === 'folder'
        ? `<${urn}> a aff4:Folder ; aff4:originalFileName ${literal(path)}^^xsd:string .`
        : `<${urn}> a aff4:FileImage, aff4:Image, aff4:${types[how]} ; ${says}
    aff4:birthTime "2018-09-17T13:42:20+10:00"^^xsd:datetime ;
    aff4:lastWritten "2018-09-17T03:42:20.250000Z"^^xsd:datetime ;
    aff4:originalFileName ${literal(path)}^^xsd:string ;
    ${Object.entries(digests)
      .map(([name, hex]) => `aff4:hash "${hex}"^^aff4:${name} ;`)
      .join(' ')}
    ${how === 'stream' ? STREAM_SAYS : ''} aff4:size ${data.length} ;
    aff4:stored <${VOLUME}> .`,
    )
    if (how === 'deflate' || how === 'stored') add(inside, data, how === 'stored' ? 0 : 6)
    if (how === 'stream') chunked(urn.slice(VOLUME.length + 1), data, add)
    if (how !== 'blocks') continue
    const names: string[] = []
    const rows: Buffer[] = []
    for (let at = 0; at < data.length; at += CHUNK) {
      const piece = data.subarray(at, at + CHUNK)
      const block = Buffer.concat([piece, Buffer.alloc(CHUNK - piece.length)])
      const name = `aff4:sha512:${createHash('sha512').update(block).digest('base64').replaceAll('+', '-').replaceAll('/', '_')}`
      if (!blocks.has(name)) {
        blocks.set(name, store.length * CHUNK)
        store.push(block)
      }
      if (!names.includes(name)) names.push(name)
      const row = Buffer.alloc(28)
      row.writeBigUInt64LE(BigInt(at), 0)
      row.writeBigUInt64LE(BigInt(piece.length), 8)
      row.writeUInt32LE(names.indexOf(name), 24)
      rows.push(row)
    }
    const inner = urn.slice(VOLUME.length + 1)
    add(`${inner}/map`, Buffer.concat(rows))
    add(`${inner}/idx`, Buffer.from(names.join('\n')))
  }
  for (const [name, at] of blocks)
    said.push(`<${name}> aff4:dataStream <${STORE}[0x${at.toString(16)}:0x${CHUNK.toString(16)}]> .`)
  if (store.length > 0) {
    const bytes = Buffer.concat(store)
    chunked(`aff4%3A%2F%2F${STORE.slice(7)}`, bytes, add)
    said.push(
      `<${STORE}> a aff4:ImageStream ; ${STREAM_SAYS} aff4:size ${bytes.length} ; aff4:stored <${VOLUME}> .`,
    )
  }
  add(
    'information.turtle',
    Buffer.from(`@prefix aff4: <http://aff4.org/Schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

${said.join('\n\n')}

<aff4://note> a aff4:CaseNotes ; aff4:examiner "A. Example" .
${more}
`),
    6,
  )
  return Buffer.from(zipSync(members, { comment: VOLUME }))
}

const literal = (text: string): string =>
  text.includes('\n')
    ? `"""${text.replaceAll('\\', '\\\\')}"""`
    : `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`

const STREAM_SAYS = `aff4:chunkSize ${CHUNK} ; aff4:chunksInSegment ${CHUNKS_IN_BEVY} ; aff4:compressionMethod <http://code.google.com/p/snappy/> ;`

function chunked(name: string, data: Buffer, add: (name: string, bytes: Buffer) => void): void {
  for (let bevy = 0; bevy * CHUNKS_IN_BEVY * CHUNK < data.length; bevy++) {
    const stored: Buffer[] = []
    const index: Buffer[] = []
    let at = 0
    for (let chunk = 0; chunk < CHUNKS_IN_BEVY; chunk++) {
      const from = (bevy * CHUNKS_IN_BEVY + chunk) * CHUNK
      if (from >= data.length) break
      const piece = data.subarray(from, from + CHUNK)
      const whole = Buffer.concat([piece, Buffer.alloc(CHUNK - piece.length)])
      const coded = snappy(whole)
      const bytes = coded.length < CHUNK ? coded : whole
      const row = Buffer.alloc(12)
      row.writeBigUInt64LE(BigInt(at), 0)
      row.writeUInt32LE(bytes.length, 8)
      index.push(row)
      stored.push(bytes)
      at += bytes.length
    }
    const member = `${name}/${String(bevy).padStart(8, '0')}`
    add(member, Buffer.concat(stored))
    add(`${member}.index`, Buffer.concat(index))
  }
}
