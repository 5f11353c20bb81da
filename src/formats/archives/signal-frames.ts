/**
 * Frames of a Signal backup: a file that follows, or a statement of SQL with its parameters.
 *
 * @see signalapp/Signal-Android, Backups.proto (BackupFrame)
 */
import { bytesAt, fieldsOf, type ProtoField } from '../../base/protobuf.ts'

const [STATEMENT, ATTACHMENT, END, AVATAR, STICKER] = [2, 4, 6, 7, 8]

export interface FollowingFile {
  readonly name: string
  readonly bytes: number
}

/** Numbers of a message by field. */
function numbersIn(message: Buffer): ReadonlyMap<number, number> {
  return new Map(
    (fieldsOf(message) ?? []).flatMap(({ number, value }) =>
      typeof value === 'bigint' ? [[number, Number(value)] as const] : [],
    ),
  )
}

/** Null: no file follows this frame. */
export function fileOf(frame: Buffer): FollowingFile | null {
  const [attachment] = bytesAt(frame, [ATTACHMENT])
  if (attachment !== undefined) {
    const of = numbersIn(attachment)
    return { name: `attachment-${of.get(1) ?? 0}-${of.get(2) ?? 0}`, bytes: of.get(3) ?? 0 }
  }
  const [sticker] = bytesAt(frame, [STICKER])
  if (sticker !== undefined) {
    const of = numbersIn(sticker)
    return { name: `sticker-${of.get(1) ?? 0}`, bytes: of.get(2) ?? 0 }
  }
  const [avatar] = bytesAt(frame, [AVATAR])
  if (avatar === undefined) return null
  const [recipient] = bytesAt(avatar, [3])
  const name = (recipient ?? Buffer.from(''))
    .toString('latin1')
    .replace(/[^\w-]/g, '_')
    .slice(0, 64)
  return { name: `avatar-${name}`, bytes: numbersIn(avatar).get(2) ?? 0 }
}

export function isEnd(frame: Buffer): boolean {
  return numbersIn(frame).get(END) === 1
}

/** The statement with its parameters, as one line; blobs in hexadecimal digits. Null: another frame. */
export function statementOf(frame: Buffer): Buffer | null {
  const [message] = bytesAt(frame, [STATEMENT])
  if (message === undefined) return null
  const [statement] = bytesAt(message, [1])
  if (statement === undefined) return null
  const parameters = bytesAt(message, [2]).map((one) => written(fieldsOf(one)?.[0]))
  return Buffer.from(
    `${statement.toString('utf8')}${parameters.length > 0 ? ` -- ${parameters.join(', ')}` : ''};\n`,
  )
}

const BLOB = 4
const MOST_BLOB_BYTES = 64

function written(field: ProtoField | undefined): string {
  if (field === undefined) return 'NULL'
  const { number, value } = field
  if (!Buffer.isBuffer(value)) return number === 2 ? String(BigInt.asIntN(64, value)) : 'NULL'
  return number === BLOB
    ? `x'${value.subarray(0, MOST_BLOB_BYTES).toString('hex')}'`
    : `'${value.toString('utf8').replaceAll("'", "''")}'`
}
