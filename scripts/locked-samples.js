/**
 * Fetches the sample volumes of cryptsetup's own tests, whose contents are known: 21 of BitLocker, 90 of TrueCrypt and VeraCrypt, one of
 * FileVault 2. They are not kept here; tests that want them skip without.
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

const [folder] = process.argv.slice(2)
if (folder === undefined) {
  console.error('node scripts/locked-samples.js FOLDER')
  process.exit(2)
}
mkdirSync(folder, { recursive: true })
for (const [name, sha256] of Object.entries(ARCHIVES)) {
  const answer = await fetch(`${FROM}/${name}`)
  if (!answer.ok) throw new Error(`${name}: ${answer.status} ${answer.statusText}`)
  const bytes = Buffer.from(await answer.arrayBuffer())
  if (createHash('sha256').update(bytes).digest('hex') !== sha256)
    throw new Error(`${name} is not what it was`)
  const file = join(folder, name)
  writeFileSync(file, bytes)
  execFileSync('tar', ['--no-same-owner', '-C', folder, '-xSf', file])
  console.log(name)
}
