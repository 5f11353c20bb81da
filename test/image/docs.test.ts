import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { CONTAINER_FORMATS } from '../../src/formats/image/container/index.ts'
import { SIGNATURES } from '../../src/formats/image/volume/signatures.ts'

const text = readFileSync(new URL('../../docs/evidence/images.md', import.meta.url), 'utf8')

it('docs/evidence/images.md names every container and every content that is recognised', () => {
  const table = text.slice(text.indexOf('## Containers'), text.indexOf('A part of the medium'))
  const rows = [...table.matchAll(/^\| ([a-z][a-z0-9-]*) +\|/gm)].map(([, name]) => name)
  expect(rows.filter((name) => name !== 'name').sort()).toEqual(
    CONTAINER_FORMATS.map(({ name }) => name).sort(),
  )
  const volumes = text.slice(text.indexOf('## Volumes'), text.indexOf('## Public'))
  for (const [content] of SIGNATURES) expect(volumes, content).toMatch(new RegExp(`[\\s,]${content}[,;]`))
})
