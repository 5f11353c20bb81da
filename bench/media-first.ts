/**
 * How early the leads of a made-up exhibit come: the order in which contents are looked at, against path order in a band.
 *
 * Nothing is decoded: the order is the one of a real ledger's queue, each look takes what docs/evidence/models.md says that its kind
 * takes, and where leads lie is assumed: half of them in the folders that hold an illegal hit, the others anywhere.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CASE, contentOf, EXHIBIT, PLAN, TOOL } from '../fixtures/ledgers/synthetic.ts'
import { byteString } from '../src/base/byte-string.ts'
import { filePath } from '../src/base/evidence-path.ts'
import type { Entry } from '../src/contracts/entry.ts'
import type { Hit } from '../src/contracts/finding.ts'
import type { PendingContent } from '../src/contracts/ledger.ts'
import type { Session } from '../src/contracts/session.ts'
import { createLedger } from '../src/ledger/write/session.ts'
import { priorityClassOf } from '../src/media-types/priority-class.ts'

interface Planted {
  readonly path: string
  readonly mediaType: string
  readonly sizeBytes: bigint
  readonly cpuMs: number
  readonly lead: boolean
  readonly hit: boolean
}

/** CPU ms of a look: models-speed figures of one quiet Zen 5 core, the mean of pictures that call the slow model and not. */
const KINDS = [
  {
    share: 0.53,
    type: 'image/jpeg',
    size: 170_000n,
    cpuMs: 64,
    name: 'Android/media/com.whatsapp/Images/#/IMG-#.jpg',
  },
  { share: 0.2, type: 'image/jpeg', size: 2_400_000n, cpuMs: 120, name: 'DCIM/Camera/#/IMG_#.jpg' },
  { share: 0.08, type: 'image/heic', size: 2_400_000n, cpuMs: 410, name: 'DCIM/Camera/#/IMG_#.heic' },
  { share: 0.04, type: 'video/mp4', size: 4_000_000n, cpuMs: 975, name: 'DCIM/Camera/#/A_#.mp4' },
  { share: 0.15, type: 'image/jpeg', size: 20_000n, cpuMs: 38, name: 'DCIM/Camera/#/thumb_#.jpg' },
] as const
const FOLDERS = 40
const FOLDERS_WITH_HITS = 3
const LEADS_BESIDE = 0.15
const LEADS_ELSEWHERE = 0.013

export function mediaFirst(contents: number): void {
  const planted = plant(contents)
  const folder = mkdtempSync(join(tmpdir(), 'seized-bench-'))
  try {
    const session = createLedger({
      path: join(folder, 'case.sqlite'),
      case: CASE,
      exhibit: EXHIBIT,
      plan: PLAN,
      tool: TOOL,
      account: 'bench',
    })
    const queued = orderOf(session, planted)
    session.close()
    const byPath = [...planted].sort(
      (a, b) => band(a) - band(b) || Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)),
    )
    const leads = planted.filter(({ lead }) => lead).length
    console.log(
      `${contents} made-up contents, ${leads} leads; core-seconds of looking until so many of them are found, by an assumed cost of each kind`,
    )
    console.table([
      { order: 'band, path', ...timesOf(byPath) },
      { order: 'band, turn, path: as scanned', ...timesOf(queued) },
    ])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function plant(contents: number): Planted[] {
  let state = 20_261_126
  // xorshift32: G. Marsaglia, "Xorshift RNGs", 2003
  const random = (): number => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
  return Array.from({ length: contents }, (_, i) => {
    let draw = random()
    const kind = KINDS.find(({ share }) => (draw -= share) < 0) ?? KINDS[0]
    const number = Math.floor(random() * FOLDERS)
    // Spread over the names, so that path order does not come upon them first or last.
    const beside = number % Math.floor(FOLDERS / FOLDERS_WITH_HITS) === 7
    return {
      path: kind.name.replace('#', `album ${String(number).padStart(2, '0')}`).replace('#', String(i)),
      mediaType: kind.type,
      sizeBytes: kind.size,
      cpuMs: kind.cpuMs,
      hit: beside && random() < 0.1,
      lead: random() < (beside ? LEADS_BESIDE : LEADS_ELSEWHERE),
    }
  })
}

/** As the session hands them out. */
function orderOf(session: Session, planted: readonly Planted[]): Planted[] {
  const known = new Map(planted.map((each) => [each.path, each]))
  session.recordEntries(planted.map((each, i) => ({ entry: entryOf(each, BigInt(i + 1)), read: null })))
  session.recordReads(
    session.pendingReads(null, planted.length).map(({ entryId, path }) => {
      const { mediaType, sizeBytes, hit } = known.get(path.bytes.toString())!
      const content = { ...contentOf(path.bytes.toString(), mediaType), sizeBytes }
      return {
        entryId,
        outcome: { result: { result: 'done' }, content, bytesRead: sizeBytes },
        match: {
          result: { result: 'done' },
          hits: hit ? [HIT] : [],
          conflicts: [],
          suppressedBy: null,
          warnings: [],
        },
      }
    }),
  )
  const order: Planted[] = []
  let page: readonly PendingContent[] = session.pendingContents('looked-at', null, 500)
  for (; page.length > 0; page = session.pendingContents('looked-at', page.at(-1)!, 500))
    order.push(...page.map(({ path }) => known.get(path.bytes.toString())!))
  return order
}

function band({ path, sizeBytes }: Planted): number {
  return priorityClassOf(byteString(path), sizeBytes)
}

function entryOf(planted: Planted, inode: bigint): Entry {
  return {
    path: filePath(Buffer.from(planted.path)),
    kind: 'file',
    sizeBytes: planted.sizeBytes,
    allocatedBytes: null,
    times: { modified: null, changed: null, accessed: null, born: null },
    device: 1n,
    inode,
    links: null,
    mode: null,
    uid: null,
    gid: null,
    linkTarget: null,
    band: band(planted),
  }
}

const HIT: Hit = {
  kind: 'hit',
  hashSet: 'list.txt',
  hashSetSha256: '0'.repeat(64),
  edition: null,
  algorithms: ['sha256'],
  weak: false,
  category: null,
  scale: null,
  categoryLabel: null,
  meaning: 'illegal',
}

function timesOf(order: readonly Planted[]) {
  let spent = 0
  const found: number[] = []
  for (const { cpuMs, lead } of order) {
    spent += cpuMs / 1000
    if (lead) found.push(spent)
  }
  const at = (share: number) => Math.round(found[Math.ceil(share * found.length) - 1] ?? Number.NaN)
  return { first: at(0.01), '50 %': at(0.5), '90 %': at(0.9), all: Math.round(spent) }
}
