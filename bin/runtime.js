/**
 * Which Node runs the program: this one, or, where it is too old, the pinned one that npm installed beside the program.
 * Plain JavaScript that Node 18 understands, because it runs before that is decided.
 */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'

/** As package.json's `engines`. */
export const OLDEST_NODE = [22, 12]

/**
 * Options of the engine for the main process, which only the start of a process can set. The readers keep the cores busy: one thread
 * of the engine is enough, and what a hash list leaves behind is not collected in parallel. Each must leave Node the compiled code of
 * its own modules, which most options of the engine invalidate: without it a start takes 13 ms longer. Measured in docs/evidence/fast.md.
 * The first line of seized.js has the same words; the launcher of the packages is made of these.
 */
export const ENGINE = ['--v8-pool-size=1', '--no-parallel-scavenge']

/**
 * Of commands that fill a ledger. The first full collection waits: their lists and queues grow to more than the engine begins with, and
 * what it collects until then is little. Node's own modules are compiled anew, which these commands gain back at a few thousand files.
 */
export const OF_SCANS = ['--initial-old-space-size=96']
export const SCANS = ['scan', 'resume']

/** @param verb first word of the command line */
export function engineFor(verb) {
  return SCANS.includes(verb) ? [...ENGINE, ...OF_SCANS] : ENGINE
}

/** Signals that a person or a supervisor sends to the process it knows, which is this one. */
const PASSED_ON = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']

/** @returns path of a Node that the program runs on: this process's own, or the pinned one; null when there is none */
export function suitableNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  const [oldestMajor, oldestMinor] = OLDEST_NODE
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return process.execPath
  return pinnedNode()
}

function pinnedNode() {
  try {
    const description = createRequire(import.meta.url).resolve(
      `node-${process.platform}-${process.arch}/package.json`,
    )
    const file = join(dirname(description), 'bin/node')
    return existsSync(file) ? file : null
  } catch (error) {
    if (error.code === 'MODULE_NOT_FOUND') return null
    throw error
  }
}

/**
 * Runs `args` under `node` with the terminal, the pipes and the signals of this process, and ends as it ends.
 * Never returns to its caller: what would follow belongs to the other process.
 */
export function goOnUnder(node, args) {
  const [program, words] = endsWithUs([node, ...args])
  const child = spawn(program, words, { stdio: stdioOf(args) })
  for (const signal of PASSED_ON) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => {
    process.stderr.write(`seized: ${node} could not be started: ${error.message}\n`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code)
    for (const passed of PASSED_ON) process.removeAllListeners(passed)
    process.kill(process.pid, signal)
    // A signal that does not end a process is told as a shell tells it.
    setTimeout(() => process.exit(128 + constants.signals[signal]), 100)
  })
}

/** In front of the command line: the kernel ends the program when this process is killed, so that none is left over. */
function endsWithUs(line) {
  const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find((file) => existsSync(file))
  return setpriv ? [setpriv, ['--pdeathsig', 'KILL', '--', ...line]] : [line[0], line.slice(1)]
}

/** The three of every process, and descriptors that the shell opened for an argument: `--hashset <(zcat list.gz)`. */
function stdioOf(args) {
  const stdio = ['inherit', 'inherit', 'inherit']
  for (const arg of args) {
    const number = Number(/\/(?:dev|proc\/self)\/fd\/(\d{1,3})$/.exec(arg)?.[1] ?? 0)
    if (number > 2) stdio[number] = number
  }
  return Array.from(stdio, (how) => how ?? 'ignore')
}

/**
 * Under less than this Node 24 cannot reserve what its engine needs (measured: 560 MB), or ends while it works (600 MB). The first line
 * of seized.js and the launcher of the packages say the same number, in KiB.
 */
export const LEAST_DATA_KIB = 786_432

/** @returns a sentence where a process may use less memory than the program needs (ulimit -d); null: it may, or nothing says so */
export function memoryShort(limits = limitsOfThis()) {
  const bytes = Number(/^Max data size\s+(\d+)/m.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY)
  if (bytes >= LEAST_DATA_KIB * 1024) return null
  return `A process may use ${Math.floor(bytes / 1e6)} MB of memory here (ulimit -d), and seized needs ${Math.ceil((LEAST_DATA_KIB * 1024) / 1e6)} MB. Raise the limit, or examine on another machine.`
}

function limitsOfThis() {
  return existsSync('/proc/self/limits') ? readFileSync('/proc/self/limits', 'latin1') : ''
}

/** For whoever finds no Node to run on. */
export function tooOld() {
  const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  return `seized: Node.js ${engines.node} is needed. This is ${process.version}, and the one that \`npm ci\` installs for Linux on x64 and arm64 is not there.`
}
