/**
 * Paths and sentences such as any device has, made up in a fixed order: something to check a list on when an agency has
 * no benign corpus at hand. They are far more regular than real ones, so a rate measured on them is too low.
 */

const ROOTS = [
  'DCIM/100APPLE',
  'DCIM/Camera',
  'Pictures/Holidays 2019',
  'Users/anna/Documents',
  'Users/anna/Downloads',
  'Users/Public/Music',
  'WhatsApp/Media/WhatsApp Images',
  'Windows/System32/drivers',
  'Program Files/Common Files',
  'var/log',
  'usr/share/doc',
  'home/piotr/projects/garden-planner/src',
  'Library/Application Support',
  'AppData/Local/Temp',
  'Rodzina/Wakacje',
  'Fotos/Cumpleaños de abuela',
  'Nuotraukos/Pajūris',
  'Φωτογραφίες/Καλοκαίρι',
  'ছবি/পরিবার',
]
const WORDS = [
  'invoice',
  'report',
  'holiday',
  'garden',
  'recipe',
  'budget',
  'letter',
  'scan',
  'meeting',
  'notes',
  'family',
  'wedding',
  'school',
  'homework',
  'teacher',
  'football',
  'practice',
  'dance',
  'little league',
  'baby shower',
  'birthday',
  'kitchen',
  'mountain',
  'beach',
  'sunset',
  'guitar',
  'lesson',
  'manual',
  'driver',
  'config',
  'backup',
  'archive',
  'summer',
  'winter',
  'contract',
  'insurance',
  'ticket',
  'passport',
  'map',
  'photo',
  'portrait',
  'young artists',
  'teen choir',
  'girl scouts',
  'boys team',
  'kindergarten',
  'playground',
  'swim club',
  'gymnastics',
  'doctor',
]
const EXTENSIONS = [
  'jpg',
  'png',
  'pdf',
  'docx',
  'txt',
  'mp3',
  'mp4',
  'zip',
  'dll',
  'js',
  'log',
  'heic',
  'xlsx',
]
const NAMES = [
  (n: number) => `IMG_${1000 + n}`,
  (n: number, word: string) => `${word} ${2005 + (n % 20)}`,
  (n: number, word: string) => `${word.replaceAll(' ', '_')}_v${n % 9}`,
  (_n: number, word: string) => camel(`${word} final`),
  (n: number, word: string) => `DSC0${4000 + n} ${word}`,
  (n: number) => `${((n + 1) * 2654435761) >>> 0}`.padStart(10, '0'),
  (n: number, word: string) => `${word}-${((n + 7) * 40503) % 65536}`,
]
const SENTENCES = [
  (word: string) => `Could you send me the ${word} before Friday?`,
  (word: string) => `We talked about the ${word} yesterday.`,
  (word: string) => `The ${word} was on the table when I left.`,
  (word: string) => `I forgot my ${word}, can you bring it to school?`,
  (word: string) => `Nos vemos en la plaza después del ${word}.`,
  (word: string) => `Merci pour ${word}, à demain.`,
  (word: string) => `Ačiū už ${word}, iki rytojaus.`,
]

export function* neutralPaths(count: number): Iterable<string> {
  for (let n = 0; n < count; n += 1) {
    const word = WORDS[(n * 7 + Math.floor(n / 50)) % WORDS.length]!
    const name = NAMES[n % NAMES.length]!(n, word)
    yield `${ROOTS[(n * 5 + Math.floor(n / 19)) % ROOTS.length]}/${name}.${EXTENSIONS[n % EXTENSIONS.length]}`
  }
}

export function* neutralTexts(count: number): Iterable<string> {
  for (let n = 0; n < count; n += 1)
    yield SENTENCES[n % SENTENCES.length]!(WORDS[(n * 11 + Math.floor(n / 7)) % WORDS.length]!)
}

function camel(words: string): string {
  return words.replace(/ (.)/g, (_, letter: string) => letter.toUpperCase())
}
