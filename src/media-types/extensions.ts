/**
 * Which extensions are usual for which content. A content under an unusual name is an attribute, not a finding: people
 * rename things for many reasons, and hiding is one of them.
 */

import { printName } from '../base/evidence-path.ts'
import type { Attribute } from '../contracts/finding.ts'
import { EMPTY, UNRECOGNISED } from './sample.ts'

/** Never stored: it belongs to a name, and a reader makes it of name and content. */
export const WRONG_EXTENSION = 'wrong-extension'

/**
 * @param name the last name of a path, raw bytes
 * @returns null when the extension is usual, missing, or says nothing (.tmp, .bak …)
 */
export function extensionMismatch(name: Buffer, mediaType: string): Attribute | null {
  const extension = extensionOf(name)
  if (extension === null || SAYS_NOTHING.has(extension) || mediaType === EMPTY) return null
  const usual = USUAL.get(mediaType)
  if (usual?.has(extension)) return null
  // Text and unrecognised content go by any name but that of something else.
  const isOpen = usual === undefined || usual.size === 0
  if (isOpen && !NAMED_BINARY.has(extension)) return null
  const shown = printName(Buffer.from(extension, 'latin1'))
  return { kind: 'attribute', name: WRONG_EXTENSION, value: `.${shown} is not usual for ${mediaType}` }
}

// Longer ones are not extensions but parts of names.
const MAX_EXTENSION_BYTES = 16

function extensionOf(name: Buffer): string | null {
  const dot = name.lastIndexOf(0x2e)
  // A leading dot hides a file on Unix and begins no extension.
  if (dot <= 0 || dot === name.length - 1 || name.length - dot - 1 > MAX_EXTENSION_BYTES) return null
  const extension = name.toString('latin1', dot + 1).toLowerCase()
  return /^[0-9]+$/.test(extension) || /[\s]/.test(extension) ? null : extension
}

const SAYS_NOTHING = new Set(
  'tmp temp bak old orig backup part partial crdownload download cache copy new save swp'.split(' '),
)

