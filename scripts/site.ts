/** `npm run site [-- --out FOLDER]`: the documentation as a site of plain files. Ends with 1 when a link leads nowhere. */
import { rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { PROGRAM_ROOT } from '../src/base/version.ts'
import { writeSite } from './site/site.ts'

const { values } = parseArgs({ options: { out: { type: 'string', default: 'site-out' } } })
const out = resolve(values.out)
if (values.out === 'site-out') rmSync(out, { recursive: true, force: true })
const broken = writeSite(PROGRAM_ROOT, out)
for (const one of broken) console.error(`leads nowhere: ${one}`)
if (broken.length > 0) process.exitCode = 1
else console.log(`Open ${join(out, 'index.html')}`)
