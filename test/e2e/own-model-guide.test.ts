/**
 * Follows docs/guide/own-model.md, command by command, on neutral pictures: from graded cases to a lead in the next one. A
 * training that is killed leaves no model, and the next goes on with its features and gives the same head.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { PROGRAM_ROOT } from '../../src/base/version.ts'
import { type NewDecision, recordDecisions } from '../../src/ledger/custody/decisions.ts'
import { temporaryFolderForFile } from '../ledger/temporary.ts'
import { installation, run } from './installation.ts'
import { scanArgs } from './seized.ts'

const GUIDE = readFileSync(join(PROGRAM_ROOT, 'docs/guide/own-model.md'), 'utf8')
const CASES = ['2026-101', '2026-114', '2026-118']
const folder = temporaryFolderForFile()
const at = (name: string) => join(folder, name)
const program = installation(at('program'))

/** Commands of the page in their order; a line that ends with a backslash goes on. */
const COMMANDS = [...GUIDE.matchAll(/^```\n(seized [\s\S]*?)^```$/gm)].flatMap(([, block]) =>
  block!
    .replaceAll(/\\\n\s*/g, '')
    .trim()
    .split('\n'),
)
const words = (command: string) =>
  [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!).slice(1)
const commandWith = (text: string) => {
  const found = COMMANDS.filter((one) => one.includes(text))
  expect(found, text).toHaveLength(1)
  return words(found[0]!)
}
// Where the commands of the page are typed: their paths are relative.
const seized = (args: readonly string[], ...more: string[]) => run(program, [...args, ...more], {}, folder)

/** Blurred noise; warm ones are the positives. */
function noise(seed: number, isWarm: boolean): Promise<Buffer> {
  let state = seed * 7919 + 1
  const cells = Buffer.alloc(8 * 8 * 3)
  for (let i = 0; i < cells.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    const isRaised = isWarm ? i % 3 === 0 : i % 3 === 2
    cells[i] = Math.floor(((state >>> 8) / 2 ** 24) * 140) + (isRaised ? 110 : 0)
  }
  return sharp(cells, { raw: { width: 8, height: 8, channels: 3 } })
    .resize(128, 128, { kernel: 'cubic' })
    .jpeg()
    .toBuffer()
}

beforeAll(async () => {
  for (const name of ['graded', 'cases', 'models', 'LTU-07', 'others']) mkdirSync(at(name))
  writeFileSync(at('secret'), 'a passphrase of a test\n')
  writeFileSync(at('another-secret'), 'a passphrase of another test\n')
  writeFileSync(at('list.txt'), `${'0'.repeat(32)}\n`)
  const lines = ['path,label,case']
  for (const [c, name] of CASES.entries()) {
    mkdirSync(at(name))
    const decided: { readonly sha256: string; readonly category: string }[] = []
    for (let i = c; i < 156; i += CASES.length) {
      const bytes = await noise(i, i < 54)
      for (const below of ['graded', name]) writeFileSync(at(`${below}/${i}.jpg`), bytes)
      lines.push(`${i}.jpg,${Number(i < 54)},${name}`)
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      decided.push({ sha256, category: i < 54 ? '1' : '0' })
    }
    const ledger = at(`cases/${name}.sqlite`)
    const args = scanArgs(at(name), ledger, [], '--phases', 'inventory,known')
    expect([0, 3]).toContain(run(program, [...args.map((arg) => (arg === 'T-1' ? name : arg))]).status)
    for (const operator of ['A. Example', 'B. Example']) {
      const decisions = decided.map(
        (one): NewDecision => ({
          kind: 'decision',
          ...one,
          scale: 'vics-us',
          act: 'decided',
          note: '',
          pass: null,
          session: null,
          seen: 'grey',
          seenMs: 900,
        }),
      )
      recordDecisions(ledger, decisions, { operator, account: 'tester' })
    }
  }
  writeFileSync(at('labels.csv'), `${lines.join('\n')}\n`)
  const kinds = { 'LTU-07': [1001, 1002], others: [1003, 1004] } as const
  for (const [name, [warm, cold]] of Object.entries(kinds)) {
    writeFileSync(at(`${name}/warm.jpg`), await noise(warm, true))
    writeFileSync(at(`${name}/cold.jpg`), await noise(cold, false))
  }
  writeFileSync(at('others.csv'), 'path,own-model\nwarm.jpg,1\ncold.jpg,0\n')
}, 240_000)

const cardOf = (name: string) =>
  JSON.parse(readFileSync(at(`models/${name}/card.json`), 'utf8')) as { readonly sha256: string }
/** Every score of the head that a ledger has, also below its thresholds. */
function scoresIn(ledger: string): readonly unknown[] {
  const db = new Database(at(ledger), { readonly: true })
  try {
    const rows = db.prepare(
      "SELECT hex(c.sha256) AS sha256, s.label, s.score_per_10k FROM score s JOIN content c ON c.id = s.content WHERE s.classifier = 'own-2026-11' ORDER BY 1, 2",
    )
    return rows.all()
  } finally {
    db.close()
  }
}

