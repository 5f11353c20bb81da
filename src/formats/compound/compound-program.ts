/**
 * Which program wrote a compound file, by its directory wherever that lies. What is identified from the first and last
 * bytes alone is often just `application/x-cfb`; here the whole file is at hand.
 */
import type { CompoundFile } from './compound-file.ts'

export type CompoundProgram = 'word' | 'excel' | 'powerpoint' | 'outlook' | 'thumbs-db'

const STREAMS: readonly (readonly [stream: string, program: CompoundProgram])[] = [
  ['WORDDOCUMENT', 'word'],
  ['WORKBOOK', 'excel'],
  ['BOOK', 'excel'],
  ['POWERPOINT DOCUMENT', 'powerpoint'],
  ['__PROPERTIES_VERSION1.0', 'outlook'],
  ['CATALOG', 'thumbs-db'],
]

/** Null: another program's, or one that hides it. */
export function programOf(file: CompoundFile): CompoundProgram | null {
  return STREAMS.find(([stream]) => file.has(stream))?.[1] ?? programsIn(file)[0]?.program ?? null
}

/**
 * Every document inside, the outer one first: what was embedded lies in a storage of its own, and a presentation of the time
 * between two formats lies there whole.
 */
export function programsIn(
  file: CompoundFile,
): readonly { readonly at: string; readonly program: CompoundProgram }[] {
  const found = new Map<string, CompoundProgram>()
  for (const { kind, path, name } of file.entries) {
    const program = STREAMS.find(([stream]) => stream === name.toUpperCase())?.[1]
    if (kind === 'stream' && program) found.set(path.slice(0, -name.length), program)
  }
  return [...found].map(([at, program]) => ({ at, program })).sort((a, b) => a.at.length - b.at.length)
}
