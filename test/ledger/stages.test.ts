import { describe, expect, it } from 'vitest'
import { PLAN } from '../../fixtures/ledgers/synthetic.ts'
import type { Plan } from '../../src/contracts/case.ts'
import { isEnvironmentDependent, REASONS } from '../../src/contracts/reason.ts'
import { notApplicable, notDone, STAGES, type StageResult } from '../../src/contracts/stage.ts'
import { applicableStages } from '../../src/ledger/format/applicability.ts'
import { type ContentFacts, type EntryFacts, stagesOf } from '../../src/ledger/format/stages.ts'

const DONE: StageResult = { result: 'done' }
const FILE: EntryFacts = { kind: 'file', walked: null, reading: null, content: null }
const TEXT_ASKED: Plan = { ...PLAN, options: { ...PLAN.options, textBasis: 'warrant 7' } }
const NOTHING_ASKED: Plan = { ...PLAN, phases: ['inventory'] }

function content(mediaType: string, given: Partial<ContentFacts> = {}): EntryFacts {
  const facts: ContentFacts = {
    mediaType,
    empty: false,
    applicable: applicableStages(mediaType),
    matched: DONE,
    suppressed: false,
    examined: () => null,
    ...given,
  }
  return { ...FILE, reading: DONE, content: facts }
}

function walked(kind: EntryFacts['kind'], result: StageResult['result'], reason: string): EntryFacts {
  return { ...FILE, kind, walked: { result, reason } as StageResult }
}

/** read, matched, opened, looked-at, text-read (records-read below) in one line each: outcome:reason, `.` for done. */
function line(entry: EntryFacts, plan: Plan): string {
  const stages = stagesOf(entry, plan)
  return STAGES.filter((stage) => stage !== 'records-read')
    .map((stage) => {
      const result = stages[stage]
      return result.result === 'done' ? '.' : `${result.result}:${result.reason}`
    })
    .join(' ')
}

const NA = 'not-applicable:no-content'
const OUT = 'out-of-scope:stage-not-asked'

describe('the stage that reads records', () => {
  const result = (entry: EntryFacts, plan: Plan) => stagesOf(entry, plan)['records-read']
  const asked = { ...PLAN, options: { ...PLAN.options, records: true as const } }

  it('waits for catalogues where the plan asks for it, and says of other contents that it does not apply', () => {
    expect(result(content('application/x-emule-known'), asked)).toMatchObject({ reason: 'not-reached' })
    expect(result(content('image/jpeg'), asked)).toMatchObject({ reason: 'no-records' })
  })

  it('was not asked for by plans that did not know it', () => {
    expect(result(content('application/x-emule-known'), PLAN)).toMatchObject({ reason: 'stage-not-asked' })
  })
})

describe('the stage results of an entry', () => {
  it.each<[string, EntryFacts, Plan, string]>([
    [
      'a directory',
      walked('directory', 'not-applicable', 'directory'),
      PLAN,
      `not-applicable:directory ${NA} ${NA} ${NA} ${NA}`,
    ],
    [
      'a directory that cannot be listed',
      walked('directory', 'not-done', 'directory-unreadable'),
      PLAN,
      `not-done:directory-unreadable ${NA} ${NA} ${NA} ${NA}`,
    ],
    [
      'a file out of scope',
      walked('file', 'out-of-scope', 'scope-date'),
      TEXT_ASKED,
      Array(5).fill('out-of-scope:scope-date').join(' '),
    ],
    [
      'a sparse file',
      walked('file', 'not-done', 'sparse'),
      PLAN,
      `not-done:sparse not-done:unread not-done:unread not-done:unread ${OUT}`,
    ],
    ['a file that was not reached', FILE, PLAN, `${Array(4).fill('not-done:not-reached').join(' ')} ${OUT}`],
    ['a file when only the inventory was asked for', FILE, NOTHING_ASKED, Array(5).fill(OUT).join(' ')],
    [
      'a file whose reading failed',
      { ...FILE, reading: notDone('io-error') },
      PLAN,
      `not-done:io-error not-done:unread not-done:unread not-done:unread ${OUT}`,
    ],
    [
      'an empty file',
      content('inode/x-empty', { empty: true, matched: notApplicable('empty') }),
      TEXT_ASKED,
      `. not-applicable:empty ${NA} ${NA} ${NA}`,
    ],
    [
      'a picture that waits',
      content('image/png'),
      PLAN,
      `. . not-applicable:not-a-container not-done:not-reached ${OUT}`,
    ],
    [
      'a picture that was looked at',
      content('image/png', { examined: (stage) => (stage === 'looked-at' ? DONE : null) }),
      PLAN,
      `. . not-applicable:not-a-container . ${OUT}`,
    ],
    [
      'a known picture',
      content('image/png', { suppressed: true }),
      TEXT_ASKED,
      '. . not-applicable:known not-applicable:known not-applicable:known',
    ],
    [
      'a picture outside the media types',
      content('image/png'),
      { ...PLAN, scope: { ...PLAN.scope, mediaTypes: ['video/*'] } },
      `. . out-of-scope:scope-media-type out-of-scope:scope-media-type ${OUT}`,
    ],
    [
      'an archive that is not to be opened',
      content('application/zip'),
      { ...PLAN, options: { ...PLAN.options, open: false } },
      `. . not-done:not-opened not-applicable:not-a-picture ${OUT}`,
    ],
    [
      'a text that may be read',
      content('text/plain'),
      TEXT_ASKED,
      '. . not-applicable:not-a-container not-applicable:not-a-picture not-done:not-reached',
    ],
    [
      'a program',
      content('application/x-elf'),
      TEXT_ASKED,
      '. . not-applicable:not-a-container not-applicable:not-a-picture not-applicable:no-text',
    ],
    [
      'what could not be examined at all',
      walked('unknown', 'not-done', 'permission-denied'),
      PLAN,
      `not-done:permission-denied not-done:unread not-done:unread not-done:unread ${OUT}`,
    ],
  ])('of %s', (_, entry, plan, expected) => {
    expect(line(entry, plan)).toBe(expected)
  })

  it('carry reasons of the table, with outcomes that the table allows, and none that depends on load', () => {
    const entries = [
      FILE,
      content('image/png'),
      content('x/y', { suppressed: true }),
      walked('file', 'not-done', 'sparse'),
    ]
    for (const plan of [PLAN, TEXT_ASKED, NOTHING_ASKED])
      for (const entry of entries)
        for (const result of Object.values(stagesOf(entry, plan)))
          if (result.result !== 'done') {
            const { outcomes } = REASONS[result.reason as keyof typeof REASONS]
            expect(outcomes as readonly string[]).toContain(result.result)
            expect(isEnvironmentDependent(result.reason)).toBe(false)
          }
  })
})
