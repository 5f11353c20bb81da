/**
 * The PDF of thousands of findings with names in ten scripts: volumes of at most a hundred pages, the same bytes each time. Of two thousand in
 * an ordinary run, of five thousand with SEIZED_WHOLE=1.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { NO_COURT_WISHES } from '../../src/report/court/report.ts'
import { NO_WISHES } from '../../src/report/export/wishes.ts'
import { pdf } from '../../src/report/pdf/pdf.ts'
import { WHOLE } from '../whole.ts'
import { decidedLedger } from './exchange/decided-ledger.ts'
import { caseViews } from './ledgers.ts'
import { hit, syntheticLedger, view } from './synthetic-ledger.ts'

const has = (program: string, version: string) => spawnSync(program, [version]).error === undefined

/** Latin, Greek, Cyrillic, Arabic, Hebrew, Bengali, Devanagari, Thai, Hangul, Han with kana. */
export const TEN_SCRIPTS = [
  'Žalgiris ąčęė',
  'εικόνα',
  'картинка',
  'صورة',
  'תמונה',
  'ছবি',
  'चित्र',
  'รูปภาพ',
  '사진',
  '写真とカメラ',
]

export function manyFindings(count: number) {
  const views = () =>
    Array.from({ length: count }, (_, i) => {
      const script = TEN_SCRIPTS[i % TEN_SCRIPTS.length]!
      const folder = String(Math.floor(i / 100)).padStart(4, '0')
      return view(`DCIM/${folder}/${script} ${String(i).padStart(6, '0')}.jpg`, {
        hits: [hit({ category: String(1 + (i % 3)) })],
        ranked: { priority: 1, reasons: [] },
      })
    })
  return syntheticLedger({ views })
}

const COUNT = WHOLE ? 5_000 : 2_000
const volumesOf = () =>
  pdf.volumes!(manyFindings(COUNT), { kind: 'none' }, { ...NO_WISHES, court: NO_COURT_WISHES })

describe.skipIf(!has('pdfinfo', '-v') || !has('qpdf', '--version'))('a long report', () => {
  it('comes in volumes of at most a hundred pages that name each other and hold each content once, the same bytes twice', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'seized-pdf-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const volumes = await volumesOf()
    expect(volumes.length).toBeGreaterThan(1)
    const seen: string[] = []
    let all = ''
    for (const [i, bytes] of volumes.entries()) {
      const file = join(folder, `${i}.pdf`)
      writeFileSync(file, bytes)
      const run = (program: string, ...args: string[]) =>
        spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 28 })
      expect(Number(/Pages: +(\d+)/.exec(run('pdfinfo', file).stdout)![1])).toBeLessThanOrEqual(100)
      expect(run('qpdf', '--check', file).status).toBe(0)
      for (const font of run('pdffonts', file).stdout.trim().split('\n').slice(2))
        expect(font).toMatch(/Noto.*\s+yes\s+yes\s+yes\s+\d+\s+\d+$/)
      const text = run('pdftotext', '-layout', file, '-').stdout.normalize('NFKC')
      expect(text).toContain(`Volume ${i + 1} of ${volumes.length}`)
      all += text
      expect(text).not.toContain('\\u{')
      seen.push(...[...text.matchAll(/\b(\d{6})\b/g)].map(([, number]) => number!))
    }
    for (const script of TEN_SCRIPTS.filter((one) => !/[\p{sc=Arab}\p{sc=Hebr}]/u.test(one)))
      expect(all.split(script.normalize('NFKC'))).toHaveLength(COUNT / TEN_SCRIPTS.length + 1)
    expect(seen.sort()).toEqual(Array.from({ length: COUNT }, (_, i) => String(i).padStart(6, '0')))
    const again = await volumesOf()
    expect(again.every((bytes, i) => bytes.equals(volumes[i]!))).toBe(true)
  }, 600_000)

  it('gives a long custody log in sums, and attaches it whole', async () => {
    const made = Array.from(
      { length: 6_000 },
      (_, i) => ['DCIM/IMG_0001.jpg', `P${i % 3}`, 'decided', String(i % 4)] as const,
    )
    const volumes = await pdf.volumes!(
      decidedLedger(caseViews, made),
      { kind: 'none' },
      { ...NO_WISHES, court: NO_COURT_WISHES },
    )
    expect(volumes).toHaveLength(1)
    const folder = mkdtempSync(join(tmpdir(), 'seized-pdf-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const file = join(folder, 'report.pdf')
    writeFileSync(file, volumes[0]!)
    const text = spawnSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }).stdout
    expect(text).toContain('The whole log, 6,000 events, is attached to this file (custody.jsonl).')
    expect(text).toMatch(/decision on a content +6,000 +24 November 2026 .* P0, P1, P2/)
    spawnSync('pdfdetach', ['-savefile', 'custody.jsonl', '-o', join(folder, 'log'), file])
    expect(readFileSync(join(folder, 'log'), 'utf8').trim().split('\n')).toHaveLength(6_000)
  }, 600_000)
})
