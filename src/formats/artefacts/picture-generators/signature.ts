/**
 * Recognises files of programs that generate pictures: settings and logs by the form that these programs write. A text that only mentions settings in this form is recognised too.
 *
 * @see AUTOMATIC1111/stable-diffusion-webui,
 *   modules/processing.py (create_infotext), modules/ui_loadsave.py, modules/images.py; comfyanonymous/ComfyUI,
 *   server.py; invoke-ai/InvokeAI, metadata; lllyasviel/Fooocus, modules/private_logger.py; bmaltais/kohya_ss
 */

/** The form in which the best known program writes its settings; other programs use the same form. */
export function isParameters(text: string): boolean {
  return /\bSteps: \d+, /.test(text) && /\b(Sampler|CFG scale): /.test(text)
}

/** @param text start of a text that has no other type */
export function textSignature(text: string): string | null {
  const start = text.trimStart()
  if (start.startsWith('{')) return isGeneratorJson(start) ? 'application/x-generator+json' : null
  if (start.startsWith('<')) return start.includes('<p>Fooocus Log ') ? 'text/x-generator-page' : null
  if (start.startsWith(LOG_COLUMNS)) return 'text/x-generator-table'
  return /^Steps: \d+, /m.test(text) && isParameters(text) ? 'text/x-generator-settings' : null
}

/** Columns of the log of pictures that the user saved. */
export const LOG_COLUMNS = 'prompt,seed,width,height,'

/** Keys that occur together only in files of one of these programs. */
const KEYS: readonly (readonly RegExp[])[] = [
  [/"class_type"\s*:/, /"inputs"\s*:/],
  [/"last_node_id"\s*:/, /"last_link_id"\s*:/],
  [/"(txt2img|img2img)\/[^"/]{1,60}\/(visible|value|minimum)"\s*:/],
  [/"samples_save"\s*:/, /"samples_format"\s*:/],
  [/"generation_mode"\s*:/, /"positive_prompt"\s*:/],
  [/"path_checkpoints"\s*:|"default_model"\s*:/, /"default_(loras|styles|cfg_scale)"\s*:/],
  [/"pretrained_model_name_or_path"\s*:/, /"(train_data_dir|network_module|LoRA_type)"\s*:/],
]

function isGeneratorJson(text: string): boolean {
  return KEYS.some((together) => together.every((key) => key.test(text)))
}
