/**
 * Fetches the sample volumes of cryptsetup's own tests, whose contents are known: 21 of BitLocker, 90 of TrueCrypt and VeraCrypt, one of
 * FileVault 2; and the backups of WhatsApp that wa-crypt-tools tests with. They are not kept here; tests that want them skip without.
 *
 *   node scripts/locked-samples.js FOLDER        then: SEIZED_LOCKED=FOLDER npm test
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const COMMIT = '38f95b7001c7680d29093e2a73aa389467deb9a0'
const FROM = `https://raw.githubusercontent.com/mbroz/cryptsetup/${COMMIT}/tests`
const ARCHIVES = {
  'bitlk-images.tar.xz': '68bf5669f777668112d497234ebe2166b5feaf0e33b206b095b917f82937bd30',
  'tcrypt-images.tar.xz': 'cf65f0b336a623c2d5510e6ad63d364a9ade1dd46ac8407e63a0e95b17823272',
  'fvault2-images.tar.xz': 'a5e58ad5230a804351a123f2311147ebc5fa9fdafc845d0edce0039b57391d33',
}

const WHATSAPP_COMMIT = '57ec632960722514e113e7366141eec3b101b5b2'
const WHATSAPP_FROM = `https://raw.githubusercontent.com/ElDavoo/wa-crypt-tools/${WHATSAPP_COMMIT}/tests/res`
const WHATSAPP = {
  key: '08c0516c5e1b4940bfa418c317dcc6f8d44706df20b65578792c2f561efcf629',
  'encrypted_backup.key': 'fe73dc805204eb74537597b24643f43c602bf3d5c8d86300288530ecc2a4219d',
  'msgstore.db.crypt12': '20dfd9c0f5893455566d74bdbec7c6900aebec2320c98e980744b2d794c933ce',
  'msgstore.db.crypt14': 'cfff40d9154c8eaf214ae4da00c426582f1d294d239877da7700ac8ff86b7628',
  'msgstore.db.crypt15': 'af383a886da97080d0545dfa992f5064b69b80a31a6034a5accd5437a62ac155',
}

const [folder] = process.argv.slice(2)
if (folder === undefined) {
  console.error('node scripts/locked-samples.js FOLDER')
  process.exit(2)
}
mkdirSync(join(folder, 'whatsapp'), { recursive: true })

/** @throws where the file is not there, or is another one */
async function fetched(from, name, sha256) {
  const answer = await fetch(`${from}/${name}`)
  if (!answer.ok) throw new Error(`${name}: ${answer.status} ${answer.statusText}`)
  const bytes = Buffer.from(await answer.arrayBuffer())
  if (createHash('sha256').update(bytes).digest('hex') !== sha256)
    throw new Error(`${name} is not what it was`)
  console.log(name)
  return bytes
}

for (const [name, sha256] of Object.entries(ARCHIVES)) {
  const file = join(folder, name)
  writeFileSync(file, await fetched(FROM, name, sha256))
  execFileSync('tar', ['--no-same-owner', '-C', folder, '-xSf', file])
}
for (const [name, sha256] of Object.entries(WHATSAPP))
  writeFileSync(join(folder, 'whatsapp', name), await fetched(WHATSAPP_FROM, name, sha256))
