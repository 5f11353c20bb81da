/** A class of processor of its own: part of plan, order and class; another class never adds to a ledger or answers a shard. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { acceleratorNamed, classLine } from '../../bench/media-class.ts'
import { writeLookImage } from '../../fixtures/look-exhibit.ts'
import { canonicalJson } from '../../src/base/canonical-json.ts'
import { requireSameAccelerator, tryAccelerator } from '../../src/cli/services/accelerator.ts'
import { modelsFor } from '../../src/cli/services/models-for.ts'
import { lookClass } from '../../src/host/decoder/look-class.ts'
import { ownAccelerator } from '../../src/host/decoder/own-accelerator.ts'
import { ShardFolder } from '../../src/host/shards/shard-folder.ts'
import { readHostConfig } from '../../src/lab/manifest/host-config.ts'
import { readManifest } from '../../src/lab/manifest/manifest.ts'
import { orderOf, resumeWords, scanWords } from '../../src/lab/scan/order.ts'
import { DEFAULT_OPTIONS, makePlan, WHOLE_EXHIBIT } from '../../src/plan.ts'
import { seized, start, temporaryFolder } from '../e2e/seized.ts'
import { makeLab, makeManifest } from './made.ts'

const CUDA = { name: 'cuda', device: 'made up; driver 1' } as const

function scan(image: string, ledger: string, ...more: string[]): string[] {
  const names = ['--case', 'T-1', '--exhibit', 'E-1', '--examiner', 'Test Examiner']
  return ['scan', image, '--ledger', ledger, ...names, '--workers', '1', '--progress', 'json', ...more]
}

describe('a class of processor of its own', () => {
  it('33 B12: a host without the device refuses a scan before there is a ledger', async () => {
    const folder = temporaryFolder()
    const [image, ledger] = [join(folder, 'image.dd'), join(folder, 'case.sqlite')]
    await writeLookImage(image, 1)
    const run = seized(scan(image, ledger, '--accelerator', 'cuda'))
    expect(run).toMatchObject({ status: 2, stderr: expect.stringContaining('has no device for cuda') })
    expect(existsSync(ledger)).toBe(false)
  })

  it('33 B12: a confined process that cannot reach the device ends the run with its words; nothing falls back', async () => {
    const plan = makePlan({
      phases: ['inventory', 'known', 'unknown'],
      scope: WHOLE_EXHIBIT,
      hashSets: [],
      models: modelsFor(['unknown'], null, false),
      options: { ...DEFAULT_OPTIONS, accelerator: CUDA },
    })
    await expect(tryAccelerator(plan, false)).rejects.toThrow(
      /cannot use cuda on this host: .*FFmpeg cannot open a device for cuda/s,
    )
    // The same process without an accelerator starts.
    await tryAccelerator({ ...plan, options: DEFAULT_OPTIONS }, false)
  })

  it('33 B12: a ledger goes on with its own class alone', async () => {
    const folder = temporaryFolder()
    const [image, ledger] = [join(folder, 'image.dd'), join(folder, 'case.sqlite')]
    await writeLookImage(image, 40)
    const child = start(scan(image, ledger))
    onTestFinished(() => void child.kill('SIGKILL'))
    await new Promise<void>((resolve) =>
      child.stdout.on('data', (text) => String(text).includes('"phase":"unknown"') && resolve()),
    )
    const ended = new Promise((resolve) => child.on('close', resolve))
    child.kill('SIGKILL')
    await ended
    const other = seized(['resume', ledger, '--accelerator', 'cuda'])
    expect(other).toMatchObject({ status: 2, stderr: expect.stringContaining('no device for cuda') })
    expect(() => requireSameAccelerator(null, CUDA)).toThrow('begun without an accelerator')
    expect(() => requireSameAccelerator(CUDA, null)).toThrow('begun with cuda (made up; driver 1)')
    expect(() => requireSameAccelerator(CUDA, { ...CUDA, device: 'made up; driver 2' })).toThrow(
      'two classes',
    )
    requireSameAccelerator(CUDA, { ...CUDA })
    // No list was given: coverage is incomplete.
    expect(seized(['resume', ledger, '--progress', 'json']).status).toBe(3)
  })

  it('33 B12: a shard of another class is answered by no host', async () => {
    const folder = temporaryFolder()
    const image = join(folder, 'image.dd')
    await writeLookImage(image, 40)
    const exchange = new ShardFolder(join(folder, 'shards'))
    const child = start(scan(image, join(folder, 'case.sqlite'), '--look-shards', exchange.folder))
    onTestFinished(() => void child.kill('SIGKILL'))
    while (exchange.offered().length === 0) await new Promise((resolve) => setTimeout(resolve, 10))
    const text = exchange.shard(exchange.offered()[0]!)!
    child.kill('SIGKILL')
    const shard = JSON.parse(text)
    const own = new ShardFolder(join(folder, 'own'))
    const refused = (name: string, asked: object, config: string) => {
      own.offer(name, JSON.stringify(asked))
      const file = join(own.folder, `${name}.shard.json`)
      const run = seized(['lab', 'run-one', '--shard', file, '--out', own.folder, '--config', config])
      expect([own.isTaken(name), own.isAnswered(name), run.status]).toEqual([false, false, 2])
      return run.stderr
    }
    const name = (n: number) => `${'0'.repeat(32)}-${n}`
    // The plan asks for an accelerator, and the class is this host's all the same.
    const options = { ...shard.plan.options, accelerator: CUDA }
    const plan = { ...shard.plan, options }
    const planDigest = createHash('sha256')
      .update(`seized plan 1\0${canonicalJson(plan)}`)
      .digest('hex')
    expect(refused(name(1), { ...shard, plan, planDigest }, join(folder, 'none'))).toContain(
      'the accelerator of this host differ',
    )
    // A host that is to analyse on an accelerator.
    const lab = makeLab(folder, {}, { accelerator: 'cuda' })
    expect(refused(name(2), shard, lab.config)).toContain('no device for cuda')
    const facts = { partsSha256: 'a', nodeSha256: 'b', processorFeatures: 'avx2', isExact: true }
    const classes = [null, CUDA, { ...CUDA, device: 'made up; driver 2' }].map((accelerator) =>
      lookClass({ ...facts, accelerator }),
    )
    expect(new Set(classes).size).toBe(3)
  })

  it('33 B12: one switch of a configuration stands in the order and in the words of scan and resume', () => {
    const lab = makeLab(temporaryFolder(), { A: 1 })
    const accelerated = join(lab.folder, 'accelerated.json')
    writeFileSync(
      accelerated,
      JSON.stringify({ ...JSON.parse(readFileSync(lab.config, 'utf8')), accelerator: 'cuda' }),
    )
    const manifest = readManifest(makeManifest(lab, ['A']))
    const [plain, cuda] = [lab.config, accelerated].map((file) =>
      orderOf(manifest, manifest.exhibits[0]!, readHostConfig(file)),
    )
    expect(cuda!.digest).not.toBe(plain!.digest)
    for (const words of [scanWords, resumeWords]) {
      expect(words(cuda!, 'x.sqlite', 1, null)).toContain('--accelerator=cuda')
      expect(words(plain!, 'x.sqlite', 1, null).join(' ')).not.toContain('accelerator')
    }
  })

  it('33 B12: a device is named by model and driver, as the kernel shows them', () => {
    const root = temporaryFolder()
    const put = (file: string, text: string) => {
      mkdirSync(dirname(join(root, file)), { recursive: true })
      writeFileSync(join(root, file), text)
    }
    expect(() => ownAccelerator('openvino', root)).toThrow('no device for openvino')
    put(
      'proc/driver/nvidia/version',
      'NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54\nGCC version: 13\n',
    )
    put('proc/driver/nvidia/gpus/0000:01:00.0/information', 'Model: \t\t NVIDIA L4\nIRQ: 1\n')
    put('sys/class/drm/renderD128/device/vendor', '0x8086\n')
    put('sys/class/drm/renderD128/device/device', '0x56c0\n')
    put('sys/class/drm/renderD129/device/vendor', '0x1002\n')
    expect(ownAccelerator('cuda', root).device).toBe(
      'NVIDIA L4; NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54',
    )
    expect(ownAccelerator('openvino', root).device).toMatch(/^0x8086:0x56c0; Linux \d/)
    expect(() => ownAccelerator('directml', root)).toThrow('no device for directml')
  })

  it('33 B12: the bench of media prints its class first, and refuses an accelerator that is not there', async () => {
    expect(await classLine(acceleratorNamed(''))).toMatch(
      /^Class: main processor\. ONNX Runtime [\d.]+ knows cpu, .*cuda.*; FFmpeg knows .*cuda.*vaapi/,
    )
    expect(await classLine(CUDA)).toContain('Class: cuda, made up; driver 1.')
    expect(() => acceleratorNamed('cuda')).toThrow('no device for cuda')
  })
})
