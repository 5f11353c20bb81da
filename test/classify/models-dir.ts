import { fileURLToPath } from 'node:url'

export const MODELS = fileURLToPath(new URL('../../models', import.meta.url))
export const GOLDEN = fileURLToPath(new URL('../golden/models', import.meta.url))

/** Largest difference from the original that each output may show, in the output's own unit. */
export const PARITY: Readonly<Record<string, { readonly limits: readonly number[] }>> = {
  'nsfwjs-mobilenet-v2': { limits: [1e-4] },
}
