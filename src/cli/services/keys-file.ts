/**
 * Reads a keys file: secrets that open locked volumes, from a file or an inherited descriptor (/dev/fd/3). Never from the
 * command line or the environment, which other accounts can read. No message repeats anything of a secret.
 */
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import * as v from 'valibot'
import { UsageError } from '../../base/errors.ts'
import { printText } from '../../base/evidence-path.ts'
import { SECRET_KINDS, SECRET_USES, type Secret, type SecretKind } from '../../contracts/lock.ts'
import { keepOutOfCoreFiles } from '../../host/confine/no-core.ts'
import { MOST_SECRETS } from '../../wire/lock.ts'

const MOST_BYTES = 1 << 20
/** Key files of LUKS may be 8 MiB; larger ones are no keys. */
const MOST_KEY_FILE_BYTES = 8 << 20

/** Their secret is the content of a file. */
const OF_FILES: ReadonlySet<SecretKind> = new Set(['startup-key', 'key-file', 'keychain'])

const SECRET = v.pipe(
  v.strictObject({
    kind: v.picklist(SECRET_KINDS),
    secret: v.exactOptional(v.pipe(v.string(), v.minLength(1), v.maxLength(4096))),
    file: v.exactOptional(v.pipe(v.string(), v.minLength(1), v.maxLength(4096))),
    for: v.exactOptional(v.picklist(SECRET_USES)),
    pim: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2_147_468))),
    note: v.exactOptional(v.pipe(v.string(), v.maxLength(500))),
  }),
  v.check(({ secret, file }) => (secret === undefined) !== (file === undefined)),
)
const KEYS = v.strictObject({
  keys: v.literal(1),
  secrets: v.pipe(v.array(v.unknown()), v.minLength(1), v.maxLength(MOST_SECRETS)),
})

type Stated = v.InferOutput<typeof SECRET>

/**
 * @param file JSON, or one secret a line: `kind: secret`, `startup-key: FILE`, `password for files: secret`
 * @throws UsageError that names a secret by its number
 */
export function readKeysFile(file: string): readonly Secret[] {
  keepOutOfCoreFiles('the keys')
  const text = textOf(file)
  const stated = text.trimStart().startsWith('{') ? fromJson(text, file) : fromLines(text, file)
  return stated.map((one, index) => {
    const secret = secretOf(one, index + 1, file)
    return one.for === undefined ? secret : { ...secret, for: one.for }
  })
}

function textOf(file: string): string {
  const bytes = bytesOf(file, MOST_BYTES, `--keys ${printText(file)}`)
  const text = bytes.toString('utf8')
  if (!Buffer.from(text).equals(bytes)) throw malformed(file, 'is not UTF-8')
  return text
}

function fromJson(text: string, file: string): readonly Stated[] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    // Its message quotes the file.
    throw malformed(file, 'begins like JSON and is none')
  }
  const keys = v.safeParse(KEYS, value, { abortEarly: true })
  if (!keys.success)
    throw malformed(
      file,
      `is not {"keys": 1, "secrets": [ … ]} with 1 to ${MOST_SECRETS} secrets and nothing else`,
    )
  return keys.output.secrets.map((one, index) => {
    const secret = v.safeParse(SECRET, one, { abortEarly: true })
    if (secret.success) return secret.output
    throw malformed(
      file,
      `: secret ${index + 1} is not {"kind": ${SECRET_KINDS.join('|')}, "secret" or "file", "for": ${SECRET_USES.join('|')}, "pim", "note"} with one of secret and file`,
    )
  })
}

function fromLines(text: string, file: string): readonly Stated[] {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'))
  if (lines.length === 0 || lines.length > MOST_SECRETS)
    throw malformed(file, `names no secret, or more than ${MOST_SECRETS}`)
  return lines.map((line, index) => {
    const [, named, use, secret] = /^([a-z-]+)(?: for (volumes|files))?: ?(.+)$/.exec(line) ?? []
    const kind = SECRET_KINDS.find((one) => one === named)
    if (kind === undefined || secret === undefined)
      throw malformed(
        file,
        `: secret ${index + 1} is not “kind: secret” with one of the kinds ${SECRET_KINDS.join(', ')}`,
      )
    const of = SECRET_USES.find((one) => one === use)
    const used = of === undefined ? {} : { for: of }
    return OF_FILES.has(kind) ? { kind, file: secret, ...used } : { kind, secret, ...used }
  })
}

