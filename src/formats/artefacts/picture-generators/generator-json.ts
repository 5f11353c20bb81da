/**
 * Reads JSON of programs that generate pictures: workflows, histories and queues of ComfyUI, metadata of InvokeAI,
 * settings of Stable Diffusion web UI and similar programs, of Fooocus, and of adapter trainers.
 *
 * @see comfyanonymous/ComfyUI, server.py (`/history`, `/queue`), nodes.py; invoke-ai/InvokeAI,
 *   app/invocations/metadata.py; AUTOMATIC1111/stable-diffusion-webui, modules/shared_options.py; lllyasviel/Fooocus,
 *   modules/config.py; bmaltais/kohya_ss
 */
import type { Attribute } from '../../../contracts/attribute.ts'
import { isObject } from '../../bytes/json-values.ts'
import { millisecondTime } from '../../bytes/times.ts'
import type { RecordCollector } from '../../records/artefact.ts'
import { addSettings, type GeneratorSettings, generatorFile } from './generator-settings.ts'

type Json = Readonly<Record<string, unknown>>
type Named = Pick<GeneratorSettings, 'model' | 'adapters' | 'width' | 'height'>

const MOST_NODES = 20_000
const MOST_PICTURES = 10_000

export function readGeneratorJson(value: Json, sink: RecordCollector): readonly Attribute[] {
  if (Array.isArray(value.queue_running) || Array.isArray(value.queue_pending)) return readQueue(value, sink)
  const runs = Object.values(value).filter(
    (run): run is Json => isObject(run) && isObject(run.outputs) && 'prompt' in run,
  )
  if (runs.length > 0) return readHistory(runs, sink)
  const nodes = nodesOf(value)
  if (nodes.length > 0) {
    addSettings(sink, { program: COMFY, form: 'workflow', ...namesIn(nodes) })
    return [generatorFile(COMFY, 'workflow')]
  }
  if (text(value, 'positive_prompt') !== undefined || 'generation_mode' in value) {
    addSettings(sink, { program: 'invokeai', form: 'settings', ...invokeNames(value) })
    return [generatorFile('invokeai', 'settings', 1)]
  }
  return readPreferences(value, sink)
}

const COMFY = 'comfyui'

function readQueue(value: Json, sink: RecordCollector): readonly Attribute[] {
  let jobs = 0
  for (const [key, state] of [
    ['queue_running', 'running'],
    ['queue_pending', 'pending'],
  ] as const)
    for (const job of listIn(value, key).slice(0, MOST_PICTURES)) {
      jobs++
      addSettings(sink, { program: COMFY, form: 'queue', state, ...namesIn(nodesOf(listOf(job)[2])) })
    }
  return [generatorFile(COMFY, 'queue', jobs)]
}

/** Records the pictures of each run, with the time of its last status message. */
function readHistory(runs: readonly Json[], sink: RecordCollector): readonly Attribute[] {
  let pictures = 0
  for (const run of runs) {
    const named = namesIn(nodesOf(listOf(run.prompt)[2]))
    const messages = isObject(run.status) ? listIn(run.status, 'messages') : []
    const last = messages
      .map((one) => listOf(one)[1])
      .filter(isObject)
      .at(-1)
    const when = millisecondTime(last?.timestamp)
    const outputs = Object.values(run.outputs as Json)
      .filter(isObject)
      .flatMap((one) => listIn(one, 'images'))
    for (const output of outputs.filter(isObject).slice(0, MOST_PICTURES)) {
      const name = text(output, 'filename')
      if (name === undefined) continue
      pictures++
      const path = [text(output, 'type') ?? 'output', text(output, 'subfolder'), name]
        .filter(Boolean)
        .join('/')
      addSettings(sink, { program: COMFY, form: 'history', path, ...named, when })
    }
  }
  return [generatorFile(COMFY, 'history', pictures)]
}

interface Node {
  readonly type: string
  /** Values by name, or in sequence as the editor stores them. */
  readonly values: Json | readonly unknown[]
}

