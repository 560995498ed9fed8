// Dortmund's rail network as a table of facts: which stations there are (DHID number, position, name) and in which order each line
// calls at them. These are real. Everything else about the demo city (times, platforms, streets, trouble) is invented: docs/demo.md.
// Lines are cut to the city: `beyond` names where they go on to. The night buses keep only the stops they share with the rails.

/** A station's DHID is `de:05913:` and the number in front of its line here; then latitude, longitude and the name without "Dortmund". */
export const STATIONS = `
131 51.51689 7.45959 Hbf
264 51.51498 7.46219 Kampstraße
526 51.51033 7.46317 Stadtgarten
398 51.51517 7.46849 Reinoldikirche
132 51.50833 7.46859 Stadthaus
370 51.58236 7.45661 Oetringhauser Straße
91 51.58019 7.46278 Brechten Zentrum
515 51.57476 7.46350 Wittichstraße
1172 51.56996 7.46486 Maienweg
487 51.56420 7.46480 Waldesruh
186 51.55800 7.46491 Grävingholz
156 51.55504 7.46535 Externberg
33 51.55198 7.46415 Amtsstraße
522 51.54868 7.46225 Zeche Minister Stein
198 51.54391 7.45938 Güterstraße
166 51.53633 7.45634 Fredenbaum
250 51.53294 7.45610 Immermannstraße/Klinikzentrum Nord
322 51.52903 7.46048 Lortzingstraße
528 51.52631 7.46017 Münsterstraße
454 51.52230 7.46074 Leopoldstraße
527 51.50090 7.48231 Märkische Straße
367 51.49869 7.49061 Karl-Liebknecht-Straße
512 51.49532 7.49731 Willem-van-Vloten-Straße
228 51.48819 7.49992 Hörde Bahnhof
651 51.48286 7.50156 Clarenberg
188 51.56187 7.54673 Grevel
136 51.55739 7.54310 Droote
424 51.55271 7.54286 Scharnhorst Zentrum
163 51.54947 7.53829 Flughafenstraße
182 51.54976 7.52940 Gleiwitzstraße
273 51.55465 7.51257 Kirchderne
165 51.55327 7.49738 Franz-Zimmer-Siedlung
433 51.54968 7.49143 Schulte Rödding
58 51.54551 7.48514 Bauernkamp
34 51.54367 7.47966 An den Teichen
106 51.54154 7.47672 Burgholz
148 51.53550 7.47472 Eisenstraße
183 51.53057 7.47278 Glückaufstraße
744 51.52570 7.47100 Brunnenstraße
743 51.51948 7.46973 Brügmannplatz
451 51.50902 7.45612 Städtische Kliniken
352 51.50718 7.45082 Möllerbrücke
1227 51.50240 7.44992 Kreuzstraße
465 51.49544 7.44424 Theodor-Fliedner-Heim
36 51.49030 7.43821 An der Palmweide
9 51.48701 7.43600 Am Beilstück
55 51.48224 7.43281 Barop Parkhaus
147 51.47931 7.43597 Eierkampstraße
207 51.47544 7.43475 Harkortstraße
429 51.47117 7.43540 Hombruch Hallenbad
239 51.46809 7.43342 Grotenbachstraße
128 51.51276 7.41859 Dorstfeld Betriebshof
514 51.51284 7.42314 Wittener Straße
375 51.51197 7.43341 Ottostraße
371 51.51251 7.43779 Ofenstraße
216 51.51301 7.44292 Heinrichstraße
1287 51.51290 7.44982 Unionstraße
496 51.51374 7.45439 Westentor
373 51.51477 7.47509 Ostentor
318 51.51398 7.48276 Lippestraße
138 51.51344 7.48811 Funkenburg
482 51.51421 7.49619 Von-der-Tann-Straße
30 51.51563 7.50268 Berliner Straße
29 51.51584 7.50706 Am Zehnthof
262 51.51944 7.51369 Juchostraße
412 51.52080 7.51991 Rüschebrinkstraße
489 51.52185 7.52790 Pothecke
286 51.52259 7.53515 Knappschaftskrankenhaus
365 51.52296 7.54218 Oberdorfstraße
86 51.52356 7.54691 Brackel Kirche
88 51.52403 7.55224 Brackel Verwaltungsstelle
87 51.52440 7.55739 In den Börten
122 51.52586 7.56752 Döringhoff
110 51.52772 7.57819 Businkstraße
46 51.52805 7.58201 Asseln Aplerbecker Straße
16 51.52830 7.58814 Am Hagedorn
410 51.52952 7.59588 Ruckebierstraße
524 51.53018 7.60127 Zugstraße
146 51.53210 7.60904 Eichwaldstraße
72 51.53263 7.61314 Bockumweg
508 51.53289 7.61673 Wickede Post
124 51.53353 7.61909 Dollersweg
507 51.53377 7.62389 Wickede
486 51.50961 7.38598 Walbertstraße/Schulmuseum
341 51.50858 7.38897 Marten Süd
129 51.51138 7.40495 Auf dem Brümmer
385 51.51269 7.41542 Poth
178 51.51792 7.47476 Geschwister-Scholl-Straße
152 51.52171 7.47741 Enscheder Straße
82 51.52347 7.48160 Borsigplatz
478 51.52650 7.48279 Vincenzheim
500 51.52904 7.48377 Westfalenhütte
416 51.50207 7.47308 Markgrafenstraße
501 51.49621 7.46857 Westfalenpark
532 51.49462 7.46246 Remydamm
502 51.49412 7.45811 Stadion
499 51.49667 7.45997 Westfalenhallen
549 51.50529 7.45959 Saarlandstraße
383 51.50060 7.45917 Polizeipräsidium
497 51.54738 7.38197 Westerfilde
357 51.54905 7.39733 Obernette
109 51.54037 7.40735 Buschstraße
377 51.53667 7.41177 Parsevalstraße
244 51.53450 7.41477 Huckarde Bushof
243 51.53191 7.41834 Huckarde Abzweig
257 51.52541 7.42370 Insterburger Straße
201 51.52375 7.44277 Hafen
184 51.52386 7.45269 Schützenstraße
288 51.50264 7.49141 Kohlgartenstraße
484 51.50340 7.49743 Voßkuhle
324 51.50378 7.50683 Lübkestraße
342 51.50382 7.51419 Max-Eyth-Straße
763 51.50593 7.52618 Stadtkrone Ost
209 51.50769 7.53463 Hauptfriedhof
303 51.50632 7.54550 Allerstraße/LWL-Klinik
1032 51.50114 7.55047 Westendorfstraße
1031 51.49767 7.55402 Schürbankstraße
37 51.49318 7.55661 Aplerbeck
407 51.48438 7.46973 Rombergpark
200 51.47641 7.47570 Hacheney
750 51.48133 7.40865 Eichlinghofen H-Bahn
1036 51.48495 7.41284 Campus Süd
1035 51.49254 7.41573 Campus Nord
472 51.49289 7.41603 Universität
1231 51.49317 7.40596 Technologiezentrum
196 51.51013 7.42258 Dorstfeld
825 51.50078 7.41994 Dorstfeld Süd
640 51.48852 7.38452 Oespel
635 51.48939 7.36470 Kley
741 51.51881 7.41325 Wischlingen
726 51.53313 7.40129 Huckarde
742 51.56237 7.37883 Nette/Oestrich
343 51.57022 7.37626 Mengede
328 51.49896 7.33505 Lütgendortmund
1181 51.49601 7.35012 Somborn
327 51.49744 7.36204 Germania
66 51.50912 7.44081 Dortmund West
831 51.50991 7.50118 Körne West
672 51.51340 7.51538 Körne
670 51.51877 7.53763 Knappschaftskrankenhaus S
647 51.52067 7.54792 Brackel
642 51.52612 7.58193 Asseln Mitte
629 51.52949 7.60821 Wickede West
53 51.47685 7.43096 Barop
294 51.45769 7.41496 Kruckel
`

