/**
 * Reads InvokeAI's database: generated pictures, queue entries, and known models. From the metadata of a picture only
 * model names and sizes are recorded, not the prompts.
 *
 * @see invoke-ai/InvokeAI, app/services/shared/sqlite_migrator/migrations
 */
import { definedOnly } from '../../../base/defined-only.ts'
import { jsonObject } from '../../bytes/json-values.ts'
import { textTime } from '../../bytes/times.ts'
import type { RecordCollector } from '../../records/artefact.ts'
import { textOf, wholeOf } from '../../sqlite/row-values.ts'
import type { NamedRow, Tables } from '../../sqlite/sqlite-tables.ts'
import { invokeNames } from './generator-json.ts'
import { addSettings, generatorFile } from './generator-settings.ts'

const PROGRAM = 'invokeai'

export function readInvoke(tables: Tables, sink: RecordCollector): boolean {
  const images = tables.get('images')
  if (!images?.columns.includes('image_name') || !images.columns.includes('image_origin')) return false
  const isOne = (get: (name: string) => unknown) =>
    /^\S{1,120}\.(png|jpe?g|webp)$/i.test(String(get('image_name') ?? '')) &&
    textTime(get('created_at')) !== null
  let pictures = 0
  for (const row of tables.rowsOf(images, isOne, ['image_name'])) {
    const name = textOf(row, 'image_name')
    // An imported picture was not generated here.
    if (name === undefined || textOf(row, 'image_origin') !== 'internal') continue
    pictures++
    const folder = textOf(row, 'image_subfolder')
    const named = invokeNames(jsonObject(textOf(row, 'metadata') ?? '') ?? {})
    addSettings(sink, {
      program: PROGRAM,
      form: 'database',
      path: ['outputs/images', folder, name].filter(Boolean).join('/'),
      ...named,
      width: wholeOf(row, 'width'),
      height: wholeOf(row, 'height'),
      when: textTime(textOf(row, 'created_at')),
      status: row.status,
    })
  }
  addQueue(tables, sink)
  addModels(tables, sink)
  sink.notes.push(generatorFile(PROGRAM, 'database', pictures))
  return true
}

const STATES: readonly string[] = ['pending', 'in_progress', 'completed', 'failed', 'canceled']

function addQueue(tables: Tables, sink: RecordCollector): void {
  const queue = tables.get('session_queue')
  if (queue === null) return
  const isOne = (get: (name: string) => unknown) =>
    STATES.includes(String(get('status'))) && textTime(get('created_at')) !== null
  for (const row of tables.rowsOf(queue, isOne, ['session_id'])) {
    const state = textOf(row, 'status')
    const when = textTime(textOf(row, 'completed_at')) ?? textTime(textOf(row, 'created_at'))
    if (state !== undefined)
      addSettings(sink, { program: PROGRAM, form: 'queue', state, when, status: row.status })
  }
}

/** Older versions store the properties of a model in columns, newer versions in its JSON settings. */
function addModels(tables: Tables, sink: RecordCollector): void {
  for (const table of ['models', 'model_config'].flatMap((name) => tables.get(name) ?? []))
    for (const row of tables.rowsOf(table)) {
      const config = jsonObject(textOf(row, 'config') ?? '') ?? {}
      const of = (name: string) => said(row, config, name)
      const name = of('name')
      if (name === undefined) continue
      sink.add({
        what: {
          code: 'generator-model',
          params: definedOnly({
            program: PROGRAM,
            name,
            kind: of('type'),
            base: of('base'),
            path: of('path'),
          }),
        },
        when: textTime(textOf(row, 'created_at')),
      })
    }
}

function said(row: NamedRow, config: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = config[name]
  return textOf(row, name) ?? (typeof value === 'string' && value !== '' ? value : undefined)
}
