/**
 * Checks the shape of src. Every folder has its place in one order and imports none above it. No file and no sub-folder imports
 * itself through others. No import crosses the wall between the main process and the confined programs. Every file is reached
 * from the entry of a process.
 *
 * Prints circles, knots, upward imports, imports across the wall, the longest files and those that nothing reaches; ends with 1
 * when there is any.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ENTRIES, PAGE_ENTRY } from './entries.js'

const ROOT = fileURLToPath(new URL('../src', import.meta.url))

/**
 * The folder of one kind of artefact or chat holds files of several rooms, so that whoever adds a kind touches one folder. These
 * names count as files of the room beside them, whatever the folder.
 */
export const KIND_FOLDERS = ['formats/artefacts', 'formats/chats']
export const ROOM_OF_NAME = {
  'facts.ts': 'facts',
  'signature.ts': 'formats/signatures/kinds',
  'words.json': 'report/texts/kinds',
}

/** The path of a file by its room. */
export function roomPath(file) {
  if (file === 'formats/facts.ts') return 'facts/facts.ts'
  const [, parent, kind, name] = /^(.+)\/([^/]+)\/([^/]+)$/.exec(file) ?? []
  const room = KIND_FOLDERS.includes(parent) ? ROOM_OF_NAME[name] : undefined
  return room === undefined ? file : `${room}/${kind}/${name}`
}

/** From the inside out: a folder imports those before it. Files directly under src stand by their own name. */
export const ORDER = [
  'facts',
  'contracts',
  'base',
  'process',
  'parts',
  'media-types',
  'wire',
  'hash',
  'privilege',
  'mounts',
  'classify',
  'classify-text',
  'learn',
  'formats',
  'confined',
  'findings',
  'terms',
  'score',
  'host',
  'match',
  'source',
  'plan.ts',
  'scan-options.ts',
  'ledger',
  'sign',
  'report',
  'search',
  'pipeline',
  'rematch',
  'diff',
  'pack',
  'review',
  'case',
  'validate',
  'lab',
  'tui',
  'cli',
]

/** Rooms that a confined program and the main process both load, and why: neither of them parses bytes of an exhibit there. */
export const SHARED_ROOMS = {
  facts: 'codes and media types of the kinds of artefacts; these files import nothing',
  contracts: 'types and tables of codes',
  base: 'arithmetic, names, errors',
  process: 'frames, heartbeats, limits of a process',
  wire: 'the messages between the processes',
  'media-types': 'names of media types, and which step applies to which',
  hash: 'digests of bytes; the main process makes those of hits again',
  privilege: 'the list of privileged persons, which the operator gives',
  mounts: 'system calls on a mount: the main process opens what a child inherits',
  classify: 'cards and thresholds of models; `seized model` runs models on pictures that the operator names',
  'classify-text': 'features of text; `seized classify --rows` scores rows that the operator names',
}

/** Parsers that the main process loads all the same, and why. Every line is a debt. */
export const PARSERS_IN_MAIN = {
  'formats/signatures/':
    '`seized hash` and `seized classify` name the media type of files that the operator gives',
  'formats/sqlite/': 'pages of ledgers and hash lists are checked before SQLite opens them',
}

/** Folders, of any depth, that may import each other; the number only falls. */
export const KNOTS_LEFT = [['formats/archives', 'formats/archives/embedded']]

/** Lines that a file may have which is no table. */
export const LONGEST = 250

/** One row a fact: long because there are many. Nothing else may be. */
export const TABLES = [
  'cli/arguments/options-table.ts',
  'cli/verbs.ts',
  'media-types/table.ts',
  'validate/model/requirements.ts',
]

export function sourceFiles() {
  return readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .sort()
}

