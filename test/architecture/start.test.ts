/** What a process loads before it does anything: every command, and each process that a scan starts more than once. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../../src')
/** Without imports of types, and without `import()`, which waits until somebody asks. */
const STATIC = /^(?:import|export)\s+(?!type\s)(?:[\w*{][^;'"]*?\s+from\s+)?'(\.[^']+)'/gm

function loadedBy(entry: string): Set<string> {
  const loaded = new Set<string>()
  const load = (file: string) => {
    if (loaded.has(file)) return
    loaded.add(file)
    if (!existsSync(join(ROOT, file)) || file.endsWith('.json')) return
    for (const [, target] of readFileSync(join(ROOT, file), 'utf8').matchAll(STATIC))
      load(relative(ROOT, resolve(dirname(join(ROOT, file)), target!)))
  }
  load(entry)
  return loaded
}

it('seized --help reads no words of reports and pages, and no code of ledgers', () => {
  const loaded = [...loadedBy('cli/main.ts')]
  expect(loaded).toContain('cli/arguments/options-table.ts')
  expect(loaded.filter((file) => /\.json$|^(?:ledger|pipeline|findings|report\/court)\//.test(file))).toEqual(
    [],
  )
})

it('a reader that passes contents on has no code that parses or digests them', () => {
  const loaded = [
    ...['reader-child', 'image-reader'].flatMap((name) => [...loadedBy(`confined/reader/${name}.ts`)]),
  ]
  expect(loaded).toContain('confined/reader/reader.ts')
  expect(
    loaded.filter((file) => /^(?:formats\/signatures\/|hash\/digest)|reader\/digesting\.ts$/.test(file)),
  ).toEqual([])
})

it('a decoder has no code that reads images before it inherits one, and none that tells media types apart before it opens containers', () => {
  const loaded = [...loadedBy('confined/decoder/child.ts')]
  expect(loaded).toContain('confined/decoder/serve.ts')
  expect(loaded.filter((file) => /^formats\/(?!bytes\/)/.test(file))).toEqual([])
})
