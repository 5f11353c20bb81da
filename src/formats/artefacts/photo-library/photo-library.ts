/**
 * Reads the photo library of iOS (`Photos.sqlite`): the app that added a picture, whether it is hidden or in the
 * trash, and its counts of views and shares.
 *
 * @see iLEAPP, "photosMetadata"; Scott Koenig, "Using Photos.sqlite to Show the Relationships Between Photos and the
 *   Application they were Created with"
 */
import { definedOnly } from '../../../base/defined-only.ts'
import { cocoaTime } from '../../bytes/times.ts'
import { type RecordCollector, timesOfRecord } from '../../records/artefact.ts'
import { flagOf, textOf, wholeOf } from '../../sqlite/row-values.ts'
import { column, type NamedRow, type Tables } from '../../sqlite/sqlite-tables.ts'

export function readPhotoLibrary(tables: Tables, sink: RecordCollector): boolean {
  const assets = tables.get('zasset') ?? tables.get('zgenericasset')
  if (!assets?.columns.includes('zfilename') || !assets.columns.includes('zdirectory')) return false
  const more = new Map<unknown, NamedRow>()
  const attributes = tables.get('zadditionalassetattributes')
  if (attributes) for (const row of tables.rowsOf(attributes)) more.set(column(row, 'zasset'), row)
  const isOne = (get: (name: string) => unknown) =>
    typeof get('zfilename') === 'string' && cocoaTime(get('zdatecreated')) !== null
  for (const row of tables.rowsOf(assets, isOne, ['zfilename', 'zdirectory'])) {
    const [directory, name] = [textOf(row, 'zdirectory'), textOf(row, 'zfilename')]
    if (name === undefined) continue
    const beside = row.status === 'live' ? more.get(column(row, 'z_pk')) : undefined
    const of = (field: string) => (beside ? textOf(beside, field) : undefined)
    const number = (field: string) => (beside ? wholeOf(beside, field) : undefined)
    const trashed = wholeOf(row, 'ztrashedstate')
    const trashedAt = trashed === 1 ? cocoaTime(column(row, 'ztrasheddate')) : null
    sink.add({
      what: {
        code: 'photo-library',
        params: definedOnly({
          path: directory === undefined ? name : `${directory}/${name}`,
          name: of('zoriginalfilename'),
          app: of('zcreatorbundleid') ?? of('zimportedbybundleidentifier'),
          sizeBytes: number('zoriginalfilesize'),
          hidden: flagOf(row, 'zhidden'),
          trashed: trashed === undefined ? undefined : trashed === 1,
          viewed: number('zviewcount'),
          shared: number('zsharecount'),
        }),
      },
      direction: (number('zsharecount') ?? 0) > 0 ? 'shared' : null,
      times: number('zsharecount') ?? null,
      // The best time first: for a picture in the trash, the time it was moved there.
      ...timesOfRecord(
        ['trashed', trashedAt],
        ['added', cocoaTime(column(row, 'zaddeddate'))],
        ['created', cocoaTime(column(row, 'zdatecreated'))],
      ),
      status: row.status,
      sizeBytes: number('zoriginalfilesize') ?? null,
    })
  }
  return true
}
