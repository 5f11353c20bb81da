import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, it } from 'vitest'
import { readCustody } from '../../src/ledger/custody/custody.ts'
import { type NewDecision, recordDecisions } from '../../src/ledger/custody/decisions.ts'
import { openLedger } from '../../src/ledger/read/read.ts'
import { WHOLE } from '../whole.ts'
import { featuresOfFile, holds } from './features-held.ts'
import { installation, run } from './installation.ts'
import { scanArgs, summaryOf, temporaryFolder } from './seized.ts'

const PASSPHRASE = 'a passphrase of a test'

/** Blurred noise of eight by eight cells: each picture unlike each other. Warm ones are the positives. */
function noise(seed: number, isWarm: boolean): Promise<Buffer> {
  let state = seed * 7919 + 1
  const cells = Buffer.alloc(8 * 8 * 3)
  for (let at = 0; at < cells.length; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    const share = (state >>> 8) / 2 ** 24
    const isRaised = isWarm ? at % 3 === 0 : at % 3 === 2
    cells[at] = Math.floor(share * 140) + (isRaised ? 110 : 0)
  }
  return sharp(cells, { raw: { width: 8, height: 8, channels: 3 } })
    .resize(160, 160, { kernel: 'cubic' })
    .jpeg()
    .toBuffer()
}

/** Two persons on each content; of the others one alone, two who differ, two without sight, and a preview alone. */
function decideAll(
  ledger: string,
  digests: ReadonlyMap<string, boolean>,
  extra: ReadonlyMap<number, Buffer>,
): void {
  const decision = (
    sha256: string,
    category: string,
    seen: string,
    act: NewDecision['act'] = 'decided',
  ): NewDecision => ({
    kind: 'decision',
    sha256,
    scale: 'vics-us',
    act,
    category,
    note: '',
    pass: null,
    session: null,
    seen,
    seenMs: 900,
  })
  const [one, differing, blind, tiny] = [...extra.values()].map((bytes) =>
    createHash('sha256').update(bytes).digest('hex'),
  )
  const all = [...digests]
  const categoryOf = (is: boolean) => (is ? '1' : '0')
  const by = (operator: string, decisions: readonly NewDecision[]) =>
    recordDecisions(ledger, decisions, { operator, account: 'tester' })
  by('A. Example', [
    ...all.map(([sha256, is]) => decision(sha256, categoryOf(is), 'grey')),
    decision(one!, '1', 'grey'),
    decision(differing!, '1', 'grey'),
    decision(blind!, '1', 'grey'),
    decision(tiny!, '1', 'cells'),
  ])
  const [settled] = all
  by('B. Example', [
    ...all.map(([sha256, is], i) => decision(sha256, categoryOf(i === 0 ? !is : is), 'blurred')),
    decision(differing!, '0', 'grey'),
    decision(blind!, '1', 'none'),
    decision(tiny!, '1', 'cells'),
  ])
  const of = readCustody(ledger).flatMap(({ number, fact }) =>
    fact?.kind === 'decision' && fact.sha256 === settled![0] ? [number] : [],
  )
  by('C. Example', [{ ...decision(settled![0], categoryOf(settled![1]), 'colour', 'adjudicated'), of }])
}

