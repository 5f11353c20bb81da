/** The PDF: conformance as the compiler enforces it, fonts, attachments, reproducibility, and text that is never markup. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type CourtWishes, NO_COURT_WISHES } from '../../src/report/court/report.ts'
import { COURT_LANGUAGES } from '../../src/report/court/texts.ts'
import { NO_WISHES, type Wishes } from '../../src/report/export/wishes.ts'
import { attachmentsOf } from '../../src/report/pdf/attachments.ts'
import { pdf } from '../../src/report/pdf/pdf.ts'
import { collected, exported } from './collect.ts'
import { decidedLedger } from './exchange/decided-ledger.ts'
import { hostileNames } from './hostile-names.ts'
import { emptyLedger, hostileLedger } from './ledgers.ts'
import { hit, scored, syntheticLedger, view } from './synthetic-ledger.ts'

const court: CourtWishes = { ...NO_COURT_WISHES, ledgerSha256: 'ab'.repeat(32) }
const pdfOf = (ledger = decidedLedger(), wishes: Partial<CourtWishes> = {}, more: Partial<Wishes> = {}) =>
  collected((out) =>
    pdf.write(ledger, out, { kind: 'none' }, { ...NO_WISHES, ...more, court: { ...court, ...wishes } }),
  )

function kept(bytes: Buffer): string {
  const folder = mkdtempSync(join(tmpdir(), 'seized-pdf-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'report.pdf')
  writeFileSync(file, bytes)
  return file
}

const run = (program: string, ...args: string[]) => spawnSync(program, args, { encoding: 'utf8' })
const has = (program: string, version: string) => run(program, version).error === undefined
const textIn = (file: string) => run('pdftotext', '-layout', file, '-').stdout.replace(/\s+/g, ' ')

describe('the PDF', { timeout: 120_000 }, () => {
  it('says that it is PDF/A-3a, and is the same file, byte for byte, from the same record', async () => {
    const first = await pdfOf()
    expect(first.subarray(0, 5).toString()).toBe('%PDF-')
    expect(first.toString('latin1')).toMatch(/<pdfaid:part>3<\/pdfaid:part>\s*<pdfaid:conformance>A</)
    expect(first.toString('latin1')).toContain('/OutputIntents')
    expect((await pdfOf()).equals(first)).toBe(true)
  })

  describe.skipIf(!has('qpdf', '--version') || !has('pdffonts', '-v'))('by other programs', () => {
    it.each(COURT_LANGUAGES.map(({ language }) => [language]))(
      'is whole, tagged and embeds every font: %s',
      async (language) => {
        const file = kept(await pdfOf(undefined, { language }))
        expect(run('qpdf', '--check', file).status).toBe(0)
        const fonts = run('pdffonts', file).stdout.trim().split('\n').slice(2)
        expect(fonts.length).toBeGreaterThan(1)
        for (const font of fonts) expect(font).toMatch(/Noto.*\s+yes\s+yes\s+(?:yes|no)\s+\d+\s+\d+$/)
        expect(run('pdfinfo', file).stdout).toMatch(/Tagged: +yes/)
      },
    )

    it('has findings, custody log and summary attached, unless paths are hidden', async () => {
      const listed = run('pdfdetach', '-list', kept(await pdfOf())).stdout
      for (const name of ['ledger-summary.json', 'findings.jsonl', 'custody.jsonl'])
        expect(listed).toContain(name)
      expect(
        run('pdfdetach', '-list', kept(await pdfOf(undefined, { redact: ['Backup/**'] }))).stdout,
      ).toContain('0 embedded files')
    })

    it('shows names as text in every script that its fonts have, and escapes those that they have not', async () => {
      const names = hostileNames().filter(
        (name, i) => i % 4 === 0 || /img src|ünïcode|日本/.test(name.toString()),
      )
      const text = textIn(kept(await pdfOf(hostileLedger(names))))
      expect(text).toContain('<img src=x onerror=alert(1)>.jpg')
      expect(text).toContain('ünïcode')
      expect(text).toContain('日本')
      const emoji = syntheticLedger({ views: () => [view('a 🎉.jpg', { hits: [hit()] })] })
      expect(textIn(kept(await pdfOf(emoji)))).toContain('\\u{1f389}')
      expect(textIn(kept(await pdfOf(emptyLedger())))).toContain('No content of this exhibit equals a record')
    })
  })

  it('attaches what lists say where all findings are too many, and says so, and nothing where that is too much', () => {
    const leads = scored(9000)
    const views = () => [view('listed.jpg', { hits: [hit()], ...leads }), view('marked.jpg', leads)]
    const one = syntheticLedger({ views })
    const findings = (most?: number) => {
      const { files, findings } = attachmentsOf([one], [], most)
      return [
        findings,
        files.find(({ name }) => name === 'findings.jsonl')?.text.match(/\w+\.jpg/g)?.[0] ?? null,
      ]
    }
    const [all] = attachmentsOf([one]).files.filter(({ name }) => name === 'findings.jsonl')
    const lines = all!.text.trim().split('\n')
    expect([attachmentsOf([one]).findings, lines.length]).toEqual(['all', 2])
    expect(findings(all!.text.length - 1)).toEqual(['attached-in-part', 'listed.jpg'])
    expect(findings(10)).toEqual(['not-attached', null])
  })

  it.each(COURT_LANGUAGES.map(({ language }) => [language]))(
    'conforms to PDF/UA-1 where that is asked for, as the typesetter enforces it: %s',
    async (language) => {
      const bytes = await pdfOf(undefined, { language }, { standard: 'ua-1' })
      expect(bytes.toString('latin1')).toMatch(/<pdfuaid:part>1<\/pdfuaid:part>/)
      expect(bytes.toString('latin1')).not.toContain('pdfaid:part')
    },
  )

  it('is written by the exporter without wishes too', async () => {
    expect((await exported(pdf, decidedLedger())).length).toBeGreaterThan(10_000)
  })
})

it.skipIf(!has('verapdf', '--version')).each([
  ['3a', 'a-3a'],
  ['ua1', 'ua-1'],
] as const)('the PDF conforms by veraPDF where it is installed: %s', async (flavour, standard) => {
  const file = kept(await pdfOf(undefined, {}, { standard }))
  expect(run('verapdf', '--flavour', flavour, '--format', 'text', file).stdout).toMatch(/^PASS/)
})
