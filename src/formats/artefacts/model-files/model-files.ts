/**
 * Reads the headers of machine-learning model files: kind of the model from tensor names, and the metadata. Weights
 * are not read, so the beginning of a file is sufficient.
 *
 * @see huggingface/safetensors, README ("Format"); Stability-AI/ModelSpec; kohya-ss/sd-scripts, train_network.py
 *   (`ss_…`); ggml, docs/gguf.md
 */
import { definedOnly } from '../../../base/defined-only.ts'
import { type Attribute, attribute } from '../../../contracts/attribute.ts'
import { MODEL_HEAD_BYTES } from '../../../wire/records.ts'
import { isObject, jsonObject } from '../../bytes/json-values.ts'
import {
  type ArtefactReader,
  NotAnArtefact,
  type RecordCollector,
  unixSeconds,
} from '../../records/artefact.ts'
import { ggufHead } from './gguf.ts'

export const modelFiles: ArtefactReader = {
  id: 'model-files',
  mediaTypes: ['application/x-safetensors', 'application/x-gguf'],
  read(bytes, sink) {
    return bytes.toString('latin1', 0, 4) === 'GGUF' ? readGguf(bytes, sink) : readTensors(bytes, sink)
  },
}

function readTensors(bytes: Buffer, sink: RecordCollector): readonly Attribute[] {
  const form = 'safetensors'
  if (bytes.length < 10) throw new NotAnArtefact()
  const length = Number(bytes.readBigUInt64LE(0))
  if (length > MODEL_HEAD_BYTES) {
    sink.leftBytes += length
    return [attribute('model-file', { form })]
  }
  const head = jsonObject(bytes.toString('utf8', 8, 8 + length))
  if (head === null) {
    sink.spoiled(8)
    return [attribute('model-file', { form })]
  }
  const { __metadata__: given, ...tensors } = head
  const said = new Map(Object.entries(isObject(given) ? given : {}))
  const text = (name: string) => {
    const value = said.get(name)
    return typeof value === 'string' && value !== '' && value !== 'None' ? value : undefined
  }
  const kind = kindOf(Object.keys(tensors), text('ss_network_module'))
  addTrained(text, kind, sink)
  const architecture = text('modelspec.architecture') ?? text('ss_base_model_version')
  return [
    attribute('model-file', definedOnly({ form, kind, architecture, tensors: Object.keys(tensors).length })),
  ]
}

/** Metadata of a training program: name, base model, count of training pictures, start time. */
function addTrained(
  text: (name: string) => string | undefined,
  kind: string | undefined,
  sink: RecordCollector,
): void {
  const title = text('modelspec.title')
  const name = text('ss_output_name') ?? title
  if (name === undefined) return
  const pictures = Number(text('ss_num_train_images'))
  const said = {
    title: title === name ? undefined : title,
    kind,
    base: text('ss_sd_model_name'),
    pictures: Number.isSafeInteger(pictures) && pictures > 0 ? pictures : undefined,
  }
  sink.add({
    what: { code: 'generator-model', params: { name, ...definedOnly(said) } },
    when: unixSeconds(Number(text('ss_training_started_at'))),
  })
}

/** Kind of the model from the names of its tensors; undefined: unknown. */
function kindOf(names: readonly string[], module: string | undefined): string | undefined {
  const some = (sign: RegExp) => names.some((name) => sign.test(name))
  if (module !== undefined || some(/lora_(down|up|A|B|unet|te)|\.hada_|\.lokr_/)) return 'adapter'
  if (some(/^control_model\.|controlnet_cond_embedding/)) return 'control'
  if (some(/^model\.diffusion_model\.|^(double|joint)_blocks\.|^down_blocks\.\d+\.(attentions|resnets)\./))
    return 'picture-model'
  if (some(/^(first_stage_model\.)?(decoder|encoder)\.(up|down|mid|conv_in|up_blocks|down_blocks)\b/))
    return 'decoder'
  return names.length <= 4 && some(/^(emb_params|clip_[lg]|<.{1,60}>)$/) ? 'embedding' : undefined
}

function readGguf(bytes: Buffer, sink: RecordCollector): readonly Attribute[] {
  const head = ggufHead(bytes)
  if (head.damagedAt !== null) sink.spoiled(head.damagedAt)
  const text = (name: string) => head.texts.get(name)
  const name = text('general.name') ?? text('general.basename')
  if (name !== undefined)
    sink.add({
      what: {
        code: 'generator-model',
        params: { name, ...definedOnly({ base: text('general.base_model.0.name') }) },
      },
    })
  const said = { form: 'gguf', architecture: text('general.architecture'), tensors: head.tensors }
  return [attribute('model-file', definedOnly(said))]
}
