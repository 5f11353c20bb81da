/** Models whose last layer before the classes a head can read (backbones.ts); loads nothing. */

/** Pooled means of the last convolution; `size` numbers. */
export const BACKBONES = {
  'nsfwjs-mobilenet-v2': { tensor: 't1712', size: 1280 },
  'nsfwjs-mobilenet-v2-mid': { tensor: 't738', size: 1792 },
} as const
export type BackboneId = keyof typeof BACKBONES
export const BACKBONE_IDS = Object.keys(BACKBONES) as readonly BackboneId[]
