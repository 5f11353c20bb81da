/** Made exhibits, a configuration that knows their lists, and manifests. */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface MadeLab {
  readonly folder: string
  readonly config: string
  /** Folders, by exhibit. */
  readonly exhibit: (id: string) => string
}

export const sha256 = (text: string | Buffer) => createHash('sha256').update(text).digest('hex')

/** @param exhibits id → how many small files; each holds one that the list names */
export function makeLab(
  folder: string,
  exhibits: Readonly<Record<string, number>>,
  more: Readonly<Record<string, unknown>> = {},
): MadeLab {
  const exhibit = (id: string) => join(folder, 'exhibits', id)
  for (const [id, files] of Object.entries(exhibits)) {
    mkdirSync(join(exhibit(id), 'DCIM'), { recursive: true })
    writeFileSync(join(exhibit(id), 'DCIM/listed.txt'), LISTED)
    for (let i = 0; i < files; i++) writeFileSync(join(exhibit(id), `note-${i}.txt`), `${id} ${i}\n`)
  }
  const list = join(folder, 'list.txt')
  const text = `${sha256(LISTED)}\n`
  writeFileSync(list, text)
  const config = join(folder, 'lab.json')
  writeFileSync(
    config,
    JSON.stringify(
      {
        config: 1,
        hashsets: { 'illegal@2026-11': { declared: 'illegal', file: list, sha256: sha256(text) } },
        profiles: { quick: { phases: 'inventory,known', allowWritableMount: true } },
        minFreeGB: 0,
        heads: join(folder, 'heads.jsonl'),
        ...more,
      },
      null,
      1,
    ),
  )
  return { folder, config, exhibit }
}

const LISTED = 'a neutral text that the list names\n'

export function makeManifest(
  lab: MadeLab,
  ids: readonly string[],
  change: (manifest: Record<string, unknown>) => void = () => {},
): string {
  const manifest: Record<string, unknown> = {
    manifest: 1,
    case: '2026-114',
    examiner: 'A. Example',
    profile: 'quick',
    exhibits: ids.map((id) => ({ id, image: lab.exhibit(id), scan: { hashsets: ['illegal@2026-11'] } })),
  }
  change(manifest)
  const file = join(
    lab.folder,
    `case-${ids.join('-').slice(0, 40)}-${sha256(ids.join(' ')).slice(0, 8)}.manifest.json`,
  )
  writeFileSync(file, JSON.stringify(manifest, null, 1))
  return file
}
