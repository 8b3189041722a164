import { SYNONYMS } from '../structures/names/synonyms.ts';
import { TG263_NAMES } from '../structures/names/tg263.ts';
import { TOTALSEGMENTATOR_NAMES } from '../structures/names/totalsegmentator.ts';
import { wordsOf } from '../structures/names/words.ts';

/** Words of planning and imaging that names of structures, plans and series are made of, beside those of anatomy. */
const TECHNICAL = `
a ab abd abdomen acq act adaptive adc add all ant anterior ap apparent app approved arc area art artefact artefacts
artifact artifacts arterial as attenuation auto avg avoid avoidance axial ax bb beam bed bellows bh block blood bolus
boost box brachy breathhold breathing bypass by c cbct cc ce central cgy chest ckvct clinical clip clips cold coll
combined comp complete cone contour contrast copy coronal cor couch cov cp crop cropped ct ctac ctv cva cw cycle d deep
delineation density dibh diff diffusion dinj dir distal dl dmax dmpo dose dosimetry dual dummy dwi dx ebrt ed edge
electron elekta empty eval evaluation ex exp expanded expiration export ext extended external f fat fb fd fdg field
fields filter final fine fire first flair foot for fov fraction fractions free fs fused fusion ga gate gated gating ge
gold gross group gtv gy h halcyon hd hdr head help helper helical high hippocampal homogeneity hot hotspot hu hybrid ictv
icru iec igrt igtv imaging imn imrt in inf inferior inhale inner insp inspiration int integral interior internal
interval invalid involved iodine ips ipsi ipsilateral contra contralateral iso isocenter isocentre isodose itv iv kv kvct
large lat lateral left level linac ldr lesion line list ln lnn local localizer long low lower lsc lymph lymphnode
lymphnodes main major man manual map margin marker markers mask mass max mc mean med medial mediastinal mediastinum mets
metastases metastasis mid middle min minimum minus mip mlc mm model modulated motion mprage mr mri mu multi mv mvct n
naive native near neck neg new no nodal node nodes non none norm normal not ntcv nw oar oars of off offset old on only op
opt opti optim optimised optimized or organ organs orig original ortho outer outside oar over overlap p pa part partial
pass pat pelvic pelvis pet petct ph phase phases phantom photon pinnacle plan planned planning plans plus pos position
post posterior pre prep previous primary prior prone prophylactic proton prox proximal prv ptv pump qa r rad ral
rapidarc raystation rd recon reconstruction red reference region registered registration remaining rep replan rescan
resp respiratory rest restored retro review right rigid rind ring roi rois rough routine rp rs rt rtdose rtplan rtstruct
s sag sagittal salvage sbrt scan scanner scar scout second section sel seg segment segmentation segmented seq series set
setup shell short shot sib side siemens sim simulation single site skin slice slices small soft spacer spec spect spine
spiral spot spots srs srt ssd standard start static step stereo stereotactic stop structure structures study sub sum
summation sup superficial superior supine surface surgical surround suv syst t table target targets task tb test the
thick thin third thorax throat tight tissue to tof tomo tomotherapy topogram total totalsegmentator trans transverse
treated treatment truebeam tse tumor tumorbed tumour tumourbed tune twice two type u unapproved und undefined unified
union unit unknown upper use used v varian vat venous ver version vert verification vertebra view virtual vmat vol volume
wall wedge whole wide window with without wo wt x y z zone mit ohne und knochen weich weichteil lunge schaedel hals becken
abdomen planung bestrahlung aufsaettigung serie nativ arteriell venoes b f m
head first supine prone hfs ffs hfp ffp std detail sharp smooth bone lung br imar idose asir safire admire qr kernel
ax cor sag fse ssfse spgr vibe haste dixon water gre epi flash bravo cube space dyn dynamic perfusion angio mra dti bold
gad gadolinium iodinated enhanced unenhanced body trunk extremity limb arm leg hip knee shoulder wrist ankle foot hand
field1 head2 pos1 prost prostata rectal rect gyn hn hno cns zns glio gbm thor pelv thx hcc nsclc sclc dcis pancr oeso eso bladd vesic
appa conedown lt rt li re links rechts linke rechte linker rechter gauche droit droite izq der dcha sin dx sx dex lewy prawy
lewa prawa both bilat beide beidseits hm pt duo sm poi sphere cylinder cube insert rod border borders areola nipple body1 primary boost1 mammo breast bilateral unilateral whole wbrt pci sclav imc sbrt sabr hdrbt vcuff
`;

/** Words of the names of organs, bones, vessels, targets. */
export const ANATOMY: ReadonlySet<string> = wordSet([
  ...TG263_NAMES,
  ...Object.keys(TOTALSEGMENTATOR_NAMES),
  ...Object.values(SYNONYMS),
]);

/** Words that a kept text may contain besides numbers: anatomy, imaging and planning, never persons. */
export const VOCABULARY: ReadonlySet<string> = new Set([...ANATOMY, ...wordSet([TECHNICAL])]);

function wordSet(names: readonly string[]): Set<string> {
  return new Set(names.flatMap((name) => wordsOf(name).all).filter((word) => /^[a-z]+$/.test(word)));
}
