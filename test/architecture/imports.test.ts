import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
// @ts-expect-error plain JavaScript, so that it runs before anything is compiled
import { findings, importsOf, roomPath as pathOfRoom, sourceFiles } from '../../scripts/architecture.js'

const ROOT = resolve(import.meta.dirname, '../../src')
const files = sourceFiles() as string[]
const roomPath = pathOfRoom as (file: string) => string
const found = findings() as Record<string, string[]>

describe('the shape of src', () => {
  it('every folder has its place in the order', () => {
    expect(files.length).toBeGreaterThan(400)
    expect(found.homeless).toEqual([])
  })

  it('no file imports itself through others', () => {
    expect(found.circles).toEqual([])
  })

  it('no folder imports one above it', () => {
    expect(found.upward).toEqual([])
  })

  it('no two sub-folders import each other through others, but for those that are counted', () => {
    expect(found.knots).toEqual([])
    expect(found.knotsOfFolders).toEqual([])
  })

  it('only confined programs import parsers and programs that run confined; debts are named', () => {
    expect(found.acrossTheWall).toEqual([])
  })

  it('a file that a confined program and the main process both load stands in a room with its reason', () => {
    expect(found.onBothSides).toEqual([])
    expect(found.loadedByNone).toEqual([])
  })

  it('the longest file that is no table has 250 lines, and nothing is called a table that is short', () => {
    expect(found.long).toEqual([])
    expect(found.noLongerLong).toEqual([])
  })

  it('every file is reached from where a process begins: a part that its array forgot is named here', () => {
    expect(found.unreached).toEqual([])
  })

  // No stages themselves: what every stage is handed, what they may ask, what is not believed at once, the loop over contents that two of them share, and contents that other hosts analyse.
  const SHARED = [
    'run',
    'each-content',
    'parts',
    'top-level',
    'digest-verification',
    'references',
    'companion-files',
    'beside',
    'file-locks',
    'stated-digests',
    'found-thumbnails',
    'record-signs',
    'readings',
    'search-strings',
    'asking',
    'entry-ids',
    'keyed-draw',
    'look-shards',
    'shard-queue',
  ].map((name) => `pipeline/${name}.ts`)

  it('stages do not import each other', () => {
    const wrong = files
      .filter(
        (file) =>
          file.startsWith('pipeline/') &&
          !['pipeline/index.ts', 'pipeline/examine.ts'].includes(file) &&
          !SHARED.includes(file),
      )
      .flatMap((file) =>
        (importsOf(file) as string[])
          .filter((target) => target.startsWith('pipeline/') && !SHARED.includes(target))
          .map((target) => `${file} imports ${target}`),
      )
    expect(wrong).toEqual([])
  })

  it('contracts import nothing of ours but each other and the facts of kinds, which import nothing', () => {
    const importsBeside = (room: string, allowed: readonly string[]) =>
      files
        .filter((file) => roomPath(file).startsWith(room))
        .flatMap((file) => importsOf(file) as string[])
        .filter((target) => !allowed.some((one) => roomPath(target).startsWith(one)))
    expect(importsBeside('contracts/', ['contracts/', 'facts/'])).toEqual([])
    expect(importsBeside('facts/', ['facts/'])).toEqual([])
  })

  it('only cli/main.ts ends the process', () => {
    const ending = files.filter((file) => /process\.exit\(/.test(readFileSync(join(ROOT, file), 'utf8')))
    // Child processes are programs of their own.
    expect(
      ending.filter(
        (file) => !/child|serve|parent-watch|image-lister|wall-probe|confined\/reader/.test(file),
      ),
    ).toEqual(['cli/main.ts'])
  })
})
