import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const LEDGER = resolve(import.meta.dirname, '../../src/ledger')

describe('queries of a reader', () => {
  it('compare columns with values that cannot change their plan: it would be made anew at every call', () => {
    const files = ['read', 'verify', 'digests'].flatMap((folder) =>
      readdirSync(join(LEDGER, folder)).map((file) => join(folder, file)),
    )
    const bare = files.flatMap((file) =>
      [...readFileSync(join(LEDGER, file), 'utf8').matchAll(/\w (?:=|>|<) \?(?!\?)[^.:]/g)].map(
        ([text]) => `${file}: ${text}`,
      ),
    )
    expect(files.length).toBeGreaterThan(30)
    expect(bare).toEqual([])
  })
})
