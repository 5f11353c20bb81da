/** `seized sign`: a person's signature of the newest seal statement, with a bare key, a PKCS#12 file or a card. */
import { resolve } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import type { SignatureFact } from '../../contracts/custody.ts'
import { nameOf } from '../../sign/certificates.ts'
import { newestStatement } from '../../sign/check-custody.ts'
import { readEd25519, signWithCertificate, signWithKey } from '../../sign/signatures.ts'
import { type Signer, signerOfCard, signerOfP12 } from '../../sign/signers.ts'
import type { Given } from '../arguments/option.ts'
import type { SIGN } from '../arguments/options-table.ts'
import { readPassphrase } from '../services/passphrase.ts'
import { isReportOf, readPdf, sha256, signedPdf } from '../services/signed-reports.ts'
import { withVouchable } from '../services/vouchable.ts'
import { refuseExisting, writeNew } from '../services/vouching.ts'

export async function sign([file]: readonly string[], given: Given<typeof SIGN>): Promise<number> {
  const named = file!
  const ways = [given.key, given.p12, given.pkcs11].filter((way) => way !== undefined)
  if (ways.length !== 1)
    throw new UsageError(
      'Say once with what is signed: --key FILE, --p12 FILE, or --pkcs11 MODULE with --id.',
    )
  if (given.pkcs11 !== undefined && !/^([0-9a-f]{2})+$/i.test(given.id ?? ''))
    throw new UsageError('--pkcs11 needs --id: the number of key and certificate on the card, in hex.')
  if (given.pdf !== undefined) return signReport(named, given.pdf, given)
  const out = given.out === undefined ? null : resolve(given.out)
  if (out !== null) refuseExisting('--out', out)
  return withVouchable(named, given.heads, async ({ events, statementName, record }) => {
    const statement = newestStatement(events)
    const fact = await signed(statement.fact.text, statement.number, given)
    if (out !== null) writeNew('--out', out, fact.value)
    const { number } = record({ event: 'signed', operator: given.operator, detail: {}, fact })
    process.stdout.write(`Signature ${number} of ${statementName} ${statement.number}: ${fact.signer}\n`)
    return 0
  })
}

async function signed(text: string, statement: number, given: Given<typeof SIGN>): Promise<SignatureFact> {
  const isSecretGiven = given.passphraseFile !== undefined || given.passphraseFd !== undefined
  if (given.key !== undefined)
    return signWithKey(
      text,
      statement,
      given.operator,
      readEd25519(given.key, isSecretGiven ? await readPassphrase(given) : null),
    )
  const signer = await certificateSigner(given)
  return signWithCertificate(text, statement, signer.certificate, signer.others, new Date(), signer.sign)
}

async function certificateSigner(given: Given<typeof SIGN>): Promise<Signer> {
  const secret = await readPassphrase(given)
  return given.p12 === undefined
    ? signerOfCard(given.pkcs11!, given.id!, secret)
    : signerOfP12(given.p12, secret)
}

/**
 * The log records which report was signed, and the digest of the signed file. @throws UsageError for a file that is
 * not a report of this ledger
 */
async function signReport(named: string, pdf: string, given: Given<typeof SIGN>): Promise<number> {
  if (given.key !== undefined)
    throw new UsageError('--pdf needs a certificate, of --p12 or a card: readers of PDF take no bare key.')
  if (given.out === undefined) throw new UsageError('--pdf needs --out: the signed report is a new file.')
  const out = resolve(given.out)
  refuseExisting('--out', out)
  return withVouchable(named, given.heads, async ({ events, record }) => {
    const report = readPdf('--pdf', pdf)
    const of = sha256(report)
    if (!isReportOf(events, of))
      throw new UsageError(
        `--pdf ${pdf} is no report of this ledger: no report with its SHA-256 stands in its custody log.`,
      )
    const signer = await certificateSigner(given)
    const signed = await signedPdf(report, signer, new Date())
    writeNew('--out', out, signed)
    const by = nameOf(signer.certificate)
    const detail = { out, sha256: sha256(signed), of, by }
    record({ event: 'report-signed', operator: given.operator, detail })
    process.stdout.write(`Signed by ${by}: ${out}\n`)
    return 0
  })
}
