/**
 * Reads Windows event logs (EVTX): who logged on, which devices on USB were there, remote desktops, and what hides traces.
 * A record that cannot be read, and a chunk whose checksum is wrong, are counted as damaged; the others are read.
 * Records in free space of a chunk, or of a chunk that was carved alone, are deleted ones. Of these only the readable ones are said.
 */
import { fileTime } from '../../bytes/times.ts'
import type { ArtefactReader, RecordCollector } from '../../records/artefact.ts'
import { NotBinaryXml, readBinaryXml, type XmlElement } from '../../stores/binary-xml.ts'
import { type LogRecord, recordsOfLog } from '../../stores/event-log-file.ts'
import { type EventValues, paramsOf, readerOfEvent } from './events.ts'

export const eventLog: ArtefactReader = {
  id: 'event-log',
  mediaTypes: ['application/x-ms-event-log'],
  read(bytes, sink) {
    for (const record of recordsOfLog(bytes)) {
      if ('damagedAt' in record) sink.spoiled(record.damagedAt)
      else readRecord(record, sink)
    }
    return []
  },
}

function readRecord(record: LogRecord, sink: RecordCollector): void {
  try {
    takeEvent(record, readBinaryXml(record.chunk, record.from, record.to), sink)
  } catch (error) {
    if (!(error instanceof NotBinaryXml)) throw error
    if (!record.isRemnant) sink.spoiled(record.chunkAt + record.from)
  }
}

function takeEvent(
  { number, written, isRemnant }: LogRecord,
  event: XmlElement,
  sink: RecordCollector,
): void {
  const system = event.children.find(({ name }) => name === 'System')
  if (system === undefined) throw new NotBinaryXml()
  const child = (name: string) => system.children.find((one) => one.name === name)
  // A log that was exported in part numbers its records anew, and the event keeps its number.
  const stated = child('EventRecordID')?.text ?? ''
  // A remnant whose values are those of another record is not believed.
  if (isRemnant && stated !== String(number)) return
  const id = Number(child('EventID')?.text)
  const said = readerOfEvent(child('Provider')?.attributes.get('Name') ?? '', id)?.(valuesOf(event)) ?? null
  if (said === null) return
  const computer = child('Computer')?.text || undefined
  const of = { number: id, record: numberOf(stated, number), channel: child('Channel')?.text ?? '', computer }
  sink.add({
    what: { code: 'windows-event', params: paramsOf(said, of) },
    when: fileTime(written),
    person: said.person ?? null,
    status: isRemnant ? 'deleted' : 'live',
  })
}

function numberOf(stated: string, ofRecord: bigint): number {
  return /^\d{1,15}$/.test(stated) ? Number(stated) : Number(ofRecord)
}

/** The first value of each name. */
function valuesOf(event: XmlElement): EventValues {
  const values = new Map<string, string>()
  const set = (name: string, value: string) => {
    if (!values.has(name)) values.set(name, value)
  }
  const walk = (element: XmlElement) => {
    for (const [name, value] of element.attributes) if (name !== 'Name') set(name, value)
    set(element.attributes.get('Name') ?? element.name, element.text)
    for (const child of element.children) walk(child)
  }
  for (const part of event.children) if (part.name !== 'System') walk(part)
  return values
}
