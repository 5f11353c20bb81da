/**
 * Cameras that pictures and videos name, grouped over a whole ledger in a temporary table of the reading connection.
 *
 * Nothing of it is stored: it follows from the attributes of all contents, so it is the same whatever the order of work,
 * and a resumed run has no second truth to keep.
 */

import type { Statement } from 'better-sqlite3'
import type { CameraGroup } from '../../contracts/view.ts'
import type { CameraFit } from '../../score/first-generation.ts'
import { BANDS } from '../../source/band.ts'
import type { Db } from '../format/database.ts'

// Absent parts are '' here: no attribute is empty, and equality finds them.
const TABLES = `
  DROP TABLE IF EXISTS temp.camera_picture;
  DROP TABLE IF EXISTS temp.camera_software;
  DROP TABLE IF EXISTS temp.camera;
  CREATE TEMP TABLE camera_picture (
    content INTEGER PRIMARY KEY, make TEXT, model TEXT, serial TEXT, software TEXT, listed INTEGER, in_folder INTEGER
  );
  INSERT INTO temp.camera_picture
    SELECT content, make, model, serial, software,
      EXISTS (SELECT 1 FROM hit WHERE hit.content = named.content AND meaning <> 'known')
      OR EXISTS (SELECT 1 FROM near_match WHERE near_match.content = named.content AND meaning <> 'known'),
      EXISTS (SELECT 1 FROM reading r JOIN entry e ON e.id = r.entry
              WHERE r.content = named.content AND e.band = ${BANDS.indexOf('camera')})
    FROM (
      SELECT content, max(CASE code WHEN 'camera-make' THEN params ->> 'text' ELSE '' END) AS make,
        max(CASE code WHEN 'camera-model' THEN params ->> 'text' ELSE '' END) AS model,
        max(CASE code WHEN 'camera-serial' THEN params ->> 'text' ELSE '' END) AS serial,
        max(CASE code WHEN 'software' THEN params ->> 'text' ELSE '' END) AS software
      FROM attribute WHERE stage = 'looked-at' AND code IN ('camera-make', 'camera-model', 'camera-serial', 'software')
      GROUP BY content
    ) AS named
    WHERE model <> '';
  CREATE TEMP TABLE camera_software AS
    SELECT make, model, serial, software, count(*) AS contents, sum(listed) AS listed, sum(in_folder) AS in_folder
    FROM temp.camera_picture GROUP BY make, model, serial, software;
  CREATE TEMP TABLE camera AS
    SELECT make, model, serial, sum(contents) AS contents, sum(listed) AS listed, sum(in_folder) AS in_folder
    FROM temp.camera_software GROUP BY make, model, serial;
  CREATE INDEX temp.camera_software_key ON camera_software (model, make, serial, software);
  CREATE INDEX temp.camera_key ON camera (model, make, serial);`

const FIT = `
  SELECT own.make, own.model, own.serial, own.software, camera.contents - 1 AS contents, camera.listed,
    camera.in_folder - own.in_folder AS inCameraFolder, own.in_folder AS isInCameraFolder, same.contents - 1 AS sameSoftware
  FROM temp.camera_picture AS own
  JOIN temp.camera USING (make, model, serial)
  JOIN temp.camera_software AS same USING (make, model, serial, software)
  WHERE own.content = ? AND own.listed = 0`

const LARGEST = `
  SELECT make, model, serial, software, contents, listed, in_folder AS inCameraFolder
  FROM temp.camera_software ORDER BY contents DESC, make, model, serial, software LIMIT 100`

type FitRow = CameraFit['camera'] & CameraFit['others'] & { readonly isInCameraFolder: number }

export class Cameras {
  readonly #db: Db
  #fit: Statement<[number], FitRow> | null = null

  constructor(db: Db) {
    this.#db = db
  }

  /** Null: the content names no camera, or a list holds it. */
  fit(content: number): CameraFit | null {
    if (this.#fit === null) {
      this.#db.exec(TABLES)
      this.#fit = this.#db.prepare(FIT)
    }
    const row = this.#fit.get(content)
    if (!row) return null
    const { make, model, serial, software, isInCameraFolder, ...others } = absentIsNull(row)
    return { camera: { make, model, serial, software }, inCameraFolder: isInCameraFolder === 1, others }
  }

  largest(): readonly CameraGroup[] {
    this.#db.exec(TABLES)
    return this.#db.prepare<[], CameraGroup>(LARGEST).all().map(absentIsNull)
  }
}

function absentIsNull<T extends CameraFit['camera']>(row: T): T {
  const orNull = (text: string | null) => text || null
  return { ...row, make: orNull(row.make), serial: orNull(row.serial), software: orNull(row.software) }
}
