/**
 * Public collections of neutral pictures, for counting leads. Which of them thresholds may be chosen on was written down before the
 * choice (2026-11-29): `tuning` holds all that an earlier threshold was chosen or looked at on; nothing was chosen on `held-back`.
 */

export interface Collection {
  /** `tuning-faces`: for hands and covered faces, whose counts on `held-back` had been seen; `fresh`: nothing was chosen on. */
  readonly part: 'tuning' | 'held-back' | 'tuning-faces' | 'fresh'
  readonly stratum: string
  readonly repository: string
  readonly commit: string
  readonly paths: RegExp
  /** Only pictures whose captions say so. */
  readonly captioned?: Captioned
  /** Pictures to draw, as far as there are so many. */
  readonly pictures: number
  /** Over the digests of the drawn pictures. */
  readonly sha256: string
}

export interface Captioned {
  /** Lines `name.jpg,caption`, several a picture. */
  readonly file: string
  /** At least two captions of a picture name it. */
  readonly named: RegExp
  /** No caption says so: what is not certain to be an ordinary scene is left out. */
  readonly never: RegExp
}

const CHILDREN: Captioned = {
  file: 'data/captions.txt',
  named: /\b(child|children|kids?|boys?|girls?|toddler|baby|babies)\b/,
  never:
    /\b(naked|nude|shirtless|bare|topless|swim\w*|bath\w*|pool|beach|ocean|lake|water|waves?|diaper|underwear|bikini|wet|sprinkler|fountain|bed|sleep\w*|shower|undress\w*|trunks|surf\w*|splash\w*|sand|towel|river|hose)\b/,
}

