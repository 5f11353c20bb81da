/** What is packed is what a run can load, and no more: the package has a limit of 200 MB. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { lockRows, NEVER_LOADED, reached } from '../../scripts/package/reached.ts'
import { lockedPackages } from '../../scripts/package/tree.ts'
import { PROGRAM_ROOT } from '../../src/base/version.ts'

describe('the packages that are packed', () => {
  it('are all that the lock file names for a run, but for what werift alone needs', () => {
    const rows = lockRows(PROGRAM_ROOT)
    const packed = reached(rows)
    const left = Object.keys(rows).filter((path) => path !== '' && !rows[path]!.dev && !packed.has(path))
    const names = left.map((path) => path.split('node_modules/').at(-1)!)
    expect(names).toEqual(expect.arrayContaining(['werift', 'mediabunny', 'mp4box']))
    const own = Object.keys(JSON.parse(readFileSync(join(PROGRAM_ROOT, 'package.json'), 'utf8')).dependencies)
    expect(own.filter((name) => names.includes(name))).toEqual([])
    // Each is needed by others that are left out, and by none that is packed.
    for (const path of packed)
      for (const name of Object.keys(rows[path]!.dependencies ?? {}))
        expect(
          NEVER_LOADED.includes(name) || !left.includes(`node_modules/${name}`),
          `${path}: ${name}`,
        ).toBe(true)
    expect(lockedPackages(PROGRAM_ROOT).some(({ name }) => name === 'node-av')).toBe(true)
  })

  it('are enough for the decoder of videos: what it imports of node-av imports none of those', () => {
    const blocked = `
      import { registerHooks } from 'node:module'
      registerHooks({ resolve(name, context, next) {
        if (${JSON.stringify(NEVER_LOADED)}.some((one) => name === one || name.startsWith(one + '/'))) throw new Error(name)
        return next(name, context)
      } })
      const av = await import('node-av/lib')
      await import('node-av/constants')
      console.log(typeof av.FormatContext)
    `
    const args = ['--input-type=module', '-e', blocked]
    expect(execFileSync(process.execPath, args, { cwd: PROGRAM_ROOT, encoding: 'utf8' })).toBe('function\n')
    const imported = readdirSync(join(PROGRAM_ROOT, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => [
        ...readFileSync(join(PROGRAM_ROOT, 'src', file), 'utf8').matchAll(
          /(?:from |import\()'(node-av[^']*)'/g,
        ),
      ])
    expect(new Set(imported.map(([, name]) => name))).toEqual(new Set(['node-av/lib', 'node-av/constants']))
  })
})
