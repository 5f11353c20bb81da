import { fileURLToPath } from 'node:url'

export const MODELS = fileURLToPath(new URL('../../models', import.meta.url))
export const GOLDEN = fileURLToPath(new URL('../golden/models', import.meta.url))

/**
 * Largest difference from the original that each output may show: |difference| / max(1, |original|), so that shares
 * are held to absolute figures and the detector's logits, which run to several hundred, to relative ones.
 */
export const PARITY: Readonly<Record<string, readonly number[]>> = {
  'nsfwjs-mobilenet-v2': [1e-4],
  'nsfwjs-mobilenet-v2-mid': [1e-4],
  'nsfwjs-inception-v3': [1e-4],
  'human-blazeface': [1e-4, 1e-4],
  'face-api-ssd': [1e-4, 1e-4],
  'human-faceres': [1e-4],
  'face-api-age': [1e-4],
}
