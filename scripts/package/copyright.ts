/**
 * `/usr/share/doc/seized/copyright` in Debian's machine-readable form, from THIRD-PARTY.md and the licence files of the packages
 * that the tree holds. A licence that Debian keeps below /usr/share/common-licenses is named; of every other the text stands here.
 * @see https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = 'usr/lib/seized'

/** Short names of Debian by those of SPDX; what is not here is called alike by both. */
const DEBIAN_NAMES: Readonly<Record<string, string>> = {
  MIT: 'Expat',
  'LGPL-3.0-or-later': 'LGPL-3+',
  'LGPL-3.0': 'LGPL-3',
  'LGPL-2.1-or-later': 'LGPL-2.1+',
  'GPL-3.0-or-later': 'GPL-3+',
  'BSD-3-Clause': 'BSD-3-clause',
  'BSD-2-Clause': 'BSD-2-clause',
  'CC0-1.0': 'CC0-1.0',
}

/** Files of Debian's base-files. */
const COMMON: Readonly<Record<string, string>> = {
  'Apache-2.0': 'Apache-2.0',
  'CC0-1.0': 'CC0-1.0',
  'MPL-2.0': 'MPL-2.0',
  'GPL-3+': 'GPL-3',
  'LGPL-3+': 'LGPL-3',
  'LGPL-3': 'LGPL-3',
  'LGPL-2.1+': 'LGPL-2.1',
}

const OWN_LICENCE = 'none-chosen'
const OWN_TEXT = [
  'The owner has chosen no licence yet: docs/reference/licence.md of this package prepares the',
  'choice. This file grants nothing for the program itself.',
]

interface Part {
  readonly files: string
  readonly holders: readonly string[]
  readonly licence: string
  readonly comment: string | null
}

/** @param tree as it is packed, with its THIRD-PARTY.md @throws Error for a licence whose text is nowhere in the tree */
export function copyrightOf(tree: string): string {
  const tables = readFileSync(join(tree, 'THIRD-PARTY.md'), 'utf8')
  const parts = [...modelParts(tree, tables), ...packageParts(tree, tables)]
  const texts = textsOf(tree, parts)
  return [
    field('Format', ['https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/']) +
      field('Upstream-Name', ['seized']) +
      field('Comment', ['Made from THIRD-PARTY.md, which says more of binaries inside packages.']),
    field('Files', ['*']) + field('Copyright', ['the authors of seized']) + field('License', [OWN_LICENCE]),
    ...parts.map(
      ({ files, holders, licence, comment }) =>
        field('Files', [files]) +
        field('Copyright', holders) +
        field('License', [licence]) +
        (comment === null ? '' : field('Comment', [comment])),
    ),
    field('License', [OWN_LICENCE, ...OWN_TEXT]),
    ...[...texts].map(([name, text]) => field('License', [name, ...text])),
  ].join('\n')
}

/** A field of one or more lines; an empty line within a text is written as a dot. */
function field(name: string, [first, ...more]: readonly string[]): string {
  const lines = more.map((line) => (line.trim() === '' ? ' .' : ` ${line.trimEnd()}`))
  return `${[`${name}: ${first}`, ...lines].join('\n')}\n`
}

/** Rows of the table below a heading that begins so, without its head. */
function rowsBelow(tables: string, heading: string): readonly (readonly string[])[] {
  const [, below = ''] = tables.split(`\n## ${heading}`)
  return below
    .split('\n## ')[0]!
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
}

