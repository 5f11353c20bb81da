/**
 * A reader of VICS 2.0 cases that is not this program's: every field that published writers and readers of the format use, with
 * its type, and no other. The model itself (ProjectVic/DataModels/2.0.xml) is not public; the fields are those of GLEAPP, IPED and
 * of two writers of X-Ways and Griffeye. And GLEAPP's own reader, where a copy of that program is at hand.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as v from 'valibot'

const MD5 = v.pipe(v.string(), v.regex(/^[0-9A-F]{32}$/))
const TIME = v.optional(
  v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?[+-]\d\d:\d\d$/)),
)
const TEXT = v.optional(v.string())
const COUNT = v.pipe(v.number(), v.integer(), v.minValue(0))
const PROPERTIES = v.array(v.strictObject({ MD5, PropertyName: v.string(), PropertyValue: v.string() }))

const MEDIA_FILE = v.strictObject({
  ...{ MD5, FileName: v.string(), FilePath: v.string(), Created: TIME, Written: TIME, Accessed: TIME },
  ...{ Unallocated: v.boolean(), Deleted: v.boolean(), SourceID: TEXT, PhysicalLocation: TEXT },
})

const MEDIA = v.strictObject({
  MediaID: v.pipe(v.number(), v.integer(), v.minValue(1)),
  Category: v.nullable(COUNT),
  MD5,
  SHA1: v.pipe(v.string(), v.regex(/^[0-9A-F]{40}$/)),
  MediaSize: COUNT,
  MimeType: TEXT,
  // Within the folder of the document: a reader joins it to that folder.
  RelativeFilePath: v.pipe(v.string(), v.regex(/^(?!\/)(?!.*\.\.)[\w./-]+$/)),
  Exifs: PROPERTIES,
  AlternativeHashes: v.array(v.strictObject({ MD5, HashName: v.string(), HashValue: v.string() })),
  MediaFiles: v.pipe(v.array(MEDIA_FILE), v.minLength(1)),
  MediaMetadata: PROPERTIES,
})

const GUID = v.pipe(v.string(), v.uuid())
const CASES = v.strictObject({
  '@odata.context': v.pipe(
    v.string(),
    v.regex(
      /^http:\/\/github\.com\/VICSDATAMODEL\/ProjectVic\/DataModels\/2\.0\.xml\/(US|UK|CUSTOM|Default)\/\$metadata#Cases$/,
    ),
  ),
  value: v.pipe(
    v.array(
      v.strictObject({
        ...{ CaseID: GUID, CaseNumber: v.string(), ContactName: TEXT },
        ...{ SourceApplicationName: v.string(), SourceApplicationVersion: v.string() },
        CaseMetadata: v.array(
          v.strictObject({ CaseID: GUID, PropertyName: v.string(), PropertyValue: v.string() }),
        ),
        Media: v.array(MEDIA),
      }),
    ),
    v.length(1),
  ),
})

export type VicsMedia = v.InferOutput<typeof MEDIA>

/** @throws where a field is missing, unknown or of another type */
export function readVicsCase(file: string): readonly VicsMedia[] {
  return v.parse(CASES, JSON.parse(readFileSync(file, 'utf8'))).value[0]!.Media
}

export const digestOf = (algorithm: string, bytes: Buffer) =>
  createHash(algorithm).update(bytes).digest('hex')

/** SHA-256 of the files that the document names, each of them of the size and digests that it states. */
export function filesOf(document: string): readonly string[] {
  return readVicsCase(document).map(({ RelativeFilePath, MD5, SHA1, MediaSize, AlternativeHashes }) => {
    const bytes = readFileSync(join(dirname(document), RelativeFilePath))
    const sha256 = digestOf('sha256', bytes)
    const said = [
      MediaSize,
      MD5,
      SHA1,
      AlternativeHashes.find(({ HashName }) => HashName === 'SHA256')?.HashValue,
    ]
    const is = [
      bytes.length,
      digestOf('md5', bytes).toUpperCase(),
      digestOf('sha1', bytes).toUpperCase(),
      sha256,
    ]
    if (said.join() !== is.join())
      throw new Error(`${RelativeFilePath} is ${is.join()}, and said to be ${said.join()}`)
    return sha256
  })
}

/** Folder that has the package `gleapp` of github.com/abrignoni/GLEAPP. */
export const GLEAPP = process.env.SEIZED_GLEAPP

const READ = `
import json, sys, pathlib
sys.path.insert(0, sys.argv[1])
from gleapp import projectvic as vic
p = pathlib.Path(sys.argv[2])
doc = vic.load(p)
print(json.dumps({"isVic": vic.is_vic_file(p), "case": vic.case_summary(doc), "records": [
  [r.md5, r.category, r.exists, r.size, r.orig_name, r.fs_modified] for r in vic.iter_records(doc, json_dir=p.parent)]}))
`

export interface GleappCase {
  readonly isVic: boolean
  readonly case: { readonly case_number: string; readonly media_count: number }
  /** MD5, category, whether the file is there, size, name, modification in seconds since 1970. */
  readonly records: readonly (readonly [string, number | null, boolean, number, string, number | null])[]
}

export function readByGleapp(document: string): GleappCase {
  const { status, stdout, stderr } = spawnSync('python3', ['-c', READ, GLEAPP!, document], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout)
}