describe('the page on a model of the agency’s own', () => {
  it('leads from graded cases to a lead in the next case, as it is written', () => {
    const trained = seized(commandWith('--from-decisions'))
    expect(trained.status, trained.stderr).toBe(0)
    expect(JSON.parse(trained.stdout)).toMatchObject({
      id: 'own-2026-11',
      contents: 156,
      positives: 54,
      cases: 3,
    })
    for (const name of ['groups', 'recallAt', 'asUsed', 'learningCurve', 'calibration', 'coloursAlone'])
      expect(Object.keys(JSON.parse(trained.stdout).measured)).toContain(name)
    const added = seized(commandWith('model add'))
    expect(added.status, added.stderr).toBe(0)
    const scanned = seized(commandWith('seized scan'), '--allow-writable-mount')
    expect([10, 13], scanned.stderr).toContain(scanned.status)
    const reported = seized(commandWith('seized report'))
    expect(reported.status, reported.stderr).toBe(0)
    expect(readFileSync(at('LTU-07.html'), 'utf8')).toContain(
      'a model trained by Agency X on 156 graded contents of 3 cases',
    )
    const evaluated = seized(commandWith('model evaluate'))
    expect(evaluated.status, evaluated.stderr).toBe(0)
    expect(JSON.parse(evaluated.stdout).scores).toMatchObject([{ positives: 1, negatives: 1 }])
    for (const name of ['warm.jpg', 'cold.jpg']) expect(evaluated.stdout).not.toContain(name)
  }, 240_000)

  it('scores the same to the last digit with the prefilters in eight bits and with --exact', () => {
    const exact = commandWith('seized scan').map((word) => (word === 'LTU-07.sqlite' ? 'exact.sqlite' : word))
    expect([10, 13]).toContain(seized(exact, '--exact', '--allow-writable-mount').status)
    expect(scoresIn('LTU-07.sqlite')).toHaveLength(2)
    expect(scoresIn('exact.sqlite')).toEqual(scoresIn('LTU-07.sqlite'))
  }, 120_000)

  it('gives the same head from the table; killed at any moment it leaves no model, and the next goes on and gives the same', async () => {
    const args = commandWith('model train --labels')
    const kept = () => readdirSync(at('models')).filter((name) => name.includes('.features-'))
    const keptBytes = () => kept().reduce((sum, name) => sum + statSync(at(`models/${name}`)).size, 0)
    const killedAt = async (point: string) => {
      const child = spawn(process.execPath, [join(program, 'bin/seized.js'), ...args], {
        cwd: folder,
        env: { ...process.env, SEIZED_CRASH_AT: `${point}:1` },
        stdio: ['ignore', 'ignore', 'pipe'],
      })
      let said = ''
      child.stderr.on('data', (piece: Buffer) => {
        said += piece
      })
      const [, signal] = (await once(child, 'close')) as [number | null, string | null]
      expect([signal, said]).toEqual(['SIGKILL', expect.anything()])
      expect(kept()).toHaveLength(1)
      expect(readdirSync(at('models'))).toEqual(['own-2026-11', ...kept()])
      expect(statSync(at(`models/${kept()[0]!}`)).mode & 0o777).toBe(0o600)
      return said
    }
    await killedAt('train:features')
    const [many] = [60]
    const child = spawn(process.execPath, [join(program, 'bin/seized.js'), ...args], {
      cwd: folder,
      stdio: 'ignore',
    })
    // Each picture keeps 12 KiB: this one is killed in the middle of them.
    while (keptBytes() < many * 12_000) await new Promise((resolve) => setTimeout(resolve, 5))
    child.kill('SIGKILL')
    await once(child, 'exit')
    const goesOn = await killedAt('train:fit')
    const before = Number(/, (\d+) of them kept by a training before/.exec(goesOn)?.[1])
    expect(before).toBeGreaterThan(many - 10)
    expect(before).toBeLessThan(156)
    const other = seized(args.map((word) => (word === 'secret' ? 'another-secret' : word)))
    expect(other).toMatchObject({ status: 2, stderr: expect.stringContaining('the passphrase is another') })
    // As one that was killed while it wrote: the process of this number is gone, and process 1 is not.
    const gone = spawn(process.execPath, ['--version'])
    await once(gone, 'exit')
    for (const number of [gone.pid!, 1]) {
      mkdirSync(at(`models/own-2026-12.partial-${number}`))
      writeFileSync(at(`models/own-2026-12.partial-${number}/manifest.csv`), 'sha256,label,case\n')
    }
    const whole = seized(args)
    expect(whole.status, whole.stderr).toBe(0)
    expect(whole.stderr).toContain('156 of them kept by a training before')
    expect(readdirSync(at('models')).sort()).toEqual(['own-2026-11', 'own-2026-12', 'own-2026-12.partial-1'])
    expect(cardOf('own-2026-12').sha256).toBe(cardOf('own-2026-11').sha256)
    expect(statSync(at('models/own-2026-12')).mode & 0o777).toBe(0o700)
    expect(existsSync(at('models/own-2026-12/head.sealed'))).toBe(true)
  }, 240_000)

  it('takes a content out again: its line is deleted from the manifest, and the next edition never had it', () => {
    const lines = readFileSync(at('models/own-2026-12/manifest.csv'), 'utf8').trim().split('\n')
    const [gone] = lines.splice(1, 1)
    const sha256 = gone!.split(',')[0]!
    writeFileSync(at('manifest.csv'), `${lines.join('\n')}\n`)
    const again = seized(
      commandWith('model train --labels').map((word) =>
        word === 'labels.csv' ? 'manifest.csv' : word.replace('own-2026-12', 'own-2026-13'),
      ),
    )
    expect(again.status, again.stderr).toBe(0)
    expect(JSON.parse(again.stdout)).toMatchObject({ id: 'own-2026-13', contents: 155 })
    expect(readFileSync(at('models/own-2026-12/manifest.csv'), 'utf8')).toContain(sha256)
    expect(readFileSync(at('models/own-2026-13/manifest.csv'), 'utf8')).not.toContain(sha256)
    expect(cardOf('own-2026-13').sha256).not.toBe(cardOf('own-2026-12').sha256)
  }, 240_000)
})
