/** Contents by the path that another tool gives them: it knows nothing of this program's numbers of volumes. */
import { printName } from '../../base/evidence-path.ts'
import { reading } from '../format/database.ts'
import { openForReading, type ReadableDatabase } from '../format/open-readonly.ts'
import { ContentLookup } from './content-lookup.ts'

export interface ContentElsewhere {
  /** Lower-case hex. */
  readonly sha256: string
  readonly sizeBytes: number
}

export class PlacesElsewhere {
  readonly #contents: ContentLookup
  readonly #file: ReadableDatabase
  /** How paths of this exhibit begin: with nothing, or with a volume of an image. */
  readonly #roots: readonly string[]

  constructor(path: string) {
    this.#contents = new ContentLookup(path)
    this.#file = openForReading(path)
    const volumes = reading(path, () =>
      this.#file.db.prepare<[], number>('SELECT number FROM volume WHERE number IS NOT NULL').pluck().all(),
    )
    this.#roots = ['', ...volumes.map((number) => `volume ${number} » `)]
  }

  /** @param path without the name of the source; parts that are empty or `.` are dropped. @returns each content once */
  at(path: string): readonly ContentElsewhere[] {
    const steps = path.split('/').filter((step) => step !== '' && step !== '.')
    if (steps.length === 0) return []
    const printed = printName(Buffer.from(steps.join('/')))
    const found = this.#roots.flatMap((root) => this.#contents.byPlace(`${root}${printed}`) ?? [])
    return [...new Map(found.map((one) => [one.sha256, one])).values()].map(({ id, sha256 }) => ({
      sha256,
      sizeBytes: Number(
        this.#file.db.prepare<[number], number>('SELECT size FROM content WHERE id = +?').pluck().get(id),
      ),
    }))
  }

  close(): void {
    this.#contents.close()
    this.#file.close()
  }
}
