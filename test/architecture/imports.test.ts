import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

/** Layers from the outside in: a file may import its own layer's siblings and anything further in, never outwards. */
const LAYERS = ['cli', 'tui', 'examine', 'stages', 'parts', 'contracts'] as const

const ROOT = resolve(import.meta.dirname, '../../src')
const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file))

function layerOf(file: string): number {
  if (file === 'contracts.ts') return LAYERS.indexOf('contracts')
  if (file === 'examine.ts' || file === 'rematch.ts') return LAYERS.indexOf('examine')
  const folder = file.split('/')[0]!
  const named = (LAYERS as readonly string[]).indexOf(folder)
  return named === -1 ? LAYERS.indexOf('parts') : named
}

function imports(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8')
  return [...text.matchAll(/from '(\.[^']+)'|import\('(\.[^']+)'\)/g)].map(([, a, b]) =>
    relative(ROOT, resolve(dirname(join(ROOT, file)), (a ?? b)!)),
  )
}

describe('arrows point one way', () => {
  it('cli and tui → examine → stages → parts → contracts', () => {
    const wrong = files.flatMap((file) =>
      imports(file)
        .filter((target) => layerOf(target) < layerOf(file))
        .map((target) => `${file} imports ${target}`),
    )
    expect(wrong).toEqual([])
  })

  // No stages themselves: what every stage is handed, and the loop over contents that two of them share.
  const SHARED = ['stages/run.ts', 'stages/each-content.ts']

  it('stages do not import each other', () => {
    const wrong = files
      .filter((file) => file.startsWith('stages/') && !SHARED.includes(file))
      .flatMap((file) =>
        imports(file)
          .filter((t) => t.startsWith('stages/') && !SHARED.includes(t))
          .map((t) => `${file} imports ${t}`),
      )
    expect(wrong).toEqual([])
  })

  it('contracts import nothing of ours', () => {
    expect(imports('contracts.ts')).toEqual([])
  })

  it('only cli/main.ts ends the process', () => {
    const ending = files.filter((file) => /process\.exit\(/.test(readFileSync(join(ROOT, file), 'utf8')))
    // Child processes are programs of their own.
    expect(ending.filter((file) => !/child|serve|parent-watch/.test(file))).toEqual(['cli/main.ts'])
  })
})
