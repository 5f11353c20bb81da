import { expect, it } from 'vitest'
import { BrokenFrame, parsedHeader } from '../../src/process/frame.ts'
import { isModestJson } from '../../src/process/modest-json.ts'

const asked = (value: unknown) => isModestJson(Buffer.from(JSON.stringify(value)))

it.each([
  ['brackets one in the other', '['.repeat(60e6)],
  ['objects one in the other', '{"a":'.repeat(12e6)],
  ['empty arrays side by side', `[${'[],'.repeat(20e6)}[]]`],
  ['empty objects side by side', `[${'{},'.repeat(20e6)}{}]`],
])('60 MB of %s are refused before anything is made of them', (_, text) => {
  const bytes = Buffer.from(text)
  const before = process.memoryUsage().rss
  expect(() => parsedHeader(bytes)).toThrow(BrokenFrame)
  // The bytes are there already; as values they would be gigabytes.
  expect(process.memoryUsage().rss - before).toBeLessThan(64e6)
})

it('brackets inside text are text, also behind a quote that is escaped', () => {
  expect(asked({ name: '['.repeat(5000) })).toBe(true)
  expect(asked({ name: `\\"${'{'.repeat(5000)}` })).toBe(true)
  expect(isModestJson(Buffer.from(`"a\\\\"${'['.repeat(30)}`))).toBe(false)
})

it('a content in a million pieces is a message of ours', () => {
  const runs = Array.from({ length: 1 << 20 }, (_, i) => ({ offset: i * 4096, length: 1 }))
  expect(asked({ volume: 1, entries: [[runs]] })).toBe(true)
})
