/** Signs of programs that generate pictures: models by their heads, settings by how they are written; no prompt is taken. */
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import * as made from '../../../../fixtures/device/generators.ts'
import { filePath } from '../../../../src/base/evidence-path.ts'
import { identifyContent } from '../../../../src/formats/signatures/index.ts'
import { modelPlace } from '../../../../src/source/generator-places.ts'
import { recordsOf } from '../records-of.ts'

async function read(content: Buffer | string) {
  const bytes = Buffer.from(content)
  const { mediaType } = await identifyContent(bytes)
  return { mediaType, ...recordsOf(mediaType, bytes) }
}

const settings = (params: object) => ({ what: { code: 'generator-settings', params } })
const file = (program: string, form: string, pictures?: number) =>
  expect.objectContaining({
    code: 'generator-file',
    params: { program, form, ...(pictures !== undefined && { pictures }) },
  })

describe('a model file', () => {
  it('says by the names of its tensors what it is, and by its metadata how it was trained', async () => {
    const adapter = await read(made.ADAPTER)
    expect(adapter.mediaType).toBe('application/x-safetensors')
    expect(adapter.findings).toContainEqual(
      expect.objectContaining({
        code: 'model-file',
        params: {
          form: 'safetensors',
          kind: 'adapter',
          architecture: 'stable-diffusion-xl-v1-base/lora',
          tensors: 2,
        },
      }),
    )
    expect(adapter.records).toMatchObject([
      {
        what: {
          code: 'generator-model',
          params: { name: 'lake-style', kind: 'adapter', base: 'base.safetensors', pictures: 40 },
        },
        when: { ns: '1600000000000000000' },
      },
    ])
  })

  it.each([
    [
      'picture-model',
      ['model.diffusion_model.input_blocks.0.0.weight', 'first_stage_model.decoder.conv_in.weight'],
    ],
    ['picture-model', ['double_blocks.0.img_attn.qkv.weight']],
    ['control', ['control_model.input_blocks.0.0.weight']],
    ['decoder', ['decoder.up.0.block.0.conv1.weight', 'encoder.down.0.block.0.conv1.weight']],
    ['embedding', ['emb_params']],
    [undefined, ['model.layers.0.self_attn.q_proj.weight']],
  ])('is %s by its tensors %j, whatever its weights', async (kind, tensors) => {
    const { findings, records, result } = await read(made.safetensors(tensors, {}, 500))
    expect(findings).toEqual([
      expect.objectContaining({
        params: { form: 'safetensors', ...(kind && { kind }), tensors: tensors.length },
      }),
    ])
    expect([records, result]).toEqual([[], { result: 'done' }])
  })

  it('of GGUF says its architecture and its name', async () => {
    const { mediaType, findings, records } = await read(
      made.gguf({ 'general.architecture': 'flux', 'general.name': 'hills' }),
    )
    expect(mediaType).toBe('application/x-gguf')
    expect(findings).toContainEqual(
      expect.objectContaining({ params: { form: 'gguf', architecture: 'flux', tensors: 3 } }),
    )
    expect(records).toMatchObject([{ what: { params: { name: 'hills' } } }])
  })

  it('whose head breaks off says so, and that it is one', async () => {
    const cut = Buffer.from(made.ADAPTER)
    cut[8 + cut.readUInt32LE(0) - 1] = 0x20
    const { result, findings } = recordsOf('application/x-safetensors', cut)
    expect(result).toMatchObject({ result: 'done-with-warnings', detail: { code: 'device-records-damaged' } })
    expect(findings).toMatchObject([{ code: 'model-file', params: { form: 'safetensors' } }])
    const half = made.gguf({ 'general.architecture': 'flux' }).subarray(0, 60)
    expect(recordsOf('application/x-gguf', half).result).toMatchObject({ result: 'done-with-warnings' })
  })

  it.each([
    ['home/x/ComfyUI/models/loras/a.safetensors', 'comfyui', 'loras'],
    ['D/stable-diffusion-webui/models/Stable-diffusion/b.ckpt', 'webui', 'stable-diffusion'],
    ['Fooocus_win64_2-5-0/Fooocus/models/checkpoints/c.safetensors', 'fooocus', 'checkpoints'],
    ['home/x/invokeai/models/sdxl/main/d.safetensors', 'invokeai', 'main'],
    ['x/sdnext/embeddings/e.pt', 'webui', 'embeddings'],
  ])('%s lies where %s keeps models', (path, program, kind) => {
    expect(modelPlace(filePath(Buffer.from(path)))).toMatchObject({
      code: 'model-place',
      params: { program, kind },
    })
  })

  it.each(['x/models/Lora/readme.txt', 'x/models/trains/a.safetensors', 'x/a.ckpt'])(
    '%s lies where nothing is known of',
    (path) => expect(modelPlace(filePath(Buffer.from(path)))).toBeNull(),
  )
})