/** @param types  also imports of types alone, which no process loads */
export function importsOf(file, { types = true } = {}) {
  const text = readFileSync(join(ROOT, file), 'utf8')
  const statements = text.matchAll(
    /^\s*(?:import|export)\s+(type\s+)?(?:[\w*{][^;'"]*?\s+from\s+)?'(\.[^']+)'|import\('(\.[^']+)'\)/gm,
  )
  return [...statements]
    .filter(([, type]) => types || type === undefined)
    .map(([, , a, b]) => relative(ROOT, resolve(dirname(join(ROOT, file)), a ?? b)))
}

/** What runs in a browser knows of the rest what is said between them, as types. */
const isOfThePage = (target) =>
  target.startsWith('review/page/') ||
  /^review\/said(-[a-z]+)?\.ts$/.test(target) ||
  // Data alone.
  target === 'base/world-outlines.json'

const folderOf = (file) => roomPath(file).split('/')[0]

const isConfined = (file) => ['formats', 'confined'].includes(folderOf(file))

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
      if (file.startsWith('review/page/') && !isOfThePage(target))
        acrossTheWall.push(`${file} imports ${target}`)
      const isDebt = Object.keys(PARSERS_IN_MAIN).some((path) => roomPath(target).startsWith(path))
      if (isConfined(target) && !isConfined(file) && !isDebt) acrossTheWall.push(`${file} imports ${target}`)
    }
  const long = files
    .map((file) => ({ file, lines: readFileSync(join(ROOT, file), 'utf8').split('\n').length - 1 }))
    .filter(({ file, lines }) => lines > LONGEST && !TABLES.includes(file))
    .map(({ file, lines }) => `${file} has ${lines} lines`)
  const noLongerLong = TABLES.filter(
    (table) =>
      !files.includes(table) || readFileSync(join(ROOT, table), 'utf8').split('\n').length - 1 <= LONGEST,
  )
  const runs = new Map(files.map((file) => [file, importsOf(file, { types: false })]))
  const reachedBy = (entries, edges) => {
    const reached = new Set()
    const reach = (file) => {
      if (reached.has(file)) return
      reached.add(file)
      for (const target of edges.get(file) ?? []) reach(target)
    }
    for (const entry of entries) reach(`${entry}.ts`)
    return reached
  }
  const reached = reachedBy([...ENTRIES, PAGE_ENTRY], graph)
  const inMain = reachedBy(['cli/main'], runs)
  const inConfined = reachedBy(
    ENTRIES.filter((entry) => isConfined(entry)),
    runs,
  )
  const allowed = [...Object.keys(SHARED_ROOMS).map((room) => `${room}/`), ...Object.keys(PARSERS_IN_MAIN)]
  const onBothSides = [...inMain].filter(
    (file) => inConfined.has(file) && !allowed.some((path) => roomPath(file).startsWith(path)),
  )
  const loadedByNone = allowed.filter(
    (path) => ![...inMain].some((file) => roomPath(file).startsWith(path) && inConfined.has(file)),
  )
  // A part that was written and not put into its array, or what only a test still wants.
  const unreached = files.filter((file) => !reached.has(file) && !file.endsWith('.d.ts'))
  return {
    homeless: [...new Set(homeless)],
    circles: circlesOf(graph).map((circle) => circle.join(' ↔ ')),
    knots: knotsOf(graph, 2),
    knotsOfFolders: knotsOf(graph, Number.POSITIVE_INFINITY).filter(
      (knot) => !KNOTS_LEFT.some((left) => left.join(' ↔ ') === knot),
    ),
    onBothSides,
    loadedByNone,
    upward,
    acrossTheWall,
    long,
    noLongerLong,
    unreached,
  }
}

/** Folders that import each other through others, counted by the first `depth` names of their paths. */
function knotsOf(graph, depth) {
  const folder = (file) =>
    file.includes('/') ? dirname(roomPath(file)).split('/').slice(0, depth).join('/') : file
  const folders = new Map()
  for (const [file, targets] of graph) {
    const from = folder(file)
    if (!folders.has(from)) folders.set(from, new Set())
    for (const target of targets) if (folder(target) !== from) folders.get(from).add(folder(target))
  }
  return circlesOf(folders).map((knot) => knot.join(' ↔ '))
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
    if (circle.length > 1) circles.push(circle.sort())
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
