/**
 * What clinics write for a TG-263 name (without its side), in English, German, Polish, French, Spanish, Italian, Dutch and Portuguese;
 * no sides, no accents needed, case and order of words do not matter. A plural stands for both sides together.
 */
export const SYNONYMS: Readonly<Record<string, string>> = {
  A_Aorta: 'aorta, aorte',
  A_LAD: 'lad artery, lad, left anterior descending artery, ramus interventricularis anterior, riva, iva',
  A_Pulmonary:
    'pulmonary artery, lungenarterie, tetnica plucna, artere pulmonaire, arteria pulmonar, arteria polmonare',
  Anus: 'anus, odbyt, ano',
  Bag_Bowel: 'bowel bag, darmsack, worek jelitowy, sac intestinal',
  Bladder:
    'bexiga, bladder, urinary bladder, vesica urinaria, blase, harnblase, pecherz, pecherz moczowy, vessie, vejiga, vejiga urinaria, vescica, blaas',
  Body: 'body outline, body contour, outline, patient outline, aussenkontur, koerper, korper, cialo, obrys, corps, contour externe, cuerpo, corpo, lichaam',
  Bone_Mandible: 'mandible, mandibula, unterkiefer, zuchwa, mandibule, kaak, onderkaak',
  Bone_Pelvic: 'hip bone, pelvis bone, hueftbein, kosc miedniczna, os coxae, os coxal',
  Bowel: 'bowel, intestine, intestines, darm, jelita, jelito, intestin, intestins, intestino, intestini, darmen',
  Bowel_Large:
    'large bowel, large intestine, dickdarm, jelito grube, gros intestin, intestino grueso, intestino crasso, dikke darm',
  Bowel_Small:
    'small bowel, small intestine, sb, duenndarm, dunndarm, jelito cienkie, jelita cienkie, intestin grele, grele, intestino delgado, intestino tenue, tenue, dunne darm',
  BrachialPlex: 'brachial plexus, plexus brachialis, splot ramienny, plexus brachial, plexo braquial, plesso brachiale',
  Brain:
    'encephalon, cerebrum total, gehirn, hirn, mozg, mozgowie, cerveau, encephale, cerebro, encefalo, cervello, hersenen',
  Brainstem:
    'brain stem, truncus cerebri, hirnstamm, pien mozgu, pien, tronc cerebral, tronco cerebral, tronco encefalico, hersenstam',
  Breast: 'breast, mamma, brust, piers, sein, mama, mammella, seno, borst',
  Bronchus_Main: 'main bronchus, hauptbronchus, oskrzele glowne, bronche souche, bronquio principal, bronco principale',
  Canal_Anal: 'anal canal, analkanal, kanal odbytu, canal anal, canale anale, anaal kanaal',
  CaudaEquina: 'cauda equina, ogon konski, queue de cheval, cola de caballo, cauda',
  Cavity_Oral:
    'oral cavity, mouth, cavum oris, mundhoehle, mundhohle, jama ustna, cavite buccale, cavite orale, cavidad oral, cavo orale, mondholte',
  Cerebellum: 'kleinhirn, mozdzek, cervelet, cerebelo, cervelletto, kleine hersenen',
  Cervix: 'cervix uteri, gebaermutterhals, szyjka macicy, szyjka, col uterin, cuello uterino, cervice, baarmoederhals',
  Chestwall:
    'chest wall, thoracic wall, thoraxwand, brustwand, sciana klatki piersiowej, paroi thoracique, pared toracica, parete toracica',
  Clavicle: 'clavicula, schluesselbein, obojczyk, clavicule, sleutelbeen',
  Cochlea: 'cochlea, kochlea, cochlee, schnecke, slimak, coclea, slakkenhuis, inner ear cochlea',
  Colon: 'kolon, okreznica, colon total',
  Colon_Sigmoid: 'sigmoid, sigmoid colon, sigma, colon sigma, esica, sigmoide, sigmoideo, sigmoideum',
  Cornea: 'hornhaut, rogowka, cornee, hoornvlies',
  Duodenum: 'zwoelffingerdarm, dwunastnica, duodenum, duodeno, twaalfvingerige darm',
  Ear_Internal: 'inner ear, innenohr, ucho wewnetrzne, oreille interne, oido interno, orecchio interno, binnenoor',
  Ear_Middle: 'middle ear, mittelohr, ucho srodkowe, oreille moyenne, oido medio, orecchio medio, middenoor',
  Esophagus:
    'esoph, oesoph, esophagus, oesophagus, gullet, speiseroehre, speiserohre, oesophag, przelyk, oesophage, esofago, slokdarm, oesofagus',
  External: 'external, external contour, skora zewnetrzna',
  Eye: 'olho, eye, eyeball, globe, bulbus, bulbus oculi, auge, oko, galka oczna, oeil, globe oculaire, ojo, globo ocular, occhio, bulbo oculare, oog',
  Femur: 'femur, femoral bone, oberschenkelknochen, kosc udowa, femur entier, femore',
  Femur_Head:
    'cabeca femoral, cabeca do femur, femoral head, femur head, femhead, head of femur, caput femoris, hueftkopf, huftkopf, femurkopf, glowa kosci udowej, glowa udowa, glowka kosci udowej, tete femorale, tete du femur, cabeza femoral, cabeza de femur, testa femorale, testa del femore, heupkop, femurkop',
  Gallbladder:
    'gall bladder, gallenblase, pecherzyk zolciowy, vesicule biliaire, vesicula biliar, colecisti, cistifellea, galblaas',
  Genitals: 'genitalia, external genitalia, genitalien, narzady plciowe, organes genitaux, genitales, genitali',
  Glnd_Adrenal:
    'adrenal, adrenal gland, suprarenal gland, nebenniere, nadnercze, surrenale, glandula suprarrenal, surrene, bijnier',
  Glnd_Lacrimal:
    'lacrimal gland, lacrimal, traenendruese, gruczol lzowy, glande lacrymale, glandula lagrimal, ghiandola lacrimale, traanklier',
  Glnd_Submand:
    'submand, submandibular gland, submandibular, submandibularis, smg, unterkieferdruese, gl submandibularis, slinianka podzuchwowa, glande sous maxillaire, glande submandibulaire, glandula submandibular, ghiandola sottomandibolare',
  Glnd_Thyroid: 'thyroid, thyroid gland, schilddruese, tarczyca, thyroide, tiroides, tiroide, schildklier',
  Glottis: 'glotte, glosnia, glotis, stimmritze',
  Heart: 'coracao, heart, herz, serce, coeur, corazon, cuore, hart',
  Hippocampus: 'hippocampus, hipokamp, hippocampe, hipocampo, ippocampo',
  Humerus: 'humerus, oberarmknochen, kosc ramienna, humero, omero',
  Hypothalmus: 'hypothalamus, podwzgorze, hipotalamo, ipotalamo',
  Kidney: 'kidney, ren, niere, nerka, rein, rinon, rene, nier',
  Kidneys: 'kidneys, nieren, nerki, reins, rinones, reni',
  Kidney_Cortex: 'renal cortex, kidney cortex, nierenrinde, kora nerki, cortex renal, corteza renal',
  Larynx: 'larynx, kehlkopf, krtan, laringe, strottenhoofd',
  Lens: 'lens, eye lens, linse, soczewka, cristallin, cristalino, cristallino, ooglens',
  Lips: 'lip, lippen, wargi, levres, labios, labbra',
  Liver: 'figado, liver, hepar, leber, watroba, foie, higado, fegato, lever',
  Lung: 'pulmao, lung, pulmo, lunge, pluco, poumon, pulmon, polmone, long',
  Lungs:
    'pulmoes, lungs total, total lungs, lungs, lung total, lung combined, lungen, pluca, poumons, pulmones, polmoni, longen',
  Markers: 'fiducials, fiducial, gold markers, goldmarker, znaczniki, marqueurs, marcadores',
  OpticChiasm:
    'opt chiasm, optic chiasma, optic chiasm, optical chiasm, chiasm, chiasma, chiasma opticum, sehnervenkreuzung, skrzyzowanie nerwow wzrokowych, skrzyzowanie wzrokowe, chiasma optique, quiasma, quiasma optico, chiasma ottico',
  OpticNrv:
    'opt n, optic n, nervo optico, optic nerve, optical nerve, opticus, nervus opticus, n opticus, opt nerve, sehnerv, nerw wzrokowy, nerf optique, nervio optico, nervo ottico, oogzenuw',
  Ovary: 'ovarium, eierstock, jajnik, ovaire, ovario, eierstok',
  Pancreas: 'bauchspeicheldruese, pankreas, trzustka, alvleesklier, pancreas total',
  Parotid:
    'parotid, parotid gland, parotis, glandula parotis, ohrspeicheldruese, slinianka przyuszna, przyusznica, parotide, glande parotide, parotida, ghiandola parotide, oorspeekselklier',
  PenileBulb:
    'penile bulb, bulb of penis, bulbus penis, penisbulbus, opuszka pracia, bulbe penien, bulbe du penis, bulbo peneano, bulbo penieno, bulbo del pene',
  Pericardium: 'herzbeutel, osierdzie, pericarde, pericardio',
  Pharynx: 'rachen, gardlo, pharynx total, faringe, keelholte',
  Pituitary: 'pituitary gland, hypophysis, hypophyse, przysadka, hipofisis, ipofisi, hypofyse',
  Prostate: 'prostate, prostata, prostate gland, vorsteherdruese, stercz, gruczol krokowy',
  ProstateBed:
    'prostate bed, prostatic fossa, prostataloge, prostatabett, loza prostaty, loge prostatique, loge de prostatectomie, lecho prostatico, loggia prostatica',
  Rectum: 'reto, mastdarm, enddarm, rektum, odbytnica, recto, retto, endeldarm',
  Rectal_Wall: 'rectal wall, rectum wall, rektumwand, sciana odbytnicy, paroi rectale, pared rectal, parete rettale',
  Sacrum: 'sacral bone, kreuzbein, kosc krzyzowa, sacrum os, sacro, heiligbeen',
  Scapula: 'schulterblatt, lopatka, omoplate, escapula, scapola, schouderblad',
  Scrotum: 'hodensack, moszna, escroto, scroto, balzak',
  SeminalVes:
    'seminal vesicle, seminal vesicles, sem ves, vesicula seminalis, vesiculae seminales, samenblase, samenblasen, pecherzyki nasienne, pecherzyk nasienny, vesicules seminales, vesiculas seminales, vescicole seminali, zaadblaasjes, zaadblazen, sv',
  Skin: 'haut, skora, peau, piel, cute, pelle, huid',
  Skull: 'cranium, schaedel, czaszka, crane, craneo, cranio, schedel',
  SpinalCanal:
    'spinal canal, vertebral canal, canalis spinalis, spinalkanal, wirbelkanal, rueckenmarkskanal, kanal kregowy, canal rachidien, canal medullaire, canal medular, canale spinale, canale midollare, wervelkanaal, myelonkanal',
  SpinalCord:
    'spinal cord, cord, myelum, myelon, medulla spinalis, rueckenmark, ruckenmark, rdzen, rdzen kregowy, moelle, moelle epiniere, medula, medula espinal, midollo, midollo spinale, ruggenmerg',
  Spleen: 'spleen, lien, splen, milz, sledziona, rate, bazo, milza, milt',
  Stomach: 'gaster, magen, zoladek, estomac, estomago, stomaco, maag',
  Testis: 'testicle, hoden, jadro, testicule, testiculo, testicolo, zaadbal',
  Trachea: 'windpipe, luftroehre, tchawica, trachee, traquea, luchtpijp',
  Urethra: 'harnroehre, cewka moczowa, cewka, uretre, uretra, plasbuis',
  Uterus: 'womb, gebaermutter, macica, utero, baarmoeder',
  Vagina: 'scheide, pochwa, vagin, schede',
  Vulva: 'srom',
  A_Aorta_Asc: 'ascending aorta, aorta ascendens',
  A_Celiac: 'celiac artery, celiac trunk, coeliac trunk, truncus coeliacus',
  A_Mesenteric_S: 'sma, superior mesenteric artery',
  AirWay_Prox: 'proximal bronchial tree, proximal airway, proximal airways',
  Femur_Heads:
    'femoral heads, femur heads, heads of femur, hueftkoepfe, femurkoepfe, tetes femorales, cabezas femorales, teste femorali',
  OpticNrvs: 'optic nerves, sehnerven, nerfs optiques, nervios opticos, nervi ottici',
  TumorBed: 'tumour bed, tumorbett, loge tumorale, lit tumoral',
  V_Venacava_S: 'svc, superior vena cava, vena cava superior, obere hohlvene',
  V_Venacava_I: 'ivc, inferior vena cava, vena cava inferior, postcava, untere hohlvene',
  V_Portal: 'portal vein, pfortader',
  Tongue_Base: 'base of tongue, bot, zungengrund, base de langue',
  Joint_TM: 'tmj, tm joint, temporomandibular joint, kiefergelenk',
  Sys_Ventricular: 'brain ventricles, ventricular system, cerebral ventricles',
  Musc_Constrict:
    'pharyngeal constrictor, pharyngeal constrictors, pharyngeal constrictor muscle, pharynx constrictor, pharynx const',
  Larynx_SG: 'supraglottic larynx, larynx supraglot, supraglottis',
  Bone_Mastoid: 'mastoid',
  Glnd_Thymus: 'thymus',
  GreatVes: 'great vessels, great vessel',
  PubicSymphys: 'pubic symphysis, symphysis pubis',
};

/** Spellings that mean it often and something else too: for a suggestion. A hip is the head of the femur in most plans. */
export const OPEN_SYNONYMS: Readonly<Record<string, string>> = {
  Femur_Head: 'hip',
  Femur_Heads: 'hips',
  Cervix: 'col',
  OpticNrv: 'on',
};

/** Both sides together of what the list has by side only: its rule sets an s behind the name. */
export const BY_RULE: readonly string[] = [
  ...['Clavicles', 'Cochleas', 'Femur_Heads', 'Glnd_Adrenals', 'Glnd_Lacrimals', 'OpticNrvs'],
];
