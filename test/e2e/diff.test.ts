import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { COURT_LANGUAGES, CourtTexts } from '../../src/report/court/texts.ts'
import { sealedWithLog } from '../ledger/temporary.ts'
import { seized, temporaryFolder } from './seized.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const md5 = (text: string) => createHash('md5').update(text).digest('hex')

it('says that two copies of one ledger do not differ', () => {
  const [old, made] = [sealedWithLog(), sealedWithLog()]
  const { status, stdout } = seized(['diff', old, made])
  expect(stdout).toMatch(/^Names, sizes and contents of the exhibit are equal in both records\.$/m)
  expect(stdout).toMatch(/In all: matches: (\d+) \+ 0 gained − 0 lost = \1\n$/)
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
  const [, before, gained, lost, after] = /matches: (\d+) \+ (\d+) gained − (\d+) lost = (\d+)/
    .exec(stdout)!
    .map(Number)
  expect([before! + gained! - lost!, gained! > 0]).toEqual([after, true])
  const lines = seized(['diff', old, made, '--json'])
    .stdout.trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines.filter(({ what }) => what === 'gained')).toHaveLength(gained!)
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
