/** Every list format: one file and one line each. The first that recognises a file reads it: most telling first. */
import type { HashSetFormat } from './format.ts'
import { hashdeep } from './hashdeep.ts'
import { plainList } from './plain-list.ts'
import { sumList } from './sum-list.ts'
import { vics } from './vics.ts'

export const HASH_SET_FORMATS: readonly HashSetFormat[] = [hashdeep, vics, sumList, plainList]
