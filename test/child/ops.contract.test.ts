/** Operations of a child: each has one name, one file, and is asked for by the main process. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { OPS } from '../../src/confined/decoder/ops.ts'

const HOST = join(import.meta.dirname, '../../src')
const asked = new Set(
  readdirSync(HOST, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !file.startsWith('confined/') && !file.startsWith('formats/'))
    .flatMap((file) => [...readFileSync(join(HOST, file), 'utf8').matchAll(/\bop: '([a-z]+)'/g)])
    .map(([, name]) => name!),
)

describe('the operations of a child', () => {
  it('have a name each, and are those that the main process asks for', () => {
    const names = OPS.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect([...asked].sort()).toEqual([...names].sort())
  })

  it('are each in a file of its own that exists', () => {
    const files = readdirSync(join(HOST, 'confined/decoder')).filter((file) => file.endsWith('-op.ts'))
    expect(files.map((file) => file.replace('-op.ts', '')).sort()).toEqual(OPS.map(({ name }) => name).sort())
  })
})
