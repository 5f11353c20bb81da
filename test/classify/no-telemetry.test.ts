import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { MODELS_DIR, PROGRAM_ROOT } from '../../src/base/version.ts'

const SRC = join(PROGRAM_ROOT, 'src')

it('every module that loads the runtime turns its telemetry off first', () => {
  const loaders = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(SRC, file), 'utf8'))
    .filter((text) =>
      /^import (?!type).*from 'onnxruntime-node'|(?<!typeof )import\('onnxruntime-node'\)/m.test(text),
    )
  expect(loaders.length).toBeGreaterThan(0)
  for (const text of loaders)
    expect(text.indexOf('no-telemetry.ts')).toBeLessThan(text.indexOf("'onnxruntime-node'"))
  for (const text of loaders) expect(text).toContain('no-telemetry.ts')
})

/** Without the variable the first look-up comes within seconds (measured: two in twelve). */
const WAIT_MS = 8000

it.skipIf(spawnSync('which', ['strace']).status !== 0)(
  'a session looks no host up (skipped without strace)',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'seized-telemetry-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const model = readdirSync(MODELS_DIR, { recursive: true, encoding: 'utf8' }).find((f) =>
      f.endsWith('.onnx'),
    )!
    const trace = join(folder, 'trace')
    const code = `const { onnxRuntime } = await import('${PROGRAM_ROOT}/dist/src/classify/onnx-runtime.js')
      const { InferenceSession } = await onnxRuntime()
      await InferenceSession.create('${join(MODELS_DIR, model)}')
      await new Promise((resolve) => setTimeout(resolve, ${WAIT_MS}))`
    const run = spawnSync(
      'strace',
      ['-f', '-qq', '-e', 'trace=connect', '-o', trace, process.execPath, '--input-type=module', '-e', code],
      { cwd: PROGRAM_ROOT, encoding: 'utf8' },
    )
    expect(run.status, run.stderr).toBe(0)
    expect(readFileSync(trace, 'utf8')).not.toMatch(/AF_INET/)
  },
  180_000,
)
