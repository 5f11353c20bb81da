/** DFXML against its schema, by xmllint. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { dfxml } from '../../../src/report/exchange/dfxml.ts'
import { caseLedger, emptyLedger, hostileLedger } from '../ledgers.ts'
import { hit, syntheticLedger, view } from '../synthetic-ledger.ts'
import { textOf } from './exported-with.ts'
import { PINNED, SCHEMAS_ARE_HERE, schemaFile } from './schemas.ts'

const HAS_XMLLINT = spawnSync('xmllint', ['--version']).status === 0

function xmllint(text: string, ...more: string[]): { ok: boolean; said: string } {
  const folder = mkdtempSync(join(tmpdir(), 'seized-dfxml-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'out.xml')
  writeFileSync(file, text)
  const { status, stderr } = spawnSync('xmllint', ['--nonet', '--noout', ...more, file], { encoding: 'utf8' })
  return { ok: status === 0, said: stderr }
}

const manyFindings = () =>
  syntheticLedger({
    views: function* () {
      for (let i = 0; i < 5_000; i++)
        yield view(`DCIM/${String(i).padStart(5, '0')} ąž & <ñ> 写真.jpg`, { hits: [hit()] })
    },
  })

describe('DFXML', () => {
  it('has every entry, escapes what markup is made of, and gives a time without a zone none', async () => {
    const text = await textOf(dfxml, caseLedger())
    const entries = [...caseLedger().entries()]
    expect(text.match(/<fileobject>/g)).toHaveLength(entries.length)
    expect(text).toContain('<mtime>1980-01-01T00:00:00</mtime>')
    expect(text).toContain('<mtime>2023-11-14T22:13:20.123456789Z</mtime>')
    expect(await textOf(dfxml, hostileLedger())).not.toMatch(/<script|<img|<svg/)
  })

  describe.skipIf(!HAS_XMLLINT)('by xmllint', () => {
    it.each([
      ['a case', caseLedger],
      ['an empty ledger', emptyLedger],
      ['hostile names', () => hostileLedger()],
    ])('%s is well-formed', async (_name, ledger) => {
      expect(xmllint(await textOf(dfxml, ledger()))).toEqual({ ok: true, said: '' })
    })
  })
})

describe.skipIf(!SCHEMAS_ARE_HERE || !HAS_XMLLINT)('DFXML against the published schema', () => {
  for (const name of Object.keys(PINNED) as (keyof typeof PINNED)[])
    if (name.startsWith('dfxml/') && SCHEMAS_ARE_HERE) schemaFile(name)
  const schema = () => ['--schema', schemaFile('dfxml/dfxml.xsd')]

  it.each([
    ['a case', caseLedger],
    ['an empty ledger', emptyLedger],
    ['hostile names', () => hostileLedger()],
    ['5,000 findings', manyFindings],
  ])('%s is valid', async (_name, ledger) => {
    const { ok, said } = xmllint(await textOf(dfxml, ledger()), ...schema())
    expect([ok, said.split('\n').slice(0, 3)]).toEqual([true, [expect.stringMatching(/validates$/), '']])
  })

  it.each([
    ['a size that is none', /<filesize>\d+</, '<filesize>large<'],
    ['elements in another order', /(<name_type>.<\/name_type>)(<filesize>\d+<\/filesize>)/, '$2$1'],
    ['a digest of an unknown kind', 'type="md5"', 'type="crc"'],
    ['a time that is none', /<mtime>2023/, '<mtime>last year 2023'],
  ])('its broken twin with %s is not', async (_name, from, to) => {
    const text = await textOf(dfxml, caseLedger())
    expect(text.replace(from, to)).not.toBe(text)
    expect(xmllint(text.replace(from, to), ...schema()).ok).toBe(false)
  })
})
