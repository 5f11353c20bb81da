import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CASE, contentOf, EXHIBIT, PLAN, run, TOOL, WALKED } from '../../fixtures/ledgers/synthetic.ts'
import { filePath } from '../../src/base/evidence-path.ts'
import { permitted } from '../../src/base/file-modes.ts'
import { attribute } from '../../src/contracts/attribute.ts'
import { STAGES } from '../../src/contracts/stage.ts'
import { appendCustody, CustodyUnavailable } from '../../src/ledger/custody/custody.ts'
import { openLedger } from '../../src/ledger/read/read.ts'
import { createLedger, resumeLedger } from '../../src/ledger/write/session.ts'
import { newLedger, sealedLedger, temporaryFolder, verifyAlone } from './temporary.ts'

describe('a ledger', () => {
  it('gives back what was recorded, entry by entry in evidence-path order', () => {
    const ledger = openLedger(sealedLedger())
    const views = [...ledger.entries()]
    ledger.close()
    const paths = views.map((view) => view.entry.path.bytes)
    expect(paths).toEqual([...paths].sort(Buffer.compare))
    for (const { entry } of WALKED)
      expect(views.find((view) => view.entry.path.bytes.equals(entry.path.bytes))?.entry).toEqual(entry)
    const hit = views.find((view) => view.entry.path.bytes.equals(Buffer.from('DCIM/IMG_3.jpg')))!
    expect(hit.content).toEqual(contentOf('DCIM/IMG_3.jpg', 'image/jpeg'))
    expect(hit.hits).toMatchObject([{ hashSet: 'illegal.txt', algorithms: ['md5', 'sha256'], weak: false }])
    expect(ledger.plan).toEqual(PLAN)
    expect(ledger.exhibit).toEqual(EXHIBIT)
    expect(ledger.case).toEqual(CASE)
    expect(ledger.tool).toEqual(TOOL)
  })

  it('has exactly one result in every stage for every entry, and sums that add up', () => {
    const ledger = openLedger(sealedLedger())
    const summary = ledger.summary()
    const views = [...ledger.entries()]
    expect(views.length).toBe(summary.entries)
    for (const stage of STAGES) {
      expect(Object.values(summary.stages[stage]).reduce((a, b) => a + b)).toBe(views.length)
      const counted = ledger.reasons().filter((one) => one.stage === stage)
      for (const { result, reason, entries } of counted)
        expect(
          views.filter(
            ({ stages }) =>
              stages[stage].result === result &&
              ('reason' in stages[stage] ? stages[stage].reason : '') === reason,
          ).length,
        ).toBe(entries)
    }
    ledger.close()
  })

  it('is one write-protected file once sealed, and reading it changes nothing', () => {
    const path = sealedLedger()
    const before = readFileSync(path)
    const ledger = openLedger(path)
    expect([...ledger.entries()].length).toBeGreaterThan(0)
    expect([...ledger.findings()].length).toBeGreaterThan(0)
    expect(readdirSync(dirname(path))).toEqual(['case.sqlite'])
    ledger.close()
    expect(readdirSync(dirname(path))).toEqual(['case.sqlite'])
    expect(readFileSync(path).equals(before)).toBe(true)
    expect(statSync(path).mode & 0o777).toBe(permitted(0o444))
  })

  it('lets the copy with the fewest steps stand for the others, then the smallest path', () => {
    const ledger = openLedger(sealedLedger())
    const copies = [...ledger.entries()].filter(
      ({ content }) => content?.digests.sha256 === contentOf('copied', '').digests.sha256,
    )
    ledger.close()
    expect(copies.map((view) => view.entry.path.steps.length)).toEqual([2, 1, 1])
    const first = Buffer.from('copies/one.jpg')
    expect(copies.map((view) => view.copyOf?.bytes)).toEqual([first, undefined, first])
  })

  it('lists findings with representative copies first, and no known content among them', () => {
    const ledger = openLedger(sealedLedger())
    const views = [...ledger.findings()]
    const firstCopy = views.findIndex((view) => view.copyOf)
    expect(firstCopy === -1 || views.slice(firstCopy).every((view) => view.copyOf)).toBe(true)
    expect(views.some((view) => view.hits.some((hit) => hit.meaning === 'known'))).toBe(false)
    expect(views.filter((view) => view.conflicts.length > 0).length).toBe(1)
    expect(ledger.suppressed()).toEqual([{ hashSet: 'os.hashdeep', contents: 1 }])
    ledger.close()
  })

  it('refuses to be created over an existing file, and to be resumed once sealed', () => {
    const path = sealedLedger()
    const options = { path, case: CASE, exhibit: EXHIBIT, plan: PLAN, tool: TOOL }
    expect(() => createLedger(options)).toThrow(/exists already/)
    const nowhere = { ...options, path: join(temporaryFolder(), 'no folder', 'case.sqlite') }
    expect(() => createLedger(nowhere)).toThrow(/No ledger can be made in .*no folder.*ENOENT/)
    expect(() => resumeLedger(path)).toThrow(/is sealed/)
    expect(() => resumeLedger(join(temporaryFolder(), 'none.sqlite'))).toThrow(/no such ledger/)
  })

  it('goes on after a pause where it stopped, and ends with the same evidence digest', () => {
    const whole = newLedger()
    run(whole)
    const expected = whole.seal()
    const paused = newLedger()
    paused.recordEntries(WALKED.slice(0, 7))
    paused.close()
    expect(existsSync(`${paused.path}-wal`)).toBe(false)
    const partial = openLedger(paused.path)
    expect(partial.seal).toBe(null)
    expect(partial.summary().complete).toBe(false)
    partial.close()
    const resumed = resumeLedger(paused.path)
    expect(resumed.counts.entries).toBe(7)
    run(resumed, 3)
    const seal = resumed.seal()
    expect(seal.evidenceDigest).toBe(expected.evidenceDigest)
    expect(seal.analysisDigest).toBe(expected.analysisDigest)
    expect(seal.summary).toEqual(expected.summary)
  })

  it('refuses a second record for the same subject, and is as it was before', () => {
    const session = newLedger()
    session.recordEntries(WALKED)
    const { chainHead, counts } = session
    expect(() => session.recordEntries(WALKED.slice(0, 1))).toThrow()
    expect(session.chainHead).toBe(chainHead)
    expect(session.counts).toEqual(counts)
    run(session)
    expect(session.seal().summary.entries).toBeGreaterThan(WALKED.length)
  })

  it('keeps at most 200 characters of a quote or an attribute, and no lone surrogate', () => {
    const session = newLedger()
    run(session, 100)
    session.close()
    const resumed = resumeLedger(session.path)
    const zip = contentOf('archive.zip', '').digests.sha256
    const reader = () => {
      const ledger = openLedger(resumed.path)
      const view = [...ledger.entries()].find(({ content }) => content?.digests.sha256 === zip)!
      ledger.close()
      return view
    }
    const archive = resumed.outerContent(filePath(Buffer.from('archive.zip')))
    const signal = {
      kind: 'signal',
      classifier: 'c',
      rule: 'r',
      stage: null,
      start: 0,
      end: 1,
      messageIndex: null,
    } as const
    resumed.recordExaminations([
      {
        contentId: archive.contentId,
        examination: {
          stage: 'text-read',
          result: { result: 'done' },
          findings: [
            { ...signal, quote: '😀'.repeat(200) },
            { ...signal, quote: 'x'.repeat(201) },
            attribute('software', { text: `\ud800${'y'.repeat(5000)}` }),
          ],
          preview: null,
        },
      },
    ])
    resumed.close()
    const view = reader()
    expect(view.signals.map(({ quote }) => quote)).toEqual(['😀'.repeat(200), `${'x'.repeat(199)}…`])
    const [one] = view.attributes
    expect(one?.code === 'software' && one.params.text).toMatch(/^\ufffdy{50,}…$/)
    expect(verifyAlone(resumed.path).problems).toEqual([])
  })

  it('refuses every preview of more than 16 cells a side', () => {
    const session = newLedger()
    run(session, 100)
    const { contentId } = session.outerContent(filePath(Buffer.from('archive.zip')))
    const preview = { width: 17, height: 1, cells: Buffer.alloc(17) }
    const examination = { stage: 'text-read', result: { result: 'done' }, findings: [], preview } as const
    expect(() => session.recordExaminations([{ contentId, examination }])).toThrow(/may not be recorded/)
    session.close()
  })

  it('knows what was derived from a file, and which content was read at it', () => {
    const session = newLedger()
    run(session, 100)
    const path = filePath(Buffer.from('archive.zip'))
    expect(session.outerContent(path)).toMatchObject({
      path,
      content: contentOf('archive.zip', 'application/zip'),
    })
    expect(session.derivedUsage(path, 9)).toMatchObject({ entries: 6 })
    expect(session.derivedUsage(filePath(Buffer.from('archive')), 9)).toEqual({ entries: 0, bytes: 0n })
    expect(() => session.outerContent(filePath(Buffer.from('hole')))).toThrow(/no content was read/)
    session.close()
  })

  it('is read and verified on a read-only mount, sealed or as a crash left it', ({ skip }) => {
    const mount = join(temporaryFolder(), 'mount')
    mkdirSync(mount)
    if (spawnSync('mount', ['-t', 'tmpfs', 'tmpfs', mount]).status !== 0) skip('needs the right to mount')
    try {
      const sealed = join(mount, 'sealed.sqlite')
      copyFileSync(sealedLedger(), sealed)
      const open = newLedger()
      open.recordEntries(WALKED)
      const crashed = join(mount, 'crashed.sqlite')
      for (const suffix of ['', '-wal']) copyFileSync(open.path + suffix, crashed + suffix)
      open.close()
      spawnSync('mount', ['-o', 'remount,ro', mount])
      for (const path of [sealed, crashed]) {
        const ledger = openLedger(path)
        expect([...ledger.entries()].length).toBeGreaterThanOrEqual(WALKED.length)
        expect([...ledger.findings()].some(({ content }) => content !== null)).toBe(path === sealed)
        ledger.close()
        expect(verifyAlone(path)).toMatchObject({ ok: true, sealed: path === sealed })
      }
      expect(() => appendCustody(sealed, { event: 'e', operator: null, account: 'a', detail: {} })).toThrow(
        CustodyUnavailable,
      )
      expect(readdirSync(mount).sort()).toEqual(['crashed.sqlite', 'crashed.sqlite-wal', 'sealed.sqlite'])
    } finally {
      spawnSync('umount', [mount])
    }
  })

  it('refuses a second process and a reader while it is being written', () => {
    const session = newLedger()
    session.recordEntries(WALKED)
    expect(() => resumeLedger(session.path)).toThrow(/another seized process has this ledger open/)
    expect(() => openLedger(session.path)).toThrow(/another seized process has this ledger open/)
    session.recordInventoryDone(null)
  })
})
