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
`;

const SIDES: Readonly<Record<string, AnatomyCode>> = ownKeys({
  L: { value: '7771000', meaning: 'Left' },
  R: { value: '24028007', meaning: 'Right' },
});

const codes = new Map(
  CODES.trim()
    .split('\n')
    .map((line) => {
      const [, name, value, meaning] = /^(\S+) (\d+) (.+)$/.exec(line) as RegExpExecArray;
      return [name, { value, meaning }];
    }),
);

/** Names that have a code. */
export const CODED_NAMES: readonly string[] = [...codes.keys()];

/** The code of a standard name; undefined where the table has none, as of risk volumes. */
export function anatomyOf(standardName: string | null): CodedAnatomy | undefined {
  const own = codes.get(standardName ?? '');
  if (own) return { structure: own };
  const [, base, side] = /^(.*)_([LR])$/.exec(standardName ?? '') ?? [];
  const structure = codes.get(base ?? '');
  return structure && { structure, side: SIDES[side] };
}
