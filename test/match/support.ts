/** Lists and contents for the tests of matching. Every digest is of neutral generated text. */
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Digests } from '../../src/contracts/content.ts'
import { algorithmsIn, PDQ, VPDQ, WIDE_BYTES } from '../../src/match/records/algorithms.ts'
import type { HashSetFormat, ListFacts, ReadOptions } from '../../src/match/records/format.ts'
import { ListFile } from '../../src/match/records/list-file.ts'
import type { RejectedRow } from '../../src/match/records/record-batch.ts'
import { atFileEnd } from '../at-file-end.ts'

let folder: string | null = null
let files = 0

/** One folder a test file. */
function folderOfFile(): string {
  if (folder !== null) return folder
  const made = mkdtempSync(join(tmpdir(), 'seized-match-'))
  atFileEnd(() => {
    rmSync(made, { recursive: true, force: true })
    folder = null
  })
  folder = made
  return made
}

/** A temporary file; its name says nothing of its content. */
export function listFile(content: string | Buffer, name = `list-${++files}`): string {
  const path = join(folderOfFile(), name)
  writeFileSync(path, content)
  return path
}

export function temporaryPath(name: string): string {
  return join(folderOfFile(), `${++files}-${name}`)
}

/** Digests of a generated content. BLAKE3 is not in Node: any 32 bytes that depend on the text will do. */
export function digestsOf(text: string): Digests {
  const hex = (algorithm: string, input = text) => createHash(algorithm).update(input).digest('hex')
  return { md5: hex('md5'), sha1: hex('sha1'), sha256: hex('sha256'), blake3: hex('sha256', `b3${text}`) }
}

export function sizeOf(text: string): bigint {
  return BigInt(Buffer.byteLength(text))
}

/** A VICS document. `media` as it stands in the JSON. */
export function vicsDocument(media: readonly object[], marker = 'US'): string {
  return JSON.stringify({
    '@odata.context': `http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/${marker}/$metadata#Media`,
    value: media,
  })
}

export interface ReadRecord {
  readonly line: number
  readonly digests: Readonly<Record<string, string>>
  readonly size: number | null
  readonly category: string | null
  readonly extras: object | null
}

/** Everything a format finds in a list, as objects. */
export async function readAll(
  format: HashSetFormat,
  content: string | Buffer,
  options: Omit<ReadOptions, 'onFacts'> = {},
) {
  const records: ReadRecord[] = []
  const rejected: RejectedRow[] = []
  const facts: ListFacts[] = []
  let rows = 0
  const file = new ListFile(listFile(content))
  for await (const batch of format.read(file, { ...options, onFacts: (fact) => facts.push(fact) })) {
    rows += batch.rows
    rejected.push(...batch.rejected.map((row) => ({ ...row })))
    for (let i = 0; i < batch.count; i++) {
      records.push({
        line: batch.lines[i]!,
        digests: Object.fromEntries(
          algorithmsIn(batch.present[i]!).map((place) => {
            const at = i * WIDE_BYTES + place.at
            // Of a frame its hash alone: videos are numbered as they come, so the number of one depends on those before it.
            const bytes = place === VPDQ ? PDQ.bytes : place.bytes
            return [place.name, Buffer.from(batch.digests.subarray(at, at + bytes)).toString('hex')]
          }),
        ),
        size: Number.isNaN(batch.sizes[i]!) ? null : batch.sizes[i]!,
        category: batch.categories[i]!,
        extras: batch.extras[i] == null ? null : (JSON.parse(batch.extras[i]!.toString()) as object),
      })
    }
  }
  return { records, rejected, facts, rows, sha256: await file.sha256() }
}
