/** The Debian package: whose parts it holds, under which licences, and what lintian says of its form. */
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { makeDeb } from '../../scripts/package/deb.ts'
import { lockedPackages } from '../../scripts/package/tree.ts'
import { PROGRAM_ROOT } from '../../src/base/version.ts'
import { temporaryFolder } from '../e2e/seized.ts'

/** A tree with the licence files of every package and without their programs, which would take minutes to pack. */
function treeIn(folder: string): string {
  const tree = join(folder, 'tree')
  mkdirSync(tree)
  for (const file of ['THIRD-PARTY.md', 'CHANGELOG.md']) cpSync(join(PROGRAM_ROOT, file), join(tree, file))
  for (const { path } of lockedPackages(PROGRAM_ROOT)) {
    mkdirSync(join(tree, path), { recursive: true })
    for (const name of readdirSync(join(PROGRAM_ROOT, path)))
      if (/^(package\.json|(un)?licen[cs]e.*|copying.*)$/i.test(name))
        cpSync(join(PROGRAM_ROOT, path, name), join(tree, path, name), { recursive: true })
  }
  for (const name of readdirSync(join(PROGRAM_ROOT, 'models')))
    mkdirSync(join(tree, 'models', name), { recursive: true })
  const page = '.TH SEIZED 1\n.SH NAME\nseized \\- triage of a seized device\n'
  writeFileSync(join(tree, 'seized'), `#!/bin/sh\ncat <<'EOF'\n${page}EOF\n`, { mode: 0o755 })
  return tree
}

/** Paragraphs by the name of their first field, with the value of each field. */
function paragraphsOf(text: string): readonly ReadonlyMap<string, string>[] {
  return text.split('\n\n').map((paragraph) => {
    const fields = paragraph.trimEnd().split(/\n(?! )/)
    return new Map(fields.map((one) => [one.slice(0, one.indexOf(':')), one.slice(one.indexOf(':') + 2)]))
  })
}

it.skipIf(!existsSync('/usr/bin/dpkg-deb'))(
  'says of every part who holds it, under which licence, with the text',
  () => {
    const folder = temporaryFolder()
    const tree = treeIn(folder)
    const deb = makeDeb(tree, '0.2.0', folder, 1000, true)
    execFileSync('dpkg-deb', ['-x', deb, join(folder, 'out')])
    const text = readFileSync(join(folder, 'out/usr/share/doc/seized/copyright'), 'utf8')
    const [head, ...paragraphs] = paragraphsOf(text)
    expect([...head!.keys()]).toEqual(['Format', 'Upstream-Name', 'Comment'])
    const files = paragraphs.filter((one) => one.has('Files'))
    const texts = new Map(
      paragraphs.filter((one) => !one.has('Files')).map((one) => [one.get('License')!.split('\n')[0], one]),
    )
    const covered = files.map((one) => one.get('Files'))
    for (const { path } of lockedPackages(PROGRAM_ROOT)) expect(covered).toContain(`usr/lib/seized/${path}/*`)
    expect(new Set(covered).size).toBe(covered.length)
    for (const one of files) {
      expect(one.get('Copyright'), `${one.get('Files')}`).toMatch(/\S/)
      for (const licence of one.get('License')!.split(/ (?:and|or) /))
        expect([...texts.keys()]).toContain(licence)
    }
    for (const [licence, one] of texts)
      expect(one.get('License')!.split('\n').length, `${licence}`).toBeGreaterThan(1)
    const ofAv = files.find((one) => one.get('Files') === 'usr/lib/seized/node_modules/node-av/*')
    expect(ofAv?.get('Comment')).toContain('GPL-3.0-or-later')
    expect(texts.get('Expat')?.get('License')).toContain('Permission is hereby granted, free of charge')
    expect(texts.get('none-chosen')?.get('License')).toContain('grants nothing')

    if (!existsSync('/usr/bin/lintian')) return
    const { stdout } = spawnSync('lintian', ['--fail-on', 'none', '--allow-root', deb], { encoding: 'utf8' })
    expect(stdout.split('\n').filter((line) => /^[EW]: /.test(line))).toEqual([])
  },
  120_000,
)
