/**
 * Tries, from inside a real child of every kind, what code that has taken it over would try; writes docs/reference/confinement.md.
 *
 * `node scripts/confinement.js` prints what succeeded as JSON, for the account that runs it; with --write, as root, it tries
 * as root and as uid 1000 and writes the table, with --check it compares that one with what holds here. Needs a C compiler (Debian: gcc) and what is built.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { release, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MODELS_DIR } from '../dist/src/base/version.js'
import { textModelUses } from '../dist/src/classify-text/uses.js'
import { startConfined } from '../dist/src/host/confine/start.js'
import { tools } from '../dist/src/host/confine/tools.js'
import { JobPool } from '../dist/src/host/decoder/job-pool.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const ORDINARY = 1000

/** What a child of this kind has loaded, and whether it holds a file of ours. */
const KINDS = [
  { kind: 'picture', op: 'look', holdsFile: false },
  { kind: 'video', op: 'look', holdsFile: true },
  { kind: 'container', op: 'open', holdsFile: false },
  { kind: 'text', op: 'text', holdsFile: false },
  { kind: 'records', op: 'records', holdsFile: false },
  { kind: 'typesetter', op: 'typeset', holdsFile: false },
  // Started by themselves, with the rules of their kind.
  { kind: 'lister and reader of an image', ofSource: true, holdsFile: true },
  { kind: 'walker and reader of a mount', ofSource: true, holdsFile: true, mounts: true },
]

/** What a machine without any of the tools has: shows that the attempts are real. */
const NO_TOOLS = { limits: null, network: null, privileges: null, landlock: false, filter: false }

/** @returns outcomes by kind: pairs of attempt and `done` or the name of an errno */
async function tryAll() {
  const outcomes = {}
  for (const kind of KINDS) outcomes[kind.kind] = await tryOne(kind, tools())
  const unconfined = [...(await tryOne(KINDS[0], NO_TOOLS)), ...(await tryOne(KINDS.at(-1), NO_TOOLS))]
  return { ...outcomes, unconfined }
}

/** Folders to try things on, with a ledger and two servers, for as long as `work` takes. */
async function withScene(holdsFile, work) {
  const scratch = mkdtempSync(join(tmpdir(), 'seized-attempts-'))
  const [folder, libraries] = [join(scratch, 'work'), join(scratch, 'library')]
  for (const made of [folder, libraries]) mkdirSync(made)
  chmodSync(folder, 0o777)
  for (const made of [libraries, scratch]) chmodSync(made, 0o755)
  const ledger = join(folder, 'ledger')
  writeFileSync(ledger, 'a sealed ledger')
  chmodSync(ledger, 0o444)
  const library = join(libraries, 'attempts.so')
  execFileSync('gcc', ['-shared', '-fPIC', '-w', '-o', library, join(root, 'test/children/attempts.c')])
  const tcp = await listening(0, '127.0.0.1')
  const unix = await listening(join(folder, 'socket'))
  chmodSync(join(folder, 'socket'), 0o777)
  const fd = holdsFile ? openSync(ledger, 'r') : undefined
  const targets = { FOLDER: folder, PARENT: process.pid, PORT: tcp.address().port }
  try {
    return await work({ scratch, folder, libraries, library, fd, targets })
  } finally {
    if (fd !== undefined) closeSync(fd)
    for (const server of [tcp, unix]) server.close()
    rmSync(scratch, { recursive: true, force: true })
  }
}

function tryOne(kind, having) {
  return withScene(kind.holdsFile, (scene) =>
    kind.ofSource ? trySource(kind, having, scene) : tryDecoder(kind, having, scene),
  )
}

