/** Samples of artefacts: each kind has its own in the folder of its tests, which mirrors its folder in src/formats. */
import { join } from 'node:path'
import Database from 'better-sqlite3'
// @ts-expect-error plain JavaScript, so that it runs before anything is compiled
import { kinds } from '../../scripts/kinds.js'

export interface ArtefactSample {
  readonly mediaType: string
  readonly make: () => Buffer
  /** Number of records in it. */
  readonly records: number
  /** Nothing is read but that it is there and encrypted. */
  readonly isEncrypted?: true
  /** Where it lies, when its place alone tells its type. */
  readonly place?: string
  /** Of a database: the name of the reader in DATABASES that takes it. */
  readonly reader?: string
}

export interface KindFolder {
  readonly parent: 'artefacts' | 'chats'
  readonly name: string
}

export const KINDS: readonly KindFolder[] = (kinds() as readonly { readonly path: string }[]).map(
  ({ path }) => {
    const [parent, name] = path.split('/') as [KindFolder['parent'], string]
    return { parent, name }
  },
)

export const foldersOf = (parent: KindFolder['parent']) => KINDS.filter((kind) => kind.parent === parent)

export function databaseOf(...sql: readonly string[]): Buffer {
  const db = new Database(':memory:')
  for (const one of sql) db.exec(one)
  const bytes = db.serialize()
  db.close()
  return bytes
}

export interface KindSamples {
  readonly samples?: readonly ArtefactSample[]
}

/** What `sample.ts` in the folder of the tests of a kind exports. */
export async function samplesOf<T = KindSamples>({ parent, name }: KindFolder): Promise<T> {
  return (await import(/* @vite-ignore */ join(import.meta.dirname, parent, name, 'sample.ts'))) as T
}