/** Types that share extensions, so that a rename inside the family is no mismatch. */
const FAMILIES: readonly (readonly [types: string, extensions: string])[] = [
  ['image/jpeg', 'jpg jpeg jpe jfif jif jps mpo thm'],
  ['image/jls', 'jls jpg'],
  ['image/png image/apng', 'png apng'],
  ['image/gif', 'gif'],
  ['image/webp', 'webp'],
  ['image/bmp', 'bmp dib rle'],
  [
    'image/heic image/heif image/heic-sequence image/heif-sequence image/avif',
    'heic heif hif heics heifs avif avifs avci',
  ],
  [
    'image/tiff image/x-adobe-dng image/x-nikon-nef image/x-sony-arw image/x-canon-cr2 image/x-pentax-pef',
    'tif tiff dng nef nrw arw sr2 srf cr2 pef 3fr fff iiq erf mef mos kdc dcr raw srw',
  ],
  ['image/x-canon-cr3', 'cr3'],
  ['image/x-olympus-orf', 'orf'],
  ['image/x-panasonic-rw2', 'rw2 raw rwl'],
  ['image/x-fujifilm-raf', 'raf'],
  ['image/x-minolta-mrw', 'mrw'],
  ['image/vnd.ms-photo', 'jxr wdp hdp'],
  ['image/jxl', 'jxl'],
  ['image/jp2 image/jpx image/jpm image/mj2 image/j2c', 'jp2 jpx jpm jpf mj2 mjp2 j2k j2c jpc'],
  ['image/vnd.adobe.photoshop', 'psd psb'],
  ['image/x-icon', 'ico cur'],
  ['image/x-tga', 'tga targa icb vda vst'],
  ['image/vnd.zbrush.pcx', 'pcx'],
  ['image/x-portable-anymap', 'pnm pbm pgm ppm pam'],
  ['image/svg+xml', 'svg xml'],
  ['image/x-xcf', 'xcf'],
  ['image/icns', 'icns'],
  ['image/vnd.ms-dds', 'dds'],
  ['image/emf', 'emf'],
  ['image/wmf', 'wmf'],
  [
    'video/mp4 video/quicktime video/x-m4v video/3gpp video/3gpp2 audio/mp4',
    'mp4 m4v mov qt mp4v mpg4 3gp 3gpp 3g2 3gp2 m4a m4b m4p m4r f4v f4a f4p f4b lrv insv aac',
  ],
  ['video/matroska video/webm', 'mkv mka mks mk3d webm weba'],
  ['video/vnd.avi', 'avi divx'],
  ['video/x-flv', 'flv f4v'],
  ['video/x-ms-asf audio/x-ms-asf', 'asf wmv wma wm'],
  ['video/mpeg', 'mpg mpeg mpe m1v m2v vob mod evo dat'],
  ['video/mp2t', 'ts mts m2ts m2t tp trp tod'],
  ['video/x-flc', 'flc fli'],
  ['video/ogg audio/ogg application/ogg', 'ogg ogv oga ogx opus spx ogm'],
  ['application/vnd.rn-realmedia', 'rm rmvb ra ram'],
  ['application/mxf', 'mxf'],
  ['audio/mpeg', 'mp3 mp2 mp1 mpa m2a m3a mpga aac'],
  ['audio/aac', 'aac adts'],
  ['audio/flac', 'flac'],
  ['audio/wav', 'wav wave'],
  ['audio/aiff', 'aif aiff aifc'],
  ['audio/midi', 'mid midi kar rmi'],
  ['audio/amr', 'amr'],
  ['application/pdf', 'pdf ai'],
  [
    'application/zip',
    'zip zipx cbz docx docm dotx dotm xlsx xlsm xltx xltm xlsb pptx pptm potx potm ppsx ppsm odt ods odp odg ott ots otp epub jar apk ipa xpi war ear aar kmz 3mf vsdx key pages numbers sketch nupkg whl crx xap appx msix',
  ],
  ['application/java-archive', 'jar war ear aar apk'],
  ['application/vnd.android.package-archive', 'apk apks xapk'],
  ['application/epub+zip', 'epub'],
  ['application/x-xpinstall', 'xpi'],
  [
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document application/vnd.openxmlformats-officedocument.wordprocessingml.template application/vnd.ms-word.document.macroenabled.12 application/vnd.ms-word.template.macroenabled.12',
    'docx docm dotx dotm',
  ],
  [
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet application/vnd.openxmlformats-officedocument.spreadsheetml.template application/vnd.ms-excel.sheet.macroenabled.12 application/vnd.ms-excel.template.macroenabled.12 application/vnd.ms-excel.sheet.binary.macroenabled.12',
    'xlsx xlsm xltx xltm xlsb xlam',
  ],
  [
    'application/vnd.openxmlformats-officedocument.presentationml.presentation application/vnd.openxmlformats-officedocument.presentationml.template application/vnd.openxmlformats-officedocument.presentationml.slideshow application/vnd.ms-powerpoint.presentation.macroenabled.12 application/vnd.ms-powerpoint.slideshow.macroenabled.12 application/vnd.ms-powerpoint.template.macroenabled.12',
    'pptx pptm potx potm ppsx ppsm ppam',
  ],
  [
    'application/vnd.oasis.opendocument.text application/vnd.oasis.opendocument.text-template',
    'odt ott fodt',
  ],
  [
    'application/vnd.oasis.opendocument.spreadsheet application/vnd.oasis.opendocument.spreadsheet-template',
    'ods ots fods',
  ],
  [
    'application/vnd.oasis.opendocument.presentation application/vnd.oasis.opendocument.presentation-template',
    'odp otp fodp',
  ],
  [
    'application/vnd.oasis.opendocument.graphics application/vnd.oasis.opendocument.graphics-template',
    'odg otg fodg',
  ],
  [
    'application/x-cfb application/msword application/vnd.ms-excel application/vnd.ms-powerpoint application/vnd.visio application/x-mspublisher application/x-ole-encrypted',
    'doc dot xls xlt xla ppt pps pot vsd vss vsdx vstx pub wps msg msi msp mpp db docx xlsx pptx snt max sldprt automaticdestinations-ms',
  ],
  ['application/x-msi', 'msi msp mst'],
  ['model/3mf', '3mf'],
  ['application/vnd.ms-outlook', 'msg oft'],
  ['application/vnd.ms-outlook-pst', 'pst ost pab'],
  ['application/x-ms-thumbs-db application/x-ms-thumbcache', 'db'],
  ['application/x-7z-compressed', '7z cb7 exe'],
  ['application/vnd.rar', 'rar cbr rev exe'],
  ['application/gzip', 'gz tgz gzip svgz emz wmz dia vcz'],
  ['application/x-bzip2', 'bz2 tbz tbz2 bz'],
  ['application/x-xz', 'xz txz'],
  ['application/zstd', 'zst tzst'],
  ['application/x-tar', 'tar ova gem cbt'],
  ['application/vnd.ms-cab-compressed', 'cab msu mzz'],
  ['application/x-iso9660-image', 'iso img udf'],
  ['application/x-sqlite3', 'db sqlite sqlite3 db3 s3db sqlitedb localstorage sqlite-db'],
  ['application/x-msdownload', 'exe dll sys scr ocx cpl com drv efi mui ax acm tsp node pyd rll'],
  ['application/x-elf', 'so o ko elf axf prx puff mod'],
  ['application/rtf', 'rtf doc'],
  ['application/x-shockwave-flash', 'swf'],
  ['message/rfc822', 'eml mht mhtml msg emlx mai txt'],
  ['application/mbox', 'mbox mbx txt'],
  // Text is text by any name: only a name of something else is worth a word.
  [
    'text/plain text/html text/csv text/tab-separated-values application/json application/x-ndjson application/xml application/xhtml+xml',
    '',
  ],
  [UNRECOGNISED, ''],
]

const USUAL: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  FAMILIES.flatMap(([types, extensions]) => {
    const set = new Set(extensions.split(' ').filter((extension) => extension !== ''))
    return types.split(' ').map((type) => [type, set] as const)
  }),
)

/** Names that text and private formats use too: TypeScript, game mods, key files, databases. */
const AMBIGUOUS = new Set(
  'ts xml mod db key pages numbers raw tod dia vst ai ram trp max exe doc dat'.split(' '),
)

/** Extensions that promise a binary format we know, so that text or noise under them is a mismatch. */
const NAMED_BINARY: ReadonlySet<string> = new Set(
  FAMILIES.flatMap(([types, extensions]) =>
    /^(image|video|audio|application\/(pdf|zip|x-7z|vnd\.rar|gzip|x-sqlite3|vnd\.openxml))/.test(types)
      ? extensions.split(' ')
      : [],
  ).filter((extension) => extension !== '' && !AMBIGUOUS.has(extension)),
)
