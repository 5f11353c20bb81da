import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Finding, Hit } from '../../src/contracts/finding.ts'
import { COURT_LANGUAGES, CourtTexts } from '../../src/report/court/texts.ts'
import { sealedWithFindings } from '../findings/ledger-with-findings.ts'
import { message, SAMPLES } from '../findings/samples.ts'
import { sealedWithLog } from '../ledger/temporary.ts'
import { seized, temporaryFolder } from './seized.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const md5 = (text: string) => createHash('md5').update(text).digest('hex')

it('says that two copies of one ledger do not differ', () => {
  const [old, made] = [sealedWithLog(), sealedWithLog()]
  const { status, stdout } = seized(['diff', old, made])
  expect(stdout).toMatch(/^Names, sizes and contents of the exhibit are equal in both records\.$/m)
  const [, means, ...totals] = stdout.trimEnd().split('\n')
  expect(means).toBe('What this means: the same image, the same options')
  for (const line of totals) expect(line).toMatch(/^In all: [a-z ]+: (\d+) \+ 0 gained − 0 lost = \1$/)
  for (const kind of ['hits', 'references', 'text signs', 'records of the device', 'leads of models'])
    expect(stdout).toMatch(new RegExp(`^In all: ${kind}: [1-9]`, 'm'))
  expect(status).toBe(0)
})

it('says what another edition of a list gained and lost, why, and which decided contents to look at again', () => {
  const folder = temporaryFolder()
  const old = sealedWithLog()
  const decided = seized([
    ...[
      'decide',
      old,
      '--sha256',
      sha256('copied'),
      '--scale',
      'vics-us',
      '--category',
      '0',
      '--operator',
      'A. Example',
    ],
  ])
  expect(decided.status).toBe(0)
  const list = join(folder, 'edition-2.txt')
  writeFileSync(list, `${md5('copied')}\n`)
  const made = join(folder, 'new.sqlite')
  expect([0, 3, 10, 13]).toContain(
    seized(['rematch', old, '--hashset', `illegal:${list}`, '--ledger', made]).status,
  )
  const { status, stdout, stderr } = seized(['diff', old, made])
  expect([status, stderr]).toEqual([10, expect.stringMatching(/^custody head/)])
  expect(stdout).toMatch(/^Names, sizes and contents of the exhibit are equal/)
  expect(stdout).toMatch(/^Other settings: hashSets\./m)
  expect(stdout).toMatch(
    /^Gained: hit illegal: copies\/one\.jpg \(no category\) {2}\[lists or editions differ\]$/m,
  )
  expect(stdout).toMatch(
    new RegExp(`^To be looked at again: ${sha256('copied')}, decided by A. Example: 0 on vics-us$`, 'm'),
  )
  const order = ['What this means', 'In all', 'To be looked at again', 'Gained: hit', 'Other settings']
  const places = order.map((title) => stdout.indexOf(`\n${title}`))
  expect(places).toEqual([...places].sort((a, b) => a - b))
  expect(places[0]).toBeGreaterThan(0)
  expect(stdout).toMatch(
    /^What this means: the same names, sizes and contents, other lists, another version of the program$/m,
  )
  const [, before, gained, lost, after] = /In all: hits: (\d+) \+ (\d+) gained − (\d+) lost = (\d+)/
    .exec(stdout)!
    .map(Number)
  expect([before! + gained! - lost!, gained! > 0]).toEqual([after, true])
  const lines = seized(['diff', old, made, '--json'])
    .stdout.trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines.filter(({ what, words }) => what === 'gained' && words.startsWith('hit '))).toHaveLength(
    gained!,
  )
  const one = lines.find(({ what, path }) => what === 'gained' && path === 'copies/one.jpg')
  expect(one).toMatchObject({
    words: 'hit illegal: copies/one.jpg (no category)',
    cause: 'lists or editions differ',
    because: { code: 'cause-lists' },
  })
  expect(seized(['verify', made]).status).toBe(0)
  const report = ['report', made, '--format', 'html', '--edition', 'court', '--compare-with', old]
  const { stdout: html } = seized(report)
  expect(html).toMatch(/id="diff".*What differs from an earlier record/)
  expect(html).toContain(sha256('copied'))
  expect(html).toContain('To be looked at again')
  for (const { language } of COURT_LANGUAGES.slice(1)) {
    const texts = new CourtTexts(language)
    const { stdout: said } = seized(['diff', old, made, '--language', language])
    expect(said.split('\n').slice(0, 3)).toEqual([
      texts.say('unreviewed-words'),
      new CourtTexts('en').say('unreviewed-words'),
      texts.say('diff-same'),
    ])
    for (const title of ['diff-plan', 'diff-gained', 'diff-again', 'diff-totals'] as const)
      expect(said).toContain(`\n${texts.say(title)}: `)
    expect(said).toContain(`[${texts.say('cause-lists')}]`)
    expect(said).toContain('copies/one.jpg')
  }
})

