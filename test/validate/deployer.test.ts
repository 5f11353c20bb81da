/** The deployer's sheet: every sentence of a model is one of its card, and a card of another file says nothing. */
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { MODELS_DIR } from '../../src/base/version.ts'
import { combinedSha256 } from '../../src/classify/classifier.ts'
import { quotedCards } from '../../src/validate/deployer/cards.ts'
import { VALIDATION_LANGUAGES, ValidationTexts } from '../../src/validate/model/texts.ts'
import { seized, temporaryFolder } from '../e2e/seized.ts'

const cardOf = (id: string) => JSON.parse(readFileSync(join(MODELS_DIR, id, 'card.json'), 'utf8'))

it('quotes a card only where it is the card of the model of the plan', () => {
  const folder = temporaryFolder()
  cpSync(join(MODELS_DIR, 'human-faceres', 'card.json'), join(folder, 'human-faceres', 'card.json'))
  const card = cardOf('human-faceres')
  const use = { id: 'human-faceres', sha256: card.sha256, thresholds: {} }
  const [of] = quotedCards([use], folder)
  expect(of!.knownFailures).toEqual(card.knownFailures)
  expect(of!.neverMeasured).toEqual(card.neverMeasured)
  // A rule on the outputs of a model has the digest of that model, and its card holds for it.
  const [, rule] = quotedCards([use, { ...use, id: 'covered-face' }], folder)
  expect([rule!.text, rule!.isCombination]).toEqual([null, true])
  // A second look by two models has the digest of both.
  const other = { ...use, id: 'human-blazeface', sha256: 'cd'.repeat(32) }
  const again = { ...use, id: 'face-again', sha256: combinedSha256([use, other]) }
  expect(quotedCards([use, other, again], folder)[2]!.isCombination).toBe(true)
  expect(quotedCards([use, again], folder)[1]!.isCombination).toBe(false)
  const others = quotedCards(
    [
      { ...use, sha256: 'ab' },
      { ...use, id: 'gone' },
    ],
    folder,
  )
  for (const other of others)
    expect([other.text, other.measured, other.knownFailures, other.isCombination]).toEqual([
      null,
      [],
      [],
      false,
    ])
})

it('is a page and a PDF of a ledger in each language, and states nothing of a model that its card does not hold', () => {
  const folder = temporaryFolder()
  const exhibit = join(folder, 'exhibit')
  mkdirSync(exhibit)
  writeFileSync(join(exhibit, 'a.txt'), 'a')
  const ledger = join(folder, 'case.sqlite')
  seized([
    ...['scan', exhibit, '--case', 'C', '--exhibit', 'E', '--examiner', 'X', '--ledger', ledger],
    ...['--allow-writable-mount', '--text', '--basis', 'order 7'],
  ])
  const sheet = (...more: string[]) => seized(['report', ledger, '--edition', 'deployer', ...more])

  const cards = readdirSync(MODELS_DIR)
    .filter((id) => !id.includes('.'))
    .map((id) => readFileSync(join(MODELS_DIR, id, 'card.json'), 'utf8'))
  const english = sheet('--format', 'html')
  expect([english.status, english.stderr]).toEqual([0, expect.anything()])
  const { texts } = parsedItems(english.stdout)
  expect(texts.length).toBeGreaterThan(40)
  const combined = texts.filter(
    (one) => !cards.some((card) => card.includes(JSON.stringify(one).slice(1, -1))),
  )
  // Five sentences of the two combinations of models are those that every report prints beside their leads.
  expect(combined).toHaveLength(5)
  expect(english.stdout).toContain('Black minors are found less often')
  expect(english.stdout).toContain('topical_chat_en en')
  expect(english.stdout).not.toContain(new ValidationTexts('en').deployer('no-card'))
  // A threshold is written as the cards and the measured errors write it.
  expect(english.stdout).toContain('explicit 0.25, gate 0.05, likely 0.50, strong 0.76')
  expect(sheet('--format', 'html', '--language', 'lt').stdout).toContain('explicit 0,25')
  expect(english.stdout).toContain(new ValidationTexts('en').deployer('no-validation'))

  for (const { language } of VALIDATION_LANGUAGES.slice(1)) {
    const page = sheet('--format', 'html', '--language', language).stdout
    for (const part of [1, 5, 11] as const)
      expect(page).toContain(new ValidationTexts(language).deployer(`h-${part}` as 'h-1'))
    expect(page).toContain(new ValidationTexts('en').deployer('purpose'))
  }

  const file = join(folder, 'sheet.pdf')
  expect(sheet('--format', 'pdf', '--language', 'lt', '--out', file).status).toBe(0)
  expect(readFileSync(file).toString('latin1')).toContain('pdfaid:part>3')

  expect(sheet('--format', 'csv').status).toBe(2)
  expect(seized(['report', ledger, ledger, '--edition', 'deployer', '--format', 'pdf']).status).toBe(2)
})

/** Items of lists: in this document quotations alone stand in lists. */
function parsedItems(page: string): { readonly texts: readonly string[] } {
  return {
    texts: [...page.matchAll(/<li>([^<]*)<\/li>/g)].map(([, text]) =>
      text!
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&quot;', '"')
        .replaceAll('&#39;', "'")
        .replaceAll('&amp;', '&'),
    ),
  }
}
