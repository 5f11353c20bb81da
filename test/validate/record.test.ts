/** The record in every language and as PDF, and its number on page one of reports of what it does and does not cover. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Message } from '../../src/report/texts/message.ts'
import { recordDocument } from '../../src/validate/document.ts'
import { SOURCE_SHA256, VALIDATION_LANGUAGES } from '../../src/validate/model/texts.ts'
import { readRecord } from '../../src/validate/read-record.ts'
import type { ValidationRecord } from '../../src/validate/record.ts'
import { seized, temporaryFolder } from '../e2e/seized.ts'

/** Made by the program itself: a run of one small scenario. */
function validated(folder: string): string {
  const plan = JSON.parse(seized(['validate', 'plan']).stdout)
  const wanted = ['references-found', 'reference-is-no-hit']
  const file = join(folder, 'plan.json')
  writeFileSync(
    file,
    JSON.stringify({
      ...plan,
      laboratory: 'Žvėryno laboratorija',
      requirements: plan.requirements.filter(({ id }: { id: string }) => wanted.includes(id)),
    }),
  )
  const out = join(folder, 'validation')
  expect(seized(['validate', 'run', file, '--out', out]).status).toBe(0)
  return out
}

describe('a validation record', () => {
  it('is a PDF/A in the languages of the court’s edition, and page one of later reports names it and says when it is stale', () => {
    const folder = temporaryFolder()
    const out = validated(folder)
    const { record, sha256 } = readRecord(out)
    for (const { language } of VALIDATION_LANGUAGES) {
      const document = recordDocument(record, sha256, [], language)
      expect(document.parts).toHaveLength(12)
      expect(document.unreviewed).toHaveLength(language === 'en' ? 0 : 2)
    }
    const number = recordDocument(record, sha256, [], 'en').number
    expect(number).toMatch(/^V-\d{4}-\d\d-\d\d-[0-9a-f]{12}$/)

    const pdf = join(folder, 'record.pdf')
    const again = join(folder, 'again.pdf')
    for (const file of [pdf, again])
      expect(
        seized(['validate', 'report', out, '--format', 'pdf', '--language', 'lt', '--out', file]).status,
      ).toBe(0)
    const bytes = readFileSync(pdf)
    expect(bytes.equals(readFileSync(again))).toBe(true)
    expect(bytes.toString('latin1')).toContain('pdfaid:part>3')
    if (existsSync('/usr/bin/pdftotext')) {
      const text = execFileSync('pdftotext', ['-layout', pdf, '-'], { encoding: 'utf8' })
      expect(text).toContain(`Validavimo įrašas ${number}`)
      expect(text).toContain('Žvėryno laboratorija')
      expect(text).toContain('All 2 requirements of the plan were met')
    }

    const exhibit = join(folder, 'exhibit')
    mkdirSync(exhibit)
    writeFileSync(join(exhibit, 'a.txt'), 'a')
    const ledger = join(folder, 'case.sqlite')
    const scanned = seized([
      ...['scan', exhibit, '--case', 'C', '--exhibit', 'E', '--examiner', 'X', '--ledger', ledger],
      ...['--allow-writable-mount', '--phases', 'inventory,known'],
    ])
    expect(scanned.status).toBe(3)
    const pages = () =>
      [['working'], ['court', '--language', 'lt']].map(([edition, ...more]) => {
        const ran = seized([
          ...['report', ledger, '--format', 'html', '--edition', edition!, ...more],
          ...['--validation', out],
        ])
        expect([ran.status, ran.stderr]).toEqual([0, expect.anything()])
        return ran.stdout
      })
    const [working, court] = pages()
    expect(working).toContain(`${number} of ${record.ended.slice(0, 10)}: met as planned.`)
    expect(court).toMatch(new RegExp(`${number}, [^<:]+: įvykdyta pagal planą\\.`))
    expect(working).not.toContain('STALE')

    const change = (program: object) => {
      const other = { ...record, program: { ...record.program, ...program } } as ValidationRecord
      writeFileSync(join(out, 'record.json'), JSON.stringify(other))
    }
    change({ version: '0.1.0', partsSha256: '00' })
    const [stale, staleCourt] = pages()
    expect(stale).toContain('STALE for this examination: another version, other parts of the program.')
    expect(staleCourt).toContain('ŠIAM TYRIMUI NEBEGALIOJA: kita versija, kitos programos dalys.')

    const lab = join(folder, 'lab.json')
    writeFileSync(lab, JSON.stringify({ validation: 'V-7' }))
    const twice = ['report', ledger, '--format', 'html', '--edition', 'court', '--lab', lab]
    expect(seized([...twice, '--validation', out]).status).toBe(2)
  }, 180_000)
})

describe('the words of record and pilot', () => {
  it.each(VALIDATION_LANGUAGES)(
    '$language has every message, of the English that stands, with its parameters',
    (one) => {
      const [english] = VALIDATION_LANGUAGES
      expect(one.sourceSha256).toBe(SOURCE_SHA256)
      for (const part of ['record', 'pilot', 'deployer'] as const) {
        expect(Object.keys(one[part])).toEqual(Object.keys(english![part]))
        for (const [key, text] of Object.entries(one[part])) {
          const wanted = new Message((english![part] as Record<string, string>)[key]!, 'en').parameters
          expect([key, new Message(text, one.language).parameters.toSorted()]).toEqual([
            key,
            wanted.toSorted(),
          ])
        }
      }
    },
  )
})
