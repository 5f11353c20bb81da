/**
 * Determines which program wrote a compound file, from its complete directory. Identification from the first and last
 * bytes alone often gives only `application/x-cfb`.
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

/** Null: another program, or a program that cannot be recognised. */
export function programOf(file: CompoundFile): CompoundProgram | null {
  return STREAMS.find(([stream]) => file.has(stream))?.[1] ?? programsIn(file)[0]?.program ?? null
}

/**
 * Every document inside, the outer one first. An embedded document has a storage of its own. A presentation saved in
 * two formats at once contains the older one completely.
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
