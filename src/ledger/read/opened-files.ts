/** Locked files that a secret opened, as few as show whether other secrets open the same. */
import { reading } from '../format/database.ts'
import { openForReading } from '../format/open-readonly.ts'

export interface OpenedFile {
  /** Number of the secret, in the keys file of that run. */
  readonly secret: number
  /** Entry of its smallest member that was read. */
  readonly member: number
}

/** For each format and secret the smallest locked file with a member. */
export function openedFiles(path: string): readonly OpenedFile[] {
  const file = openForReading(path)
  try {
    return reading(
      path,
      () =>
        file.db
          .prepare(
            `SELECT secret, member FROM (
               SELECT params ->> '$.secret' AS secret, entry.id AS member, row_number() OVER (
                 PARTITION BY params ->> '$.format', params ->> '$.secret'
                 ORDER BY opened.size, inside.size, entry.id) AS place
               FROM attribute JOIN content AS opened ON opened.id = attribute.content
                 JOIN entry ON entry.parent = opened.id JOIN reading ON reading.entry = entry.id
                 JOIN content AS inside ON inside.id = reading.content
               WHERE code = 'file-lock-opened')
             WHERE place = 1 ORDER BY secret, member`,
          )
          .all() as OpenedFile[],
    )
  } finally {
    file.close()
  }
}
