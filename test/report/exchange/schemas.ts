/**
 * Schemas and shapes of other projects, which are not kept here: beside the clone or where SEIZED_SCHEMAS says, each file pinned
 * by its SHA-256. DFXML a80a861; CASE e21d2a6 and UCO 8335d32 (1.4.0); CAC a923beb (3.0.0).
 */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const FOLDER =
  process.env.SEIZED_SCHEMAS ?? fileURLToPath(new URL('../../../../shared/data/schemas', import.meta.url))

export const SCHEMAS_ARE_HERE = existsSync(join(FOLDER, 'MANIFEST'))

/** @throws when the file is not the pinned one */
export function schemaFile(name: keyof typeof PINNED): string {
  const file = join(FOLDER, name)
  const digest = createHash('sha256').update(readFileSync(file)).digest('hex')
  if (digest !== PINNED[name]) throw new Error(`${file} is not the pinned file: ${digest}`)
  return file
}

export const PINNED = {
  'cac/analyst-wellbeing-shapes.ttl': 'ce11338a1b83417705cdcf4716dd10c5a827e138828ba28e4e2a8a64363f6622',
  'cac/analyst-wellbeing.ttl': 'ad9abc22c41894de16ac83d24f3e322b9e1836c1823be97b059e354574069a16',
  'cac/core-spine-shapes.ttl': '154213b71873b0b8a2aa35f3bae58c08da87518d6fe3a748b5de1fd97f2b1ea3',
  'cac/core-spine.ttl': '6d5139626179012fd601d7e61ea2d98248594ab6e49d6beb0845186e35444eb7',
  'cac/detection-shapes.ttl': '6d2b71249cf4eb3919ba4ba36ce3961800ef0cad8f09865e3789a44515769638',
  'cac/detection.ttl': '92265a4712fd316cefdb64e3e39df3e31bf3375b9fc8b6fb70f4eabf1dbc8343',
  'case/investigation.ttl': '2ce290dc2d9950a047f7298bd5f9c639eb09c276d60e3651aed1f6a6022ded59',
  'case/vocabulary.ttl': '4c6e8b7e22cdb59ccdd688fa05276a5fc5ed5b7467725e911c80e0923a7b70b2',
  'dfxml/dfxml.xsd': 'df381b6b0d7a5cc6d3b44ab2cff4a35ed4fcece086c7ccf437a50a02d9633bf8',
  'dfxml/ref/dc.xsd': '6a2cd099fb449375e6554d6da475209985ee6c47fa51e23bc4941d0bc92f9ba6',
  'dfxml/ref/xml.xsd': 'a20d46f47bc925931ec19e4bcbedfbe4233a39b42bfa45a81077978442d21ccc',
  'uco/action.ttl': '6a38b1be84f424adc8db4533cb3b6b98947846cb036260e9e9604569955a95a0',
  'uco/analysis.ttl': '77d3ed125806e7903645276b4ddf5523f1950823ecd0b486b574ceda2757eef3',
  'uco/co.ttl': '7c96821fdce5424eea62711dd119cbf9725896430eacdeffd624ca7d21e22268',
  'uco/configuration.ttl': '70490a9aa2535dbbbb892502df1a81bcaffd6fe19b6543796a97ffe1b250bbaa',
  'uco/core.ttl': '4da7114c86c2790c705920c3cefae95bc68817053b9cf63898a1ada9fae7f4e8',
  'uco/identity.ttl': '7fbf990becefcd0d1d38eb9366fb5d832a2c343b7ed8c08757004b923ef876eb',
  'uco/location.ttl': '8cb6fea9d40b720d732111417d3de005bbec0316361f820854ea4779a93a08dd',
  'uco/marking.ttl': 'af7d08c77d792737e3346686fd276073b424e461c9ef9f87c72b1ffc1a709eac',
  'uco/observable.ttl': 'f0ba6c4de3759c2128a100600219b8bd6824be83d67237ef10896397ec6fbda5',
  'uco/owl.ttl': 'be924c288e04b456531cf2f124e19f46f061a8366915d33363248c252f95b60d',
  'uco/pattern.ttl': '9400169a3d7e1e538e5ef185fccc332281b512be6850626ddf1c869ec7b99120',
  'uco/role.ttl': 'e5affb936b1244485814de71299c9062a15fddada6d195749538d2d287fad910',
  'uco/time.ttl': 'd1e0041ee0319cdbd986388464433de28c411ddaedebe28538a0c6c88c79ffd3',
  'uco/tool.ttl': '817da27a7f23fa629e2a95e9de33ffb9e8f69c1260940d19a850ee1460ad3378',
  'uco/types.ttl': '2caacbe26dbc0b991874815ed50c59cb00e358575f7f5cf8aa13c03ddc72ef2d',
  'uco/victim.ttl': 'd6afe6f96d4fb9d462e70da390bf2ec51fe77d9c47f664835aac3f6b3aabbf33',
  'uco/vocabulary.ttl': 'b68fa7db851de1cd21e9bb6d4060eb45b1540daa0e8e9c50da1d3325ed521eda',
} as const
