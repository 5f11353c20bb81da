/**
 * Shared code for files and databases of picture generators: adds one record for a picture or for the settings of the
 * program.
 */
import { definedOnly } from '../../../base/defined-only.ts'
import { type Attribute, attribute } from '../../../contracts/attribute.ts'
import type { WireRecord } from '../../../wire/records-reply.ts'
import type { RecordCollector } from '../../records/artefact.ts'

/** No user loads more adapters at once. */
const MOST_ADAPTERS = 20

export interface GeneratorSettings {
  readonly program: string
  /** Kind of the source file. */
  readonly form: string
  /** Path of the picture in the source file. */
  readonly path?: string | undefined
  readonly model?: string | undefined
  readonly adapters?: readonly string[]
  readonly width?: number | undefined
  readonly height?: number | undefined
  /** State of a job in a queue. */
  readonly state?: string | undefined
  readonly folder?: string | undefined
  readonly when?: WireRecord['when']
  readonly status?: WireRecord['status']
}

/** Adds no record when no value is present. */
export function addSettings(
  sink: RecordCollector,
  { when = null, status = 'live', ...said }: GeneratorSettings,
): void {
  const adapters = [...new Set((said.adapters ?? []).filter((one) => one !== ''))].slice(0, MOST_ADAPTERS)
  const { path, model, state, folder } = said
  if ([path, model, state, folder].every((one) => one === undefined) && adapters.length === 0) return
  const params = definedOnly({ ...said, adapters: adapters.length === 0 ? undefined : adapters })
  sink.add({ what: { code: 'generator-settings', params }, when, status })
}

export function generatorFile(program: string, form: string, pictures?: number): Attribute {
  return attribute('generator-file', definedOnly({ program, form, pictures }))
}
