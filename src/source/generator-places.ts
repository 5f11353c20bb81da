/**
 * Places where programs that generate pictures keep their models, by folder and extension alone.
 *
 * @see AUTOMATIC1111/stable-diffusion-webui, modules/paths.py; comfyanonymous/ComfyUI, folder_paths.py;
 *   lllyasviel/Fooocus, modules/config.py; invoke-ai/InvokeAI, app/services/config/config_default.py and
 *   model_manager/taxonomy.py
 */
import { type Attribute, attribute } from '../contracts/attribute.ts'
import type { EvidencePath } from '../contracts/entry.ts'

const ENDING = /\.(safetensors|sft|ckpt|pt|pth|bin|gguf|onnx)$/i

const WEBUI =
  'Stable-diffusion|Lora|LyCORIS|VAE|VAE-approx|ControlNet|hypernetworks|ESRGAN|GFPGAN|RealESRGAN|Codeformer'
const COMFY =
  'checkpoints|configs|loras|vae|vae_approx|text_encoders|clip|clip_vision|unet|diffusion_models|controlnet|embeddings|hypernetworks|style_models|upscale_models|inpaint|photomaker|gligen|ipadapter'
const INVOKE =
  'main|vae|lora|control_lora|controlnet|t2i_adapter|ip_adapter|embedding|clip_vision|clip_embed|t5_encoder|spandrel_image_to_image'

/** Folders that have the program's name first. Groups: the kind. */
const PLACES: readonly (readonly [program: string, folder: RegExp])[] = [
  ['comfyui', new RegExp(`(?:^|/)ComfyUI[^/]*/(?:[^/]+/)?models/(${COMFY})/`, 'i')],
  ['fooocus', new RegExp(`(?:^|/)Fooocus[^/]*/models/(${COMFY})/`, 'i')],
  ['invokeai', new RegExp(`(?:^|/)invokeai[^/]*/(?:[^/]+/){0,2}models/(?:[^/]+/)?(${INVOKE})/`, 'i')],
  ['webui', new RegExp(`(?:^|/)models/(${WEBUI})/`)],
  ['webui', /(?:^|\/)(?:stable-diffusion-webui|sd-webui|sdnext|automatic|webui)[^/]*\/(embeddings)\//i],
  ['unknown', /(?:^|\/)models\/(checkpoints|loras|diffusion_models|controlnet)\//],
]

/** @returns null: another place, or another ending */
export function modelPlace({ steps }: EvidencePath): Attribute | null {
  const name = steps.at(-1)!.name.toString('utf8')
  if (!ENDING.test(name)) return null
  const path = name.replaceAll('\\', '/')
  for (const [program, folder] of PLACES) {
    const kind = folder.exec(path)?.[1]
    if (kind !== undefined) return attribute('model-place', { program, kind: kind.toLowerCase() })
  }
  return null
}
