/** Contents that are mostly a face, as the scan found it: features of such a picture would be those of the face. */
import type { Db } from '../ledger/format/database.ts'

/** Share of a picture that its largest face may take. */
const FACE_SHARE = 0.1

const FACES = `
  SELECT DISTINCT face.content FROM attribute face JOIN attribute size ON size.content = face.content
  WHERE face.code = 'face' AND size.code = 'dimensions'
    AND (face.params ->> 'width') * (face.params ->> 'height')
      >= ${FACE_SHARE} * (size.params ->> 'width') * (size.params ->> 'height')`

/** Ids of contents. */
export function faceContents(db: Db): ReadonlySet<number> {
  return new Set(db.prepare<[], number>(FACES).pluck().all())
}
