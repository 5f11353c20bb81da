import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { filePath } from '../../src/base/evidence-path.ts'
import { createProgress, PROGRESS_KINDS } from '../../src/cli/progress/index.ts'
import { jsonProgress } from '../../src/cli/progress/json.ts'
import { lineProgress } from '../../src/cli/progress/lines.ts'
import type { ProgressEvent } from '../../src/contracts/progress.ts'
import { hostileNames } from '../report/hostile-names.ts'
import { hit } from '../report/synthetic-ledger.ts'
import { EVENTS, HOSTILE_EVENTS, progressEvent, SUMMARY } from './events.ts'

function collector(): Writable & { text: () => string } {
  let text = ''
  const out = new Writable({
    write(piece, _encoding, done) {
      text += String(piece)
      done()
    },
  })
  return Object.assign(out, { text: () => text })
}

async function shown(kind: (typeof PROGRESS_KINDS)[number], events: readonly ProgressEvent[]) {
  const stdout = collector()
  const stderr = collector()
  const progress = createProgress(kind, { stdout, stderr })
  const { on } = progress
  for (const event of events) on(event)
  await progress.close()
  return { stdout: stdout.text(), stderr: stderr.text() }
}

describe.each(PROGRESS_KINDS)('progress as %s', (kind) => {
  it('never hands bytes of the exhibit to a terminal', async () => {
    const { stdout, stderr } = await shown(kind, HOSTILE_EVENTS)
    expect(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test((stdout + stderr).replaceAll('\n', ''))).toBe(false)
  })

  it('survives a reader that goes away', async () => {
    const gone = new Writable({
      write: (_p, _e, done) => done(Object.assign(new Error('EPIPE'), { code: 'EPIPE' })),
    })
    gone.on('error', () => undefined)
    const progress = createProgress(kind, { stdout: gone, stderr: gone })
    for (const event of EVENTS) progress.on(event)
    await expect(progress.close()).resolves.toBeUndefined()
  })
})

describe('JSON progress', () => {
  it('is one object a line and the summary last, with exactly the documented keys', async () => {
    const { stdout, stderr } = await shown('json', EVENTS)
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(events.map((e) => e.event)).toEqual(EVENTS.map((e) => e.event))
    expect(Object.keys(events.at(-1))).toEqual([
      'event',
      'case',
      'exhibit',
      'examiner',
      'ledger',
      'entries',
      'places',
      'contents',
      'stages',
      'hits',
      'hitsByMeaning',
      'conflicts',
      'near',
      'references',
      'leads',
      'leadsPutLast',
      'evidenceDigest',
      'analysisDigest',
      'chainHead',
      'custodyHead',
      'ledgerSha256',
      'image',
      'complete',
      'incomplete',
      'exitCode',
    ])
    expect(stderr).toBe('')
  })

  it('writes byte counts as numbers, or as text where a number would lie', async () => {
    const stdout = collector()
    jsonProgress({ stdout }, () => 'now').on(progressEvent({ bytesDone: 5n, bytesTotal: 2n ** 60n }))
    expect(JSON.parse(stdout.text())).toMatchObject({
      bytesDone: 5,
      bytesTotal: '1152921504606846976',
      utc: 'now',
    })
  })

  it('gives the path of a hit byte for byte', async () => {
    for (const name of hostileNames()) {
      const { stdout } = await shown('json', [{ event: 'hit', path: filePath(name), hit: hit() }])
      expect(Buffer.from(JSON.parse(stdout).pathBytes, 'base64').equals(name)).toBe(true)
    }
  })
})

const BEHIND = [
  {
    against: 'exhibit',
    clock: '2019-11-24T12:00:00.000Z',
    newest: '2026-11-24T12:00:00.000Z',
    entries: 7,
  },
] as const

