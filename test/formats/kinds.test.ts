/** Folders of kinds: what is joined from them is up to date, and none lacks a part. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
// @ts-expect-error plain JavaScript, so that it runs before anything is compiled
import { COLUMNS, documentationOf, joined, kinds } from '../../scripts/kinds.js'
import { KIND_SIGNATURES } from '../../src/formats/signatures/kinds.ts'
import { HEAD_BYTES, TAIL_BYTES } from '../../src/media-types/sample.ts'
import { KINDS, samplesOf } from './sample.ts'

const ROOT = join(import.meta.dirname, '../..')
const paths = (kinds() as { readonly path: string }[]).map(({ path }) => path)

describe('what is joined from the folders of kinds', () => {
  it.each([...(joined() as Map<string, string>)])('%s is up to date (npm run kinds)', (path, content) => {
    expect(readFileSync(join(ROOT, path), 'utf8')).toBe(content)
  })
})

describe.each(paths)('the kind %s', (path) => {
  it('has rows of documentation with every column', () => {
    const rows = documentationOf(path) as readonly Record<string, string>[]
    expect(rows.length).toBeGreaterThan(0)
    const keys = (COLUMNS as readonly (readonly [string, string])[]).map(([key]) => key)
    for (const row of rows) {
      expect(Object.keys(row)).toEqual(keys)
      expect(keys.filter((key) => key !== 'notRead' && row[key] === '')).toEqual([])
      // What a report says of a chat's reader depends on it.
      if (path.startsWith('chats/')) expect(row.seen).toMatch(/^(made|public sample|device)\b/)
    }
  })
})

describe('the signatures of kinds', () => {
  it('are each the only one that takes a sample of its kind, so that their order does not matter', async () => {
    for (const kind of KINDS) {
      const { samples = [] } = await samplesOf(kind)
      for (const { mediaType, make } of samples) {
        const whole = make()
        const [head, tail] = [whole.subarray(0, HEAD_BYTES), whole.subarray(-TAIL_BYTES)]
        const found = KIND_SIGNATURES.flatMap(
          (detect) => detect({ head, tail, sizeBytes: whole.length, whole }) ?? [],
        )
        expect([mediaType, found.length <= 1]).toEqual([mediaType, true])
      }
    }
  })
})