const REFERENCE = SAMPLES.reference.finding
const SIGNAL = SAMPLES.signal.finding

it('begins with what changed of references, records and text signs, and prints a name as reports print it', () => {
  const name = Buffer.from('b\\ \xc4\x97\xff.met', 'latin1')
  const old = sealedWithFindings([{ name, findings: [], signs: [message(1)] }])
  const made = sealedWithFindings([
    {
      name,
      findings: [REFERENCE, SIGNAL, { ...SIGNAL, quote: 'how old is it', messageIndex: 9 }],
      signs: [message(1), message(2)],
    },
  ])
  const { status, stdout } = seized(['diff', old, made])
  expect(status).toBe(10)
  expect(stdout).toMatch(/^In all: references: 0 \+ 1 gained − 0 lost = 1$/m)
  expect(stdout).toMatch(/^In all: text signs: 0 \+ 2 gained − 0 lost = 2$/m)
  expect(stdout).toMatch(/^In all: records of the device: 1 \+ 1 gained − 0 lost = 2$/m)
  const printed = 'b\\\\ ė\\xff.met'
  expect(stdout).toContain(
    `\nGained: reference to a digest illegal sha1:${REFERENCE.digest}: ${printed} (1 (vics-us))`,
  )
  expect(stdout).toContain(`\nGained: grooming asks-age (2): ${printed}\n`)
  expect(stdout).toContain(`\nGained: message (1): ${printed}\n`)
  // Nobody who compares two records asked to read what somebody wrote.
  expect(stdout).not.toContain(SIGNAL.quote)
  const back = seized(['diff', made, old]).stdout
  expect(back).toMatch(/^In all: references: 1 \+ 0 gained − 1 lost = 0$/m)
  expect(back).toMatch(/^In all: records of the device: 2 \+ 0 gained − 1 lost = 1$/m)
})

it('tells illegal material before what is of interest, and both before what is known', () => {
  const hit = (meaning: Hit['meaning']): Finding => ({ ...SAMPLES.hit.finding, meaning })
  const files = (['known', 'interest', 'illegal'] as const).map((meaning, i) => ({
    name: Buffer.from(`${i}.bin`),
    findings: [hit(meaning)],
  }))
  const old = sealedWithFindings(files.map((file) => ({ ...file, findings: [] })))
  const { stdout } = seized(['diff', old, sealedWithFindings(files)])
  expect([...stdout.matchAll(/^Gained: hit (.+?): /gm)].map(([, meaning]) => meaning)).toEqual([
    'illegal',
    'of interest',
    'known',
  ])
})

it('says of a lost finding the content that had it, where another content lies at that place now', () => {
  const hit = { ...SAMPLES.hit.finding, meaning: 'illegal' } as const
  const lead = SAMPLES.score.finding
  const name = Buffer.from('a.jpg')
  const old = sealedWithFindings([{ name, seed: 'before', findings: [hit, lead] }])
  const made = sealedWithFindings([{ name, seed: 'after', findings: [] }])
  const asked = ['--scale', 'vics-us', '--category', '1']
  for (const operator of ['B. Example', 'A. Example'])
    expect(
      seized(['decide', old, '--sha256', sha256('before'), ...asked, '--operator', operator]).status,
    ).toBe(0)
  const lines = seized(['diff', old, made, '--json'])
    .stdout.trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const lost = lines.filter(({ what }) => ['lost', 'crossed-down'].includes(what))
  expect(lost.map((one) => [one.what, one.sha256])).toEqual([
    ['lost', sha256('before')],
    ['crossed-down', sha256('before')],
  ])
  const again = lines.filter(({ what }) => what === 'to-be-looked-at-again')
  expect(again.map((one) => [one.sha256, /decided by (.+?):/.exec(one.words)![1]])).toEqual([
    [sha256('before'), 'B. Example'],
    [sha256('before'), 'A. Example'],
  ])
})