/** In a process that lists, walks or reads, or in a control of it: its program is loaded as it is started, with its own rules. */
async function trySource({ mounts }, having, { scratch, folder, libraries, library, fd, targets }) {
  const isControl = having === NO_TOOLS
  const exhibit = join(scratch, 'exhibit')
  mkdirSync(exhibit)
  writeFileSync(join(exhibit, 'file'), 'x')
  // The control is no root.
  chmodSync(exhibit, isControl ? 0o777 : 0o755)
  chmodSync(join(exhibit, 'file'), isControl ? 0o666 : 0o644)
  writeFileSync(join(scratch, 'beside'), 'x')
  symlinkSync('../beside', join(exhibit, 'link'))
  const becomes = process.getuid() === 0 && (!mounts || isControl)
  const { process: child, channel } = startConfined({
    tools: having,
    allowUnconfined: isControl,
    entry: join(root, 'test/children/attempts-alone.mjs'),
    dataBytes: 3 * 1024 ** 3,
    inherit: [fd],
    mount: mounts ? exhibit : null,
    readable: [libraries],
  })
  const pieces = []
  let said = ''
  child.stderr.on('data', (text) => {
    said += text
  })
  channel.on('data', (piece) => pieces.push(piece))
  // Unconfined root would mount and change its root folder: the control tries what goes by way of the mount alone.
  const asked = {
    library: isControl ? null : library,
    targets: { ...targets, BECOME: becomes ? 'nobody' : '', EXHIBIT: exhibit },
  }
  channel.write(`${JSON.stringify(asked)}\n`)
  await once(child, 'close')
  if (pieces.length === 0) throw new Error(`a process of a source said nothing: ${said}`)
  const tried = JSON.parse(Buffer.concat(pieces).toString())
  if (isControl) return tried.filter(([name]) => !name.startsWith('('))
  return [...tried, seenFromOutside(folder), exhibitFromOutside(exhibit)]
}

async function tryDecoder({ op }, having, { folder, libraries, library, fd, targets }) {
  const pool = new JobPool({
    size: 1,
    ops: [op, 'attempts'],
    config: { look: { models: [] }, text: { models: textModelUses(MODELS_DIR) } },
    dataBytes: 3 * 1024 ** 3,
    cpuMs: 20_000,
    childEntry: join(root, 'test/children/attempts-child.mjs'),
    readable: [libraries],
    allowUnconfined: true,
    tools: having,
  })
  try {
    const outcome = await pool.run({
      op: 'attempts',
      header: { library, targets },
      bytes: Buffer.alloc(0),
      sha256: null,
      fd,
      reply: { headerBytes: 65_536, payloadBytes: 0, totalBytes: 131_072 },
    })
    if (!outcome.done) throw new Error(`${outcome.reason}: ${outcome.detail}: ${outcome.warnings.join(' ')}`)
    return [...outcome.header, seenFromOutside(folder)]
  } finally {
    await pool.close()
  }
}

function exhibitFromOutside(exhibit) {
  const untouched =
    readdirSync(exhibit).sort().join() === 'file,link' && readFileSync(join(exhibit, 'file'), 'utf8') === 'x'
  return ['(seen from outside) change anything in the mount', untouched ? 'unchanged' : 'done']
}

function seenFromOutside(folder) {
  const ledger = join(folder, 'ledger')
  const untouched =
    readdirSync(folder).sort().join() === 'ledger,socket' &&
    readFileSync(ledger, 'utf8') === 'a sealed ledger' &&
    (statSync(ledger).mode & 0o777) === 0o444
  return ['(seen from outside) change anything in the folder', untouched ? 'unchanged' : 'done']
}

function listening(...where) {
  return new Promise((resolve, reject) => {
    const server = createServer().listen(...where, () => resolve(server))
    server.once('error', reject)
  })
}

function triedAs(uid) {
  const account = uid === 0 ? [] : ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups']
  const [program, ...args] = [...account, process.execPath, fileURLToPath(import.meta.url)]
  const run = spawnSync(program, args, { cwd: '/', encoding: 'utf8' })
  if (run.stdout === '') throw new Error(run.stderr)
  return JSON.parse(run.stdout)
}

/** Of one account: a row an attempt, a column a kind. */
function table(tried) {
  const kinds = Object.keys(tried)
  const names = [...new Set(kinds.flatMap((kind) => tried[kind].map(([name]) => name)))]
  const cell = (kind, name) => {
    const outcome = tried[kind].find(([other]) => other === name)?.[1] ?? '–'
    return outcome === 'done' ? '**done**' : outcome
  }
  return [
    `| attempt | ${kinds.join(' | ')} |`,
    `| --- | ${kinds.map(() => '---').join(' | ')} |`,
    ...names.map((name) => `| ${name} | ${kinds.map((kind) => cell(kind, name)).join(' | ')} |`),
  ].join('\n')
}

/** A row of a table however it is padded. */
const cellsOf = (row) =>
  row
    .split('|')
    .map((cell) => cell.trim())
    .join('|')

