/**
 * Tries, from inside a real child of every kind, what code that has taken it over would try; writes docs/reference/confinement.md.
 *
 * `node scripts/confinement.js` prints what succeeded as JSON, for the account that runs it; with --write, as root, it tries
 * as root and as uid 1000 and writes the table, with --check it compares that one with what holds here. Needs a C compiler (Debian: gcc) and what is built.
 */
import { execFileSync, spawnSync } from 'node:child_process'
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
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { release, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MODELS_DIR } from '../dist/src/base/version.js'
import { textModelUses } from '../dist/src/classify-text/uses.js'
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
]

/** What a machine without any of the tools has: shows that the attempts are real. */
const NO_TOOLS = { limits: null, network: null, privileges: null, landlock: false, filter: false }

/** @returns outcomes by kind: pairs of attempt and `done` or the name of an errno */
async function tryAll() {
  const outcomes = {}
  for (const kind of KINDS) outcomes[kind.kind] = await tryOne(kind, tools())
  return { ...outcomes, unconfined: await tryOne(KINDS[0], NO_TOOLS) }
}

async function tryOne({ op, holdsFile }, having) {
  const scratch = mkdtempSync(join(tmpdir(), 'seized-attempts-'))
  const [folder, libraries] = [join(scratch, 'work'), join(scratch, 'library')]
  for (const [made, mode] of [
    [folder, 0o777],
    [libraries, 0o755],
    [scratch, 0o755],
  ]) {
    if (made !== scratch) mkdirSync(made)
    chmodSync(made, mode)
  }
  const ledger = join(folder, 'ledger')
  writeFileSync(ledger, 'a sealed ledger')
  chmodSync(ledger, 0o444)
  const library = join(libraries, 'attempts.so')
  execFileSync('gcc', ['-shared', '-fPIC', '-w', '-o', library, join(root, 'test/children/attempts.c')])
  const tcp = await listening(0, '127.0.0.1')
  const unix = await listening(join(folder, 'socket'))
  const fd = holdsFile ? openSync(ledger, 'r') : undefined
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
    chmodSync(join(folder, 'socket'), 0o777)
    const targets = { FOLDER: folder, PARENT: process.pid, PORT: tcp.address().port }
    const outcome = await pool.run({
      op: 'attempts',
      header: { library, targets },
      bytes: Buffer.alloc(0),
      sha256: null,
      fd,
      reply: { headerBytes: 65_536, payloadBytes: 0, totalBytes: 131_072 },
    })
    if (!outcome.done) throw new Error(`${outcome.reason}: ${outcome.detail}: ${outcome.warnings.join(' ')}`)
    const untouched =
      readdirSync(folder).sort().join() === 'ledger,socket' &&
      readFileSync(ledger, 'utf8') === 'a sealed ledger' &&
      (statSync(ledger).mode & 0o777) === 0o444
    return [
      ...outcome.header,
      ['(seen from outside) change anything in the folder', untouched ? 'unchanged' : 'done'],
    ]
  } finally {
    await pool.close()
    if (fd !== undefined) closeSync(fd)
    for (const server of [tcp, unix]) server.close()
    rmSync(scratch, { recursive: true, force: true })
  }
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

function table(asRoot, asUser) {
  const kinds = Object.keys(asRoot)
  const names = asRoot.picture.map(([name]) => name)
  const cell = (tried, kind, name) => tried[kind].find(([other]) => other === name)?.[1] ?? 'not reached'
  const cells = (name) => {
    const all = [asRoot, asUser].flatMap((tried) => kinds.map((kind) => cell(tried, kind, name)))
    return all.map((outcome) => (outcome === 'done' ? '**done**' : outcome))
  }
  const heads = ['root', 'uid 1000'].flatMap((account) => kinds.map((kind) => `${kind}, ${account}`))
  return [
    `| attempt | ${heads.join(' | ')} |`,
    `| --- | ${heads.map(() => '---').join(' | ')} |`,
    ...names.map((name) => `| ${name} | ${cells(name).join(' | ')} |`),
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
makes nineteen of them itself, with its first child of each kind, before that child gets anything hostile, and the ledger says
piece by piece what held (custody event \`children-started\`).

Children of root become nobody (uid 65534); children of an ordinary account keep its uid.

${table(asRoot, asUser)}

## What holds it

| piece | by | without it |
| --- | --- | --- |
| files: nothing is read but the program, its libraries and the job; nothing is written, made, renamed or removed | Landlock (\`setpriv --landlock-access fs\`), the filter for modes, times and owners | the run refuses, unless \`--allow-unconfined\` |
| system calls: an allow-list by number and architecture (\`src/host/confine/syscalls.ts\`): no process, socket, signal to another, namespace, tracing | seccomp (\`setpriv --seccomp-filter\`) | the run refuses, unless \`--allow-unconfined\` |
| network: a namespace without one | \`unshare --net\` | the filter refuses sockets |
| memory (shared memory and growing stacks, which are no data, are refused by the filter), threads, open files, file size 0, no core dump | \`prlimit\` | said in the ledger |
| no privileges by set-user-ID programs | \`setpriv --no-new-privs\` | said in the ledger |
| its process group ends with it; its answers are bounded and name their job | the main process | |

With util-linux before 2.40 \`setpriv\` has neither Landlock nor filters. What is left under \`--allow-unconfined\` is the network
namespace, the limits and no new privileges: files of at most 0 bytes can be made, existing ones can be truncated, renamed and
removed as far as the account may, and everything that it may read can be read.

## What it still can

Read the program's own files and the system's libraries; ask whether a path exists and how large it is (\`stat\`); use the
processor until its time is up;answer falsely about the contents that it was given. SECURITY.md says process by process which answers are made again outside it,
and which are believed. The processes that walk and read a mount are not confined.
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
      table(triedAs(0), triedAs(ORDINARY)),
    ]
    const known = new Set(stated.split('\n').map(cellsOf))
    const other = held
      .split('\n')
      .slice(2)
      .filter((row) => !known.has(cellsOf(row)))
    for (const row of other) console.log(`not so stated: ${row}`)
    console.log(`${held.split('\n').length - 2 - other.length} attempts as stated, ${other.length} not`)
    process.exitCode = other.length === 0 ? 0 : 1
  } else {
    const outcomes = await tryAll()
    process.stdout.write(`${JSON.stringify(outcomes)}\n`)
    const done = KINDS.some(({ kind }) => outcomes[kind].some(([, outcome]) => outcome === 'done'))
    process.exitCode = done ? 1 : 0
  }
}
