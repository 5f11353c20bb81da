/**
 * Which program wrote a compound file, by its directory wherever that lies. What is identified from the first and last
 * bytes alone is often just `application/x-cfb`; here the whole file is at hand.
 */
import type { CompoundFile } from './compound-file.ts'

export type CompoundProgram = 'word' | 'excel' | 'powerpoint' | 'outlook' | 'thumbs-db'

const STREAMS: readonly (readonly [stream: string, program: CompoundProgram])[] = [
  ['WordDocument', 'word'],
  ['Workbook', 'excel'],
  ['Book', 'excel'],
  ['PowerPoint Document', 'powerpoint'],
  ['PP97_DUALSTORAGE/PowerPoint Document', 'powerpoint'],
  ['__properties_version1.0', 'outlook'],
  ['Catalog', 'thumbs-db'],
]

/** Null: another program's, or one that hides it. */
export function programOf(file: CompoundFile): CompoundProgram | null {
  return STREAMS.find(([stream]) => file.has(stream))?.[1] ?? null
}