describe('files of programs that generate pictures', () => {
  it('beside a picture name model, adapters and size', async () => {
    const { mediaType, records, findings } = await read(made.SETTINGS)
    expect(mediaType).toBe('text/x-generator-settings')
    expect(records).toMatchObject([
      settings({
        program: 'webui',
        form: 'settings',
        model: 'base',
        adapters: ['lake-style', 'hills'],
        width: 512,
        height: 768,
      }),
    ])
    expect(findings).toContainEqual(file('webui', 'settings', 1))
    const other = await read(made.SETTINGS.replace('Version: v1.9.4', 'App: SD.Next, Version: abc'))
    expect(other.findings).toContainEqual(file('sd-next', 'settings', 1))
    const metadata = await read(made.METADATA)
    expect(metadata.records).toMatchObject([
      settings({ program: 'invokeai', model: 'base', adapters: ['lake-style'], width: 512, height: 768 }),
    ])
  })

  it('list what was made, with the time that a name has', async () => {
    const page = await read(made.PAGE)
    expect(page.mediaType).toBe('text/x-generator-page')
    const [picture] = page.records
    expect(picture).toMatchObject({
      ...settings({
        program: 'fooocus',
        form: 'log',
        path: '2020-09-13_12-26-40_1234.png',
        model: 'base.safetensors',
        adapters: ['lake-style.safetensors'],
        width: 896,
        height: 1152,
      }),
      when: { ns: '1600000000000000000', zone: 'local-unknown' },
    })
    const table = await read(made.TABLE)
    expect(table.mediaType).toBe('text/x-generator-table')
    expect(table.records).toMatchObject([settings({ path: '00001-1.png', model: 'base', width: 512 })])
  })

  it('say in workflows, histories and queues which models were loaded, and which picture came of a run', async () => {
    const named = { model: 'base.safetensors', adapters: ['lake-style.safetensors'] }
    for (const [content, form] of [
      [made.WORKFLOW, 'workflow'],
      [made.DRAWN, 'workflow'],
    ] as const) {
      const { mediaType, records, findings } = await read(content)
      expect(mediaType).toBe('application/x-generator+json')
      expect(records).toMatchObject([settings({ program: 'comfyui', form, ...named })])
      expect(findings).toContainEqual(file('comfyui', form))
    }
    const history = await read(made.HISTORY)
    expect(history.records).toMatchObject([
      {
        ...settings({ form: 'history', path: 'output/lake_00001_.png', ...named, width: 512 }),
        when: { ns: '1600000009000000000' },
      },
    ])
    const queue = await read(made.QUEUE)
    expect(queue.records.map(({ what }) => what.params)).toMatchObject([
      { state: 'running' },
      { state: 'pending' },
    ])
  })

  it('say how the program is set, and what an adapter is trained on', async () => {
    expect((await read(made.PREFERENCES)).records).toMatchObject([
      settings({
        program: 'webui',
        form: 'preferences',
        model: 'base.safetensors [0123456789]',
        folder: 'outputs/txt2img-images',
      }),
    ])
    expect((await read(made.TRAINING)).records).toMatchObject([
      settings({
        program: 'trainer',
        form: 'training',
        adapters: ['lake-style'],
        folder: 'D:/training/lakes',
      }),
    ])
    const named = await read('{"txt2img/Prompt/visible": true, "txt2img/Steps/value": 20}')
    expect([named.records, named.findings]).toEqual([[], [file('webui', 'preferences')]])
  })

  it('of other programs are none', async () => {
    const graph = JSON.stringify({ last_node_id: 1, last_link_id: 1, nodes: [{ id: 1, type: 'math/add' }] })
    const { records, findings, result } = await read(graph)
    expect([records, findings, result]).toEqual([[], [], { result: 'done' }])
    expect((await read('{"steps": 20, "sampler": "Euler"}')).mediaType).toBe('application/json')
    expect((await read('How many steps: 20, or more?\n')).mediaType).toBe('text/plain')
  })

  it('never hand on the words of a prompt', async () => {
    for (const content of [
      made.SETTINGS,
      made.PAGE,
      made.TABLE,
      made.WORKFLOW,
      made.DRAWN,
      made.HISTORY,
      made.METADATA,
    ])
      expect(JSON.stringify((await read(content)).records)).not.toMatch(/dawn|a lake|people/)
  })
})

describe('the database of InvokeAI', () => {
  it('names pictures that it made, deleted ones too, its queue and its models', () => {
    const db = new Database(':memory:')
    db.pragma('secure_delete = OFF')
    db.exec(made.INVOKE_SCHEMA)
    db.exec(made.INVOKE_ROWS)
    const bytes = db.serialize()
    db.close()
    const { records, findings, result } = recordsOf('application/x-sqlite3', bytes)
    expect(result).toEqual({ result: 'done' })
    expect(findings).toContainEqual(file('invokeai', 'database', 2))
    expect(records).toMatchObject([
      {
        ...settings({
          program: 'invokeai',
          form: 'database',
          path: 'outputs/images/a1.png',
          model: 'base',
          adapters: ['lake-style'],
          width: 512,
          height: 768,
        }),
        when: { ns: '1600000000250000000', zone: 'utc' },
        status: 'live',
      },
      { ...settings({ path: 'outputs/images/c3.png', width: 512 }), status: 'deleted' },
      settings({ form: 'queue', state: 'pending' }),
      {
        what: {
          code: 'generator-model',
          params: {
            program: 'invokeai',
            name: 'lake-style',
            kind: 'lora',
            base: 'sdxl',
            path: 'sdxl/lora/lake-style.safetensors',
          },
        },
      },
    ])
    expect(JSON.stringify(records)).not.toContain('dawn')
  })
})
