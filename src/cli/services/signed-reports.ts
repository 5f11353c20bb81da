/** Reports with an embedded signature: their ledger, and whether the signature is valid. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { UsageError } from '../../base/errors.ts'
import type { CustodyEvent } from '../../contracts/custody.ts'
import { nameOf, problemOf, validityProblem } from '../../sign/certificates.ts'
import type { Vouched } from '../../sign/check-custody.ts'
import { NotDer } from '../../sign/der.ts'
import { checkPdf, signPdf } from '../../sign/pdf.ts'
import type { Trusted } from '../../sign/signatures.ts'
import type { Signer } from '../../sign/signers.ts'

/**
 * Signs the report, then checks it as a recipient would.
 * @throws UsageError when the certificate is not valid now, or the check fails: the report stays unsigned
 */
export async function signedPdf(
  report: Buffer,
  { certificate, others, sign }: Signer,
  at: Date,
): Promise<Buffer> {
  const outOfDate = validityProblem(certificate, at)
  if (outOfDate !== null) throw new UsageError(`Nothing was signed: ${outOfDate}.`)
  try {
    const signed = await signPdf(report, certificate, others, at, sign)
    checkPdf(signed)
    return signed
  } catch (cause) {
    if (!(cause instanceof NotDer)) throw cause
    throw new UsageError(`Nothing was signed: ${cause.message}.`, { cause })
  }
}

export function withReports(
  found: Vouched,
  files: readonly string[],
  events: readonly CustodyEvent[],
  trusted: Trusted | null,
): Vouched {
  const checked = files.map((file) => reportOf(file, events, trusted))
  const signed = events.filter(({ event }) => event === 'report-signed')
  return {
    problems: [...found.problems, ...checked.flatMap(({ problems }) => problems)],
    notes: [
      ...found.notes,
      ...checked.flatMap(({ notes }) => notes),
      ...(signed.length > 0 && files.length === 0
        ? [
            `${signed.length} signed report(s) stand in the custody log and were not looked at: give --pdf FILE`,
          ]
        : []),
    ],
    lines: [...found.lines, ...checked.flatMap(({ lines }) => lines)],
  }
}

function reportOf(file: string, events: readonly CustodyEvent[], trusted: Trusted | null): Vouched {
  const wrong = (problem: string): Vouched => ({ problems: [`${file}: ${problem}`], notes: [], lines: [] })
  const bytes = readPdf('--pdf', file)
  try {
    const { certificate, certificates, at, original } = checkPdf(bytes)
    const by = nameOf(certificate)
    if (!isReportOf(events, sha256(original)))
      return wrong('what is signed is no report of this ledger: its SHA-256 is not in the custody log')
    const event = events.find((one) => one.event === 'report-signed' && one.detail.sha256 === sha256(bytes))
    // The log contains the time of a signature made here; for a report signed elsewhere, only the report states it.
    const when = event ? new Date(event.utc) : at
    const problem =
      trusted === null
        ? validityProblem(certificate, when)
        : problemOf(certificate, certificates, trusted.certificates, when)
    if (problem !== null) return wrong(problem)
    return {
      problems: [],
      notes: [
        ...(event ? [] : [`${file}: that it was signed does not stand in the custody log`]),
        ...(trusted === null
          ? [
              `${file}: who stands behind the certificate of ${by} (SHA-256 ${certificate.fingerprint256}) was not checked: give --trust with the authority's certificate`,
            ]
          : []),
      ],
      lines: [`signed report    ${file}: by ${by}, ${at.toISOString()}, the whole file`],
    }
  } catch (error) {
    if (error instanceof NotDer) return wrong(error.message)
    throw error
  }
}

/** @returns false for any other file */
export function isSignedPdf(file: string): boolean {
  const bytes = readPdf('--report', file)
  if (bytes.toString('latin1', 0, 5) !== '%PDF-') return false
  try {
    checkPdf(bytes)
    return true
  } catch (error) {
    if (error instanceof NotDer) return false
    throw error
  }
}

export function isReportOf(events: readonly CustodyEvent[], digest: string): boolean {
  return events.some(({ event, detail }) => event === 'reported' && detail.sha256 === digest)
}

/** @throws UsageError */
export function readPdf(option: string, file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (cause) {
    throw new UsageError(`${option} ${file} could not be read (${(cause as NodeJS.ErrnoException).code}).`, {
      cause,
    })
  }
}

export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}
