import { ownKeys } from '../../own-keys.ts';
/** A code of SNOMED CT with its meaning. */
export interface AnatomyCode {
  value: string;
  meaning: string;
}

/** The body structure of a name, and its side unless the code includes it. */
export interface CodedAnatomy {
  structure: AnatomyCode;
  side?: AnatomyCode;
}

/**
 * TG-263 names without their side -> SNOMED CT, as HL7's CodeX RT maps them (concept map of TG-263 to SNOMED CT); each code
 * stands in DICOM's own context groups (PS3.16). Names whose side is a code of its own bear it.
 */
const CODES = `
Brain 12738006 Brain
Heart 80891009 Heart
Liver 10200004 Liver
Spleen 78961009 Spleen
Pancreas 15776009 Pancreas
Stomach 69695003 Stomach
Gallbladder 28231008 Gallbladder
Bladder 89837001 Urinary bladder
Prostate 41216001 Prostate
Lung 39607008 Lung
Kidney 64033007 Kidney
Esophagus 32849002 Esophagus
Trachea 44567001 Trachea
Glnd_Thyroid 69748006 Thyroid
Glnd_Adrenal 23451007 Adrenal gland
Duodenum 38848004 Duodenum
Bowel_Small 30315005 Small intestine
Bowel_Large 14742008 Large intestine
Colon 71854001 Colon
Colon_Sigmoid 60184004 Sigmoid colon
Rectum 34402009 Rectum
Anus 53505006 Anus
A_Aorta 15825003 Aorta
A_Pulmonary 81040000 Pulmonary artery
A_Carotid 69105007 Carotid artery
A_Subclavian 36765005 Subclavian artery
V_Pulmonary 122972007 Pulmonary vein
V_Venacava_S 48345005 Superior vena cava
V_Venacava_I 64131007 Inferior vena cava
V_Portal 32764006 Portal vein
Atrium_L 82471001 Left atrium
Atrium_R 73829009 Right atrium
Ventricle_L 87878005 Left ventricle of heart
Ventricle_R 53085002 Right ventricle of heart
Pericardium 76848001 Pericardium
SpinalCord 2748008 Spinal cord
Brainstem 15926001 Brainstem
Cerebellum 113305005 Cerebellum
Hippocampus 5366008 Hippocampus
Pituitary 56329008 Pituitary
OpticChiasm 244453006 Optic chiasm
OpticNrv 18234004 Optic nerve
Eye 81745001 Eye
Lens 78076003 Lens of eye
Cochlea 80169004 Cochlea
Parotid 45289007 Parotid gland
Glnd_Submand 54019009 Submandibular gland
Cavity_Oral 74262004 Oral cavity
Tongue 21974007 Tongue
Lips 48477009 Lip
Pharynx 54066008 Pharynx
Larynx 4596009 Larynx
Bone_Mandible 91609006 Mandible
Skull 89546000 Cranium
Sacrum 54735007 Sacrum
Femur 71341001 Femur
Humerus 85050009 Humerus
Scapula 79601000 Scapula
Clavicle 51299004 Clavicle
Breast 76752008 Breast
Glnd_Thymus 9875009 Thymus
Diaphragm 5798000 Diaphragm
Uterus 35039007 Uterus
Cervix 71252005 Cervix uteri
Vagina 76784001 Vagina
Vulva 45292006 Vulva
Ovary 15497006 Ovary
Testis 40689003 Testis
SeminalVes 64739004 Seminal vesicle
Penis 18911002 Penis
Scrotum 20233005 Scrotum
Urethra 13648007 Urethra
Ureter 87953007 Ureter
Skin 39937001 Skin
Mediastinum 72410000 Mediastinum
Femur_Head 2812003 Femoral head
`;

