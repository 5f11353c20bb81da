/**
 * The shape of src, checked: every folder has its place in one order and imports nothing above it, no file imports itself
 * through others, the wall between the main process and what runs confined is crossed by nothing, and every file is reached
 * from where a process begins.
 *
 * Prints circles, upward imports, imports across the wall, the longest files and those that nothing reaches; ends with 1 when
 * there is any.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ENTRIES, PAGE_ENTRY } from './entries.js'

const ROOT = fileURLToPath(new URL('../src', import.meta.url))

/** From the inside out: a folder imports those before it. Files directly under src stand by their own name. */
export const ORDER = [
  'contracts',
  'base',
  'process',
  'parts',
  'wire',
  'media-types',
  'hash',
  'sqlite-file',
  'image',
  'findings',
  'privilege',
  'classify',
  'classify-text',
  'terms',
  'score',
  'child',
  'children',
  'match',
  'source',
  'plan.ts',
  'ledger',
  'sign',
  'report',
  'search',
  'stages',
  'examine.ts',
  'rematch',
  'diff',
  'pack',
  'review',
  'validate',
  'lab',
  'tui',
  'cli',
]

/** What runs confined and parses hostile bytes may know of the rest: types, names, arithmetic, and models. */
export const CHILD_MAY_IMPORT = [
  'contracts',
  'base',
  'wire',
  'media-types',
  'hash',
  'sqlite-file',
  'image',
  'privilege',
  'process',
  'classify',
  'classify-text',
  'child',
]

/** Lines that a file may have which is no table. */
export const LONGEST = 250

/** One row a fact: long because there are many. Nothing else may be. */
export const TABLES = [
  'cli/arguments/options-table.ts',
  'cli/verbs.ts',
  'formats/signatures/signatures.ts',
  'media-types/table.ts',
  'validate/model/requirements.ts',
]

export function sourceFiles() {
  return readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .sort()
}

export function importsOf(file) {
  const text = readFileSync(join(ROOT, file), 'utf8')
  return [...text.matchAll(/(?:from|import) '(\.[^']+)'|import\('(\.[^']+)'\)/g)].map(([, a, b]) =>
    relative(ROOT, resolve(dirname(join(ROOT, file)), a ?? b)),
  )
}

/** What runs in a browser knows of the rest what is said between them, as types. */
const isOfThePage = (target) => target.startsWith('review/page/') || target === 'review/said.ts'

const folderOf = (file) => file.split('/')[0]

export function findings() {
  const files = sourceFiles()
  const graph = new Map(files.map((file) => [file, importsOf(file)]))
  const homeless = files.map(folderOf).filter((folder) => !ORDER.includes(folder))
  const upward = []
  const acrossTheWall = []
  for (const [file, targets] of graph)
    for (const target of targets) {
      const [from, to] = [folderOf(file), folderOf(target)]
      if (ORDER.indexOf(to) > ORDER.indexOf(from)) upward.push(`${file} imports ${target}`)
      if (from === 'child' && !CHILD_MAY_IMPORT.includes(to)) acrossTheWall.push(`${file} imports ${target}`)
      if (file.startsWith('review/page/') && !isOfThePage(target))
        acrossTheWall.push(`${file} imports ${target}`)
      if (to === 'child' && from !== 'child') acrossTheWall.push(`${file} imports ${target}`)
    }
  const long = files
    .map((file) => ({ file, lines: readFileSync(join(ROOT, file), 'utf8').split('\n').length - 1 }))
    .filter(({ file, lines }) => lines > LONGEST && !TABLES.includes(file))
    .map(({ file, lines }) => `${file} has ${lines} lines`)
  const noLongerLong = TABLES.filter(
    (table) =>
      !files.includes(table) || readFileSync(join(ROOT, table), 'utf8').split('\n').length - 1 <= LONGEST,
  )
  const reached = new Set()
  const reach = (file) => {
    if (reached.has(file)) return
    reached.add(file)
    for (const target of graph.get(file) ?? []) reach(target)
  }
  for (const entry of [...ENTRIES, PAGE_ENTRY]) reach(`${entry}.ts`)
  // A part that was written and not put into its array, or what only a test still wants.
  const unreached = files.filter((file) => !reached.has(file) && !file.endsWith('.d.ts'))
  return {
    homeless: [...new Set(homeless)],
    circles: circlesOf(graph),
    upward,
    acrossTheWall,
    long,
    noLongerLong,
    unreached,
  }
}

/** Strongly connected components of more than one file (Tarjan 1972). */
function circlesOf(graph) {
  const number = new Map()
  const low = new Map()
  const stack = []
  const circles = []
  const visit = (file) => {
    number.set(file, number.size)
    low.set(file, number.get(file))
    stack.push(file)
    for (const target of graph.get(file) ?? []) {
      if (!number.has(target)) {
        visit(target)
        low.set(file, Math.min(low.get(file), low.get(target)))
      } else if (stack.includes(target)) low.set(file, Math.min(low.get(file), number.get(target)))
    }
    if (low.get(file) !== number.get(file)) return
    const circle = stack.splice(stack.indexOf(file))
    if (circle.length > 1) circles.push(circle.sort().join(' ↔ '))
  }
  for (const file of graph.keys()) if (!number.has(file)) visit(file)
  return circles
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const found = findings()
  for (const [name, lines] of Object.entries(found)) {
    console.log(`${name}: ${lines.length}`)
    for (const line of lines) console.log(`  ${line}`)
  }
  if (Object.values(found).some((lines) => lines.length > 0)) process.exitCode = 1
}