function modelParts(tree: string, tables: string): readonly Part[] {
  return rowsBelow(tables, 'Models in this repository')
    .filter(([folder]) => existsSync(join(tree, folder!)))
    .map(([folder, from, licence]) => ({
      files: `${ROOT}/${folder}/*`,
      holders: [`the authors of ${from}`],
      licence: licence!.startsWith('MIT') ? 'Expat' : debianName(licence!.split(/[ (;]/)[0]!),
      comment: licence!,
    }))
}

function packageParts(tree: string, tables: string): readonly Part[] {
  const inside = new Map(
    rowsBelow(tables, 'Binaries inside packages').map(([name, what, of]) => [name!, `${what}: ${of}`]),
  )
  const stated = new Map(
    rowsBelow(tables, 'Packages').map(([name, version, of]) => [`${name} ${version}`, of!]),
  )
  return packagesIn(tree, 'node_modules').map((path): Part => {
    const folder = join(tree, path)
    const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    const licence = stated.get(`${name} ${version}`)
    if (licence === undefined) throw new Error(`THIRD-PARTY.md does not name ${name} ${version}`)
    const comment =
      [...inside].find(([names]) => names.split(', ').some((one) => covers(one, name)))?.[1] ?? null
    const holders = holdersIn(folder, name)
    return { files: `${ROOT}/${path}/*`, holders, licence: debianName(licence), comment }
  })
}

/** Paths of packages below a folder of packages: after each those that it holds for itself. */
function packagesIn(tree: string, folder: string): readonly string[] {
  if (!existsSync(join(tree, folder))) return []
  return readdirSync(join(tree, folder))
    .sort()
    .flatMap((name) => {
      const path = `${folder}/${name}`
      if (name.startsWith('@')) return packagesIn(tree, path)
      return existsSync(join(tree, path, 'package.json'))
        ? [path, ...packagesIn(tree, `${path}/node_modules`)]
        : []
    })
}

/** `sharp (@img/sharp-libvips-*)` and `@expo-google-fonts/*` name several. */
function covers(named: string, name: string): boolean {
  return [named.replace(/ \(.*/, ''), ...(named.match(/\((.*)\)/)?.slice(1) ?? [])].some((one) =>
    one.endsWith('*') ? name.startsWith(one.slice(0, -1)) : one === name,
  )
}

/** An expression in Debian's words: `Apache-2.0 and LGPL-3+`. */
function debianName(expression: string): string {
  if (expression === 'not stated') return 'not-stated'
  return expression
    .replace(/[()]/g, '')
    .split(' ')
    .map((word) => DEBIAN_NAMES[word] ?? (/^(AND|OR)$/.test(word) ? word.toLowerCase() : word))
    .join(' ')
}

const LICENCE_FILE = /^((un)?licen[cs]e|copying)[^/]*$/i

function licenceFileIn(folder: string): string | null {
  const name = readdirSync(folder).find((one) => LICENCE_FILE.test(one))
  return name === undefined ? null : readFileSync(join(folder, name), 'utf8')
}

const MOST_HOLDERS = 4

/** Lines of the licence file that name a holder, else the author that the package states. */
function holdersIn(folder: string, name: string): readonly string[] {
  const lines = (licenceFileIn(folder) ?? '')
    .split('\n')
    .map((line) => line.replace(/^[\s*/#]+/, '').trim())
    .filter((line) => /^(copyright\b|\(c\)|©)/i.test(line) && /\d{4}|©|\(c\)/i.test(line))
    .map((line) => line.replace(/^copyright\s*/i, ''))
  if (lines.length > 0) return [...new Set(lines)].slice(0, MOST_HOLDERS)
  const { author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const stated = typeof author === 'string' ? author : author?.name
  return [
    typeof stated === 'string' && stated !== ''
      ? stated.replace(/[<(].*/, '').trim()
      : `the authors of ${name}`,
  ]
}

/** Text by the short name of each licence that a part has. */
function textsOf(tree: string, parts: readonly Part[]): ReadonlyMap<string, readonly string[]> {
  const names = new Set(parts.flatMap(({ licence }) => licence.split(/ (?:and|or) /)))
  return new Map([...names].sort().map((name) => [name, textOf(tree, name, parts)]))
}

function textOf(tree: string, name: string, parts: readonly Part[]): readonly string[] {
  const common = COMMON[name]
  if (common !== undefined)
    return [`On Debian systems the text of this licence is in /usr/share/common-licenses/${common}.`]
  if (name === 'not-stated') return ['The package states no licence.']
  for (const { files, licence } of parts) {
    if (licence !== name || !files.startsWith(`${ROOT}/node_modules/`)) continue
    const text = licenceFileIn(join(tree, files.slice(ROOT.length + 1, -2)))
    if (text !== null && text.length < 12_000) return text.trim().split(/\r?\n/)
  }
  const of = parts
    .filter(({ licence }) => licence.split(/ (?:and|or) /).includes(name))
    .map(({ files }) => files)
  return [`The text stands beside the parts that have it, or with their authors: ${of.join(' ')}`]
}
