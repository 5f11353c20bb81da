import { fileURLToPath } from 'node:url'

export const MODELS = fileURLToPath(new URL('../../models', import.meta.url))
export const GOLDEN = fileURLToPath(new URL('../golden/models', import.meta.url))

/** The original that a model in eight bits is made from. */
export const ORIGINAL_OF: Readonly<Record<string, string>> = {
  'nsfwjs-inception-v3-int8': 'nsfwjs-inception-v3',
  'face-api-ssd-int8': 'face-api-ssd',
}

/**
 * Largest difference from the original that each output may show: |difference| / max(1, |original|), so that shares
 * are held to absolute figures and the detector's logits, which run to several hundred, to relative ones.
 */
export const PARITY: Readonly<Record<string, readonly number[]>> = {
  'nsfwjs-mobilenet-v2': [1e-4],
  'nsfwjs-mobilenet-v2-mid': [1e-4],
  'nsfwjs-inception-v3': [1e-4],
  // Only so near that it can say which pictures need the model itself (docs/evidence/models.md).
  'nsfwjs-inception-v3-int8': [0.1],
  'human-blazeface': [1e-4, 1e-4],
  'face-api-ssd': [1e-4, 1e-4],
  // As above: whether there may be a face at all.
  'face-api-ssd-int8': [0.1],
  'human-faceres': [1e-4],
  'face-api-age': [1e-4],
  'nanodet-g': [1e-4],
}
