/** `seized sign`: a person's signature of the newest seal statement, with a bare key, a PKCS#12 file or a card. */
import { resolve } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import type { SignatureFact } from '../../contracts/custody.ts'
import { newestStatement } from '../../sign/check-custody.ts'
import { readEd25519, signWithCertificate, signWithKey } from '../../sign/signatures.ts'
import { signerOfCard, signerOfP12 } from '../../sign/signers.ts'
import { recordCustody } from '../log-custody.ts'
import { readPassphrase } from '../passphrase.ts'
import type { Given } from '../table/option.ts'
import type { SIGN } from '../table/options.ts'
import { refuseExisting, withSealed, writeNew } from '../vouching.ts'

export async function sign([file]: readonly string[], given: Given<typeof SIGN>): Promise<number> {
  const path = resolve(file!)
  const ways = [given.key, given.p12, given.pkcs11].filter((way) => way !== undefined)
  if (ways.length !== 1)
    throw new UsageError(
      'Say once with what is signed: --key FILE, --p12 FILE, or --pkcs11 MODULE with --id.',
    )
  if (given.pkcs11 !== undefined && !/^([0-9a-f]{2})+$/i.test(given.id ?? ''))
    throw new UsageError('--pkcs11 needs --id: the number of key and certificate on the card, in hex.')
  const out = given.out === undefined ? null : resolve(given.out)
  if (out !== null) refuseExisting('--out', out)
  return withSealed(path, given.heads, async (ledger) => {
    const statement = newestStatement(ledger.custody())
    const fact = await signed(statement.fact.text, statement.number, given)
    if (out !== null) writeNew('--out', out, fact.value)
    const { number } = recordCustody(
      path,
      { event: 'signed', operator: given.operator, detail: {}, fact },
      given.heads,
    )
    process.stdout.write(`Signature ${number} of seal statement ${statement.number}: ${fact.signer}\n`)
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
  const secret = await readPassphrase(given)
  const signer =
    given.p12 === undefined ? signerOfCard(given.pkcs11!, given.id!, secret) : signerOfP12(given.p12, secret)
  return signWithCertificate(text, statement, signer.certificate, signer.others, new Date(), signer.sign)
}
