/** Instructions to check a pack: one command for each of its files, to be typed in the folder. */
import { type Manifest, SUMS } from './manifest.ts'

/** A signature or time stamp in the pack, by the names of its files. */
export type PackedVoucher =
  | {
      readonly kind: 'cms'
      readonly statement: string
      readonly signature: string
    }
  | {
      readonly kind: 'ed25519'
      readonly statement: string
      readonly signature: string
      /** Public key, PEM. */
      readonly key: string
      readonly keyHex: string
    }
  | { readonly kind: 'time-stamp'; readonly statement: string; readonly response: string }
  | { readonly kind: 'pdf'; readonly file: string }

/** Placeholder in commands for the certificate that the reader trusts. */
const AUTHORITY = 'AUTHORITY.pem'

export function checkPage(
  { case: caseId, exhibit, ledger, newestHead }: Omit<Manifest, 'about' | 'files'>,
  vouchers: readonly PackedVoucher[],
): string {
  const keys = vouchers.flatMap((one) => (one.kind === 'ed25519' ? [one.key] : []))
  const signed = vouchers.map((one) => commandsFor(one, ledger, keys)).join('')
  return `Case ${caseId}, exhibit ${exhibit}

1. Every file is the one that was packed, this page and the manifest too:
   sha256sum --check ${SUMS}
   The SHA-256 of the pack itself was printed when it was made: compare it with the one that was kept.
2. The record; with the pack beside it also that case, exhibit and head of the manifest are those of the record:
   seized verify ${quoted(ledger)}
   It writes nothing. The newest head when this was packed: ${newestHead}
3. Without that program: the record is an SQLite file; its format, chain and digests are described in FORMAT.md of seized.
4. Signatures and time stamps${signed === '' ? ': there are none in this pack.\n' : `, with OpenSSL alone; ${AUTHORITY} is the certificate of the authority that you trust, got elsewhere:\n${signed}`}`
}

/** @param keys signing keys in the pack: the program asks for all trusted keys at once */
function commandsFor(one: PackedVoucher, ledger: string, keys: readonly string[]): string {
  if (one.kind === 'cms')
    return `   A signature by certificate:
   openssl cms -verify -cades -binary -inform DER -in ${one.signature} -content ${one.statement} -CAfile ${AUTHORITY} -purpose any -out /dev/null
`
  if (one.kind === 'ed25519')
    return `   A signature by key; compare the key with the one kept elsewhere: ${one.keyHex}
   openssl pkeyutl -verify -pubin -inkey ${one.key} -rawin -in ${one.statement} -sigfile ${one.signature}
`
  if (one.kind === 'time-stamp')
    return `   A time stamp:
   openssl ts -verify -data ${one.statement} -in ${one.response} -CAfile ${AUTHORITY}
`
  return `   A report that is signed inside itself (any reader of PDF shows it too):
   seized verify ${quoted(ledger)} --pdf ${quoted(one.file)} ${[AUTHORITY, ...keys].map((file) => `--trust ${file}`).join(' ')}
`
}

/** Quotes a name for a shell, where needed. */
function quoted(name: string): string {
  return /^[\w.,+@%=:-]+$/.test(name) && !name.startsWith('-') ? name : `'./${name.replaceAll("'", "'\\''")}'`
}
