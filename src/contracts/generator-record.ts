/** Records of programs that generate pictures. */
import type { CodeTable } from './coded.ts'

export const GENERATOR_RECORDS = {
  /**
   * Data of a program that generates pictures: about one generated picture, its queue or its settings. Prompts are not
   * stored.
   */
  'generator-settings': {
    program: 'text',
    /** Kind of file that contains the data. */
    form: 'text',
    path: 'text?',
    model: 'text?',
    adapters: 'texts?',
    width: 'number?',
    height: 'number?',
    state: 'text?',
    folder: 'text?',
    lies: 'text?',
  },
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
} as const satisfies CodeTable