/** Nodes of a workflow in either form; empty for JSON of another program. */
function nodesOf(graph: unknown): readonly Node[] {
  if (!isObject(graph)) return []
  const inside = isObject(graph.prompt) ? graph.prompt : graph
  const drawn = listIn(graph, 'nodes')
  const all = (drawn.length > 0 ? drawn : Object.values(inside)).slice(0, MOST_NODES).filter(isObject)
  const nodes = all.flatMap((node): readonly Node[] => {
    const type = text(node, 'class_type') ?? text(node, 'type')
    if (type === undefined) return []
    return [{ type, values: isObject(node.inputs) ? node.inputs : listIn(node, 'widgets_values') }]
  })
  return nodes.some(({ type }) => OF_PICTURES.test(type)) ? nodes : []
}

/** Every workflow that makes pictures contains at least one of these nodes. */
const OF_PICTURES =
  /^(KSampler|Sampler|CheckpointLoader|UNETLoader|UnetLoader|CLIPTextEncode|VAEDecode|SaveImage|PreviewImage)/

function namesIn(nodes: readonly Node[]): Named {
  const inputOf = ({ values }: Node, name: string) =>
    Array.isArray(values) ? values[0] : (values as Json)[name]
  const textsOf = (type: RegExp, ...names: readonly string[]) =>
    nodes
      .filter((node) => type.test(node.type))
      .flatMap((node) => {
        const value = names.map((name) => inputOf(node, name)).find((one) => typeof one === 'string')
        return typeof value === 'string' ? [value] : []
      })
  const size = nodes.find(({ type, values }) => /^Empty.*Latent/.test(type) && !Array.isArray(values))
  const side = (name: string) => {
    const value = size && (size.values as Json)[name]
    return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined
  }
  return {
    model: textsOf(/CheckpointLoader|U(NET|net)Loader/, 'ckpt_name', 'unet_name')[0],
    adapters: textsOf(/^Lora/i, 'lora_name'),
    width: side('width'),
    height: side('height'),
  }
}

/** Metadata of InvokeAI, from its database or from files of pictures. */
export function invokeNames(value: Json): Named {
  const whole = (name: string) => {
    const number = value[name]
    return typeof number === 'number' && Number.isSafeInteger(number) && number > 0 ? number : undefined
  }
  const nameOf = (model: unknown) =>
    isObject(model)
      ? (text(model, 'name') ?? text(model, 'model_name'))
      : typeof model === 'string'
        ? model
        : undefined
  const adapters = listIn(value, 'loras')
    .filter(isObject)
    .map((one) => nameOf(one.model) ?? nameOf(one.lora) ?? '')
  return { model: nameOf(value.model), adapters, width: whole('width'), height: whole('height') }
}

function readPreferences(value: Json, sink: RecordCollector): readonly Attribute[] {
  const keys = Object.keys(value)
  const has = (sign: RegExp) => keys.some((key) => sign.test(key))
  if (has(/^(txt2img|img2img)\//)) return [generatorFile('webui', 'preferences')]
  if (has(/^samples_(save|format)$/)) {
    addSettings(sink, {
      program: has(/^diffusers_/) ? 'sd-next' : 'webui',
      form: 'preferences',
      model: text(value, 'sd_model_checkpoint'),
      folder: text(value, 'outdir_samples') ?? text(value, 'outdir_txt2img_samples'),
    })
    return [generatorFile(has(/^diffusers_/) ? 'sd-next' : 'webui', 'preferences')]
  }
  if (has(/^pretrained_model_name_or_path$/)) {
    addSettings(sink, {
      program: 'trainer',
      form: 'training',
      model: text(value, 'pretrained_model_name_or_path'),
      adapters: [text(value, 'output_name') ?? ''],
      folder: text(value, 'train_data_dir'),
    })
    return [generatorFile('trainer', 'training')]
  }
  if (!has(/^(path_checkpoints|default_model)$/)) return []
  addSettings(sink, {
    program: 'fooocus',
    form: 'preferences',
    model: text(value, 'default_model'),
    folder: text(value, 'path_outputs'),
  })
  return [generatorFile('fooocus', 'preferences')]
}

function text(value: Json, name: string): string | undefined {
  const said = value[name]
  return typeof said === 'string' && said !== '' ? said : undefined
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function listIn(value: Json, name: string): readonly unknown[] {
  return listOf(value[name])
}
