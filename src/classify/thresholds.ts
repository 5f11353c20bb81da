/**
 * Every threshold of the picture models and of an agency's own terms and models, in one table. The plan records them
 * and the report prints them.
 *
 * Parts per 10,000. None of them states a rate of detection: no explicit picture was ever used to measure them. They
 * state how often ordinary pictures are marked, on 5,179 ordinary photos and about 5,200 labelled faces (the model
 * cards have the figures and their limits).
 */
export const THRESHOLDS = {
  /**
   * Mean over three models of P(porn) + P(hentai). Marks 5 % (`possible`), 1.0 % (`likely`) and 0.1 % (`strong`; rests
   * on five pictures) of ordinary photos; 3.7 % of soft head-and-shoulder portraits at `likely`.
   */
  explicitness: { possible: 2500, likely: 5000, strong: 7600 },
  /** Explicitness from which on a picture with an apparent minor has the second priority; 0.2 % of 2,850 neutral pictures. */
  besideMinor: 4000,
  /** One model alone, when only that one is loaded: P(porn) + P(hentai) that marks 1 % of ordinary photos. */
  explicitAlone: {
    'nsfwjs-mobilenet-v2': 7450,
    'nsfwjs-mobilenet-v2-mid': 6180,
    'nsfwjs-inception-v3': 7600,
  },
  /**
   * At `possible` 96 % of under-18s are marked (16–17: 78 %) and 41 % of 18–25-year-olds; at `likely` 93 % (64 %)
   * and 25 %.
   */
  apparentMinor: { possible: 2000, likely: 3500 },
  /** A face is one that either detector finds; blazeface misses small faces, the SSD large ones. */
  face: { blazeface: 6000, ssd: 5000 },
  /** Dear models run when a cheap explicitness model gives porn + hentai + sexy at least this much. */
  gate: 500,
  /** The second face detector runs when the explicitness of any model, or of all together, is at least this much. */
  ssdGate: 1000,
  /**
   * Distance from a threshold within which the float32 model runs after the prefilter: `lead` below `possible`, of the
   * mean; `face` around `ssdGate`, of the prefilter's own explicitness. docs/evidence/models.md has the largest
   * measured differences.
   */
  screen: { lead: 1500, face: 500 },
  /**
   * Certainty of a face, anywhere, that the second detector's 8-bit form must reach before the float32 one runs. Where
   * the latter found a face, the former was certain by 0.22 or more (docs/evidence/models.md).
   */
  ssdScreen: { face: 1000 },
  /**
   * Certainties of a person below which no person was found: in the whole picture for an explicitness, at the face for an
   * apparent minor. A face of which blazeface is as sure as `sureFace` needs no second opinion. Chosen on 2,850 neutral pictures and 599 labelled faces (docs/evidence/models.md).
   */
  person: { person: 3500, 'person-at-face': 2600, sureFace: 8000 },
  /**
   * Of a hundred levels, by how much less red the lower half of each face that looks young must be for them to count as covered.
   * Chosen on masked and bare faces, labelled minors and scenes of children (docs/evidence/models.md).
   */
  coveredFace: { 'covered-face': 900 },
  /**
   * Score from which on an apparent minor keeps its place though the face is covered: three in four labelled minors with drawn masks
   * reach it, and one in eleven of the masked faces that it was chosen on (docs/evidence/models.md).
   */
  coveredMinorStays: 7600,
  /**
   * Certainty that either face detector must reach at a second, closer look for a face to count as found again;
   * one of which either was as sure as `sureFace` at the first look is not asked about.
   * Chosen on labelled faces and false ones of the tuning part (docs/evidence/models.md).
   */
  faceAgain: { 'face-again': 7500, sureFace: 8000 },
  /**
   * Probability from which a picture counts as a close-up of a hand. Skin without a hand came to .76 at most (docs/evidence/models.md).
   */
  closeUp: { 'close-up-hand': 8500 },
  /**
   * One term of the agency's list is enough (the score is 1 − 2⁻ⁿ for n different ones); `terms check` shows the false
   * hits.
   */
  agencyTerms: { 'term-in-name': 5000, 'term-in-folder': 5000, 'term-in-text': 5000 },
  /**
   * The agency's path model gives 0.5 at the rate of one marked benign path in 500, on folders outside its training.
   */
  agencyPaths: { path: 5000 },
} as const
