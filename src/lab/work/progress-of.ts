/** What a laboratory keeps of the progress of a scan: numbers, and no name of the exhibit. */
export function progressOf(event: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const names = [
    'phase',
    'entriesDone',
    'entriesTotal',
    'bytesDone',
    'bytesTotal',
    'etaSeconds',
    'hits',
    'leads',
    'notDone',
  ]
  return Object.fromEntries(names.flatMap((name) => (name in event ? [[name, event[name]] as const] : [])))
}
