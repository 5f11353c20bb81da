/**
 * The court's report of a case of six exhibits (four disk images, two telephones as ZIP): its text as a reader of the PDF
 * gets it, in Lithuanian and Spanish.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { seized } from '../e2e/seized.ts'
import { temporaryFolderForFile } from '../ledger/temporary.ts'
import { SIX, SIX_CASE, type SixExhibits, scanSix, sha256Of } from './six-exhibits.ts'

const run = (program: string, ...args: string[]) => spawnSync(program, args, { encoding: 'utf8' })
const HAS_PDFTOTEXT = run('pdftotext', '-v').error === undefined

describe.skipIf(!HAS_PDFTOTEXT)('the report of a case of six exhibits', { timeout: 480_000 }, () => {
  const folder = temporaryFolderForFile()
  const state = { XDG_STATE_HOME: join(folder, 'state') }
  const dir = join(folder, 'case')
  const of = (...args: string[]) => seized(args, state)
  let six: SixExhibits
  beforeAll(async () => {
    six = await scanSix(folder)
    const from = SIX.flatMap((id) => ['--from', six.ledger(id)])
    expect(of('case', 'init', SIX_CASE, '--dir', dir, ...from).status).toBe(0)
    const decide = (id: (typeof SIX)[number], category: string, operator: string) => {
      const content = ['--sha256', sha256Of(six.pictures.listed), '--scale', 'vics-us']
      expect(
        of('decide', six.ledger(id), ...content, '--category', category, '--operator', operator).status,
      ).toBe(0)
    }
    decide('LTU-01', '1', 'A. Example')
    decide('LTU-05', '2', 'B. Example')
  }, 480_000)

  function textOf(language: string): string {
    const out = join(folder, `${language}.pdf`)
    const made = of(
      'report',
      dir,
      '--format',
      'pdf',
      '--language',
      language,
      '--allow-unconfined',
      '--out',
      out,
    )
    expect([made.status, made.stderr]).toEqual([0, expect.stringContaining('.pdf')])
    const attached = run('pdfdetach', '-list', out).stdout
    for (const name of ['case-log-custody.jsonl', 'LTU-01-findings.jsonl', 'LTU-06-custody.jsonl'])
      expect(attached).toContain(name)
    return run('pdftotext', '-layout', out, '-').stdout.replace(/[\u2066-\u2069]/g, '')
  }

  const row = (text: string, ...cells: string[]) =>
    expect(text).toMatch(
      new RegExp(cells.map((one) => one.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')).join('\\s+')),
    )

  it.each([
    ['lt', 'BYLOS OBJEKTŲ TYRIMO ATASKAITA', 'Visi tyrimo įrašai (6) užbaigti', 'Turiniai, esantys keliuose'],
    [
      'es',
      'INFORME DEL EXAMEN DE LOS INDICIOS DE UN CASO',
      'Los 6 registros están sellados',
      'Contenidos que están en varios',
    ],
  ])(
    'says in %s what was examined of each exhibit, each content once, and what lies on several',
    (language, title, sealed, several) => {
      const text = textOf(language)
      for (const said of [title, sealed, several, `${SIX_CASE}`]) expect(text).toContain(said)
      const flat = text.replace(/\s+/g, ' ')
      // What is equal of all exhibits is said once, not six times.
      expect(flat).toContain('LTU-01, LTU-02, LTU-03, LTU-04, LTU-05, LTU-06: A. Example')
      expect(
        text.match(/^\s*(?:• )?LTU-0\d: (?:Laikmenos atvaizdo maišos|Resumen \(hash\) de la imagen)/gm),
      ).toBeNull()
      // Files read, not read, bytes, contents on lists, decided.
      row(
        text,
        'LTU-01',
        language === 'es' ? 'sellado, verificado' : 'užantspauduotas,',
        '6',
        '0',
        '24 MB / 24 MB',
        '3',
        '1',
      )
      row(
        text,
        'LTU-05',
        language === 'es' ? 'sellado, verificado' : 'užantspauduotas,',
        '4',
        '0',
        language === 'es' ? '0 bytes / 19 kB' : '0 baitų / 19 kB',
        '1',
        '1',
      )
      // Two exhibits, contents on both, of them on lists: the picture that was taken is on LTU-05 and LTU-06, and a listed one.
      row(text, 'LTU-05, LTU-06', '2', '1')
      row(text, 'LTU-04, LTU-05', '1', '0')
      // The content that lies on five exhibits comes once, with each of its places; the English text repeats no table.
      const digest = sha256Of(six.pictures.listed)
      expect(text.split(digest)).toHaveLength(2)
      for (const place of [
        'LTU-01: volume 1 » PICS/ONE.JPG',
        'LTU-02: volume 1 » BACKUP/A.JPG',
        'LTU-03: volume 1 » ALBUM.ZIP',
      ])
        expect(flat).toContain(place)
      expect(flat).toMatch(/LTU-01: A\. Example, .*vics-us: (?:vertinimai skiriasi|discrepan)/)
      // The log of the case is named, and on every page its head.
      const status = of('case', 'verify', dir).stdout
      expect(text).toContain('seized case verify')
      expect(status).toContain('INCOMPLETE')
      const heads = [
        ...text.matchAll(
          /(?:Bylos žurnalas: naujausia grandinės reikšmė|Registro del caso: cabeza más reciente) +([0-9a-f]{64})/g,
        ),
      ]
      expect(heads.length).toBeGreaterThan(5)
      expect(new Set(heads.map(([, head]) => head)).size).toBe(1)
      // In the translation and in the binding English text, once each.
      expect(text.match(/\b117\b/g)).toHaveLength(2)
    },
  )
})
