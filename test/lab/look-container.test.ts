/**
 * A shard inside the image of scripts/package/Containerfile: the answer is that of the same program outside, `run-one` says which
 * confinement holds inside, and refuses where none does. `SEIZED_IMAGE` names an image that was built of this version's package
 * (`npm run package:container`); the program is run from that image inside and outside alike, so that both are of one class.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clip } from '../../fixtures/clips.ts'
import { writeLookImage } from '../../fixtures/look-exhibit.ts'
import { ShardFolder } from '../../src/host/shards/shard-folder.ts'
import { start } from '../e2e/seized.ts'

const IMAGE = process.env.SEIZED_IMAGE ?? 'localhost/seized'
const possible = podman('image', 'exists', IMAGE).status === 0

/** Without limits of its own: where an account may not raise them, Podman's defaults cannot be set. */
const LIMITS = ['--ulimit', 'nofile=4096:4096', '--ulimit', 'nproc=4096:4096']
const HELD = {
  fileWritesRefused: 'yes',
  fileReadsRefused: 'yes',
  networkRefused: 'yes',
  systemCallsFiltered: 'yes',
  succeeded: '',
}

function podman(...args: readonly string[]) {
  const env = { ...process.env, PODMAN_IGNORE_CGROUPSV1_WARNING: '1' }
  return spawnSync('podman', args, { encoding: 'utf8', env, maxBuffer: 1 << 26 })
}

describe.skipIf(!possible)('a shard inside the container image', () => {
  let folder: string
  let program: string
  let image: string

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'seized-container-'))
    const inside = podman('image', 'mount', IMAGE).stdout.trim()
    program = join(folder, 'program')
    cpSync(join(inside, 'usr/lib/seized'), program, { recursive: true })
    podman('image', 'unmount', IMAGE)
    image = join(folder, 'store/image.dd')
    mkdirSync(join(folder, 'store'))
    const small = { width: 160, height: 120, seconds: 2, framesPerSecond: 10 }
    await writeLookImage(image, 40, { 'A.MP4': await clip(1, 'as it is', small) })
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  function scan(name: string, shards: string | null) {
    const names = [
      '--case',
      'T-1',
      '--exhibit',
      'E-1',
      '--examiner',
      'X',
      '--workers',
      '1',
      '--progress',
      'json',
    ]
    const more = shards === null ? [] : ['--look-shards', shards]
    const ledger = join(folder, `${name}.sqlite`)
    return start(['scan', image, '--ledger', ledger, ...names, ...more], {}, join(program, 'bin/seized.js'))
  }

  /** The first shard of a scan, in a folder that the account of the container writes. */
  async function firstShard(name: string) {
    const offering = new ShardFolder(join(folder, `${name}-offered`))
    const child = scan(name, offering.folder)
    const ended = new Promise((resolve) => child.on('close', resolve))
    let text: string | null = null
    while (text === null && child.exitCode === null) {
      const first = offering.offered().find((one) => one.endsWith('-0'))
      text = first === undefined ? null : offering.shard(first)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    child.kill('SIGKILL')
    await ended
    return text!
  }

  function given(name: string, text: string) {
    const exchange = new ShardFolder(join(folder, name))
    const shard = `${'0'.repeat(32)}-0`
    const file = join(exchange.folder, `${shard}.shard.json`)
    writeFileSync(file, text)
    chmodSync(exchange.folder, 0o777)
    const words = ['lab', 'run-one', '--shard', file, '--out', exchange.folder, '--workers', '1']
    return { exchange, shard, words }
  }

  function inside(own: string, words: readonly string[], ...options: readonly string[]) {
    const volumes = ['-v', `${join(folder, 'store')}:${join(folder, 'store')}:ro`, '-v', `${own}:${own}`]
    return podman('run', '--rm', '--network', 'none', ...LIMITS, ...options, ...volumes, IMAGE, ...words)
  }

  it('33 B11: answers as outside, byte for byte, and says what holds of its processes', async () => {
    const text = await firstShard('equal')
    const out = given('outside', text)
    const args = [join(program, 'bin/seized.js'), ...out.words, '--config', join(folder, 'none')]
    const run = spawnSync(process.execPath, args, { encoding: 'utf8' })
    expect(run.status, run.stderr).toBe(0)
    const within = given('inside', text)
    const ran = inside(within.exchange.folder, within.words)
    expect(ran.status, ran.stderr).toBe(0)
    expect(JSON.parse(ran.stdout).confinement).toEqual({
      readers: expect.objectContaining(HELD),
      decoders: expect.objectContaining(HELD),
    })
    const digestOf = ({ exchange, shard }: typeof out) => {
      const file = join(exchange.folder, `${shard}.bundle.json`)
      const { answers, host: _, ...about } = JSON.parse(JSON.parse(readFileSync(file, 'utf8')).signed)
      expect(answers.length).toBeGreaterThan(0)
      return createHash('sha256')
        .update(JSON.stringify([answers, about]))
        .digest('hex')
    }
    expect(digestOf(within)).toBe(digestOf(out))
  })

  it('33 B11: refuses where the profile of the container takes Landlock away, and where root has no right to become another account', async () => {
    const text = await firstShard('refusing')
    const profile = join(folder, 'profile.json')
    const calls = ['landlock_create_ruleset', 'landlock_add_rule', 'landlock_restrict_self']
    writeFileSync(
      profile,
      JSON.stringify({
        defaultAction: 'SCMP_ACT_ALLOW',
        syscalls: [{ names: calls, action: 'SCMP_ACT_ERRNO', errnoRet: 38 }],
      }),
    )
    const refused = [
      [[`--security-opt=seccomp=${profile}`], /cannot be kept from the files.*missing: .*landlock/],
      [['--user=0', '--cap-drop=all', '--cap-add=dac_override'], /root may not become another account/],
    ] as const
    for (const [i, [options, said]] of refused.entries()) {
      const { exchange, shard, words } = given(`refused-${i}`, text)
      const ran = inside(exchange.folder, words, ...options)
      expect([options, ran.status, ran.stderr]).toEqual([options, 2, expect.stringMatching(said)])
      expect([exchange.isTaken(shard), exchange.isAnswered(shard)]).toEqual([false, false])
    }
  })
})
