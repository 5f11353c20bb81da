import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { profileDigest, readHostConfig } from '../../src/lab/manifest/host-config.ts'
import { readJson } from '../../src/lab/manifest/json-lines.ts'
import { parseManifest } from '../../src/lab/manifest/manifest.ts'
import { orderOf, scanWords } from '../../src/lab/scan/order.ts'
import { temporaryFolder } from '../e2e/seized.ts'

const exhibit = { id: 'A-1', image: '/x/A-1.E01', scan: { hashsets: ['illegal@2026-11'] } }
const whole = { manifest: 1, case: '2026-114', examiner: 'A. Example', profile: 'full', exhibits: [exhibit] }
const parse = (value: unknown) => parseManifest(JSON.stringify(value, null, 1), 'm.json')

describe('the client of the database', () => {
  it('is imported in one file of the laboratory and nowhere else', () => {
    const src = join(import.meta.dirname, '../../src')
    const importing = readdirSync(src, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.tsx?$/.test(file))
      .filter((file) => /(from|import\() ?'(pg|pg-[a-z-]+)'/.test(readFileSync(join(src, file), 'utf8')))
    expect(importing).toEqual(['lab/queue/database.ts'])
  })
})

describe('a profile', () => {
  const configOf = (profile: object) => {
    const file = join(temporaryFolder(), 'host.json')
    writeFileSync(file, JSON.stringify({ config: 1, hashsets: {}, profiles: { full: profile } }))
    return readHostConfig(file)
  }
  const wordsOf = (profile: object) => {
    const manifest = parse({ ...whole, exhibits: [{ ...exhibit, scan: { hashsets: [] } }] })
    const order = orderOf(manifest, manifest.exhibits[0]!, configOf(profile))
    return scanWords(order, '/cases/A-1.sqlite', 2, null)
  }
  const digestOf = (profile: object) => profileDigest(configOf(profile).profiles.get('full')!)

  it('asks for no screen only where it says so, and for nothing that went', () => {
    expect(wordsOf({ exact: true })).toContain('--exact')
    expect(wordsOf({})).not.toContain('--exact')
    expect(() => configOf({ exact: 'yes' })).toThrow('exact')
    expect(() => configOf({ shareLooks: true })).toThrow('shareLooks')
  })

  it('has another digest with them, and without them that of an order that older programs were given', () => {
    expect(digestOf({ exact: false })).toBe(digestOf({}))
    expect(digestOf({ verifyImage: true })).toBe(
      '588823e4265cee066d753cd42ab12fdb6ba22d1b64beb818c59f4df6c8e905a7',
    )
    expect(new Set([{}, { exact: true }].map(digestOf)).size).toBe(2)
  })
})

describe('a manifest', () => {
  it('is read with what it leaves out', () => {
    const { exhibits, caseId } = parse(whole)
    expect(caseId).toBe('2026-114')
    expect(exhibits).toEqual([
      {
        ...{ id: 'A-1', image: '/x/A-1.E01', hashsets: ['illegal@2026-11'], acquisitionHash: null },
        ...{
          priority: 'normal',
          reason: null,
          dueBy: null,
          textBasis: null,
          privileged: null,
          minMemoryGB: 0,
        },
      },
    ])
  })

  it.each([
    [
      'an unknown key',
      { ...whole, extra: 1 },
      /^m\.json, line \d+: unknown key "extra"; it knows "manifest"/,
    ],
    [
      'an unknown key of an exhibit',
      { ...whole, exhibits: [{ ...exhibit, password: 'x' }] },
      /line 15: exhibits\[1\]: unknown key "password"/,
    ],
    ['a missing key', { ...whole, profile: undefined }, /line 1: the key "profile" is missing/],
    [
      'a list by its path',
      { ...whole, exhibits: [{ ...exhibit, scan: { hashsets: ['/x/list.txt'] } }] },
      /by name and edition/,
    ],
    ['a relative image', { ...whole, exhibits: [{ ...exhibit, image: 'A-1.E01' }] }, /absolute path/],
    ['an exhibit twice', { ...whole, exhibits: [exhibit, { ...exhibit, id: 'a-1' }] }, /stands twice/],
    ['no exhibit', { ...whole, exhibits: [] }, /from 1 to 10000 exhibits/],
    ['an id that is a path', { ...whole, exhibits: [{ ...exhibit, id: '../A' }] }, /letters, digits/],
    [
      'a hurry without a reason',
      { ...whole, exhibits: [{ ...exhibit, priority: 'child-at-risk' }] },
      /needs a "reason"/,
    ],
    ['another version', { ...whole, manifest: 2 }, /line 2: manifest: a whole number from 1 to 1/],
    ['a control character', { ...whole, examiner: 'A\u0007' }, /control character/],
  ])('is refused with its line: %s', (_, value, words) => {
    expect(() => parse(value)).toThrow(words)
  })

  it.each([
    ['{"a":1,"a":2}', 'line 1: the key "a" stands twice'],
    ['{\n "a": 1\n "b": 2}', 'line 3: a comma or the end of an object is expected'],
    ['[1,\n2,\n]', 'line 3: a value is expected'],
    ['{"a":1}\n\nx', 'line 3: something follows the end'],
    ['"\u0001"', 'line 1: a value is expected'],
    [`${'['.repeat(40)}`, 'line 1: nested too deeply'],
    ['', 'line 1: a value is expected'],
  ])('names the line where %j is no JSON', (text, words) => {
    expect(() => readJson(text)).toThrow(words)
  })

  it('reads what JSON.parse reads', () => {
    const plain = (json: ReturnType<typeof readJson>): unknown =>
      json.value instanceof Map
        ? Object.fromEntries([...json.value].map(([key, one]) => [key, plain(one)]))
        : Array.isArray(json.value)
          ? json.value.map(plain)
          : json.value
    for (const text of [
      '{}',
      '[]',
      ' [1, -2.5e3, true, null, "a\\u00e9\\n"] ',
      '{"a":{"b":[{}]}}',
      '"x"',
      '0',
    ])
      expect(plain(readJson(text))).toEqual(JSON.parse(text))
  })
})