const words = (asRoot, asUser) => `# What a child can do

Hostile bytes are parsed in child processes. Each of these attempts was made by bare system calls from inside a real child
(\`test/children/attempts.c\`, loaded into it), by \`node scripts/confinement.js --write\`, on Linux ${release()} with
${execFileSync('setpriv', ['--version'], { encoding: 'utf8' }).trim()} and Node ${process.version}. **done** means that it succeeded; all else is what the kernel answered. \`unconfined\` is a child without any
of it, as a control: those attempts are real. A run
makes nineteen of them itself, in its first decoder and in one process with the confinement of those that list, walk and read its exhibit,
before anything of these stands in the ledger; the ledger says piece by piece what held (table \`confinement\`).

Children of root become nobody (uid 65534), but for those that walk and read a mount: its files belong to anybody, so they stay root and keep
of root's capabilities CAP_DAC_READ_SEARCH, CAP_FOWNER (no access time changes) and CAP_SYS_ADMIN (attributes \`trusted.\` are named; the filter
refuses what it is for else). Children of an ordinary account keep its uid. A dash: not tried in that kind.

## As root

${table(asRoot)}

## As uid 1000

${table(asUser)}

## What holds it

| piece | by | without it |
| --- | --- | --- |
| files: nothing is read but the program, its libraries and the job, or the one mount that is examined; nothing is written, made, renamed or removed | Landlock (\`setpriv --landlock-access fs\`), the filter for modes, times and owners | the run refuses, unless \`--allow-unconfined\` |
| system calls: an allow-list by number and architecture (\`src/host/confine/syscalls.ts\`): no process, socket, signal to another, namespace, tracing | seccomp (\`setpriv --seccomp-filter\`) | the run refuses, unless \`--allow-unconfined\` |
| network: a namespace without one | \`unshare --net\` | the filter refuses sockets |
| memory (shared memory and growing stacks, which are no data, are refused by the filter), threads, open files, file size 0, no core dump | \`prlimit\` | said in the ledger |
| no privileges by set-user-ID programs | \`setpriv --no-new-privs\` | said in the ledger |
| its process group ends with it; its answers are bounded and name their job | the main process | |

With util-linux before 2.40 \`setpriv\` has neither Landlock nor filters. What is left under \`--allow-unconfined\` is the network
namespace, the limits and no new privileges: files of at most 0 bytes can be made, existing ones can be truncated, renamed and
removed as far as the account may, and everything that it may read can be read.

## What it still can

Read the program's own files and the system's libraries; ask whether a path exists and how large it is (\`stat\`), and of a process that walks or
reads a mount, which extended attributes it has; use the processor until its time is up; answer falsely about the contents that it was given.
A process that walks or reads a mount has the main process make an empty copy of a regular file of that mount, with its attributes, in memory.
SECURITY.md says process by process which answers are made again outside it, and which are believed.
`

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes('--write')) {
    if (process.getuid() !== 0)
      throw new Error('--write tries as root and as an ordinary user: run it as root.')
    if (!tools().landlock) throw new Error('setpriv(1) has no Landlock here.')
    const file = join(root, 'docs/reference/confinement.md')
    writeFileSync(file, words(triedAs(0), triedAs(ORDINARY)))
    execFileSync('npx', ['biome', 'format', '--write', file], { cwd: root, stdio: 'ignore' })
  } else if (process.argv.includes('--check')) {
    const [stated, held] = [
      readFileSync(join(root, 'docs/reference/confinement.md'), 'utf8'),
      [triedAs(0), triedAs(ORDINARY)].flatMap((tried) => table(tried).split('\n').slice(2)),
    ]
    const known = new Set(stated.split('\n').map(cellsOf))
    const other = held.filter((row) => !known.has(cellsOf(row)))
    for (const row of other) console.log(`not so stated: ${row}`)
    console.log(`${held.length - other.length} attempts as stated, ${other.length} not`)
    process.exitCode = other.length === 0 ? 0 : 1
  } else {
    const outcomes = await tryAll()
    process.stdout.write(`${JSON.stringify(outcomes)}\n`)
    const done = KINDS.some(({ kind }) => outcomes[kind].some(([, outcome]) => outcome === 'done'))
    process.exitCode = done ? 1 : 0
  }
}
