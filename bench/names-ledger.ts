/**
 * A ledger of many entries without an exhibit: names in folders, a distinct content for each, cameras, a hit in a thousand. Made by
 * the ledger's own writer, so it verifies; its digests are those of names.
 */
import { createHash } from 'node:crypto'
import { filePath } from '../src/base/evidence-path.ts'
import { attribute } from '../src/contracts/attribute.ts'
import type { CaseInfo, Exhibit } from '../src/contracts/case.ts'
import type { Content } from '../src/contracts/content.ts'
import type { Entry, FileTime } from '../src/contracts/entry.ts'
import type { Hit } from '../src/contracts/finding.ts'
import { createLedger } from '../src/ledger/write/session.ts'
import { DEFAULT_OPTIONS, makePlan, WHOLE_EXHIBIT } from '../src/plan.ts'

const BATCH = 2000

/** @param seal otherwise it is as a run leaves it that was interrupted */
export function makeNamesLedger(path: string, entries: number, seal = false): void {
  const plan = makePlan({
    phases: ['inventory', 'known', 'unknown'],
    scope: WHOLE_EXHIBIT,
    hashSets: [],
    models: [],
    options: DEFAULT_OPTIONS,
  })
  const session = createLedger({ path, case: CASE, exhibit: EXHIBIT, plan, tool: {}, account: 'bench' })
  const none = { conflicts: [], suppressedBy: null, warnings: [] }
  for (let at = 0; at < entries; at += BATCH)
    session.recordEntries(
      Array.from({ length: Math.min(BATCH, entries - at) }, (_, i) => ({
        entry: entryOf(at + i),
        read: null,
      })),
    )
  session.recordInventoryDone(null)
  for (
    let page = session.pendingReads(null, BATCH);
    page.length > 0;
    page = session.pendingReads(page.at(-1)!, BATCH)
  )
    session.recordReads(
      page.map(({ entryId }) => {
        const content = contentOf(entryId)
        return {
          entryId,
          outcome: { result: { result: 'done' }, content, bytesRead: content.sizeBytes },
          match: { ...none, hits: entryId % 1000 === 0 ? [HIT] : [], result: { result: 'done' } },
        }
      }),
    )
  // Every third picture says which camera took it.
  for (
    let page = session.pendingContents('looked-at', null, BATCH);
    page.length > 0;
    page = session.pendingContents('looked-at', page.at(-1)!, BATCH)
  )
    session.recordExaminations(
      page.map(({ contentId }) => ({
        contentId,
        examination: {
          stage: 'looked-at',
          result: { result: 'done' },
          findings:
            contentId % 3 === 0 ? [attribute('camera-model', { text: `Example ${contentId % 50}` })] : [],
          preview: null,
        },
      })),
    )
  if (seal) session.seal()
  session.close()
}

function entryOf(i: number): Entry {
  const folder = ['DCIM/100EXMPL', 'Pictures/trips', 'Documents/boat', 'System/lib'][i % 4]
  const modified: FileTime = {
    ns: BigInt(1_700_000_000 + i) * 1_000_000_000n,
    source: 'stat',
    resolution: 'ns',
    zone: 'utc',
  }
  return {
    path: filePath(Buffer.from(`${folder}/${Math.floor(i / 1000)}/IMG_${i}.${i % 2 === 0 ? 'jpg' : 'bin'}`)),
    kind: 'file',
    sizeBytes: 1000n,
    allocatedBytes: 4096n,
    times: { modified, changed: null, accessed: null, born: null },
    device: 1n,
    inode: BigInt(i),
    links: 1n,
    mode: 0o100644,
    uid: 0,
    gid: 0,
    linkTarget: null,
    band: i % 4,
  }
}

function contentOf(i: number): Content {
  const sha256 = createHash('sha256').update(String(i)).digest('hex')
  return {
    digests: { md5: sha256.slice(0, 32), sha1: sha256.slice(0, 40), sha256, blake3: sha256 },
    sizeBytes: 1000n,
    mediaType: i % 2 === 0 ? 'image/jpeg' : 'application/octet-stream',
  }
}

const CASE: CaseInfo = {
  caseId: 'bench',
  exhibitId: 'bench',
  examiner: 'bench',
  image: null,
  imageFormat: null,
  acquisitionHash: null,
  acquisitionStatus: 'not-verified',
  partitionOffset: null,
  timezone: 'UTC',
}

const EXHIBIT: Exhibit = {
  root: '/nowhere',
  rootInode: 1n,
  rootDevice: 1n,
  fileSystem: 'ext4',
  uuid: null,
  mountSource: 'none',
  mountOptions: 'ro',
  writable: false,
  viaLoop: false,
  viaFuse: false,
  submounts: [],
  remarks: [],
}

const HIT: Hit = {
  kind: 'hit',
  hashSet: 'interest.txt',
  hashSetSha256: '22'.repeat(32),
  edition: null,
  category: null,
  scale: null,
  categoryLabel: null,
  meaning: 'interest',
  algorithms: ['sha256'],
  weak: false,
}