export const COLLECTIONS: readonly Collection[] = [
  {
    part: 'tuning',
    stratum: 'scenes with people',
    repository: 'quantumnaan/sic_translator',
    commit: 'd27da85cff2dbf143fcaf365aece667d66c4298f',
    paths: /^data\/images\/.*\.jpg$/i,
    pictures: 250,
    sha256: '13b01956bb794d8ebdcb56b31efd9b7ffd8f44d7bc49271cbfa07c96765892ac',
  },
  {
    part: 'tuning',
    stratum: 'people, some with masks',
    repository: 'chandrikadeb7/Face-Mask-Detection',
    commit: '7e500749401bad4bb338790fbdb89b58e41ef2d9',
    paths: /\.(jpe?g|png)$/i,
    pictures: 250,
    sha256: '8c2b5dd9686f258a4daa71ba34278cd904ffcab6ea5a3eba5ea6e84ffcaaa905',
  },
  {
    part: 'tuning',
    stratum: 'faces of any age',
    repository: 'muxspace/facial_expressions',
    commit: '5fb9c13afac07c55eae8d25eb6b50af344ad60c9',
    paths: /^images\/.*\.jpe?g$/i,
    pictures: 250,
    sha256: '85e1ab28a2c7e2691fbfd3b671408bc15eada08b702a62d2c2ed0ef71157c240',
  },
  {
    part: 'tuning',
    stratum: 'clothes, worn and laid out',
    repository: 'dynamic-stacker/clothing-dataset-small',
    commit: '649df16f3426bf210534cbc70f464b78d6733edc',
    paths: /\.(jpe?g|png)$/i,
    pictures: 250,
    sha256: 'c5f7f23dc630c206821cddc82c78fa24093e9b514541a45d2cae3d9e33dfd69d',
  },
  {
    part: 'tuning',
    stratum: 'dogs and cats',
    repository: 'ardamavi/Dog-Cat-Classifier',
    commit: '9e4f1e1b8eb00fb52c7b1f7e271e573cbe5a2d2f',
    paths: /^Data\/Train_Data\/.*\.(jpe?g|png)$/i,
    pictures: 250,
    sha256: '0a0ac00175d203eb4589d5702974e4b2afb99c4c1127480b8d295bafefe3d97c',
  },
  {
    part: 'tuning',
    stratum: 'groceries',
    repository: 'marcusklasson/GroceryStoreDataset',
    commit: 'fc80ba90f803d79d0383df52c5a4ac5de99ff6fc',
    paths: /^dataset\/.*\.jpe?g$/i,
    pictures: 250,
    sha256: '06a2d942c70235ed91f9c9c5ca427108697ef16c3eb3895f4f18d84c4f7b81a7',
  },
  {
    part: 'tuning',
    stratum: 'a picture a class',
    repository: 'EliSchwartz/imagenet-sample-images',
    commit: 'bc69043e2862758a1906c6a24a792bb28c6bb2ff',
    paths: /\.jpe?g$/i,
    pictures: 250,
    sha256: '41be19b63cdf9628d75b2a73505d476a251bec82286c53113a56cba6f62945ac',
  },
  {
    part: 'tuning',
    stratum: 'another picture a class',
    repository: 'ajschumacher/imagen',
    commit: '2e8718956e3bb046db9a8e488c2254fd9846b6c5',
    paths: /^imagen\/.*\.jpe?g$/i,
    pictures: 250,
    sha256: '891a4154b586649b0095f066cedf9ecb0455a603ab84487375b55c6172cc2790',
  },
  {
    part: 'tuning',
    stratum: 'everyday scenes',
    repository: 'lightly-ai/coco128_yolo',
    commit: '6d6f7a059ea63efffdbe48aca2d52c04d4c510e9',
    paths: /^images\/.*\.jpg$/i,
    pictures: 250,
    sha256: '4c0fa7f0dffbd94bb031d8ee4aefc7b41bd32152290fb4253b8bd8e23888c2b8',
  },
  {
    part: 'tuning',
    stratum: 'screenshots',
    repository: 'mattermost/docs',
    commit: '9dd1c713ed5ec6482ae9845228f23147936457af',
    paths: /^source\/images\/.*\.png$/i,
    pictures: 250,
    sha256: '397eafe0a82b96235e816840269649ad651a0161afbafc60c3aa39336aee52cd',
  },
  {
    part: 'tuning',
    stratum: 'drawn characters',
    repository: 'dalelane/pokemon-images-dataset',
    commit: 'bdcfa63da75ddbd075982b2767f202f70c00620f',
    paths: /^images\/.*\.(jpe?g|png)$/i,
    pictures: 250,
    sha256: '34cfa477b3c24fa47a82d979e00cef770491fc717d4714099055589e99713b37',
  },
  {
    part: 'tuning',
    stratum: 'receipts',
    repository: 'zzzDavid/ICDAR-2019-SROIE',
    commit: '27be4271b251c256f695acbade9a801bffe85994',
    paths: /^data\/img\/.*\.jpg$/i,
    pictures: 100,
    sha256: '19fd8c515e3f6b5fba3f27f36822a608e1ed5e2a7f6fd6f8e898affe5428867d',
  },
  {
    part: 'held-back',
    stratum: 'landscapes, buildings, people, animals',
    repository: 'BIDS/BSDS500',
    commit: 'a04b7c6c3a9f0ace74bf205c72a43d32e1c72722',
    paths: /^BSDS500\/data\/images\/.*\.jpg$/i,
    pictures: 500,
    sha256: '84405a1c0333c6e4213bd48d55e10db862aa9034747a866f132baa45e954933b',
  },
  {
    part: 'held-back',
    stratum: 'people with and without masks',
    repository: 'prajnasb/observations',
    commit: 'cdcf4501bf7fdec7ac8a4ee245e343b187fa53c7',
    paths: /^experiements\/data\/.*\.(jpe?g|png)$/i,
    pictures: 500,
    sha256: '0122bf64085042655640d8fa6a7974c178c547b357b8ac40cec3b1f34c090880',
  },
  {
    part: 'held-back',
    stratum: 'faces of grown persons',
    repository: 'serengil/deepface',
    commit: '243209fd7b46ecdecf72665cc25219f6e8181f25',
    paths: /^tests\/unit\/dataset\/.*\.(jpe?g|png)$/i,
    pictures: 500,
    sha256: 'eda4f3d7ec22cbfb5e3b2fd6e385ce4a67b5ab29eae700e0bd6e02d274bce7b8',
  },
  {
    part: 'held-back',
    stratum: 'hands',
    repository: 'ardamavi/Sign-Language-Digits-Dataset',
    commit: '4b09433ef9d5c60602e8805bb54b8aa2428527f8',
    paths: /^Dataset\/.*\.jpe?g$/i,
    pictures: 500,
    sha256: '657bb3c953e9ceb16727bbcbefc512540273cade14165800154049e313183f13',
  },
  {
    part: 'held-back',
    stratum: 'kangaroos',
    repository: 'experiencor/kangaroo',
    commit: '882bbbd75ba49cb8cf9393e06d88ebaec293af32',
    paths: /^images\/.*\.jpg$/i,
    pictures: 500,
    sha256: 'f8b52e0ca4a1592f25bbf7cbe0acae4df1012f936528a6e8e7237ae273ead49c',
  },
  {
    part: 'held-back',
    stratum: 'raccoons',
    repository: 'datitran/raccoon_dataset',
    commit: '93938849301895fb73909842ba04af9b602f677a',
    paths: /^images\/.*\.jpg$/i,
    pictures: 500,
    sha256: 'bd507c9c3f46a8270e1e8ff7d610885be68ce18dafcba036e2c985e932a3dc63',
  },
  {
    part: 'held-back',
    stratum: 'fruits and vegetables',
    repository: 'abhinav9444/Fruits-Vegetables-Image-Dataset',
    commit: 'd9ae10ddbbfa889b1bb0d055a0edbabab1f680a3',
    paths: /\.(jpe?g|png)$/i,
    pictures: 500,
    sha256: 'b912e2788b17813836ecc0513e27304be167db802139afcd969457fb280e2c4d',
  },
  {
    part: 'held-back',
    stratum: 'blood under a microscope',
    repository: 'cosmicad/dataset',
    commit: 'bebbc655aa704b3afc7cc617cc4169ab49469c1d',
    paths: /^JPEGImages\/.*\.jpe?g$/i,
    pictures: 500,
    sha256: '8bafb98594fd986477cac20b9a8612ac4c8348e851e0a6142be1bba79c72070f',
  },
  {
    part: 'held-back',
    stratum: 'camera samples',
    repository: 'drewnoakes/metadata-extractor-images',
    commit: '4beba640487802442bc9931fb01274e908102d3a',
    paths: /\.jpe?g$/i,
    pictures: 500,
    sha256: 'a51aba21ddf447ab073e217ca836a48f1e1efc2329feecd49cd12642d7871764',
  },
  {
    part: 'held-back',
    stratum: 'drawn emoji of 64 pixels',
    repository: 'arvida/emoji-cheat-sheet.com',
    commit: '174394393771e67923df5c81049e3d8f7a8ba156',
    paths: /^public\/graphics\/emojis\/.*\.png$/i,
    pictures: 500,
    sha256: '6afca221e458a1deccb717b227f14a7de5a38d49e6cadbfebeec154798fd2e15',
  },
  {
    part: 'held-back',
    stratum: 'sprites and textures of a game',
    repository: 'freedoom/freedoom',
    commit: 'd14dbbee3b6fbfb2c11cdb65eb61216e86d4ee85',
    paths: /\.png$/i,
    pictures: 500,
    sha256: '36a04c1394917130199c2be7cf2babda3807db0a52b77bc9dabef2139ff74791',
  },
  {
    part: 'held-back',
    stratum: 'icons of every size',
    repository: 'KDE/oxygen-icons',
    commit: '810a146a8c702a362cf7cd022d03ff324dd9832e',
    paths: /\.png$/i,
    pictures: 500,
    sha256: 'c66fe1992c8eadf093caf44b5493940b7d45f8deb84945e6dbd19e82eef9b41b',
  },
  {
    part: 'held-back',
    stratum: 'icons of 16 pixels',
    repository: 'legacy-icons/famfamfam-silk',
    commit: 'd6056f5c28e46c28403888ab7c013aced3928ec8',
    paths: /\.png$/i,
    pictures: 500,
    sha256: 'ec352c67112868f304013969989c4e981f4158c1b35393ff7dc321d1440468bd',
  },
  {
    part: 'tuning-faces',
    stratum: 'hands, signs of letters',
    repository: 'Enzo-Januario/Projeto_Libras',
    commit: 'd705628c5e88e0df439aba525fe026581c98fc24',
    paths: /^dataset\/.*\.(jpe?g|png)$/i,
    pictures: 300,
    sha256: '42716affafd12c057074c45d48b873f7daa06821b3bf4121c079bee0f6f25d7b',
  },
  {
    part: 'tuning-faces',
    stratum: 'masked faces',
    repository: 'chandrikadeb7/Face-Mask-Detection',
    commit: '7e500749401bad4bb338790fbdb89b58e41ef2d9',
    paths: /^dataset\/with_mask\/.*\.(jpe?g|png)$/i,
    pictures: 300,
    sha256: 'b91b3202617d2fe7ca55db7c8cd101d18a5f80f37ac8576c9ec8d1ba53dca39c',
  },
  {
    part: 'tuning-faces',
    stratum: 'bare faces',
    repository: 'chandrikadeb7/Face-Mask-Detection',
    commit: '7e500749401bad4bb338790fbdb89b58e41ef2d9',
    paths: /^dataset\/without_mask\/.*\.(jpe?g|png)$/i,
    pictures: 300,
    sha256: 'fd8636600689f7cdc01d01679f767b35a8a567236c1308b592d71c6aad358be5',
  },
  {
    part: 'fresh',
    stratum: 'hands, signs of vowels',
    repository: 'CarlosVCH2001/Lenguaje_Senas_Peruano_Vocales_CNN',
    commit: '1866b93702d1914f46c19a714902b6d77be87aee',
    paths: /^dataset\/.*\.(jpe?g|png)$/i,
    pictures: 300,
    sha256: '43113ba4a362a6f8abc20e8ee7202ddd60271936920c7d4c29127afbb2a14b20',
  },
  {
    part: 'fresh',
    stratum: 'masked faces',
    repository: 'X-zhangyang/Real-World-Masked-Face-Dataset',
    commit: 'b6772855cc581f42b851dc53b78d4ba852cc3860',
    paths: /^RWMFD_part_1\/.*\.(jpe?g|png)$/i,
    pictures: 300,
    sha256: '7941f0467bc48886c53e189d11f3c92b12e3bf5a7673e4a92eda42414baaef55',
  },
  {
    part: 'fresh',
    stratum: 'hands, signs of letters',
    repository: 'mtritran/SignLanguage',
    commit: '9a13af9f23eea46271b6f89e1296b1caecf53cd8',
    paths: /^Data\/.*\.(jpe?g|png)$/i,
    pictures: 300,
    sha256: '055cbfa9147f0676e59356dafd6688a908e67ab74551212f372c6c7d59188272',
  },
  {
    part: 'fresh',
    stratum: 'children in ordinary scenes',
    repository: 'quantumnaan/sic_translator',
    commit: 'd27da85cff2dbf143fcaf365aece667d66c4298f',
    paths: /^data\/images\/.*\.jpg$/i,
    pictures: 200,
    captioned: CHILDREN,
    sha256: '9a62a7756e1a4703205a66304191064c88bc6766b87c1129605bd11230c89911',
  },
]