function secretOf({ kind, secret, file, pim = 0 }: Stated, number: number, keys: string): Secret {
  if (pim > 0 && kind !== 'password' && kind !== 'key-file')
    throw malformed(keys, `: secret ${number} (${kind}) takes no "pim"`)
  if (OF_FILES.has(kind) && file === undefined)
    throw malformed(keys, `: secret ${number} (${kind}) is the content of a file: give "file"`)
  if (file !== undefined) {
    const bytes = bytesOf(
      resolve(dirname(keys), file),
      MOST_KEY_FILE_BYTES,
      `The file of secret ${number} (${kind})`,
    )
    if (bytes.length === 0) throw malformed(keys, `: the file of secret ${number} (${kind}) is empty`)
    if (OF_FILES.has(kind)) return { number, kind, hex: bytes.toString('hex'), pim }
    return typed(kind, bytes.toString('utf8').split(/\r?\n/)[0]!, number, pim, keys)
  }
  return typed(kind, secret!, number, pim, keys)
}

function typed(kind: SecretKind, text: string, number: number, pim: number, keys: string): Secret {
  if (kind === 'raw-key') {
    const hex = text.replace(/\s/g, '').toLowerCase()
    if (!/^(?:[0-9a-f]{2}){16,128}$/.test(hex))
      throw malformed(keys, `: secret ${number} (raw-key) is not 16 to 128 bytes in hexadecimal digits`)
    return { number, kind, hex, pim }
  }
  const plain = kind === 'recovery-password' ? recoveryPassword(text, number, keys) : text
  return { number, kind, hex: Buffer.from(plain).toString('hex'), pim }
}

/** BitLocker: eight groups of six digits, each a multiple of 11 up to 720,885. Apple: six groups of four letters and digits. */
function recoveryPassword(text: string, number: number, keys: string): string {
  const groups = text
    .trim()
    .toUpperCase()
    .split(/[\s-]+/)
  if (groups.length === 6 && groups.every((group) => /^[0-9A-Z]{4}$/.test(group))) return groups.join('-')
  const fault = (what: string) => malformed(keys, `: secret ${number} (recovery-password) ${what}`)
  if (groups.length !== 8)
    throw fault(`has ${groups.length} groups; BitLocker’s has 8 of 6 digits, Apple’s 6 of 4`)
  for (const [index, group] of groups.entries()) {
    if (!/^\d{6}$/.test(group)) throw fault(`has a group ${index + 1} that is not 6 digits`)
    if (Number(group) % 11 !== 0 || Number(group) / 11 > 0xffff)
      throw fault(
        `has a group ${index + 1} that is no multiple of 11 as it must be: a digit was read or typed wrongly`,
      )
  }
  return groups.join('-')
}

function malformed(file: string, what: string): UsageError {
  return new UsageError(
    `--keys ${printText(file)}${what.startsWith(':') ? '' : ' '}${what}. Nothing was examined.`,
    {
      code: 'keys-malformed',
    },
  )
}

function bytesOf(file: string, mostBytes: number, what: string): Buffer {
  let fd: number | null = null
  try {
    fd = openSync(file, 'r')
    const { size } = fstatSync(fd)
    const bytes = size > mostBytes ? null : readFileSync(fd)
    if (bytes === null || bytes.length > mostBytes)
      throw new UsageError(`${what} is larger than any keys are.`, { code: 'keys-malformed' })
    return bytes
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(`${what} could not be read (${(error as NodeJS.ErrnoException).code}).`, {
      code: 'keys-malformed',
    })
  } finally {
    if (fd !== null) closeSync(fd)
  }
}