describe('lines', () => {
  it('go to standard error, the summary to standard output', async () => {
    const { stdout, stderr } = await shown('lines', EVENTS)
    expect(stderr.replace(/^\S+Z/gm, '<utc>')).toMatchInlineSnapshot(`
      "<utc>  started    case 2026-114, exhibit LTU-07, examiner A. Example; ledger case.sqlite; plan 64879f7d6b960a01909762d911a32d4582c20010c5641ee90278b644a9e3b525
      <utc>  warning    The mount is writable.
      <utc>  inventory  begins: 0 entries, 0 B
      <utc>  inventory  12,345 entries, 1.2 GB, 0 hits, 0 leads, 3 not done
      <utc>  known      begins: 60,000 entries, 4.0 GB
      <utc>  HIT        illegal, National list, category 1 (Child Abuse Material (CAM)), by md5+sha1: DCIM/IMG_0001.jpg
      <utc>  HIT        illegal, National list, by md5 alone: DCIM/IMG_0002.jpg
      <utc>  known      60,000 of 60,000 entries, 4.0 GB of 4.0 GB, 210 MB/s, 2 hits, 0 leads, 3 not done
      <utc>  paused     interrupted; nothing is lost; go on with: seized resume case.sqlite
      "
    `)
    expect(stdout).toMatchInlineSnapshot(`
      "case      2026-114
      exhibit   LTU-07
      examiner  A. Example
      ledger    case.sqlite

      entries                   20
        places                  23
      distinct contents         14
      contents with hits        3
        illegal                 1
        of interest             2
      contents known            1
      digest conflicts          1
      near matches              1
      contents with references  0
      contents with leads       2

      stage         done  done-with-warnings  not-applicable  out-of-scope  not-done
      read            15                   0               3             0         2
      matched         15                   0               3             0         2
      opened           1                   0              17             0         2
      records-read     0                   0              18             0         2
      looked-at       11                   1               5             0         3
      text-read        0                   0               3            17         0

      SHA-256 for the paper record: they show later that nothing was changed
      evidence      ee8250fb76e094b34b471f13a73dbbe51d1ae142e9df59d7c0d31ec20f0a0a8e
      analysis      f44e85c4b8ea2addc796f8beab6600e801d767ccd26c800dce6d88fdaa5eb4e6
      chain head    3f205054a2f27455702ce7aebdfe6096e1ec6740c291027d6b7dce502b919cd2
      custody head  dcd39c60d4a6a1f985d1cdfc5ec1989cc3974257fa84189e9a2e237dbba10e9b
      ledger file   fe14010b4fe83303852f0467c919ef9a7ca089b91e96e3aad7d426dd87079297

      Coverage is incomplete: the report lists what was not done, with reasons.
      Next: seized report case.sqlite --format html --out REPORT.html
      "
    `)
  })

  it('end in a summary of at most 80 columns', async () => {
    for (const complete of [true, false]) {
      const { stdout } = await shown('lines', [{ ...SUMMARY, clock: BEHIND, complete, entries: 12_345_678 }])
      expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
      expect(stdout).toContain('7 entries of the exhibit have modification times later')
    }
  })

  it('are one line an event for every name', async () => {
    for (const event of HOSTILE_EVENTS) {
      const { stderr } = await shown('lines', [event])
      expect(stderr.match(/\n/g)).toHaveLength(1)
    }
  })

  it('tell progress every five seconds, and the end of a phase always', () => {
    const stderr = collector()
    let nowMs = 0
    const progress = lineProgress({ stdout: collector(), stderr }, false, {
      utc: () => '',
      nowMs: () => nowMs,
    })
    for (let i = 0; i <= 100; i++) {
      nowMs = i * 200
      progress.on(progressEvent({ entriesDone: i, entriesTotal: 100 }))
    }
    expect(stderr.text().match(/(\d+) of/g)).toEqual(['0 of', '25 of', '50 of', '75 of', '100 of'])
  })

  it('give facts for the record as a number, before the next event, and whole when asked', async () => {
    const fact = { event: 'note', message: 'A mounted file system shows no slack.' } as const
    const events = [fact, fact, progressEvent()]
    const { stderr } = await shown('lines', events)
    expect(stderr.split('\n').map((line) => line.slice(22, 70))).toEqual(
      ['note       2 facts about exhibit and lists stand ', expect.stringMatching(/^known/), ''].map((one) =>
        typeof one === 'string' ? one.slice(0, 48) : one,
      ),
    )
    const all = collector()
    const verbose = lineProgress({ stdout: collector(), stderr: all }, true)
    for (const event of events) verbose.on(event)
    expect(all.text().match(/note {7}A mounted file system shows no slack\./g)).toHaveLength(2)
    const json = await shown('json', events)
    expect(json.stdout.match(/"event":"note"/g)).toHaveLength(2)
  })

  it('name the content that takes long, and estimate no time for it', async () => {
    const { stderr } = await shown('lines', [
      progressEvent({ etaSeconds: null, working: { path: 'DCIM/film.mp4', seconds: 70 } }),
    ])
    expect(stderr).toContain('examining DCIM/film.mp4 for 1 min 10 s')
    expect(stderr).not.toContain('left')
  })

  it('count hits on known lists without telling each', async () => {
    const { stderr } = await shown('lines', [
      { event: 'hit', path: filePath(Buffer.from('a')), hit: hit({ meaning: 'known' }) },
    ])
    expect(stderr).toBe('')
  })
})

describe('no progress', () => {
  it('still prints the summary', async () => {
    const { stdout, stderr } = await shown('none', EVENTS)
    expect(stdout).toContain(SUMMARY.chainHead)
    expect(stderr).toBe('')
  })
})
