import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import allowed from './allowed-skips.json' with { type: 'json' }

it('allows to skip only tests that there are, each with a reason', () => {
  const titles = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .flatMap((file) => [
      ...readFileSync(join(import.meta.dirname, file), 'utf8').matchAll(/\(\s*'([^'\n]{10,})',?\s/g),
    ])
    .map(([, title]) => title!)
  for (const [beginning, reason] of Object.entries(allowed)) {
    const there = titles.some(
      (title) => `${beginning} `.startsWith(`${title} `) || title.startsWith(beginning),
    )
    expect([beginning, there, reason.length > 20]).toEqual([beginning, true, true])
  }
})