/**
 * What a line runs on. Lines of one tunnel share platforms: I Hbf–Stadtgarten–Stadthaus, II Reinoldikirche–Stadtgarten,
 * III Westentor–Reinoldikirche.
 */
export type Track = 'I' | 'II' | 'III' | 'S' | 'H' | 'bus'

export interface LineFacts {
  readonly name: string
  readonly track: Track
  /** RRGGBB, dark enough for white text (contrast ≥ 4.5). Invented. */
  readonly colour: string
  /** Where the line goes on to outside the city, in front of the first and after the last station. */
  readonly beyond?: readonly [string | undefined, string | undefined]
  /** The station at which the line passes `minute` minutes after the full hour. Invented. */
  readonly anchor: string
  readonly minute: number
  /** Station names in order, ` · ` between them. */
  readonly stations: string
}

export const LINES: readonly LineFacts[] = [
  {
    name: 'U41',
    track: 'I',
    colour: '00568F',
    anchor: 'Stadtgarten',
    minute: 0,
    beyond: ['Brambauer Verkehrshof', undefined],
    stations: `Oetringhauser Straße · Brechten Zentrum · Wittichstraße · Maienweg · Waldesruh · Grävingholz · Externberg ·
      Amtsstraße · Zeche Minister Stein · Güterstraße · Fredenbaum · Immermannstraße/Klinikzentrum Nord · Lortzingstraße ·
      Münsterstraße · Leopoldstraße · Hbf · Kampstraße · Stadtgarten · Stadthaus · Märkische Straße · Karl-Liebknecht-Straße ·
      Willem-van-Vloten-Straße · Hörde Bahnhof · Clarenberg`,
  },
  {
    name: 'U42',
    track: 'II',
    colour: '6B2C91',
    anchor: 'Stadtgarten',
    minute: 1,
    stations: `Grevel · Droote · Scharnhorst Zentrum · Flughafenstraße · Gleiwitzstraße · Kirchderne · Franz-Zimmer-Siedlung ·
      Schulte Rödding · Bauernkamp · An den Teichen · Burgholz · Eisenstraße · Glückaufstraße · Brunnenstraße · Brügmannplatz ·
      Reinoldikirche · Stadtgarten · Städtische Kliniken · Möllerbrücke · Kreuzstraße · Theodor-Fliedner-Heim ·
      An der Palmweide · Am Beilstück · Barop Parkhaus · Eierkampstraße · Harkortstraße · Hombruch Hallenbad · Grotenbachstraße`,
  },
  {
    name: 'U43',
    track: 'III',
    colour: 'B4161B',
    anchor: 'Reinoldikirche',
    minute: 3,
    stations: `Dorstfeld Betriebshof · Wittener Straße · Ottostraße · Ofenstraße · Heinrichstraße · Unionstraße · Westentor ·
      Kampstraße · Reinoldikirche · Ostentor · Lippestraße · Funkenburg · Von-der-Tann-Straße · Berliner Straße · Am Zehnthof ·
      Juchostraße · Rüschebrinkstraße · Pothecke · Knappschaftskrankenhaus · Oberdorfstraße · Brackel Kirche ·
      Brackel Verwaltungsstelle · In den Börten · Döringhoff · Businkstraße · Asseln Aplerbecker Straße · Am Hagedorn ·
      Ruckebierstraße · Zugstraße · Eichwaldstraße · Bockumweg · Wickede Post · Dollersweg · Wickede`,
  },
  {
    name: 'U44',
    track: 'III',
    colour: 'A34700',
    anchor: 'Reinoldikirche',
    minute: 8,
    stations: `Walbertstraße/Schulmuseum · Marten Süd · Auf dem Brümmer · Poth · Dorstfeld Betriebshof · Wittener Straße ·
      Ottostraße · Ofenstraße · Heinrichstraße · Unionstraße · Westentor · Kampstraße · Reinoldikirche ·
      Geschwister-Scholl-Straße · Enscheder Straße · Borsigplatz · Vincenzheim · Westfalenhütte`,
  },
  {
    name: 'U45',
    track: 'I',
    colour: '00705A',
    anchor: 'Stadtgarten',
    minute: 5,
    stations: `Hbf · Kampstraße · Stadtgarten · Stadthaus · Markgrafenstraße · Westfalenpark · Remydamm · Stadion ·
      Westfalenhallen`,
  },
  {
    name: 'U46',
    track: 'II',
    colour: '007A33',
    anchor: 'Stadtgarten',
    minute: 6,
    stations: `Brunnenstraße · Brügmannplatz · Reinoldikirche · Stadtgarten · Saarlandstraße · Polizeipräsidium · Westfalenhallen`,
  },
  {
    name: 'U47',
    track: 'I',
    colour: '0B6E99',
    anchor: 'Stadtgarten',
    minute: 2.5,
    stations: `Westerfilde · Obernette · Buschstraße · Parsevalstraße · Huckarde Bushof · Huckarde Abzweig · Insterburger Straße ·
      Hafen · Schützenstraße · Leopoldstraße · Hbf · Kampstraße · Stadtgarten · Stadthaus · Märkische Straße · Kohlgartenstraße ·
      Voßkuhle · Lübkestraße · Max-Eyth-Straße · Stadtkrone Ost · Hauptfriedhof · Allerstraße/LWL-Klinik · Westendorfstraße ·
      Schürbankstraße · Aplerbeck`,
  },
  {
    name: 'U49',
    track: 'I',
    colour: '8A5A00',
    anchor: 'Stadtgarten',
    minute: 7.5,
    stations: `Hbf · Kampstraße · Stadtgarten · Stadthaus · Markgrafenstraße · Westfalenpark · Rombergpark · Hacheney`,
  },
  {
    name: 'HB1',
    track: 'H',
    colour: '2F5D8C',
    anchor: 'Universität',
    minute: 2,
    stations: `Eichlinghofen H-Bahn · Campus Süd · Universität · Technologiezentrum`,
  },
  { name: 'HB2', track: 'H', colour: '4A4F9C', anchor: 'Campus Süd', minute: 7, stations: `Campus Süd · Campus Nord` },
  {
    name: 'S1',
    track: 'S',
    colour: '00733E',
    anchor: 'Hbf',
    minute: 5,
    beyond: [undefined, 'Düsseldorf Hbf'],
    stations: `Hbf · Dorstfeld · Dorstfeld Süd · Universität · Oespel · Kley`,
  },
  {
    name: 'S2',
    track: 'S',
    colour: '1C6B2C',
    anchor: 'Hbf',
    minute: 10,
    beyond: [undefined, 'Essen Hbf'],
    stations: `Hbf · Dorstfeld · Wischlingen · Huckarde · Westerfilde · Nette/Oestrich · Mengede`,
  },
  {
    name: 'S4',
    track: 'S',
    colour: '2A6049',
    anchor: 'Stadthaus',
    minute: 14,
    beyond: [undefined, 'Unna'],
    stations: `Lütgendortmund · Somborn · Germania · Marten Süd · Dorstfeld · Dortmund West · Möllerbrücke · Stadthaus ·
      Körne West · Körne · Knappschaftskrankenhaus S · Brackel · Asseln Mitte · Wickede West · Wickede`,
  },
  {
    name: 'S5',
    track: 'S',
    colour: '3B6B0F',
    anchor: 'Hbf',
    minute: 22,
    beyond: [undefined, 'Hagen Hbf'],
    stations: `Hbf · Barop · Kruckel`,
  },
  {
    name: 'NE1',
    track: 'bus',
    colour: '1F2A5A',
    anchor: 'Reinoldikirche',
    minute: 15,
    beyond: [undefined, 'Brambauer Verkehrshof'],
    stations: `Reinoldikirche · Brügmannplatz · Leopoldstraße · Münsterstraße · Immermannstraße/Klinikzentrum Nord · Fredenbaum ·
      Güterstraße · Zeche Minister Stein · Grävingholz · Maienweg · Wittichstraße · Brechten Zentrum · Oetringhauser Straße`,
  },
  {
    name: 'NE3',
    track: 'bus',
    colour: '1F2A5A',
    anchor: 'Reinoldikirche',
    minute: 15,
    stations: `Hbf · Reinoldikirche · Lippestraße · Funkenburg · Von-der-Tann-Straße · Berliner Straße · Am Zehnthof ·
      Juchostraße · Rüschebrinkstraße · Pothecke · Knappschaftskrankenhaus · Oberdorfstraße · Brackel Kirche ·
      Brackel Verwaltungsstelle · Döringhoff · Asseln Aplerbecker Straße · Am Hagedorn · Ruckebierstraße · Zugstraße ·
      Eichwaldstraße · Bockumweg · Dollersweg`,
  },
  {
    name: 'NE5',
    track: 'bus',
    colour: '1F2A5A',
    anchor: 'Reinoldikirche',
    minute: 15,
    stations: `Reinoldikirche · Stadthaus · Märkische Straße · Willem-van-Vloten-Straße · Hörde Bahnhof`,
  },
  {
    name: 'NE8',
    track: 'bus',
    colour: '1F2A5A',
    anchor: 'Reinoldikirche',
    minute: 15,
    stations: `Reinoldikirche · Hbf · Stadtgarten · Städtische Kliniken · Möllerbrücke · Kreuzstraße · Theodor-Fliedner-Heim ·
      An der Palmweide · Barop · Eichlinghofen H-Bahn · Universität`,
  },
  {
    name: 'NE12',
    track: 'bus',
    colour: '1F2A5A',
    anchor: 'Reinoldikirche',
    minute: 15,
    stations: `Reinoldikirche · Hbf · Westentor · Unionstraße · Heinrichstraße · Ofenstraße · Ottostraße · Wittener Straße ·
      Dorstfeld · Marten Süd · Germania · Lütgendortmund`,
  },
]
