/**
 * Reads files of programs that generate pictures: settings of a picture in a companion file, the log table and log
 * page of generated pictures, workflows, histories, queues, and preferences. Names of models, adapters (LoRA),
 * pictures and folders are recorded; prompts are not.
 *
 * @see AUTOMATIC1111/stable-diffusion-webui, modules/processing.py (create_infotext), modules/ui_common.py
 *   (save_files); lllyasviel/Fooocus, modules/private_logger.py
 */
import { parse } from 'csv-parse/sync'
import type { Attribute } from '../../../contracts/attribute.ts'
import { jsonObject } from '../../bytes/json-values.ts'
import { decodeLocal } from '../../bytes/local-text.ts'
import { type ArtefactReader, NotAnArtefact, type RecordCollector } from '../../records/artefact.ts'
import { readGeneratorJson } from './generator-json.ts'
import { addSettings, generatorFile } from './generator-settings.ts'
import { LOG_COLUMNS } from './signature.ts'

const MOST_BYTES = 32 << 20

export const generatorFiles: ArtefactReader = {
  id: 'generator-files',
  mediaTypes: [
    'text/x-generator-settings',
    'text/x-generator-page',
    'text/x-generator-table',
    'application/x-generator+json',
  ],
  read(bytes, sink) {
    const text = decodeLocal(sink.beginning(bytes, MOST_BYTES)).trimStart()
    if (text.startsWith('{')) {
      const value = jsonObject(text)
      if (value === null) sink.spoiled(0)
      return value === null ? [] : readGeneratorJson(value, sink)
    }
    if (text.startsWith('<')) return readPage(text, sink)
    return text.startsWith(LOG_COLUMNS) ? readTable(text, sink) : readTexts(text, sink)
  },
}

/** A line of settings follows each prompt. */
function readTexts(text: string, sink: RecordCollector): readonly Attribute[] {
  const lines = [...text.matchAll(/^Steps: \d+, .*$/gm)].slice(0, MOST_TEXTS)
  if (lines.length === 0) throw new NotAnArtefact()
  let program = WEBUI
  let from = 0
  for (const line of lines) {
    const pairs = pairsOf(line[0])
    program = programOf(pairs)
    const [, width, height] = /^(\d{1,5})x(\d{1,5})$/.exec(pairs.get('Size') ?? '') ?? []
    addSettings(sink, {
      program,
      form: 'settings',
      model: pairs.get('Model'),
      adapters: adaptersOf(text.slice(from, line.index), pairs),
      width: numberOf(width),
      height: numberOf(height),
    })
    from = line.index + line[0].length
  }
  return [generatorFile(program, 'settings', lines.length)]
}

const WEBUI = 'webui'
const MOST_TEXTS = 10_000

/** `Name: value`; quotation marks enclose a value that contains a comma. */
function pairsOf(line: string): ReadonlyMap<string, string> {
  const pairs = line.matchAll(/\s*(\w[\w /-]{0,60}): *("(?:\\.|[^\\"])*"|[^,]*)(?:,|$)/g)
  return new Map([...pairs].map(([, name, value]) => [name!, value!.replace(/^"|"$/g, '').trim()]))
}

function programOf(pairs: ReadonlyMap<string, string>): string {
  const said = `${pairs.get('App') ?? ''} ${pairs.get('Version') ?? ''}`
  if (/fooocus/i.test(said)) return 'fooocus'
  return /sd\.next/i.test(said) ? 'sd-next' : WEBUI
}

/** Names in the prompt, and names with digests in the line of settings. */
function adaptersOf(prompt: string, pairs: ReadonlyMap<string, string>): readonly string[] {
  const called = [...prompt.matchAll(/<(?:lora|lyco|hypernet):([^:>\n]{1,200})[:>]/g)].map(
    ([, name]) => name!,
  )
  const listed = [...(pairs.get('Lora hashes') ?? '').matchAll(/([^,:]{1,200}): *[0-9a-f]+/g)]
  return [...called, ...listed.map(([, name]) => name!.trim())]
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined || !/^\d{1,9}$/.test(text) ? undefined : Number(text)
}

/** Fooocus writes a page for each day. Each picture has a table of its settings. */
function readPage(text: string, sink: RecordCollector): readonly Attribute[] {
  const items = text.split(/class=["']image-container["']/).slice(1)
  for (const item of items) {
    const path = /<a href=["']([^"'<>]{1,300})["']/.exec(item)?.[1]
    const rows = [
      ...item.matchAll(/<td class=["']key["']>([^<]{1,80})<\/td>\s*<td class=["']value["']>([^<]{0,2000})</g),
    ]
    const value = (name: RegExp) =>
      rows.filter(([, key]) => name.test(key!)).map(([, , said]) => said!.trim())
    const [, width, height] = /(\d{1,5})\D+(\d{1,5})/.exec(value(/^Resolution$/)[0] ?? '') ?? []
    addSettings(sink, {
      program: 'fooocus',
      form: 'log',
      path,
      model: value(/^Base Model$/)[0],
      adapters: value(/^LoRA \d+$/).map((one) => one.replace(/ : [-\d.]+$/, '')),
      width: numberOf(width),
      height: numberOf(height),
      when: localTimeIn(path ?? ''),
    })
  }
  return [generatorFile('fooocus', 'log', items.length)]
}

/** The name starts with the time of the local clock. */
function localTimeIn(name: string) {
  const [, day, hour, minute, second] = /^(\d{4}-\d\d-\d\d)_(\d\d)-(\d\d)-(\d\d)_/.exec(name) ?? []
  const ms = Date.parse(`${day}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(ms)
    ? null
    : ({ ns: `${BigInt(ms) * 1_000_000n}`, resolution: 's', zone: 'local-unknown' } as const)
}

/** Pictures that the user saved: a line for each, with named columns. */
function readTable(text: string, sink: RecordCollector): readonly Attribute[] {
  const rows = parse(text, {
    relax_quotes: true,
    relax_column_count: true,
    skip_records_with_error: true,
    skip_empty_lines: true,
  }) as string[][]
  const [names, ...pictures] = rows
  for (const row of pictures) {
    const of = (name: string) => row[names!.indexOf(name)] || undefined
    addSettings(sink, {
      program: WEBUI,
      form: 'log',
      path: of('filename'),
      model: of('sd_model_name'),
      adapters: [],
      width: numberOf(of('width')),
      height: numberOf(of('height')),
    })
  }
  return [generatorFile(WEBUI, 'log', pictures.length)]
}
