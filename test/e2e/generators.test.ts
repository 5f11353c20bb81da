/** Programs that generate pictures, from a scan to the report: what stands beside a picture is joined to it, and the report says what was there. */
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import * as made from '../../fixtures/device/generators.ts'
import { exported, scanArgs, seized, temporaryFolder } from './seized.ts'

/** Above what is read into memory. */
const LARGE_BYTES = 129 << 20

function exhibit(root: string): void {
  const put = (path: string, content: Buffer | string) => {
    const at = join(root, path)
    mkdirSync(dirname(at), { recursive: true })
    writeFileSync(at, content)
    return at
  }
  put('webui/outputs/lake.png', 'a picture of a lake')
  put('webui/outputs/lake.txt', made.SETTINGS)
  put('fooocus/outputs/2020-09-13/2020-09-13_12-26-40_1234.png', 'a picture of a hill')
  put('fooocus/outputs/2020-09-13/log.html', made.PAGE)
  put('invokeai/outputs/images/a1.png', 'a picture of a pond')
  const db = new Database(':memory:')
  db.exec(made.INVOKE_SCHEMA)
  db.exec(made.INVOKE_ROWS)
  put('invokeai/databases/invokeai.db', db.serialize())
  db.close()
  put('ComfyUI/models/loras/lake-style.safetensors', made.ADAPTER)
  const large = made.safetensors(['model.diffusion_model.out.0.weight'], {
    'modelspec.architecture': 'stable-diffusion-v1',
  })
  truncateSync(put('ComfyUI/models/checkpoints/base.safetensors', large), LARGE_BYTES)
  put('ComfyUI/models/checkpoints/old.ckpt', 'no head that says what it is')
}

it('joins settings, lists and databases to pictures, and counts models by head and by place', () => {
  const folder = temporaryFolder()
  const root = join(folder, 'exhibit')
  exhibit(root)
  const ledger = join(folder, 'case.ledger')
  const list = join(folder, 'list.csv')
  writeFileSync(list, `md5\n${'a1'.repeat(16)}\n`)
  const more = ['--text', '--basis', 'warrant 7/2026', '--phases', 'inventory,known']
  const run = seized(scanArgs(root, ledger, [`illegal:${list}`], ...more))
  expect([run.status, run.stderr.includes('Error')]).toEqual([expect.any(Number), false])
  const lines = seized(['timeline', ledger, '--format', 'jsonl'])
    .stdout.split('\n')
    .flatMap((line) => (line === '' ? [] : [JSON.parse(line)]))
  const joined = lines.flatMap(({ record, path, params }) =>
    record === 'generator-settings' && params.lies ? [[path.split('/').at(-1), params.lies]] : [],
  )
  expect(joined.sort()).toEqual([
    ['invokeai.db', 'invokeai/outputs/images/a1.png'],
    ['lake.txt', 'webui/outputs/lake.png'],
    ['log.html', 'fooocus/outputs/2020-09-13/2020-09-13_12-26-40_1234.png'],
  ])
  const attributes = new Map(
    exported(ledger, folder).map(({ path, attributes = [] }) => [path.split('/').at(-1), attributes]),
  )
  expect(attributes.get('base.safetensors')).toEqual(
    expect.arrayContaining([
      {
        code: 'model-file',
        params: {
          form: 'safetensors',
          kind: 'picture-model',
          architecture: 'stable-diffusion-v1',
          tensors: 1,
        },
      },
      { code: 'model-place', params: { program: 'comfyui', kind: 'checkpoints' } },
    ]),
  )
  expect(attributes.get('old.ckpt')).toEqual([
    { code: 'model-place', params: { program: 'comfyui', kind: 'checkpoints' } },
  ])
  const page = join(folder, 'report.html')
  expect(seized(['report', ledger, '--format', 'html', '--out', page]).status).toBe(0)
  const html = readFileSync(page, 'utf8')
  const [, section] = /1\.6 Signs of programs that generate pictures([\s\S]*?)<h[23]/.exec(html) ?? []
  expect(section).toMatch(/lies where ComfyUI keeps models \(checkpoints\)<\/th><td class="n">2</)
  expect(section).toContain('a database of InvokeAI')
  expect(html).not.toContain('at dawn')
}, 120_000)
