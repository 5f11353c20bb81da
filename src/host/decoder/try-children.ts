/**
 * Whether children of each kind work here: tried on files that the program makes itself. A child that fails on these fails on
 * every content of its kind, and the exhibit is not to blame.
 */
import { createHash } from 'node:crypto'
import type { ProcessKind } from '../../base/errors.ts'
import { filePath } from '../../base/evidence-path.ts'
import { lastWords } from '../../base/last-words.ts'
import { printable } from '../../base/printable.ts'
import { smallPicture, smallTar } from '../../base/small-files.ts'
import type { Limits } from '../../contracts/case.ts'
import type { Content } from '../../contracts/content.ts'
import type { StageResult } from '../../contracts/stage.ts'
import { NO_COMPANION_FILES } from '../../wire/companion-files.ts'
import type { JobPool } from './job-pool.ts'
import { lookAt } from './look-request.ts'
import { budgetOf, openAll } from './open-request.ts'
import { readRecordsOf } from './records-request.ts'
import { readTextOf } from './text-request.ts'

export type TriedKind = Extract<ProcessKind, 'look' | 'open' | 'records' | 'text'>

interface Sample {
  readonly mediaType: string
  readonly bytes: () => Buffer
}

/** Of each kind one for every library that it cannot work without. */
const SAMPLES: Readonly<Record<TriedKind, readonly Sample[]>> = {
  look: [{ mediaType: 'image/png', bytes: () => smallPicture(1) }],
  open: [
    { mediaType: 'application/x-tar', bytes: () => smallTar([['a', Buffer.from('a')]]) },
    // The only format of 7-Zip that is plain text (ar(5)).
    {
      mediaType: 'application/x-archive',
      bytes: () =>
        Buffer.from(`!<arch>\n${'a/'.padEnd(16)}${'0'.padEnd(12)}0     0     100644  2         \`\na\n`),
    },
  ],
  records: [
    {
      mediaType: 'application/x-bittorrent',
      bytes: () =>
        Buffer.from(`d4:infod6:lengthi1e4:name1:a12:piece lengthi16384e6:pieces20:${'0'.repeat(20)}ee`),
    },
  ],
  text: [
    { mediaType: 'text/plain', bytes: () => Buffer.from('A sentence that nobody needs to worry about.\n') },
    { mediaType: 'application/pdf', bytes: () => Buffer.from(PDF) },
  ],
}

const PDF = `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj
4 0 obj<</Length 38>>stream
BT /F 12 Tf 9 9 Td (Nothing here) Tj ET
endstream endobj
trailer<</Root 1 0 R>>
`

export function isTried(kind: ProcessKind): kind is TriedKind {
  return Object.hasOwn(SAMPLES, kind)
}

/** @returns last words of a child that fails; null: all of them work */
export async function tryChildren(pool: JobPool, kind: TriedKind, limits: Limits): Promise<string | null> {
  for (const { mediaType, bytes } of SAMPLES[kind]) {
    const content = bytes()
    const result = await TRIES[kind](pool, contentOf(content, mediaType), content, limits)
    if (!WORKED.includes(result.result))
      return lastWords(`${mediaType}: ${saidIn(result)}`, pool.lastWords.join('\n'))
  }
  return null
}

const WORKED: readonly StageResult['result'][] = ['done', 'done-with-warnings']

const TRIES: Readonly<
  Record<TriedKind, (pool: JobPool, content: Content, bytes: Buffer, limits: Limits) => Promise<StageResult>>
> = {
  look: async (pool, content, source, limits) =>
    (await lookAt(pool, { content, source, preview: 'never', gps: false, limits })).result,
  open: async (pool, content, source, limits) => {
    const path = filePath(Buffer.from('tried'))
    const target = {
      path,
      budget: budgetOf(limits, { entries: 0, bytes: 0n }),
      packedBytes: Number(content.sizeBytes),
    }
    const [opened] = await openAll(pool, { path, content, source, band: 0 }, [target], limits)
    return opened!.result
  },
  records: async (pool, content, bytes, limits) =>
    (await readRecordsOf(pool, content, bytes, limits)).examination.result,
  text: async (pool, content, bytes, limits) =>
    (await readTextOf(pool, content, bytes, { limits, privileged: null, logs: NO_COMPANION_FILES }))
      .examination.result,
}

function contentOf(bytes: Buffer, mediaType: string): Content {
  const of = (algorithm: string) => createHash(algorithm).update(bytes).digest('hex')
  const sha256 = of('sha256')
  // Children compare SHA-256 alone.
  const digests = { md5: of('md5'), sha1: of('sha1'), sha256, blake3: sha256 }
  return { digests, sizeBytes: BigInt(bytes.length), mediaType }
}

function saidIn(result: StageResult): string {
  if (result.result === 'done') return result.result
  const { reason, detail } = result
  return printable([reason, ...Object.values(detail?.params ?? {})].join(' '), 200)
}
