/** Records of programs that generate pictures. */
import type { CodeTable } from './coded.ts'

export const GENERATOR_RECORDS = {
  /** What a program that generates pictures keeps of one that it made, of its queue or of how it is set; prompts are not taken. */
  'generator-settings': {
    program: 'text',
    /** Which kind of file says it. */
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
  /** A model as its own head or a program names it; its time is when its training began, or when it came into the program's list. */
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
