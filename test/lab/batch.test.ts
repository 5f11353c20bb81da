import { spawnSync } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { text as textOf } from 'node:stream/consumers'
import { describe, expect, it, onTestFinished } from 'vitest'
import { lockPartition } from '../../fixtures/bitlocker.ts'
import { writeDiskImage } from '../../fixtures/disk-image.ts'
import { exitCodeOfAll } from '../../src/lab/scan/outcome.ts'
import { processesNaming, seized, start, temporaryFolder } from '../e2e/seized.ts'
import { type MadeLab, makeLab, makeManifest, sha256 } from './made.ts'

const lines = (stdout: string) =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
const batch = (lab: MadeLab, manifest: string, out: string, ...more: string[]) => [
  ...['batch', manifest, '--out', out, '--config', lab.config, '--workers', '2'],
  ...more,
]

/** Waits for a process whose command line has all of these, and kills it. */
async function killOnceThere(ledger: string, word: string): Promise<void> {
  for (let i = 0; i < 3000; i++) {
    const [line] = existsSync(ledger) ? processesNaming(ledger).filter((one) => one.includes(word)) : []
    const pid = Number(line?.trim().split(' ')[0])
    if (pid > 0) {
      process.kill(pid, 'SIGKILL')
      return
    }
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error(`nothing to kill for ${ledger}`)
}

describe('seized batch', () => {
  it('gives every exhibit one outcome, independent of the others, and goes on when it is run again', () => {
    const folder = temporaryFolder()
    const lab = makeLab(folder, { A: 3, B: 2 })
    const out = join(folder, 'out')
    const manifest = makeManifest(lab, ['A', 'gone', 'B'])
    const first = seized(batch(lab, manifest, out, '--jobs', '2'))
    const outcomes = lines(first.stdout)
    const by = (all: typeof outcomes, id: string) => all.find((one) => one.exhibit === id)
    expect(by(outcomes, 'A'), first.stderr).toMatchObject({ state: 'finished', exitCode: 10, attempts: 1 })
    expect(by(outcomes, 'B')).toMatchObject({ state: 'finished', counts: { hits: 1 } })
    expect(by(outcomes, 'gone')).toMatchObject({
      ...{ state: 'try-again', code: 'exhibit-missing', exitCode: 75, attempts: 2 },
    })
    expect(outcomes.at(-1)).toMatchObject({ event: 'batch', exhibits: 3, exitCode: 75 })
    expect(first.status).toBe(75)
    const page = readFileSync(join(out, 'summary.html'), 'utf8')
    expect(page).toContain('2 of 3 examined')
    expect(page).not.toContain('http-equiv="refresh"')
    expect(page).not.toContain('listed.txt')
    // The missing one comes; the others are not scanned again.
    mkdirSync(lab.exhibit('gone'))
    writeFileSync(join(lab.exhibit('gone'), 'note.txt'), 'a note')
    const again = lines(seized(batch(lab, manifest, out)).stdout)
    expect(by(again, 'gone')).toMatchObject({ state: 'finished', exitCode: 0 })
    // Each outcome once, on the terminal and in the file: what an earlier run said is not said again.
    expect(again.filter(({ event }) => event === 'outcome').map(({ exhibit }) => exhibit)).toEqual(['gone'])
    expect(again.at(-1)).toMatchObject({ event: 'batch', exhibits: 3, asBefore: ['A', 'B'], exitCode: 10 })
    const file = () => lines(readFileSync(join(out, 'outcomes.jsonl'), 'utf8'))
    const said = file().map(({ exhibit, state }) => [exhibit, state])
    expect([...said].sort()).toEqual([
      ['A', 'finished'],
      ['B', 'finished'],
      ['gone', 'finished'],
      ['gone', 'try-again'],
    ])
    // A last line that was cut by a kill is said again, whole.
    appendFileSync(join(out, 'outcomes.jsonl'), '{"event":"outcome","exhibit":"A","sta')
    const third = lines(seized(batch(lab, manifest, out)).stdout)
    expect(third).toMatchObject([{ event: 'batch', asBefore: ['A', 'gone', 'B'], states: { finished: 3 } }])
    expect(file().map(({ exhibit, state }) => [exhibit, state])).toEqual(said)
  })

  it('takes a keys file of each exhibit from a folder: opened, gone on with, and the secrets in no argument, log or output', async () => {
    const folder = temporaryFolder()
    const lab = makeLab(
      folder,
      {},
      { profiles: { quick: { phases: 'inventory,known', verifyImage: false } } },
    )
    const listed = Buffer.from('a neutral text that the list names\n')
    const imageOf = (id: string) => join(folder, `${id}.dd`)
    const [right, wrong] = [51, 52].map((digit) =>
      Array.from({ length: 8 }, () => String(digit * 11).padStart(6, '0')).join('-'),
    ) as [string, string]
    for (const id of ['A', 'B', 'C']) {
      writeDiskImage(imageOf(id), [[], [{ name: 'L.TXT', bytes: listed }]])
      lockPartition(imageOf(id), 1, { recoveryPassword: right })
    }
    const manifest = makeManifest(lab, ['A', 'B', 'C'], (fields) => {
      const scan = { hashsets: ['illegal@2026-11'] }
      fields.exhibits = ['A', 'B', 'C'].map((id) => ({ id, image: imageOf(id), scan }))
    })
    const keys = join(folder, 'keys')
    mkdirSync(keys)
    writeFileSync(join(keys, 'A.txt'), `recovery-password: ${right}\n`)
    writeFileSync(
      join(keys, 'B.json'),
      JSON.stringify({ keys: 1, secrets: [{ kind: 'recovery-password', secret: wrong }] }),
    )
    const out = join(folder, 'out')
    const given = ['--keys', keys, '--basis', 'warrant 12/2026']
    expect(seized(batch(lab, manifest, out, '--keys', keys)).status).toBe(2)
    const seen: string[] = []
    const running = start(batch(lab, manifest, out, ...given))
    const watch = setInterval(() => seen.push(...processesNaming(out)), 100)
    const [stdout, stderr] = await Promise.all([textOf(running.stdout), textOf(running.stderr)])
    clearInterval(watch)
    const by = (id: string) => lines(stdout).find(({ exhibit }) => exhibit === id)
    expect(by('A')).toMatchObject({ state: 'finished', exitCode: 10, counts: { hits: 1 } })
    expect(by('B')).toMatchObject({ state: 'needs-person', code: 'key-wrong' })
    expect(by('C')).toMatchObject({ state: 'finished', exitCode: 3 })
    expect(seen.some((line) => line.includes('--keys='))).toBe(true)
    const report = join(folder, 'A.html')
    seized(['report', join(out, 'A.sqlite'), '--format', 'html', '--out', report])
    expect(readFileSync(report, 'utf8')).toContain('warrant 12/2026')
    const written = readdirSync(out).map((name) => readFileSync(join(out, name), 'latin1'))
    const said = [...written, ...seen, stdout, stderr]
    for (const secret of [right, wrong]) expect(said.filter((text) => text.includes(secret))).toEqual([])
    writeFileSync(join(keys, 'D.txt'), 'password: x\n')
    const typo = seized(batch(lab, manifest, out, ...given))
    expect([typo.status, typo.stderr]).toEqual([
      2,
      expect.stringContaining('the manifest names no exhibit D'),
    ])
  }, 120_000)

  it('26 A3: a manifest’s acquisition hash is checked, or the outcome says that it was not; zeros are not complete', () => {
    const folder = temporaryFolder()
    const profile = { phases: 'inventory,known', allowWritableMount: true }
    const profiles = { quick: profile, whole: { ...profile, verifyImage: true } }
    const lab = makeLab(folder, {}, { profiles })
    const image = join(folder, 'disk.img')
    writeDiskImage(image, [[{ name: 'A.TXT', bytes: Buffer.from('a live text') }]])
    const zeros = join(folder, 'zeros.img')
    writeFileSync(zeros, Buffer.alloc(3_000_000))
    const right = `sha256:${sha256(readFileSync(image))}`
    const outcomes = (asked: string, exhibits: readonly object[]) => {
      const manifest = makeManifest(lab, [asked], (fields) => {
        const scan = { hashsets: ['illegal@2026-11'] }
        fields.profile = asked
        fields.exhibits = exhibits.map((one) => ({ ...one, scan }))
      })
      const out = join(folder, asked)
      return { all: lines(seized(batch(lab, manifest, out)).stdout), page: join(out, 'summary.html') }
    }
    const quick = outcomes('quick', [
      { id: 'A', image, acquisitionHash: right },
      { id: 'Z', image: zeros },
    ])
    expect(quick.all[0]).toMatchObject({
      ...{ exhibit: 'A', state: 'finished', exitCode: 0, image: 'not-computed' },
      message: expect.stringMatching(/acquisition hash of the manifest was not checked/),
    })
    expect(quick.all[1]).toMatchObject({ exhibit: 'Z', exitCode: 3, incomplete: ['nothing-there'] })
    const page = readFileSync(quick.page, 'utf8')
    expect(page).toMatch(/nothing found, complete\. The acquisition hash of the manifest was not checked/)
    const whole = outcomes('whole', [
      { id: 'A', image, acquisitionHash: right },
      { id: 'B', image, acquisitionHash: `sha256:${'0'.repeat(64)}` },
    ]).all
    expect(whole[0]).toMatchObject({ exhibit: 'A', exitCode: 0, image: 'agrees', message: null })
    expect(whole[1]).toMatchObject({ exhibit: 'B', state: 'needs-person', code: 'image-refused' })
  })

  it('resumes a scan that was killed, to the digest of an undisturbed one', async () => {
    const folder = temporaryFolder()
    const lab = makeLab(folder, { A: 2000 })
    const manifest = makeManifest(lab, ['A'])
    const whole = lines(seized(batch(lab, manifest, join(folder, 'whole'))).stdout)[0]
    const out = join(folder, 'out')
    const running = start(batch(lab, manifest, out))
    let stdout = ''
    running.stdout.on('data', (text) => (stdout += text))
    await killOnceThere(join(out, 'A.sqlite'), ' scan ')
    const code = await new Promise((resolve) => running.on('close', resolve))
    const [outcome] = lines(stdout)
    expect(outcome).toMatchObject({ state: 'finished', attempts: 2, evidenceDigest: whole.evidenceDigest })
    expect(code).toBe(10)
  })

  it('says on its page how far a scan is and what it found so far', async () => {
    const folder = temporaryFolder()
    const lab = makeLab(folder, { A: 2000 })
    const out = join(folder, 'out')
    const running = start(batch(lab, makeManifest(lab, ['A']), out))
    let isOver = false
    const end = new Promise((resolve) => running.on('close', resolve)).then(() => (isOver = true))
    const page = () =>
      existsSync(join(out, 'summary.html')) ? readFileSync(join(out, 'summary.html'), 'utf8') : ''
    let seen = ''
    while (!isOver && seen === '') {
      const [said] = /(inventory|known), so far \d+ contents with hits, \d+ with leads/.exec(page()) ?? []
      seen = said ?? ''
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    expect(seen).not.toBe('')
    await end
    expect(page()).not.toContain('so far')
    expect(page()).toContain('findings, complete')
  })

  it('killed itself, leaves no scan behind and goes on', async () => {
    const folder = temporaryFolder()
    const lab = makeLab(folder, { A: 2000 })
    const manifest = makeManifest(lab, ['A'])
    const out = join(folder, 'out')
    const running = start(batch(lab, manifest, out))
    await killOnceThere(out, ' batch ')
    await new Promise((resolve) => running.on('close', resolve))
    for (let i = 0; i < 1000 && processesNaming(out).length > 0; i++)
      await new Promise((resolve) => setTimeout(resolve, 20))
    expect(processesNaming(out)).toEqual([])
    const [outcome] = lines(seized(batch(lab, manifest, out)).stdout)
    expect(outcome).toMatchObject({ state: 'finished', exitCode: 10 })
  })

  it('says of what crashes twice that it failed, and ends with 1', () => {
    const folder = temporaryFolder()
    const lab = makeLab(folder, { A: 1 })
    const run = seized(batch(lab, makeManifest(lab, ['A']), join(folder, 'out')), {
      SEIZED_CRASH_AT: 'inventory:before-commit:1',
    })
    expect(lines(run.stdout)[0]).toMatchObject({ state: 'failed', code: 'killed', attempts: 2 })
    expect(run.status).toBe(1)
  })

  it('begins nothing where less is free than is kept free', () => {
    const folder = temporaryFolder()
    const lab = makeLab(folder, { A: 1, B: 1 }, { minFreeGB: 100_000 })
    const run = seized(batch(lab, makeManifest(lab, ['A', 'B']), join(folder, 'out')))
    expect(lines(run.stdout).slice(0, 2)).toMatchObject([
      { state: 'try-again', code: 'no-room', attempts: 1 },
      { state: 'try-again', code: 'no-room', attempts: 1 },
    ])
    expect(run.status).toBe(75)
    expect(existsSync(join(folder, 'out/A.sqlite'))).toBe(false)
  })

  it('says that the disk is full, and goes on when there is room', ({ skip }) => {
    const folder = temporaryFolder()
    const lab = makeLab(folder, { A: 2000 })
    const out = join(folder, 'out')
    mkdirSync(out)
    const mount = (...more: string[]) => spawnSync('mount', ['-t', 'tmpfs', ...more, 'none', out]).status
    if (mount('-o', 'size=500k') !== 0) skip('needs the right to mount')
    onTestFinished(() => {
      spawnSync('umount', [out])
    })
    const manifest = makeManifest(lab, ['A'])
    const full = seized(batch(lab, manifest, out))
    expect(lines(full.stdout)[0], full.stderr).toMatchObject({
      state: 'try-again',
      code: 'disk-full',
      attempts: 1,
    })
    expect(full.status).toBe(75)
    spawnSync('mount', ['-o', 'remount,size=200m', out])
    expect(lines(seized(batch(lab, manifest, out)).stdout)[0]).toMatchObject({
      state: 'finished',
      exitCode: 10,
    })
  })

  it('refuses before the first exhibit what it cannot do', () => {
    const folder = temporaryFolder()
    const lab = makeLab(folder, { A: 1 })
    const out = join(folder, 'out')
    const refused = (manifest: string, ...more: string[]) => {
      const run = seized(batch(lab, manifest, out, ...more))
      expect(run.status).toBe(2)
      expect(existsSync(join(out, 'A.sqlite'))).toBe(false)
      return run.stderr
    }
    const with_ = (change: (manifest: Record<string, unknown>) => void) => makeManifest(lab, ['A'], change)
    expect(refused(with_((m) => Object.assign(m, { mount: 1 })))).toMatch(/line \d+: unknown key "mount"/)
    expect(refused(with_((m) => Object.assign(m, { profile: 'other' })))).toContain(
      'knows no profile "other"; it knows quick',
    )
    expect(refused(makeManifest(lab, ['A']), '--jobs', '3')).toContain('--jobs 3 is more than the 2 workers')
  })

  it('needs a person where a list is another than the configuration pins, or the ledger is of another exhibit', () => {
    const folder = temporaryFolder()
    const lab = makeLab(folder, { A: 1, B: 1 })
    const out = join(folder, 'out')
    const one = makeManifest(lab, ['A'])
    seized(batch(lab, one, out))
    // The folder belongs to that manifest.
    const other = seized(batch(lab, makeManifest(lab, ['B']), out))
    expect(other.stderr).toContain('holds the outcomes of another manifest')
    const moved = join(folder, 'moved')
    mkdirSync(moved)
    spawnSync('cp', [join(out, 'A.sqlite'), join(moved, 'B.sqlite')])
    spawnSync('cp', [join(out, 'A.sqlite.custody.sqlite'), join(moved, 'B.sqlite.custody.sqlite')])
    const mistaken = seized(batch(lab, makeManifest(lab, ['B']), moved))
    expect(lines(mistaken.stdout)[0].state).toBe('needs-person')
    rmSync(out, { recursive: true })
    writeFileSync(join(folder, 'list.txt'), `${'0'.repeat(64)}\n`)
    const changed = seized(batch(lab, one, out))
    expect(lines(changed.stdout)[0]).toMatchObject({ state: 'needs-person', code: 'list-unreadable' })
    expect(changed.status).toBe(2)
  })

  it('ends with the worst of its outcomes', () => {
    const of = (...all: [string, number | null][]) =>
      exitCodeOfAll(all.map(([state, exitCode]) => ({ state: state as 'finished', exitCode })))
    expect(of(['finished', 0], ['finished', 3])).toBe(3)
    expect(of(['finished', 10], ['finished', 3])).toBe(13)
    expect(of(['finished', 10], ['finished', 0])).toBe(10)
    expect(of(['finished', 10], ['try-again', 75])).toBe(75)
    expect(of(['needs-person', 2], ['try-again', 75])).toBe(2)
    expect(of(['failed', null], ['needs-person', 2])).toBe(1)
    expect(of(['paused', 130], ['failed', 1])).toBe(130)
  })
})