/** The same for parts of lungs, bones and vessels, as TotalSegmentator 2.18 publishes it (totalsegmentator_snomed_mapping.csv); (L), (R): a side. */
const PARTS = `
VB_C1 14806007 C1 vertebra
VB_C2 39976000 C2 vertebra
VB_C3 113205007 C3 vertebra
VB_C4 5329002 C4 vertebra
VB_C5 36978003 C5 vertebra
VB_C6 36054005 C6 vertebra
VB_C7 87391001 C7 vertebra
VB_T01 64864005 T1 vertebra
VB_T02 53733008 T2 vertebra
VB_T03 1626008 T3 vertebra
VB_T04 73071006 T4 vertebra
VB_T05 56401006 T5 vertebra
VB_T06 45296009 T6 vertebra
VB_T07 62487009 T7 vertebra
VB_T08 11068009 T8 vertebra
VB_T09 82687006 T9 vertebra
VB_T10 7610001 T10 vertebra
VB_T11 12989004 T11 vertebra
VB_T12 23215003 T12 vertebra
VB_L1 66794005 L1 vertebra
VB_L2 14293000 L2 vertebra
VB_L3 36470004 L3 vertebra
VB_L4 11994002 L4 vertebra
VB_L5 49668003 L5 vertebra
VB_S1 65985001 S1 vertebra
Rib01 48535007 First rib
Rib02 78247007 Second rib
Rib03 25888004 Third rib
Rib04 25523003 Fourth rib
Rib05 15339008 Fifth rib
Rib06 59558009 Sixth rib
Rib07 24915002 Seventh rib
Rib08 5953002 Eighth rib
Rib09 22565002 Ninth rib
Rib10 77644006 Tenth rib
Rib11 58830002 Eleventh rib
Rib12 43993008 Twelfth rib
Lung_LUL 45653009 Upper lobe of lung (L)
Lung_LLL 90572001 Lower lobe of lung (L)
Lung_RUL 45653009 Upper lobe of lung (R)
Lung_RML 72481006 Middle lobe of right lung
Lung_RLL 90572001 Lower lobe of lung (R)
A_Brachiocephls 12691009 Brachiocephalic artery
V_Brachioceph 8887007 Brachiocephalic vein
`;

/** From the same file, for structures whose name in TG-263 is wider or missing, by their labels without a side. */
const LABELS = `
hip 29836001 Hip
iliac_artery 73634005 Common iliac artery
iliac_vena 46027005 Common iliac vein
autochthon 244849004 Deep muscle of back
gluteus_maximus 181674001 Gluteus maximus muscle
gluteus_medius 78333006 Gluteus medius muscle
gluteus_minimus 75297007 Gluteus minimus muscle
iliopsoas 68455001 Iliopsoas muscle
sternum 56873002 Sternum
costal_cartilages 50016007 Costal cartilage
heart_myocardium 74281007 Myocardium
atrial_appendage 68786006 Auricular appendage
portal_vein_and_splenic_vein 110765007 Portal vein and splenic vein
`;

const SIDES: Readonly<Record<string, AnatomyCode>> = ownKeys({
  L: { value: '7771000', meaning: 'Left' },
  R: { value: '24028007', meaning: 'Right' },
});

const codes = tableOf(CODES + PARTS);
const labelCodes = tableOf(LABELS);

/** Names that have a code. */
export const CODED_NAMES: readonly string[] = [...codes.keys()];

/**
 * The code of a standard name, else of the label that a model gave the structure; undefined where the tables have none, as of risk
 * volumes.
 */
export function anatomyOf(standardName: string | null, label = ''): CodedAnatomy | undefined {
  return codeIn(codes, standardName ?? '', /^(.*)_([LR])$/) ?? codeIn(labelCodes, label, /^(.*)_(left|right)$/);
}

/** @param sided splits a name into the part that the table has and its side */
function codeIn(table: Map<string, CodedAnatomy>, name: string, sided: RegExp): CodedAnatomy | undefined {
  const own = table.get(name);
  if (own) return own;
  const [, base, side] = sided.exec(name) ?? [];
  const coded = table.get(base ?? '');
  return coded && { ...coded, side: SIDES[side[0].toUpperCase()] };
}

function tableOf(text: string): Map<string, CodedAnatomy> {
  const lines = text.split('\n').filter((line) => line !== '');
  return new Map(
    lines.map((line) => {
      const [, name, value, meaning, side] = /^(\S+) (\d+) (.+?)(?: \(([LR])\))?$/.exec(line) as RegExpExecArray;
      return [name, { structure: { value, meaning }, ...(side !== undefined && { side: SIDES[side] }) }];
    }),
  );
}