it('walks from graded contents to a lead in the next case: trains the same weights with one worker and two, adds, scans, and says by whom and on what', async () => {
  const folder = temporaryFolder()
  const at = (name: string) => join(folder, name)
  const program = installation(at('program'))
  const seized = (...args: readonly string[]) => run(program, args)
  writeFileSync(at('secret'), `${PASSPHRASE}\n`)
  writeFileSync(at('other'), 'another passphrase\n')
  mkdirSync(at('graded'))
  const extra = new Map<number, Buffer>()
  for (const seed of [5000, 6000, 7000, 8000]) extra.set(seed, await noise(seed, true))
  const lines = ['path,label,case']
  for (let i = 0; i < 180; i++) {
    const isWarm = i < 60
    writeFileSync(at(`graded/${i}.jpg`), await noise(i, isWarm))
    lines.push(`${i}.jpg,${Number(isWarm)},case ${i % 4}`)
  }
  writeFileSync(at('labels.csv'), `${lines.join('\n')}\n`)
  const train = (out: string, ...more: string[]) =>
    seized(
      ...['model', 'train', '--labels', at('labels.csv'), '--exhibit', at('graded'), '--out', at(out)],
      ...['--agency', 'Agency of a Test', '--examiner', 'A. Example', '--basis', 'order 5/2026'],
      ...['--passphrase-file', at('secret'), ...more],
    )
  const one = train('own-one', '--workers', '1')
  expect(one.status, one.stderr).toBe(0)
  expect(train('own-one').stderr).toContain('exists already')
  expect(statSync(at('own-one')).mode & 0o777).toBe(0o700)
  for (const name of ['card.json', 'head.sealed', 'manifest.csv'])
    expect(statSync(at(`own-one/${name}`)).mode & 0o777).toBe(0o600)
  const card = JSON.parse(readFileSync(at('own-one/card.json'), 'utf8'))
  expect(card).toMatchObject({
    id: 'own-one',
    agency: 'Agency of a Test',
    contents: 180,
    positives: 60,
    cases: 4,
  })
  expect(JSON.stringify(card)).not.toContain('case 1')
  // By digests, from the manifest of the first training: the same rows, so the same weights.
  if (WHOLE) {
    cpSync(at('own-one/manifest.csv'), at('labels.csv'))
    const two = train('own-two', '--workers', '2')
    expect(two.status, two.stderr).toBe(0)
    expect(JSON.parse(two.stdout).sha256).toBe(card.sha256)
  }

  // From decisions of four cases, with two workers: of each content two persons on sight, or one who adjudicated. The same rows again.
  const graded = [0, 1, 2, 3].map((c) => {
    const below = at(`case-${c}`)
    mkdirSync(below)
    const digests = new Map<string, boolean>()
    for (let i = c; i < 180; i += 4) {
      const bytes = readFileSync(at(`graded/${i}.jpg`))
      writeFileSync(join(below, `${i}.jpg`), bytes)
      digests.set(createHash('sha256').update(bytes).digest('hex'), i < 60)
    }
    for (const seed of [5000, 6000, 7000, 8000]) writeFileSync(join(below, `${seed}.jpg`), extra.get(seed)!)
    const ledger = at(`case-${c}.sqlite`)
    const args = scanArgs(below, ledger, [], '--phases', 'inventory,known')
    expect([0, 3]).toContain(run(program, [...args.map((arg) => (arg === 'T-1' ? `case ${c}` : arg))]).status)
    decideAll(ledger, digests, extra)
    return ledger
  })
  const fromDecisions = (out: string, ...more: string[]) =>
    seized(
      ...['model', 'train', ...graded.flatMap((ledger) => ['--from-decisions', ledger])],
      ...[
        '--exhibit',
        at('graded'),
        '--out',
        at(out),
        '--agency',
        'Agency of a Test',
        '--examiner',
        'A. Example',
      ],
      ...['--basis', 'order 5/2026', '--passphrase-file', at('secret'), ...more],
    )
  expect(fromDecisions('own-three').stderr).toContain('--from-decisions needs --positive SCALE:CATEGORIES')
  const three = fromDecisions('own-three', '--positive', 'vics-us:1,2', '--workers', '2')
  expect(three.status, three.stderr).toBe(0)
  expect(JSON.parse(three.stdout)).toMatchObject({
    sha256: card.sha256,
    measured: { rowsOf: { from: 'decisions', leftOut: { oneGradeAlone: 4, differing: 4, notOnSight: 8 } } },
  })

  const added = seized('model', 'add', at('own-one/card.json'), at('own-one/head.sealed'))
  expect(added.stdout, added.stderr).toMatch(/^own-one: installed/)
  expect(statSync(join(program, 'models/own-one/head.sealed')).mode & 0o777).toBe(0o600)
  expect(seized('model', 'list').stdout).toMatch(
    /own-one\n {2}a model trained by Agency of a Test on 180 graded contents of 4 cases/,
  )
  expect(seized('model', 'verify').stdout).toMatch(/^ok +own-one$/m)

  mkdirSync(at('exhibit'))
  writeFileSync(at('exhibit/warm.jpg'), await noise(1001, true))
  writeFileSync(at('exhibit/cold.jpg'), await noise(1002, false))
  const own = ['--model', 'own-one', '--passphrase-file']
  const scan = (ledger: string, ...more: string[]) =>
    run(program, scanArgs(at('exhibit'), at(ledger), [], ...more))
  const first = scan('first.sqlite', '--workers', '1', ...own, at('secret'))
  expect(first.stderr).not.toContain(PASSPHRASE)
  const digests = (ran: typeof first) => [summaryOf(ran).evidenceDigest, summaryOf(ran).analysisDigest]
  if (WHOLE)
    expect(digests(scan('second.sqlite', '--workers', '2', ...own, at('secret')))).toEqual(digests(first))
  // Of two workers, killed, and gone on with: the passphrase again, the same digests.
  const cut = scanArgs(at('exhibit'), at('cut.sqlite'), [], '--workers', '2', ...own, at('secret'))
  expect(run(program, cut, { SEIZED_CRASH_AT: 'known:after-commit:1' }).signal).toBe('SIGKILL')
  const resume = [
    'resume',
    at('cut.sqlite'),
    '--progress',
    'json',
    '--allow-writable-mount',
    '--workers',
    '2',
    '--passphrase-file',
  ]
  expect(seized(...resume, at('other')).stderr).toContain('passphrase is another')
  expect(digests(seized(...resume, at('secret')))).toEqual(digests(first))
  const without = scan('without.sqlite')
  expect(summaryOf(without).analysisDigest).not.toBe(summaryOf(first).analysisDigest)

  const exported = (ledger: string, format: string) => {
    const out = at(`${ledger}.${format}`)
    expect(seized('report', at(ledger), '--format', format, '--out', out).status).toBe(0)
    return readFileSync(out, 'utf8')
  }
  const found = exported('first.sqlite', 'jsonl')
    .trim()
    .split('\n')
    .map(
      (line) =>
        JSON.parse(line) as { path: string; reasons: { code: string; params: { classifier?: string } }[] },
    )
    .filter(({ reasons = [] }) => reasons.some(({ params }) => params.classifier === 'own-one'))
    .map(({ path, reasons }) => [path, reasons.map(({ code }) => code)])
  expect(found).toEqual([['warm.jpg', expect.arrayContaining(['other-lead'])]])
  expect(exported('first.sqlite', 'html')).toContain(
    'a model trained by Agency of a Test on 180 graded contents of 4 cases; of the positive contents of cases kept out of its training it marked',
  )
  expect(exported('without.sqlite', 'html')).not.toContain('own-one')
  writeFileSync(at('lab.json'), JSON.stringify({ laboratory: 'Forensic laboratory', reportNumber: 'R-1' }))
  const court = ['--format', 'html', '--edition', 'court', '--lab', at('lab.json'), '--language', 'lt']
  expect(seized('report', at('first.sqlite'), ...court, '--out', at('court.html')).status).toBe(0)
  expect(readFileSync(at('court.html'), 'utf8')).toContain(
    'Modelį own-one išmokė Agency of a Test pagal 180 įvertintus turinius iš 4 bylų.',
  )

  const ledger = openLedger(at('first.sqlite'))
  try {
    const [use] = ledger.plan.models.filter(({ id }) => id === 'own-one')
    expect(use).toMatchObject({
      sha256: card.sha256,
      own: { agency: 'Agency of a Test', contents: 180, cases: 4 },
    })
  } finally {
    ledger.close()
  }

  // Sums and intervals on rows of somebody else: no score of one picture, no path.
  writeFileSync(at('others.csv'), 'path,own-model\nwarm.jpg,1\ncold.jpg,0\n')
  const evaluated = seized(
    ...['model', 'evaluate', '--labels', at('others.csv'), '--exhibit', at('exhibit'), ...own, at('secret')],
  )
  expect(evaluated.status, evaluated.stderr).toBe(0)
  expect(JSON.parse(evaluated.stdout).scores).toMatchObject([
    { classifier: 'own-one', label: 'own-model', positives: 1, atThreshold: { recall: { value: 1 } } },
  ])
  expect(evaluated.stdout).not.toContain('warm.jpg')
  const validated = seized(
    ...['validate', 'own', '--labels', at('others.csv'), '--exhibit', at('exhibit'), ...own, at('secret')],
    ...['--out', at('own.json')],
  )
  expect(validated.status, validated.stderr).toBe(0)
  expect(JSON.parse(readFileSync(at('own.json'), 'utf8')).scores).toMatchObject([
    { classifier: 'own-one', modelSha256: card.sha256, label: 'own-model', positives: 1, negatives: 1 },
  ])

  // Features stay in memory: no four numbers of them in a row stand in the ledger, its log or an export. A pack holds these.
  const features = await featuresOfFile(at('exhibit/warm.jpg'))
  const written = readdirSync(folder).filter((name) => name.startsWith('first.sqlite'))
  expect(written.length).toBeGreaterThan(3)
  for (const name of written) expect([name, holds(readFileSync(at(name)), features)]).toEqual([name, false])
  expect(holds(Buffer.concat([Buffer.from('x'), Buffer.from(features.buffer)]), features)).toBe(true)

  const refused = (text: RegExp, ...args: string[]) => {
    const ran = scan('refused.sqlite', ...args)
    expect([ran.status, ran.stderr]).toEqual([2, expect.stringMatching(text)])
  }
  refused(/passphrase is another, or the file was changed/, ...own, at('other'))
  refused(
    /no model of the agency’s own named own-none .*there are own-one/,
    '--model',
    'own-none',
    '--passphrase-file',
    at('secret'),
  )
  const sealed = join(program, 'models/own-one/head.sealed')
  const bytes = readFileSync(sealed)
  rmSync(sealed)
  writeFileSync(sealed, Buffer.from(bytes.map((byte, i) => (i === 100 ? byte ^ 1 : byte))))
  expect(seized('model', 'verify').stdout).toMatch(/^DAMAGED +own-one: .*its card pins SHA-256/m)
  refused(/The model own-one was refused: its card pins SHA-256/, ...own, at('secret'))
}, 600_000)
