/** Facts of this kind that every process knows. Imports nothing. */

export const MEDIA_TYPES = [
  { type: 'application/x-safetensors', names: 'safetensors sft', records: true },
  { type: 'application/x-gguf', names: 'gguf', records: true, begins: ['GGUF'] },
] as const

export const RECORDS = {
  /**
   * A model as its header or a program names it. Time: the training began, or the program added the model to its list.
   */
  'generator-model': {
    program: 'text?',
    name: 'text',
    title: 'text?',
    kind: 'text?',
    base: 'text?',
    path: 'text?',
    pictures: 'number?',
    lies: 'text?',
  },
} as const
